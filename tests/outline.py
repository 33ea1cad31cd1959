"""A note's reading as plain text, for the case files: one line a section, block, source and diagnostic."""

from cribdeck.cards import study
from cribdeck.diagnostics import as_text
from cribdeck.documents import read_document
from cribdeck.model import Block, Document, Section, Source, SourceFile, Study
from cribdeck.settings import Settings


def read(text: str, *, file: str = "note.md", media: tuple[str, ...] = (), bold: bool = False) -> Document:
    return read_document(SourceFile(file, text, "", 0), {path.lower(): path for path in media}, bold_headings=bold)


def studied(*texts: str, settings: Settings | None = None) -> Study:
    names = ["note.md", *(f"note{number}.md" for number in range(2, len(texts) + 1))]
    documents = [read(text, file=name) for name, text in zip(names, texts, strict=True)]
    return study(documents, settings or Settings())


def sections(document: Document) -> str:
    """The tree of headings, two spaces a level."""
    return "".join(f"{'  ' * len(section.trail)}{section.key}  ({section.place.line})\n" for section in document.walk())


def outline(document: Document) -> str:
    """Everything that was read."""
    lines = [*_blocks(document.intro, 0), *_sources(document.intro_sources, 0)]
    for section in document.sections:
        lines += _section(section, 0)
    return "".join(line + "\n" for line in lines) + as_text(document.diagnostics, root="", fold=None)


def _section(section: Section, depth: int) -> list[str]:
    pad = "  " * depth
    lines = [f"{pad}# {section.title}"]
    lines += _blocks(section.body, depth + 1) + _sources(section.sources, depth + 1)
    for child in section.children:
        lines += _section(child, depth + 1)
    return lines


def _blocks(blocks: tuple[Block, ...], depth: int) -> list[str]:
    lines = []
    for block in blocks:
        info = f"({block.info})" if block.info else ""
        text = block.html.replace("\n", "⏎")
        lines.append(f"{'  ' * depth}{block.kind}{info}{': ' + text if text else ''}")
        lines += _blocks(block.children, depth + 1)
    return lines


def _sources(sources: tuple[Source, ...], depth: int) -> list[str]:
    return [f"{'  ' * depth}source: {source.title or '-'} <{source.url}> {source.host}" for source in sources]


def cards(found: Study) -> str:
    """Cards, gaps and comparisons."""
    lines = []
    for card in found.cards:
        trail = " › ".join((*card.trail, card.key)) + (f" · {card.part}" if card.part else "")
        items = f"  [{'; '.join(card.items)}]" if card.items else ""
        lines.append(f"{card.kind}: {trail}{items}")
    for gap in found.gaps:
        extra = f"  [{len(gap.sources)} to read]" if gap.sources else ""
        lines.append("gap: " + " › ".join((*gap.trail, gap.key)) + extra)
    return "".join(line + "\n" for line in lines)


def tables(found: Study) -> str:
    """Comparisons as tables: `|` between cells, `_` for an empty one, `↔` before what spans."""
    lines = []
    for several in found.comparisons.values():
        for comparison in several:
            lines.append(" | ".join(("", *comparison.subjects)).strip())
            lines += [f"note: {block.text}" for block in comparison.notes]
            for row in comparison.rows:
                cells = [" ".join(block.text for block in cell.blocks) or "_" for cell in row.cells]
                if row.filled or not row.span:
                    lines.append(" | ".join((row.aspect or "-", *cells)))
                if row.span:
                    lines.append(f"{row.aspect or '-'} ↔ " + " ".join(block.text for block in row.span))
            lines += [f"after: {block.text}" for block in comparison.after]
    return "".join(line + "\n" for line in lines)
