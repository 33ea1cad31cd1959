"""Computed styles, kept from one chapter to the next.

WeasyPrint (70.0, css/__init__.py) shares the computed style of elements that the same rules match below parents with
the same style, within one document; those of `::before` and `::after`, of headings (each has an anchor) and of pages
are made for each anew. Chapters have their style sheet in common, so that nearly all styles of one are there from the
one before, with all that was computed of them: a sixth of the time that a chapter takes.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from cribdeck.sheet.engine.substitution import substitute

_MOST = 6_000
"""Styles. Each has up to a hundred and fifty values."""
_PLAIN_ID = re.compile(r"[\w.:-]+")
_VIEWPORT = re.compile(r"\d(?:vw|vh|vi|vb|vmin|vmax)\b", re.IGNORECASE)

Pseudos = dict[str, Any]


class StyleStore:
    """The styles that one style sheet gives; for one set of fonts.

    Its styles are those of elements, by the style of their parents, the rules that match and the attributes that count
    as rules; and those of pages with their margins, by the rules that match.
    """

    def __init__(self, styles: str) -> None:
        # Lengths in shares of the first page belong to its document.
        self.is_open = not _VIEWPORT.search(styles)
        self.elements: dict[Any, tuple[Any, Pseudos]] = {}
        self.pages: dict[Any, tuple[Any, Pseudos]] = {}

    def begin(self) -> None:
        """Make ready for the next document."""
        if len(self.elements) + len(self.pages) > _MOST:
            self.elements.clear()
            self.pages.clear()
        for style, _ in self.elements.values():
            # What the viewport takes from the root or the body is taken off them (build.set_viewport_overflow).
            if style.parent_style is None or style.parent_style.parent_style is None:
                style.pop("overflow", None)


def install() -> None:
    """Put this in the place of WeasyPrint's own `StyleFor`, in this process; see `StyleStore`."""
    from weasyprint import css
    from weasyprint.layout import page

    plain_class: Any = css.StyleFor
    plain_page_styles = page.set_page_type_computed_styles

    class StyleFor(plain_class):  # type: ignore[misc,unused-ignore]
        """Takes styles from the store of the user's style sheet (`CSS.store`), where it has one."""

        def __init__(self, html: Any, sheets: Any, *rest: Any) -> None:
            presentational_hints, font_config, target_collector = rest
            # A style sheet in the document itself would be another one each time.
            self.store: StyleStore | None = getattr(sheets[-1][0], "store", None) if len(sheets) == 2 else None
            if self.store is None or not self.store.is_open or presentational_hints:
                self.store = None
                super().__init__(html, sheets, *rest)
                return
            self._cascaded_styles: dict[Any, Any] = {}
            self.initial_page_sizes: dict[str, Any] = {"box": None, "area": None}
            self._sheets = sheets
            self.font_config = font_config
            self.kept = _Kept(self.store, sheets, (html.base_url, font_config, self.initial_page_sizes))
            self._computed_styles = self.kept.of_elements(html, target_collector)

    def set_page_styles(page_type: Any, html: Any, style_for: Any) -> None:
        if style_for.store is None:
            plain_page_styles(page_type, html, style_for)
        else:
            computed = style_for.get_computed_styles()
            computed |= style_for.kept.of_page(page_type, computed[html.etree_element, None])

    substitute(plain_class, StyleFor)
    substitute(plain_page_styles, set_page_styles)


