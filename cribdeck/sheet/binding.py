"""Chapters made into one PDF: fonts embedded once, page numbers, links, outline and page labels put in.

For the process that renders. The objects are those that WeasyPrint (70.0, pdf/) writes for a whole document.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from cribdeck.sheet import paging, type_cases
from cribdeck.sheet.transcripts import Transcript
from cribdeck.sheet.typesetting import Typesetter

_POINTS = 0.75
"""A CSS pixel in points."""
_UNKNOWN = "0"
"""Stands for the page of what is on none."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """What slots show: `values` by name, and the page of each anchor."""

    values: Mapping[str, str]
    numbers: Mapping[str, str]


def bind(typesetter: Typesetter, folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Bind chapters.

    Args:
        typesetter: Used for one job after another.
        folder: What file names in the job are relative to.
        job: `chapters`, each [PDF, JSON] as `typesetting.print_chapter` gives them; `labels` of all pages; `values`
            and `numbers` for their slots; `outputs`, each [PDF, numbers of its pages from 0]; `fonts`, the name of the
            file with the fonts, which is made where it is not there.
    """
    records = [msgspec.json.decode((folder / name).read_bytes()) for _, name in job["chapters"]]
    font_path = folder / job["fonts"]
    if not font_path.exists():
        fonts = type_cases.united(use for record in records for use in record["fonts"])
        font_path.write_bytes(type_cases.embedded(fonts, typesetter.font_config) if fonts else b"")
    font_file = font_path.read_bytes()
    for name, wanted in job["outputs"]:
        sheet = _Sheet(font_file, job)
        first = 0
        for (path, _), record in zip(job["chapters"], records, strict=True):
            pages = range(first, first + len(record["pages"]))
            first += len(record["pages"])
            sheet.add(folder / path, record, [at - pages.start for at in wanted if at in pages], pages.start)
        sheet.save(folder / name, records[0]["metadata"])
    return {}


class _Sheet:
    """A PDF in the making."""

    def __init__(self, font_file: bytes, job: Mapping[str, Any]) -> None:
        import pikepdf

        self._pikepdf = pikepdf
        self._pdf = pikepdf.new()
        self._labels: Sequence[str] = job["labels"]
        self._texts = _Texts(job["values"], job["numbers"])
        self._open: list[Any] = []
        self._fonts: Any = pikepdf.Dictionary()
        if font_file:
            self._open.append(pikepdf.open(io.BytesIO(font_file)))
            self._fonts = self._pdf.copy_foreign(self._open[-1].Root.Fonts)
        self._forms: dict[bytes, Any] = {}
        self._pages: list[tuple[Any, Transcript, str]] = []

    def add(self, path: Path, record: Mapping[str, Any], wanted: Sequence[int], first: int) -> None:
        """Add some pages of a chapter, whose first one is number `first` of all."""
        if not wanted:
            return
        source = self._pikepdf.open(io.BytesIO(path.read_bytes()))
        self._open.append(source)
        names = {use["name"]: type_cases.name_of(use) for use in record["fonts"]}
        resources: Any = None
        for at in wanted:
            self._pdf.pages.append(source.pages[at])
            page = self._pdf.pages[-1].obj
            resources = page.Resources
            self._pages.append((page, record["pages"][at], self._labels[first + at]))
            texts = _Texts({**self._texts.values, "page": self._labels[first + at]}, self._texts.numbers)
            for slot in record["slots"][at]:
                form = self._form(_drawn(slot, record["alphabets"], names, texts))
                _put(resources, f"/{slot[0]}", form)
        # All resources of a chapter have the same one.
        fonts = resources.Font
        for name, own in names.items():
            fonts[f"/{name}"] = self._fonts[f"/{own}"]

    def _form(self, content: bytes) -> Any:
        """A form object that draws this; one for all places where it is the same."""
        if content not in self._forms:
            pikepdf = self._pikepdf
            form = self._pdf.make_stream(content)
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = pikepdf.Array([-2000, -2000, 2000, 2000])
            form.Resources = pikepdf.Dictionary(Font=self._fonts)
            self._forms[content] = form
        return self._forms[content]

    def save(self, path: Path, metadata: Mapping[str, Any]) -> None:
        """Put in what belongs to the whole, and write it."""
        pikepdf = self._pikepdf
        self._add_links()
        self._add_outline()
        root = self._pdf.Root
        root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(list(self._page_labels())))
        if metadata["lang"]:
            root.Lang = pikepdf.String(metadata["lang"])
        from weasyprint import VERSION

        names = {"Producer": f"WeasyPrint {VERSION}", "Title": metadata["title"], "Creator": metadata["generator"]}
        for name, value in names.items():
            if value:
                self._pdf.docinfo[f"/{name}"] = value
        modes = pikepdf.ObjectStreamMode
        self._pdf.save(path, deterministic_id=True, object_stream_mode=modes.generate, min_version="1.7")
        for source in self._open:
            source.close()

    def _page_labels(self) -> Iterator[Any]:
        for at, style, prefix, start in paging.page_labels([label for _, _, label in self._pages]):
            entry = self._pikepdf.Dictionary(S=self._pikepdf.Name(f"/{style}"), St=start)
            if prefix:
                entry.P = self._pikepdf.String(prefix)
            yield at
            yield entry

    def _add_links(self) -> None:
        pikepdf = self._pikepdf
        anchors: dict[str, Any] = {}
        for page, transcript, _ in self._pages:
            for name, point in transcript["anchors"].items():
                if name not in anchors:
                    anchors[name] = pikepdf.Array([page, pikepdf.Name.XYZ, *_point(transcript, point), 0])
        for page, transcript, _ in self._pages:
            links = [
                self._pdf.make_indirect(self._link(transcript, kind, target, rectangle))
                for kind, target, rectangle, _ in transcript["links"]
                if kind == "external" or (kind == "internal" and target in anchors)
            ]
            if links:
                page.Annots = pikepdf.Array(links)
        if anchors:
            names = [part for name in sorted(anchors) for part in (pikepdf.String(name), anchors[name])]
            self._pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=pikepdf.Array(names)))

    def _link(self, transcript: Transcript, kind: str, target: str, rectangle: Sequence[float]) -> Any:
        """An annotation, read from its source: a book has thousands."""
        corners = (*_point(transcript, rectangle[:2]), *_point(transcript, rectangle[2:]))
        text = self._pikepdf.String(target).unparse()
        leads = b"/Dest " + text if kind == "internal" else b"/A << /Type /Action /S /URI /URI " + text + b" >>"
        place = " ".join(f"{corner:.3f}" for corner in corners).encode()
        return self._pikepdf.Object.parse(
            b"<< /Type /Annot /Subtype /Link /BS << /W 0 >> /Rect [ " + place + b" ] " + leads + b" >>"
        )

    def _add_outline(self) -> None:
        root = self._pdf.make_indirect(self._pikepdf.Dictionary())
        tree = _tree([transcript for _, transcript, _ in self._pages])
        if tree:
            root.Count = self._add_items(tree, root)
            self._pdf.Root.Outlines = root

    def _add_items(self, items: Sequence[Any], parent: Any) -> int:
        """Add bookmarks below one; gives how many show when it is open."""
        pikepdf = self._pikepdf
        shown, before = len(items), None
        for title, (at, x, y), children, state in items:
            page, transcript, _ = self._pages[at]
            place = pikepdf.Array([page, pikepdf.Name.XYZ, *_point(transcript, (x, y)), 0])
            item = self._pdf.make_indirect(
                pikepdf.Dictionary(Title=pikepdf.String(title), Dest=place, Parent=parent, Count=0)
            )
            below = self._add_items(children, item)
            item.Count = -below if state == "closed" else below
            shown += 0 if state == "closed" else below
            if before is None:
                parent.First = item
            else:
                before.Next, item.Prev = item, before
            parent.Last = before = item
        return shown


