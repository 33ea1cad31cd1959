// A picture fits the card; a tap or click (or Enter) shows it large, round the point that was touched, to be moved about;
// another puts it back. All of it is inside the card, so that Anki takes it away with the card.
(function () {
  var card = document.querySelector(".cribdeck");
  var large = null;

  function close() {
    if (large) { large.parentNode.removeChild(large); }
    large = null;
  }

  function open(image, x, y) {
    var copy = image.cloneNode(false), shown = image.getBoundingClientRect();
    var width = Math.max(image.naturalWidth, shown.width * 2);
    large = document.createElement("div");
    // AnkiDroid and AnkiMobile leave taps on a `tappable` element to the card instead of turning it over.
    large.className = "zoom tappable";
    large.tabIndex = 0;
    copy.removeAttribute("width");
    copy.style.width = width + "px";
    large.appendChild(copy);
    large.addEventListener("click", function (event) { event.stopPropagation(); close(); });
    large.addEventListener("keydown", function (event) {
      if (event.key === "Escape" || event.key === "Enter") { event.stopPropagation(); event.preventDefault(); close(); image.focus(); }
    });
    card.appendChild(large);
    large.scrollLeft = x * width - large.clientWidth / 2;
    large.scrollTop = y * width * shown.height / shown.width - large.clientHeight / 2;
    large.focus();
  }

  Array.prototype.forEach.call(document.querySelectorAll(".answer img, .ask img"), function (image) {
    image.tabIndex = 0;
    image.classList.add("tappable");
    image.addEventListener("click", function (event) {
      var shown = image.getBoundingClientRect();
      event.stopPropagation();
      open(image, (event.clientX - shown.left) / shown.width, (event.clientY - shown.top) / shown.height);
    });
    image.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.stopPropagation(); event.preventDefault(); open(image, 0.5, 0.5); }
    });
  });
})();
