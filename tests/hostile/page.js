// Looks at what of a note stands in a document, for the tests: gives a line for everything that should not be there.
window.findHostile = (root) => {
  const found = [];
  const active = new Set(("SCRIPT STYLE IFRAME FRAME OBJECT EMBED APPLET FORM INPUT TEXTAREA SELECT BASE META LINK VIDEO "
    + "AUDIO SOURCE TRACK SVG MATH CANVAS TEMPLATE PORTAL MARQUEE").split(" "));
  for (const element of root.querySelectorAll("*")) {
    if (element.matches("button.reveal")) { continue; }
    const say = (what) => found.push(what + " on <" + element.tagName + ">");
    if (active.has(element.tagName.toUpperCase())) { say("is active"); }
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$|^srcset$|^formaction$|^background$|^ping$|^name$|^xlink:/i.test(name)) { say(name + "=" + value); }
      if (name === "id" && value !== "answer") { say("id=" + value); }
    }
    if (element.hasAttribute("href") && !/^(https?:|mailto:)/.test(element.href) && !element.getAttribute("href").startsWith("#")) {
      say("leads to " + element.href);
    }
    if (element.tagName === "IMG" && !/^(data:image\/|https:\/\/card\.invalid\/cribdeck-[0-9a-f]{20}\.)/.test(element.src)) {
      say("shows " + element.src);
    }
    if (getComputedStyle(element).position === "fixed") { say("lies over the page"); }
    for (const event of ["mouseover", "focus", "error", "load", "animationend", "toggle"]) { element.dispatchEvent(new Event(event)); }
  }
  return found;
};
