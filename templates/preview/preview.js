// The preview: a list of which only the rows in sight are in the page, and one frame in which the chosen card stands as
// Anki shows it. `cardScripts` holds the scripts of Anki's templates; it stands before this in the same element.
"use strict";
(() => {
  const content = JSON.parse(document.getElementById("content").textContent);
  const words = content.words;
  const ROW = 58;
  const byId = (id) => document.getElementById(id);
  const [list, rows, frame, plain, search] = ["list", "rows", "card", "plain", "search"].map(byId);
  const filters = ["kind", "deck", "tag", "state"];
  const place = { view: "cards", search: "", kind: "", deck: "", tag: "", state: "", id: "", flipped: false,
    night: matchMedia("(prefers-color-scheme: dark)").matches, phone: false, reading: false, top: 0, ...history.state };

  // --- what there is to list -------------------------------------------------------------------------------------

  const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
  function text(html) {
    const bare = (html || "").replace(/<[^>]*>/g, "");
    if (!bare.includes("&")) { return bare; }
    return bare.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) =>
      decimal ? String.fromCodePoint(+decimal) : hex ? String.fromCodePoint(parseInt(hex, 16)) : entities[name] || all);
  }
  const where = (item) => item.file + (item.line ? ":" + item.line : "");
  const sources = {
    cards: content.cards.map((card) => ({ type: "card", id: card.guid, ...card })),
    gone: content.gone.map((card) => ({ type: "gone", id: "gone-" + card.number, mark: "gone", ...card })),
    open: content.open.map((gap) => ({ type: "gap", id: "open-" + where(gap), ...gap })),
    hints: content.hints.map((hint, at) => ({ type: "hint", id: "hint-" + at, ...hint })),
  };
  content.cards = content.gone = content.open = null;

  function title(item) {
    switch (item.type) {
      case "card": return text(item.fields.Question) + (item.part ? " · " + item.part : "");
      case "gap": return text(item.question);
      case "gone": return item.question;
      default: return item.message;
    }
  }
  const trail = (item) => item.type === "card" ? text(item.fields.Trail) : item.type === "hint" ? where(item) : item.trail || where(item);

  // What the search looks in, made of an item when it is first wanted, and of all of them while nothing else is to do.
  function haystack(item) {
    if (item.hay === undefined) {
      const fields = item.fields || {};
      item.hay = [title(item), trail(item), item.number, where(item), item.code, item.hint, ...(item.tags || []),
        text(fields.Answer), text(fields.Sources), text(item.sources)].join(" ").toLowerCase();
    }
    return item.hay;
  }
  const later = window.requestIdleCallback || ((run) => setTimeout(() => run({ timeRemaining: () => 8 }), 30));
  (function prepare(at) {
    later((time) => {
      while (at < sources.cards.length && time.timeRemaining() > 2) { haystack(sources.cards[at++]); }
      if (at < sources.cards.length) { prepare(at); }
    });
  })(0);

  // --- the list ----------------------------------------------------------------------------------------------------

  let shown = [], current = -1;

  function source() {
    if (place.view !== "cards") { return sources[place.view] || []; }
    return place.state === "gone" ? sources.gone : sources.cards;
  }
  const states = {
    new: (item) => item.mark === "new", updated: (item) => item.mark === "updated", gone: () => true,
    gaps: (item) => item.gaps, noted: (item) => item.about,
    error: (item) => item.severity === "error", warning: (item) => item.severity === "warning", note: (item) => item.severity === "note",
  };
  function wanted() {
    const sought = place.search.toLowerCase().split(/\s+/).filter(Boolean);
    const { kind, tag, deck } = place;
    const tests = [];
    if (place.view === "cards") {
      if (kind) { tests.push((item) => item.kind === kind); }
      if (deck && place.state !== "gone") { tests.push((item) => "/" + (item.deck || "") === deck); }
      if (tag && place.state !== "gone") { tests.push((item) => (item.tags || []).some((one) => one === tag || one.startsWith(tag + "::"))); }
    }
    if (states[place.state]) { tests.push(states[place.state]); }
    for (const word of sought) { tests.push((item) => haystack(item).includes(word)); }
    return (item) => tests.every((test) => test(item));
  }

  function list_again(keep) {
    shown = source().filter(wanted());
    byId("shown").textContent = shown.length === source().length ? "" : shown.length + " / " + source().length;
    rows.style.height = shown.length * ROW + "px";
    rows.replaceChildren();
    drawn = [0, 0];
    if (!keep) { list.scrollTop = 0; }
    current = shown.findIndex((item) => item.id === place.id);
    if (current < 0 && shown.length) { current = 0; }
    draw();
    show();
  }

  let drawn = [0, 0];
  function draw() {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 6);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 6);
    if (drawn[0] !== first || drawn[1] !== last || !shown.length) {
      rows.replaceChildren(...shown.slice(first, last).map((item, at) => row(item, first + at)));
      if (!shown.length) { rows.append(make("p", "none", words.nothing)); }
      drawn = [first, last];
    }
    for (const one of rows.children) {
      if (one.dataset.at) { one.setAttribute("aria-selected", String(+one.dataset.at === current)); }
    }
    const selected = byId("row-" + current);
    if (selected) { list.setAttribute("aria-activedescendant", selected.id); } else { list.removeAttribute("aria-activedescendant"); }
  }

  function make(tag, name, ...inside) {
    const element = document.createElement(tag);
    if (name) { element.className = name; }
    element.append(...inside);
    return element;
  }

  function row(item, at) {
    const upper = make("div", "line", make("span", "title", title(item) || "—"));
    if (item.mark) { upper.append(make("span", "chip " + item.mark, words[item.mark] || item.mark)); }
    if (item.severity) { upper.append(make("span", "chip " + item.severity, words[item.severity])); }
    if (item.number) { upper.append(make("span", "number", item.number)); }
    const lower = make("div", "line", make("span", "trail", trail(item)), make("span", "kind", words[item.kind] || item.code || ""));
    const element = make("div", "row " + (item.fields && item.fields["Extra 1"] || ""), upper, lower);
    element.id = "row-" + at;
    element.dataset.at = at;
    element.setAttribute("role", "option");
    element.setAttribute("aria-posinset", at + 1);
    element.setAttribute("aria-setsize", shown.length);
    element.style.transform = "translateY(" + at * ROW + "px)";
    return element;
  }

  function choose(at, reading) {
    if (!shown.length) { return; }
    current = Math.max(0, Math.min(shown.length - 1, at));
    place.flipped = false;
    place.reading = place.reading || Boolean(reading);
    const top = current * ROW;
    if (top < list.scrollTop) { list.scrollTop = top; }
    else if (top + ROW > list.scrollTop + list.clientHeight) { list.scrollTop = top + ROW - list.clientHeight; }
    draw();
    show();
  }

  // Finds a card whatever the filters say.
  function find(id) {
    if (!sources.cards.some((card) => card.id === id)) { return; }
    if (!shown.some((item) => item.id === id)) {
      for (const name of [...filters, "search"]) { place[name] = ""; }
      place.view = "cards";
    }
    place.id = id;
    place.reading = true;
    all_again(true);
    choose(current, true);
  }

  // --- the chosen one ----------------------------------------------------------------------------------------------

  const withPictures = (html) => html.replace(/<img src="picture:(\d+)"/g, (_, at) => '<img src="' + content.pictures[at] + '"');

  // Anki's templates, as far as ours and those of a user who restyles them go.
  function fill(template, fields, isBack) {
    let html = template.replace(/\[anki:tts[^\]]*\][\s\S]*?\[\/anki:tts\]/g, "");
    for (let before = ""; before !== html;) {
      before = html;
      html = html.replace(/\{\{([#^])([^{}]+)\}\}((?:(?!\{\{[#^])[\s\S])*?)\{\{\/\2\}\}/g,
        (_, sign, name, inside) => Boolean(fields[name.trim()]) === (sign === "#") ? inside : "");
    }
    return html.replace(/\{\{([^{}]+)\}\}/g, (_, name) => {
      const parts = name.trim().split(":");
      const value = fields[parts.pop().trim()] || "";
      if (!parts.includes("cloze")) { return parts.some((part) => part.startsWith("tts")) ? "" : value; }
      return value.replace(/\{\{c\d+::([\s\S]*?)\}\}/g, (all, inside) => '<span class="cloze">' + (isBack ? inside : "[...]") + "</span>");
    });
  }

  function show() {
    const item = shown[current];
    const isCard = Boolean(item && item.type === "card");
    frame.hidden = !isCard && Boolean(item);
    plain.hidden = isCard || !item;
    byId("flip").hidden = byId("phone").hidden = !isCard;
    byId("facts").replaceChildren(...(item ? facts(item) : []));
    if (isCard) { card(item); } else if (item) { describe(item); } else { put(""); }
    if (item) { place.id = item.id; }
    document.body.classList.toggle("reading", place.reading && Boolean(item) && Boolean(sources[place.view]));
    remember();
  }

  function facts(item) {
    const found = item.file ? [make("code", "", where(item))] : [];
    if (item.deck) { found.push(make("span", "", item.deck)); }
    for (const tag of item.tags || []) { found.push(make("span", "tag", tag)); }
    if (item.about) {
      const button = make("span", "chip warning", words.hints + " " + item.about.length);
      button.title = item.about.map((at) => content.hints[at].message).join("\n");
      found.splice(1, 0, button);
    }
    return found;
  }

  function card(item) {
    const side = place.flipped ? "back" : "front";
    const fields = { Number: item.number, Language: content.language, ...item.fields };
    const form = content.forms[item.form];
    fields.FrontSide = fill(form.front, fields, false);
    const scripts = [];
    const html = fill(form[side], fields, place.flipped).replace(/<script src="([\w.-]+)"><\/script>/g, (_, name) => { scripts.push(name); return ""; });
    byId("flip").textContent = place.flipped ? words.front : words.back;
    put(withPictures(html), scripts);
  }

  let ready = false;
  function put(html, scripts) {
    const inside = frame.contentDocument;
    if (!ready || !inside) { return; }
    inside.documentElement.className = place.night ? "night-mode" : "";
    inside.body.className = "card" + (place.night ? " nightMode night_mode" : "");
    inside.body.innerHTML = html;
    inside.scrollingElement.scrollTop = 0;
    for (const name of scripts || []) {
      if (cardScripts[name]) { cardScripts[name](inside, frame.contentWindow); }
    }
  }
  function prepareFrame() {
    const inside = frame.contentDocument;
    if (ready || !inside || !inside.body || inside.URL !== "about:srcdoc") { return; }
    ready = true;
    const style = inside.createElement("style");
    style.textContent = content.style;
    inside.head.append(style);
    frame.contentWindow.addEventListener("keydown", pressed, true);
    inside.addEventListener("click", (event) => {
      const link = event.target.closest && event.target.closest('a[href^="#"]');
      if (link) { event.preventDefault(); find(decodeURIComponent(link.getAttribute("href").slice(1))); }
    }, true);
  }
  frame.addEventListener("load", () => { prepareFrame(); show(); });

  function describe(item) {
    const parts = [];
    if (item.trail) { parts.push(make("p", "trail", item.trail)); }
    parts.push(make("h2", "", title(item)));
    if (item.type === "hint") {
      parts.push(make("p", "where", make("span", "chip " + item.severity, words[item.severity]), " ", item.code, " · ", make("code", "", where(item))));
      if (item.hint) { parts.push(make("p", "hint", item.hint)); }
      const about = sources.cards.find((one) => (one.about || []).includes(+item.id.slice(5)));
      if (about) {
        const button = make("button", "to", title(about));
        button.type = "button";
        button.addEventListener("click", () => find(about.id));
        parts.push(button);
      }
    } else if (item.type === "gap") {
      parts.push(make("p", "", words.gapText));
      if (item.body) { parts.push(html_of("div", item.body)); }
      if (item.sources) { parts.push(make("h3", "", words.toRead), html_of("div", item.sources)); }
    } else {
      parts.push(make("p", "", words.goneText));
    }
    plain.replaceChildren(...parts);
  }
  function html_of(tag, html) {
    const element = make(tag, "");
    element.innerHTML = withPictures(html);
    for (const link of element.querySelectorAll("a[href]")) { link.target = "_blank"; link.rel = "noopener"; }
    return element;
  }

  // --- sheet and numbers -------------------------------------------------------------------------------------------

  function drawSheet() {
    const box = byId("sheet");
    if (box.childElementCount) { return; }
    if (!content.sheet) { box.append(make("p", "", words.noSheet)); return; }
    const link = make("a", "open", words.openSheet);
    link.href = "sheet.pdf";
    link.target = "_blank";
    const pages = make("ol", "pages");
    content.pages.forEach((address, at) => {
      const picture = make("img", "");
      picture.alt = words.page.replace("{}", at + 1);
      picture.src = address;
      const page = make("a", "", picture, picture.alt);
      page.href = "sheet.pdf#page=" + (at + 1);
      page.target = "_blank";
      pages.append(make("li", "", page));
    });
    box.append(link, pages);
  }

  function table(caption, lines, wide) {
    const box = make("section", wide ? "wide" : "", make("h2", "", caption));
    const most = Math.max(1, ...lines.map((line) => line.parts.reduce((sum, part) => sum + part, 0)));
    const body = make("tbody", "");
    for (const line of lines) {
      const name = make("th", "", line.name);
      name.scope = "row";
      const share = make("div", "share");
      line.parts.forEach((part, at) => {
        const piece = make("i", at ? "wait" : "done");
        piece.style.width = (100 * part) / most + "%";
        share.append(piece);
      });
      body.append(make("tr", "", name, make("td", "", share), make("td", "count", line.count)));
    }
    box.append(make("table", "", body));
    return box;
  }

  function drawNumbers() {
    const box = byId("numbers");
    if (box.childElementCount) { return; }
    const stats = content.stats;
    const counted = (found) => found.map((one) => ({ name: one.title, parts: [one.count], count: String(one.count) }));
    const pairs = (found, name) => Object.entries(found).map(([key, count]) => ({ name: name(key), parts: [count], count: String(count) }));
    box.append(
      table(words.byKind, pairs(stats.kinds, (kind) => words[kind] || kind)),
      table(words.byDeck, pairs(stats.decks, (deck) => deck || content.name)),
      table(words.bySection, stats.sections.map((one) => ({ name: one.name, parts: [one.answered, one.open], count: one.answered + " / " + (one.answered + one.open) })), true),
      table(words.longest, counted(stats.longest)),
    );
    if (stats.linked.length) { box.append(table(words.linked, counted(stats.linked))); }
  }

  // --- the tools ---------------------------------------------------------------------------------------------------

  function options() {
    const count = (of) => {
      const found = new Map();
      for (const item of sources.cards) { for (const key of of(item)) { found.set(key, (found.get(key) || 0) + 1); } }
      return [...found].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    };
    const tagsOf = (item) => (item.tags || []).flatMap((tag) => tag.split("::").map((_, at, all) => all.slice(0, at + 1).join("::")));
    const cards = place.view === "cards";
    const choices = {
      kind: cards ? count((item) => [item.kind]).map(([key, n]) => [key, words[key] + " " + n]) : [],
      deck: cards ? count((item) => ["/" + (item.deck || "")]).map(([key, n]) => [key, (key.slice(1) || content.name) + " " + n]) : [],
      tag: cards ? count((item) => new Set(tagsOf(item))).map(([key, n]) => [key, key + " " + n]) : [],
      state: (cards ? ["new", "updated", "gone", "gaps", "noted"] : place.view === "hints" ? ["error", "warning", "note"] : []).map((key) => {
        const n = (key === "gone" ? sources.gone : source()).filter(states[key]).length;
        return [key, words[key] + " " + n];
      }),
    };
    for (const name of filters) {
      const box = byId(name);
      box.replaceChildren(...[["", words[name] + "：" + words.any], ...choices[name]].map(([value, label]) => {
        const option = make("option", "", label);
        option.value = value;
        return option;
      }));
      box.hidden = choices[name].length < (name === "state" ? 1 : 2);
      if (!choices[name].some(([value]) => value === place[name])) { place[name] = ""; }
      box.value = place[name];
      box.classList.toggle("set", Boolean(place[name]));
    }
  }

  function all_again(keep) {
    const listed = Boolean(sources[place.view]);
    document.querySelector(".work").hidden = document.querySelector(".tools").hidden = !listed;
    byId("sheet").hidden = place.view !== "sheet";
    byId("numbers").hidden = place.view !== "numbers";
    for (const button of document.querySelectorAll(".views button")) {
      if (button.dataset.view === place.view) { button.setAttribute("aria-current", "page"); } else { button.removeAttribute("aria-current"); }
    }
    search.value = place.search;
    if (place.view === "sheet") { drawSheet(); }
    if (place.view === "numbers") { drawNumbers(); }
    if (listed) { options(); list_again(keep); } else { document.body.classList.remove("reading"); remember(); }
  }

  function toggle(name, on) {
    place[name] = on;
    document.documentElement.classList.toggle("nightMode", place.night);
    document.body.classList.toggle("narrow", place.phone);
    byId("night").setAttribute("aria-pressed", String(place.night));
    byId("phone").setAttribute("aria-pressed", String(place.phone));
    show();
  }
  function flip() {
    if (!shown[current] || shown[current].type !== "card") { return; }
    place.flipped = !place.flipped;
    show();
  }
  function leave() {
    place.reading = false;
    show();
    list.focus();
  }
  function reveal() {
    const next = frame.contentDocument && frame.contentDocument.querySelector(".reveal");
    if (next) { next.click(); }
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    const target = event.target;
    const typing = target.closest && target.closest("input, select, textarea");
    const act = (run) => { event.preventDefault(); event.stopImmediatePropagation(); run(); };
    if (typing) {
      if (event.key === "Escape") { act(() => { if (search.value) { search.value = place.search = ""; list_again(); } else { list.focus(); } }); }
      else if (target === search && (event.key === "Enter" || event.key === "ArrowDown")) { act(() => list.focus()); }
      return;
    }
    const inList = target === list || target === document.body;
    switch (event.key) {
      case " ": if (!target.closest || !target.closest("button, a, summary")) { act(flip); } break;
      case "Enter": if (target === list) { act(() => choose(current, true)); } break;
      case "j": act(() => choose(current + 1)); break;
      case "k": act(() => choose(current - 1)); break;
      case "ArrowDown": if (inList) { act(() => choose(current + 1)); } break;
      case "ArrowUp": if (inList) { act(() => choose(current - 1)); } break;
      case "Home": if (inList) { act(() => choose(0)); } break;
      case "End": if (inList) { act(() => choose(shown.length - 1)); } break;
      case "n": act(() => toggle("night", !place.night)); break;
      case "r": act(reveal); break;
      case "/": act(() => { place.reading = false; show(); search.focus(); search.select(); }); break;
      case "Escape": if (place.reading) { act(leave); } break;
    }
  }
  document.addEventListener("keydown", pressed, true);

  let waiting = 0;
  list.addEventListener("scroll", () => {
    if (!waiting) { waiting = requestAnimationFrame(() => { waiting = 0; draw(); remember(); }); }
  }, { passive: true });
  list.addEventListener("click", (event) => {
    const found = event.target.closest(".row");
    if (found) { choose(+found.dataset.at, true); }
  });
  search.addEventListener("input", () => { place.search = search.value; list_again(); });
  for (const name of filters) {
    byId(name).addEventListener("change", (event) => { place[name] = event.target.value; all_again(); });
  }
  for (const button of document.querySelectorAll(".views button")) {
    const found = sources[button.dataset.view];
    button.querySelector(".count").textContent = found ? found.length : "";
    button.addEventListener("click", () => {
      Object.assign(place, { view: button.dataset.view, state: "", reading: false });
      all_again();
    });
  }
  byId("night").addEventListener("click", () => toggle("night", !place.night));
  byId("phone").addEventListener("click", () => toggle("phone", !place.phone));
  byId("flip").addEventListener("click", flip);
  byId("back").addEventListener("click", leave);
  byId("previous").addEventListener("click", () => choose(current - 1));
  byId("next").addEventListener("click", () => choose(current + 1));
  addEventListener("resize", () => { drawn = [0, 0]; draw(); });
  addEventListener("hashchange", () => find(decodeURIComponent(location.hash.slice(1))));

  // --- keeping its place, and reloading under `watch` ------------------------------------------------------------

  let saving = 0;
  function save() {
    saving = 0;
    place.top = list.scrollTop;
    history.replaceState({ ...place }, "");
  }
  function remember() { saving = saving || setTimeout(save, 200); }
  addEventListener("pagehide", save);

  const own = document.body.dataset.live;
  function look() {
    const picture = new Image();
    const again = (wait) => setTimeout(look, wait);
    picture.onload = () => {
      if (picture.naturalWidth + "x" + picture.naturalHeight === own) { again(1000); return; }
      save();
      location.reload();
    };
    picture.onerror = () => again(10000);
    if (document.hidden) { again(1000); } else { picture.src = "preview.stamp.svg?" + Date.now(); }
  }
  if (own) { look(); }

  const top = place.top;
  toggle("night", place.night);
  prepareFrame();
  all_again(true);
  list.scrollTop = top;
  draw();
  if (location.hash && !history.state) { find(decodeURIComponent(location.hash.slice(1))); }
})();
