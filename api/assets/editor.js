// A query editor over the plain textarea: the form still sends the textarea, and without this file it is all there is.
import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";

const MOST_OPTIONS = 200;
const KEYWORDS = [
  ..."SELECT CONSTRUCT DESCRIBE ASK DISTINCT WHERE FILTER OPTIONAL UNION MINUS BIND VALUES GRAPH FROM EXISTS".split(" "),
  ..."LIMIT OFFSET HAVING COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT COALESCE CONTAINS REGEX STRSTARTS LANG BOUND".split(" "),
  ..."ORDER BY,GROUP BY,NOT EXISTS".split(","),
].map((name) => ({ name, label: "", kind: "keyword" }));
const WORD = /[?$]?[\w-]*(?::[\w-]*)?/;

// Colours are those of the page, which reach into the shadow tree as custom properties.
const theme = EditorView.theme({
  "&": { border: "1px solid var(--quiet)", borderRadius: "4px", backgroundColor: "var(--paper)", color: "var(--ink)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  "&.cm-editor .cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9rem", lineHeight: "1.5", minHeight: "14rem", maxHeight: "34rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 25%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--quiet)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--quiet)", maxWidth: "min(36rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "0.85rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip .cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "0.9rem" },
});
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName], color: "var(--visited)" },
  { tag: [tags.string, tags.number, tags.bool, tags.literal], color: "var(--promise)" },
  { tag: [tags.url, tags.namespace, tags.labelName], color: "var(--report)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

// What can be written is asked for once, when the editor is first used.
function vocabulary(address) {
  let asked = null;
  return () => (asked ??= fetch(address).then((answer) => (answer.ok ? answer.json() : { prefixes: {}, names: [] }), () => ({ prefixes: {}, names: [] })));
}

// Writes a name, and above the query the prefix that it needs and that is not there yet.
function writer(prefixes) {
  return (view, option, from, to) => {
    const insert = option.name;
    const changes = [{ from, to, insert }];
    const prefix = insert.startsWith("<") || insert.startsWith("PREFIX") ? "" : insert.split(":")[0];
    const declared = new RegExp(`prefix\\s+${prefix}:`, "i").test(view.state.doc.toString());
    let shift = 0;
    if (insert.includes(":") && prefixes[prefix] && !declared) {
      const line = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
      changes.unshift({ from: 0, insert: line });
      shift = line.length;
    }
    view.dispatch({ changes, selection: { anchor: from + shift + insert.length }, userEvent: "input.complete" });
  };
}

function variables(state) {
  const found = new Set(state.doc.toString().match(/[?$]\w+/g));
  return [...found].map((label) => ({ label, type: "variable" }));
}

// How well a name fits what is typed: it begins so, a part of it does, what it means does; -1 where nothing does.
function place({ name, label }, typed) {
  const low = name.toLowerCase();
  if (low.startsWith(typed)) return 0;
  if (low.includes(typed)) return 1;
  return label.toLowerCase().includes(typed) ? 2 : -1;
}

function source(ask) {
  return async (context) => {
    const word = context.matchBefore(WORD);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (/^[?$]/.test(word.text)) return { from: word.from, options: variables(context.state), validFor: /^[?$]\w*$/ };
    const { prefixes, names } = await ask();
    const apply = writer(prefixes);
    const typed = word.text.toLowerCase();
    const declarations = Object.entries(prefixes).map(([name, space]) => ({ name: `PREFIX ${name}: <${space}>`, label: "", kind: "namespace" }));
    const fits = [...names, ...KEYWORDS, ...declarations]
      .map((one) => ({ ...one, place: place(one, typed) }))
      .filter((one) => one.place >= 0)
      .sort((one, other) => one.place - other.place);
    const options = fits.slice(0, MOST_OPTIONS).map(({ name, label, kind, about }) => ({
      label: name, name, detail: label, info: about || undefined, type: kind, apply,
    }));
    return { from: word.from, options, filter: false };
  };
}

// Left to itself the browser types over a selection by joining lines with style attributes, which the policy forbids.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || !event.data || view.composing || main.empty) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    const taken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, main.from, main.to, event.data, insert));
    if (!taken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

// The fault that the server found: marked at its line and column. The page says the same in words.
function mark(view, { line, column, message }) {
  if (!line || line > view.state.doc.lines) return;
  const at = view.state.doc.line(Number(line));
  const from = Math.min(at.from + Math.max(Number(column || 1) - 1, 0), at.to);
  const word = view.state.wordAt(from);
  const to = word && word.to > from ? word.to : Math.min(from + 1, at.to);
  const diagnostic = { from: to > from ? from : Math.max(at.from, from - 1), to: Math.max(to, from), severity: "error", message };
  view.dispatch(setDiagnostics(view.state, [diagnostic]));
  view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
}

function edit(textarea) {
  const host = document.createElement("div");
  host.className = "editor-host";
  textarea.after(host);
  // In a shadow tree the editor's styles are adopted sheets; in the page they would be style elements, which the policy forbids.
  const root = host.attachShadow({ mode: "open" });
  const label = textarea.labels[0];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        basicSetup, sparql(), theme, syntaxHighlighting(colours), lintGutter(), typedOver, EditorView.lineWrapping,
        autocompletion({ override: [source(vocabulary(textarea.dataset.names))] }),
        EditorView.contentAttributes.of({
          "aria-label": label.textContent, spellcheck: "false", "aria-invalid": textarea.ariaInvalid || "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) textarea.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  textarea.hidden = true;
  label.addEventListener("click", (event) => {
    event.preventDefault();
    view.focus();
  });
  mark(view, textarea.dataset);
  for (const hint of textarea.form.querySelectorAll("[data-editor-hint]")) hint.hidden = false;
  host.dataset.ready = "true";
}

for (const textarea of document.querySelectorAll("textarea[data-names]")) edit(textarea);
