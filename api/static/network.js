// Draws the network that the page holds as JSON, and lets it be searched and walked by keyboard.
"use strict";

(function () {
  const data = JSON.parse(document.getElementById("network-data").textContent);
  const canvas = document.getElementById("network-canvas");
  const status = document.getElementById("network-status");
  const search = document.getElementById("network-search");
  const byId = new Map(data.nodes.map((node) => [node.id, node]));
  let chosen = null;
  let pointed = null;

  // Colours come from the style sheet: from the legend's signs, which have the classes of the kinds.
  function colours() {
    const ranks = [...document.querySelectorAll("[data-rank] svg > *")].map((sign) => getComputedStyle(sign).fill);
    const style = getComputedStyle(canvas);
    return { ranks, ink: style.color, paper: style.backgroundColor, edge: style.getPropertyValue("--edge").trim() };
  }

  function painted(node) {
    const fill = look.ranks[node.rank] || look.ink;
    return {
      id: node.id, shape: node.shape, size: node.size, x: node.x, y: node.y, borderWidth: 1, borderWidthSelected: 4,
      color: { background: fill, border: fill, highlight: { background: fill, border: look.ink }, hover: { background: fill, border: look.ink } },
    };
  }

  function line(edge) {
    return { ...edge, arrows: "", color: { color: look.edge, highlight: look.ink, hover: look.ink } };
  }

  let look = colours();
  const nodes = new vis.DataSet(data.nodes.map((node) => painted(node)));
  const edges = new vis.DataSet(data.edges.map((edge) => line(edge)));
  const network = new vis.Network(canvas, { nodes, edges }, {
    ...data.options,
    layout: { improvedLayout: false },
    interaction: { ...data.options.interaction, hover: true, tooltipDelay: 1e9, keyboard: false, dragNodes: false },
  });
  // One stop for the Tab key: the canvas itself, not the frame that vis-network puts into it.
  canvas.querySelector(".vis-network").tabIndex = -1;

  // Labels stand where the server placed them; one that found no room is shown while its node is chosen or pointed at.
  function write(context, node, text) {
    context.save();
    context.translate(text.x, text.y);
    context.rotate((text.turn * Math.PI) / 180);
    context.textAlign = { start: "left", middle: "center", end: "right" }[text.anchor];
    context.font = `${text.inside || node.id === chosen ? "600 " : ""}13px system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif`;
    text.lines.forEach((words, number) => {
      const y = 4.5 + 15 * (number - (text.lines.length - 1) / 2);
      if (!text.inside) context.strokeText(words, 0, y);
      context.fillStyle = text.inside ? look.paper : look.ink;
      context.fillText(words, 0, y);
    });
    context.restore();
  }

  function below(node) {
    return { x: node.x, y: node.y + node.size + 13, anchor: "middle", lines: [node.caption], turn: 0, inside: false };
  }

  network.on("afterDrawing", (context) => {
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = look.paper;
    for (const node of data.nodes) {
      if (node.text) write(context, node, node.text);
      else if (node.id === chosen || node.id === pointed) write(context, node, below(node));
    }
  });

  function say(node) {
    status.textContent = "";
    if (!node) {
      status.textContent = `${data.nodes.length} + ${data.edges.length} ${status.dataset.nothing}`;
      return;
    }
    const link = document.createElement("a");
    link.href = node.page;
    link.textContent = node.spoken;
    status.append(link, ` ${status.dataset.linked} ${network.getConnectedNodes(node.id).length}.`);
  }

  function choose(id) {
    chosen = byId.has(id) ? id : null;
    if (chosen === null) network.unselectAll();
    else network.selectNodes([chosen]);
    canvas.dataset.chosen = chosen === null ? "" : chosen;
    say(byId.get(chosen));
  }

  function show(id) {
    choose(id);
    if (chosen !== null) network.focus(chosen, { scale: Math.max(network.getScale(), 0.8), animation: false });
  }

  function open(id) {
    if (byId.has(id)) window.location.assign(byId.get(id).page);
  }

  // The nearest node in a direction; what lies aside counts double.
  function neighbour(dx, dy) {
    const from = byId.get(chosen);
    if (!from) return data.nodes.length ? data.nodes[0].id : null;
    let best = null;
    let least = Infinity;
    for (const node of data.nodes) {
      const ahead = (node.x - from.x) * dx + (node.y - from.y) * dy;
      const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
      if (node !== from && ahead > 0 && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = node.id;
      }
    }
    return best === null ? chosen : best;
  }

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in arrows) show(neighbour(...arrows[event.key]));
    else if (event.key === "Enter" && chosen !== null) open(chosen);
    else if (event.key === "Escape") { choose(null); fit(); }
    else if (event.key === "+") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else return;
    event.preventDefault();
  });

  function fit() {
    const { left, top, right, bottom } = data.box;
    const scale = Math.min(canvas.clientWidth / (right - left), canvas.clientHeight / (bottom - top));
    network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: false });
  }

  function zoom(factor) {
    network.moveTo({ scale: network.getScale() * factor });
  }

  network.on("click", (event) => (event.nodes.length ? open(event.nodes[0]) : choose(null)));
  network.on("hoverNode", (event) => { pointed = event.node; canvas.classList.add("over"); say(byId.get(pointed)); });
  network.on("blurNode", () => { pointed = null; canvas.classList.remove("over"); say(byId.get(chosen)); });

  function found(words) {
    const asked = words.trim().toLowerCase();
    if (!asked) return null;
    const tests = [(text) => text === asked, (text) => text.startsWith(asked), (text) => text.includes(asked)];
    for (const test of tests) {
      const node = data.nodes.find((one) => test(one.caption.toLowerCase()) || test(one.spoken.toLowerCase()));
      if (node) return node.id;
    }
    return null;
  }

  document.getElementById("network-find").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = found(search.value);
    if (id === null) {
      choose(null);
      status.textContent = `${status.dataset.none} ${search.value.trim()}`;
      return;
    }
    show(id);
    canvas.focus();
  });

  // Offered while someone types; all names of a large network would make a large page.
  search.addEventListener("input", () => {
    const asked = search.value.trim().toLowerCase();
    const fitting = asked.length > 1 ? data.nodes.filter((node) => node.spoken.toLowerCase().includes(asked)) : [];
    document.getElementById("network-names").replaceChildren(...fitting.slice(0, 20).map((node) => new Option("", node.spoken)));
  });

  const actions = { fit, in: () => zoom(1.3), out: () => zoom(1 / 1.3) };
  for (const button of document.querySelectorAll("[data-network]")) {
    button.addEventListener("click", actions[button.dataset.network]);
  }

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    look = colours();
    nodes.update(data.nodes.map((node) => painted(node)));
    edges.update(data.edges.map((edge) => line(edge)));
  });

  network.once("afterDrawing", () => {
    fit();
    say(null);
    document.querySelector(".network-tools").hidden = false;
    canvas.dataset.ready = "true";
  });
})();