def _tree(transcripts: Iterable[Transcript]) -> list[Any]:
    """Bookmarks by their levels: (label, (page, x, y), children, state)."""
    from weasyprint.anchors import make_page_bookmark_tree
    from weasyprint.matrix import Matrix

    tree: list[Any] = []
    skipped: list[int] = []
    last, level = [tree], 0
    for at, transcript in enumerate(transcripts):
        page = SimpleNamespace(bookmarks=transcript["bookmarks"])
        level = make_page_bookmark_tree(page, skipped, last, level, at, Matrix())
    return tree


def _point(transcript: Transcript, point: Sequence[float]) -> tuple[float, float]:
    """A point in points from the lower left corner."""
    return round(point[0] * _POINTS, 3), round((transcript["size"][1] - point[1]) * _POINTS, 3)


def _drawn(slot: Sequence[Any], alphabets: Sequence[Any], names: Mapping[str, str], texts: _Texts) -> bytes:
    """The content of a slot's form, from its left end on the line."""
    _, parts, alphabet, width, align = slot
    runs: list[Any] = []
    for kind, content, run in parts:
        if kind == "text":
            runs.append(run)
            continue
        text = texts.values.get(content, "") if kind == "value" else texts.numbers.get(content, _UNKNOWN)
        runs += [alphabets[alphabet][letter] for letter in text if letter in alphabets[alphabet]]
    room = width - sum(reach for _, reach in runs)
    left = room if align in ("right", "end") else room / 2 if align == "center" else 0
    operators = ["BT", f"1 0 0 -1 {left:.3f} 0 Tm"]
    last: tuple[str, float] | None = None
    shown: list[str] = []
    for font, size, string in (glyphs for run, _ in runs for glyphs in run):
        if (font, size) != last:
            operators += [f"[{''.join(shown)}] TJ"] if shown else []
            operators.append(f"/{names[font]} {size:.6g} Tf")
            last, shown = (font, size), []
        shown.append(string)
    return "\n".join([*operators, f"[{''.join(shown)}] TJ", "ET"]).encode()


def _put(resources: Any, name: str, form: Any) -> bool:
    """Put a form in the place of the empty one of that name, however deep in groups it is drawn."""
    objects = resources.get("/XObject")
    if objects is None:
        return False
    if name in objects:
        objects[name] = form
        return True
    inner = (each.get("/Resources") for each in objects.values())
    return any(_put(each, name, form) for each in inner if each is not None)
