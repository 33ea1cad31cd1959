"""What went wrong on the laid out pages: matter past its column or page, matter that is lost, links that lead nowhere,
pages that are half empty. For the process that renders.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cribdeck.sheet.boxes import Placed, begins, is_generated, page_box, text_of

_TOLERANCE = 1.0
"""CSS pixels: a third of a millimetre, which rounding and side bearings take."""
_HALF = 0.5
_BRIDGED = 45.0
"""CSS pixels, 12 mm. White space up to this between two blocks is design; more is a hole."""
_STRIPS = 12
_WITH_PADDING = ("li", "td", "th")
"""They take room beyond their lines: for the pen, or up to their row's foot."""
_QUOTED = 40
_SAFE = ("http:", "https:", "mailto:")

Finding = dict[str, Any]
"""`kind`, `page` (its name), `anchor` of the heading, `text` that it is about; for `overflow` also `past` and `by` in
millimetres, for `half-empty` `share` in per cent, for `unprinted` `hidden`: the element's kind if none of it shows.
"""
Kind = tuple[str, str]
"""An element's name and class."""


def inspect(
    pages: Sequence[Any], boxes: Sequence[Sequence[Placed]], *, labels: Sequence[str], root: Any
) -> tuple[list[Finding], list[Kind]]:
    """Look at every box of the document; gives what was found, for `settled`, and the kinds of element that show.

    Args:
        pages: Laid out.
        boxes: Those of each page (see `walked`).
        labels: The pages' names.
        root: The element tree that it was made from.
    """
    findings: list[Finding] = []
    shown: Counter[Any] = Counter()
    begun: set[Any] = set()
    covered = 1.0
    before = ""
    for page, placed, label in zip(pages, boxes, labels, strict=True):
        for each in placed:
            text = text_of(each.box)
            shown[each.box.element] += _length(text) if text and not is_generated(each.box) else 0
        findings += _overflows(placed, label)
        is_forced = begins(placed, begun) is not None or _begins_chapter(placed, begun)
        if not is_forced and covered < _HALF:
            findings.append(_half_empty(placed, before, covered))
        covered, before = _covered(page, placed), label
    return findings + list(_unprinted(root, shown)), sorted(_kinds(shown))


def settled(findings: Sequence[Finding], kinds: Iterable[Sequence[str | None]]) -> list[Finding]:
    """The findings without text that a style sheet hides: no element of its kind shows on any page.

    Args:
        findings: Of all chapters; of text that is lost one a heading is kept.
        kinds: The kinds of element that show, of all chapters.
    """
    shown = {tuple(kind) for kind in kinds}
    lost: set[str] = set()
    kept = []
    for finding in findings:
        if finding["kind"] == "unprinted":
            hidden = finding["hidden"]
            if finding["anchor"] in lost or (hidden is not None and tuple(hidden) not in shown):
                continue
            lost.add(finding["anchor"])
        kept.append({name: value for name, value in finding.items() if name != "hidden"})
    return kept


def _begins_chapter(placed: Sequence[Placed], begun: set[Any]) -> bool:
    """Whether a chapter begins on a page, for which the one before was left as it was."""
    chapters = {each.box.element for each in placed if each.box.element is not None and _is_chapter(each.box.element)}
    new = chapters - begun
    begun |= new
    return bool(new)


def _is_chapter(element: Any) -> bool:
    return element.get("data-chapter") is not None


def _length(text: str) -> int:
    return len("".join(text.split()))


def _overflows(placed: Sequence[Placed], label: str) -> Iterator[Finding]:
    """Text and pictures past their room, one finding a heading and side, the farthest."""
    worst: dict[tuple[str, str], Finding] = {}
    for each in placed:
        extent = _extent(each.box)
        if extent is None:
            continue
        right, bottom = extent
        for past, by in (("column", right - each.room.right), ("page", bottom - each.room.bottom)):
            key = (each.anchor, past)
            if by > _TOLERANCE and by > worst.get(key, {"by": 0})["by"]:
                text = text_of(each.box) or each.box.element.get("alt") or ""
                worst[key] = _finding("overflow", label, each.anchor, text) | {"past": past, "by": by}
    for finding in worst.values():
        yield finding | {"by": round(finding["by"] * 25.4 / 96, 1)}