class _Kept:
    """The styles of one document, those that are in the store from there."""

    def __init__(self, store: StyleStore, sheets: Sequence[Any], about: tuple[Any, ...]) -> None:
        self._store = store
        self._sheets = sheets
        self._about = about
        store.begin()

    def of_elements(self, html: Any, target_collector: Any) -> dict[Any, Any]:
        """The styles of all elements and their pseudo-elements, by both."""
        computed: dict[Any, Any] = {}
        inherited: dict[Any, Any] = {}
        """By element, the style that its children inherit from."""
        for wrapper in html.wrapper_element.iter_subtree():
            element = wrapper.etree_element
            parent = inherited[wrapper.parent.etree_element] if wrapper.parent else None
            matches = [sheet.matcher.match(wrapper) for sheet, _, _ in self._sheets]
            attributes, name = _attributes(element)
            key = (id(parent), attributes, tuple(tuple(match[1] for match in found) for found in matches))
            entry = self._store.elements.get(key)
            if entry is None:
                entry = self._made(element, parent, matches, inherited.get(html.etree_element))
                self._store.elements[key] = entry
            style, pseudos = entry
            inherited[element] = style
            if name is not None:
                style = _with_anchor(style, name)
            computed[element, None] = style
            for pseudo, its in pseudos.items():
                computed[element, pseudo] = its
            if target_collector and style["anchor"]:
                target_collector.collect_anchor(style["anchor"])
        return computed

    def of_page(self, page_type: Any, root: Any) -> dict[Any, Any]:
        """The styles of a page and its margin boxes, by its type and their names."""
        found = list(self._page_rules(page_type))
        key = (id(root), tuple(id(declarations) for _, declarations, *_ in found))
        entry = self._store.pages.get(key)
        if entry is None:
            cascaded: dict[Any, Any] = {None: {}}
            for pseudo, declarations, origin, specificity in found:
                _cascade(cascaded.setdefault(pseudo, {}), declarations, origin, (None, specificity))
            entry = self._store.pages[key] = self._all_computed(cascaded, root, root)
        style, pseudos = entry
        return {(page_type, None): style} | {(page_type, pseudo): its for pseudo, its in pseudos.items()}

    def _page_rules(self, page_type: Any) -> Iterator[tuple[Any, ...]]:
        from weasyprint.css import StyleFor

        for sheet, origin, own_specificity in self._sheets:
            for _, selectors, declarations in sheet.page_rules:
                for specificity, pseudo, selector in selectors:
                    if StyleFor._page_type_match(selector, page_type):  # noqa: SLF001 — WeasyPrint offers no other way
                        yield pseudo, declarations, origin, own_specificity or specificity

    def _made(self, element: Any, parent: Any, matches: Sequence[Any], root: Any) -> tuple[Any, Pseudos]:
        """The style of an element whose like was not met before, and those of its pseudo-elements."""
        cascaded: dict[Any, Any] = {None: {}}
        attributes, name = _attributes(element)
        if attributes is not None:
            _cascade_attributes(element, cascaded[None], self._about[0], named=name is None)
        for (sheet, origin, own_specificity), found in zip(self._sheets, matches, strict=True):
            for specificity, _, pseudo, (declarations, layer) in found:
                order = math.inf if layer is None else sheet.layers.index(layer)
                style = cascaded.setdefault(pseudo, {})
                _cascade(style, declarations, origin, (order, own_specificity or specificity))
        return self._all_computed(cascaded, parent, root)

    def _all_computed(self, cascaded: dict[Any, Any], parent: Any, root: Any) -> tuple[Any, Pseudos]:
        from weasyprint import css

        base_url, font_config, page_sizes = self._about

        def computed(rules: Any, parent: Any, root: Any, pseudo: Any = None) -> Any:
            root = css.InitialStyle(font_config) if parent is None else root
            return css.ComputedStyle(parent, rules, pseudo, root, base_url, font_config, page_sizes)

        style = computed(cascaded.pop(None), parent, root)
        return style, {pseudo: computed(rules, style, root or style, pseudo) for pseudo, rules in cascaded.items()}


def _attributes(element: Any) -> tuple[tuple[Any, ...] | None, str | None]:
    """What of an element's attributes counts as rules, None where nothing does; and the anchor that its `id` makes, by
    which alone its style differs from others'. Where the first ends with an object, no other style can be the same.
    """
    found = element.attrib
    name = found.get("id") or None
    if not found or (name and len(found) == 1 and _PLAIN_ID.fullmatch(name)):
        return None, name
    style, lang = found.get("style"), found.get("lang")
    anchor = found.get("name") if element.tag == "a" else None
    is_plain = (name is None or _PLAIN_ID.fullmatch(name)) and not anchor and element.tag[-4:] != "}svg"
    is_plain = is_plain and not (style and _VIEWPORT.search(style))
    if is_plain:
        return ((style, lang, None) if style or lang else None), name
    return (style, lang, object()), None


def _with_anchor(style: Any, name: str) -> Any:
    """The same style on an element that is an anchor; what stands in it inherits nothing of that."""
    copy = style.copy()
    copy["anchor"] = name
    copy.anonymous_style = style.anonymous_style
    return copy


def _cascade_attributes(element: Any, style: dict[str, Any], base_url: Any, *, named: bool) -> None:
    from weasyprint import css
    from weasyprint.css.validation import preprocess_declarations

    alone = element.makeelement(
        element.tag, {name: value for name, value in element.attrib.items() if named or name != "id"}
    )
    for specificity, _, declarations, _ in css.find_style_attributes(alone, base_url=base_url):
        _cascade(style, preprocess_declarations(base_url, declarations), "author", (math.inf, specificity))


def _cascade(style: dict[str, Any], declarations: Any, origin: str, order: Sequence[Any]) -> None:
    """Add a rule's declarations, as WeasyPrint weighs them."""
    from weasyprint.css import declaration_precedence

    for name, values, importance in declarations:
        weight = (declaration_precedence(origin, importance), *order)
        before = style.get(name)
        if before is None or before[1] is None or before[1] <= weight:
            style[name] = values, weight
