"use strict";
const cards = [...document.querySelectorAll(".card")];
const kinds = new Set([...document.querySelectorAll(".kind")].map((button) => button.dataset.kind));
const search = document.getElementById("search");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const card of cards) {
    card.hidden = !kinds.has(card.dataset.kind) || !words.every((word) => card.dataset.words.includes(word));
  }
}
search.addEventListener("input", show);
for (const button of document.querySelectorAll(".kind")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    on ? kinds.add(button.dataset.kind) : kinds.delete(button.dataset.kind);
    show();
  });
}
function night(on) {
  document.body.classList.toggle("nightMode", on);
  document.getElementById("night").setAttribute("aria-pressed", String(on));
}
document.getElementById("night").addEventListener("click", () => night(!document.body.classList.contains("nightMode")));
night(matchMedia("(prefers-color-scheme: dark)").matches);

let current = -1;
function go(step) {
  const shown = cards.filter((card) => !card.hidden);
  if (!shown.length) return;
  current = Math.max(0, Math.min(shown.length - 1, current + step));
  const summary = shown[current].querySelector("summary");
  summary.focus();
  summary.scrollIntoView({ block: "center" });
}
document.addEventListener("keydown", (event) => {
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "n") night(!document.body.classList.contains("nightMode"));
  else if (event.key === "/") { event.preventDefault(); search.focus(); }
});