def _extent(box: Any) -> tuple[float, float] | None:
    """The right and lower edge of a box that shows something itself."""
    text = text_of(box)
    if text is not None:
        if not text.strip() or box.style["font_size"] < 2:
            return None
        # White space at a line's end hangs over the edge in code, and nobody sees it.
        width = box.width * (len(text.rstrip()) / len(text) if text[-1].isspace() else 1)
        return box.position_x + width, box.position_y + box.margin_height() * 0.8
    if type(box).__name__.endswith("ReplacedBox"):
        left, top = box.position_x + box.margin_left, box.position_y + box.margin_top
        return left + box.border_width(), top + box.border_height()
    return None


def _covered(page: Any, placed: Sequence[Placed]) -> float:
    """How much of a page's height is in use, from 0 to 1, as the mean over strips of its width."""
    box = page_box(page)
    left, width = box.content_box_x(), box.width / _STRIPS
    strips: list[list[tuple[float, float]]] = [[] for _ in range(_STRIPS)]
    for each in placed:
        if not _takes_room(each.box):
            continue
        top, bottom = each.box.position_y, each.box.position_y + each.box.margin_height()
        first = max(0, round((each.box.position_x - left) / width))
        last = min(_STRIPS, round((each.box.position_x + each.box.margin_width() - left) / width))
        for strip in strips[first:last]:
            strip.append((top, bottom))
    used = sum(_bridged(strip, box.content_box_y()) for strip in strips) / _STRIPS
    return float(min(1.0, used / box.height)) if box.height else 1.0


def _takes_room(box: Any) -> bool:
    if type(box).__name__.endswith("ReplacedBox") or box.element_tag in _WITH_PADDING:
        return True
    return any(type(child).__name__ == "LineBox" for child in getattr(box, "children", ()))


def _bridged(spans: list[tuple[float, float]], top: float) -> float:
    """The length of a strip that spans cover, the small gaps between them counted in."""
    total, reached = 0.0, top
    for start, end in sorted(spans):
        if end > reached:
            total += end - (reached if start - reached <= _BRIDGED else start)
            reached = end
    return total


def _half_empty(placed: Sequence[Placed], label: str, covered: float) -> Finding:
    """A page that is less than half full, by what stands first on the next one."""
    first = next((each for each in placed if (text_of(each.box) or "").strip()), None)
    finding = _finding("half-empty", label, first.anchor if first else "", text_of(first.box) or "" if first else "")
    return finding | {"share": round(covered * 100)}


def dead_links(pages: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Links to no place of the sheet and to no address that paper can show, each once a page; from transcripts."""
    anchors = {name for page in pages for name in page["anchors"]}
    for page in pages:
        dead: dict[str, str] = {}
        internal: set[str] = set()
        for kind, target, _, text in page["links"]:
            if (target not in anchors) if kind == "internal" else not target.startswith(_SAFE):
                internal |= {target} if kind == "internal" else set()
                dead[target] = max(dead.get(target, ""), text, key=len)
        for target, text in dead.items():
            yield _finding("dead-link", "", "", text) | {"target": f"#{target}" if target in internal else target}


def _unprinted(root: Any, shown: Counter[Any]) -> Iterator[Finding]:
    """Text of the page's HTML that is in no box, one finding a heading."""
    kinds = _kinds(shown)
    anchor, gone = "", set[str]()
    for element in root.find("body").iter():
        name = element.get("id") or ""
        anchor = name if name.startswith("n") and name[1:2].isdigit() else anchor
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        if shown[element] < _length(own) and anchor not in gone:
            # A class that shows nowhere was hidden by a style sheet, which is a wish and no loss.
            is_hidden = element.get("class") is not None and _kind(element) not in kinds
            if not is_hidden:
                gone.add(anchor)
            yield _finding("unprinted", "", anchor, own) | {"hidden": _kind(element) if is_hidden else None}


def _kinds(shown: Iterable[Any]) -> set[Kind]:
    return {_kind(element) for element in shown if element is not None}


def _kind(element: Any) -> Kind:
    return str(element.tag), element.get("class") or ""


def _finding(kind: str, page: str, anchor: str, text: str) -> Finding:
    text = " ".join(text.split())
    return {"kind": kind, "page": page, "anchor": anchor, "text": text[:_QUOTED] + ("…" if text[_QUOTED:] else "")}
