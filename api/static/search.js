// Answers beneath a search box while someone types. Without script the form does the same on a page of its own.
"use strict";

const WAIT = 150; // milliseconds without a key before asking

function suggest(input) {
  const box = document.createElement("div");
  box.className = "suggest";
  box.hidden = true;
  input.form.append(box);
  const prefix = location.pathname.match(/^\/(en|uk)(?=\/|$)/)?.[0] ?? "";
  let timer = 0;
  let asked = 0;

  function close() {
    box.hidden = true;
    box.replaceChildren();
  }

  function show(found) {
    const list = document.createElement("ul");
    for (const hits of Object.values(found.groups)) {
      for (const hit of hits) {
        const link = document.createElement("a");
        link.href = prefix + hit.path;
        link.textContent = hit.title;
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
    }
    box.replaceChildren(list);
    box.hidden = !list.children.length;
    box.dataset.ready = found.query;
  }

  async function ask() {
    const words = input.value.trim();
    const turn = ++asked;
    if (words.length < 2) {
      close();
      return;
    }
    const answer = await fetch("/search.json?" + new URLSearchParams({ q: words }));
    if (answer.ok && turn === asked) show(await answer.json());
  }

  input.autocomplete = "off";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.form.addEventListener("keydown", (event) => {
    const links = [...box.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      input.focus();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at ? links[at - 1] : input).focus();
    }
  });
  input.form.addEventListener("focusout", (event) => {
    if (!input.form.contains(event.relatedTarget)) close();
  });
}

document.querySelectorAll('form[role="search"] input[type="search"]').forEach(suggest);
