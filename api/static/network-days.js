// A slider over the days on which something changed. On the page of a network it changes the picture and the tables in
// place; on the interactive page it opens the same page as of that day.
"use strict";

(function () {
  const row = document.querySelector("[data-slider]");
  if (!row) return;
  const range = row.querySelector("input");
  const output = row.querySelector("output");
  const field = document.getElementById("on");
  const links = () => [...document.querySelectorAll(".network-days [data-day]")];
  const days = links().map((link) => link.dataset.day);
  let under = null;

  // A day between two known ones shows what the one before it shows.
  function place(day) {
    if (!day) return days.length - 1;
    const later = days.findIndex((known) => !known || known > day);
    return Math.max(later - 1, 0);
  }

  function say() {
    const words = links()[Number(range.value)].textContent.trim();
    output.textContent = words;
    range.setAttribute("aria-valuetext", words);
  }

  async function show(address, day) {
    if (under) under.abort();
    under = new AbortController();
    try {
      const answer = await fetch(address, { signal: under.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.getElementById("network-shown").replaceWith(page.getElementById("network-shown"));
      document.querySelector(".network-days ol").replaceWith(page.querySelector(".network-days ol"));
      field.value = day;
      window.history.replaceState(null, "", address);
    } catch (fault) {
      if (fault.name !== "AbortError") window.location.assign(address);
    }
  }

  range.max = String(days.length - 1);
  range.value = String(place(field.value));
  range.addEventListener("input", say);
  range.addEventListener("change", () => {
    const link = links()[Number(range.value)];
    if (document.getElementById("network-shown")) show(link.href, link.dataset.day);
    else window.location.assign(link.href);
  });
  say();
  row.hidden = false;
})();
