// What waits on a front (the cells of a comparison, the items of an overview) gets a button each: a tap or click
// reveals it, N or Space the next one (on Anki's desktop Space turns the card over, as always). All state is in this
// card's own elements, so that the answer side never sees it; without JavaScript it all just waits for the answer side.
(function () {
  var waiting = ".cribdeck.front .comparison td:not(.open):not(.shown), .cribdeck.front .items > li:not(.shown)";
  var all = document.querySelectorAll(waiting);
  var list = document.querySelector(".cribdeck.front .items");
  var tally = null;

  function text(element) { return element ? element.textContent.trim() : ""; }

  // What a screen reader says of a button: "state, Flink" for a cell, "2 / 4" for an item.
  function name(element) {
    var at = Array.prototype.indexOf.call(element.parentNode.children, element);
    if (element.tagName === "LI") { return at + 1 + " / " + element.parentNode.children.length; }
    var row = element.parentNode, above = row.previousElementSibling;
    var aspect = row.querySelector("th") || (above && above.querySelector("th"));
    var subjects = element.closest("table").querySelectorAll("thead th:not(.corner)");
    var column = Array.prototype.indexOf.call(row.querySelectorAll("td"), element);
    var parts = [text(aspect), element.colSpan > 1 ? "" : text(subjects[column])];
    return parts.filter(Boolean).join(", ") || "?";
  }

  function count() {
    if (tally) { tally.textContent = list.querySelectorAll("li.shown").length + " / " + list.children.length; }
  }

  function reveal(element) {
    var button = element.querySelector(".reveal");
    element.classList.add("shown");
    if (button) { element.removeChild(button); }
    count();
  }

  if (list) {
    tally = document.createElement("p");
    tally.className = "tally";
    list.parentNode.insertBefore(tally, list.nextSibling);
    count();
  }
  Array.prototype.forEach.call(all, function (element) {
    var button = document.createElement("button");
    button.type = "button";
    // AnkiDroid and AnkiMobile leave taps on a `tappable` element to the card instead of turning it over.
    button.className = "reveal tappable";
    button.setAttribute("aria-label", name(element));
    button.textContent = "?";
    button.addEventListener("click", function (event) { event.stopPropagation(); reveal(element); });
    element.appendChild(button);
  });

  // Anki's desktop keeps one page for all cards: the last card's listener is taken off before this one's is added.
  if (window.cribdeckKeys) { document.removeEventListener("keydown", window.cribdeckKeys, true); }
  window.cribdeckKeys = function (event) {
    var next = document.querySelector(waiting);
    var wanted = event.key === " " || event.key === "n" || event.key === "N";
    if (!next || !wanted || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    reveal(next);
  };
  document.addEventListener("keydown", window.cribdeckKeys, true);
})();
