"""Is every word of every note on the sheet, or named in a diagnostic?

Usage: python bench/conservation.py [--show N] FOLDER…

Takes the visible words of each note by a way of its own (plain markdown-it, none of the dialect's rules), and looks
for them in the sheet's HTML of that note alone. A word is a run of Latin letters or digits, or a single Han, kana or
Hangul character; punctuation and white space don't count.

Two things are checked. No word is lost: each occurs on the sheet at least as often as in the note. Order holds: the
words of a line of the note stand on the sheet in one run; where a line is parted into cells or sentences, each does.
"""

import argparse
import html
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cribdeck.cards import study  # noqa: E402
from cribdeck.diagnostics import Diagnostic  # noqa: E402
from cribdeck.documents import read_document  # noqa: E402
from cribdeck.files import find_media, find_notes, read_note  # noqa: E402
from cribdeck.ledger import Ledger, identify  # noqa: E402
from cribdeck.model import SourceFile  # noqa: E402
from cribdeck.rendering import Edition, Templates, labels_for  # noqa: E402
from cribdeck.settings import Settings  # noqa: E402
from cribdeck.sheet import sheet_html  # noqa: E402

WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff]+|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
URL = re.compile(r"(?:https?|ftp)://[!#-;=?-~]+|www\.[!#-;=?-~]+")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
UNSEEN = re.compile(
    r"<(script|style|noscript|template|iframe|object|embed|SCRIPT|STYLE|IFRAME)\b.*?(?:</\1\s*>|\Z)", re.DOTALL
)
TAGS = re.compile(
    r"</?(?:a|abbr|area|article|aside|audio|b|base|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|dd|del"
    r"|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe"
    r"|img|input|ins|kbd|label|legend|li|link|main|map|mark|marquee|math|meta|nav|nobr|noscript|object|ol|optgroup|option|p|param"
    r"|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody"
    r"|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|address|data|hgroup|applet)\b[^<>]*/?>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Loss:
    """Words of a line that are not on the sheet, or not in their order."""

    line: int
    what: str
    words: str


def parser() -> MarkdownIt:
    """Plain Markdown with the extensions that every reader of notes has."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    return md.use(front_matter_plugin).use(deflist_plugin).use(footnote_plugin).disable("lheading")


def visible_lines(text: str, *, mdx: bool = False) -> Iterator[tuple[int, str]]:
    """(line, visible text) of a note; in MDX without imports, exports and the names of components."""
    if mdx:
        text = re.sub(r"(?m)^(?:import|export)\s(?:.*\S.*\n?)+", _breaks, text)
        text = re.sub(r"\{/\*.*?\*/\}|</?[A-Z][\w.]*(?:\s[^<>]*)?/?>", _breaks, text)
    for token in parser().parse(text):
        line = (token.map[0] if token.map else 0) + 1
        if token.type in ("fence", "code_block"):
            yield from _numbered(line, re.sub(r"(?m)^\s*</?details>\s*$", "", token.content))
        elif token.type == "html_block":
            yield from _numbered(line, _without_tags(token.content))
        elif token.type == "inline":
            yield from _numbered(line, _typed(_inline_text(token.children or [])))


def _numbered(line: int, text: str) -> Iterator[tuple[int, str]]:
    for offset, part in enumerate(text.split("\n")):
        yield line + offset, part


def _inline_text(tokens: list[Token]) -> str:
    raw = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            raw.append("\n")
        elif token.type == "html_inline":
            raw.append(_without_tags(token.content))
        elif token.type != "image":
            raw.append(token.content)
    return "".join(raw)


def _without_tags(source: str) -> str:
    # A tag counts as nothing, so that `a<b>c</b>` stays one word; line breaks inside stay, for the numbers.
    source = re.sub(r"<(br|/?(?:p|div|li|td|th|tr|h[1-6]))\b[^<>]*>", " ", source, flags=re.IGNORECASE)
    kept = TAGS.sub(_tag_or_type, UNSEEN.sub("", COMMENT.sub(_breaks, source)))
    return html.unescape(kept)


def _tag_or_type(found: re.Match[str]) -> str:
    """`<Object>` is a type, `the <input /> element` is about a tag: both are meant to be read."""
    name = found[0].strip("</> ").split()[0]
    is_type = name[0].isupper() and (name[1:].islower() or len(name) == 1)
    is_named = name in ("input", "form", "button", "select", "video", "link", "meta") and name == found[0].strip("</> ")
    return found[0] if is_type or (is_named and not found[0].startswith("</")) else _breaks(found)


def _plain_code(found: re.Match[str]) -> str:
    return " " + re.sub(r"<[^>]*>", "", found[0]) + " "


def _breaks(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _typed(text: str) -> str:
    """Text without the marks of the dialect that plain Markdown takes for text."""
    text = re.sub(r"!\[\[[^\[\]\n]*\]\]", "", text)
    text = re.sub(r"\[\[[^\[\]|\n]*\|([^\[\]\n]+)\]\]", r"\1", text)
    text = re.sub(r"^(\s*)\[!\w+\][+-]?", r"\1", text)
    text = re.sub(r"(?m)\{(?:[#.][^\s{}]+\s*)+\}\s*$", "", text)
    # Marks of lists that were typed without a space: the sheet counts by itself.
    return re.sub(r"(?m)^\s*(?:\d{1,2}[.、)）．]|[（(]\d{1,2}[)）]|\[[ xX]\]\s)", "", text)


def words(text: str) -> list[str]:
    """The words of a text, in lower case; addresses are none, for a source is shown by its host and title."""
    return [word.lower() for word in WORD.findall(URL.sub(" ", text))]


def sheet_words(page: str) -> list[str]:
    """The words of the page's body; of a formula those of its source."""
    body = page[page.find("<body") :]
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", body, flags=re.DOTALL)
    body = re.sub(r'<span class="missing-image">.*?</span>', "", body)
    # In code the colours part words (`0` and `L`); elsewhere:
    body = re.sub(r'<pre class="code.*?</pre>', _plain_code, body, flags=re.DOTALL)
    # Marks inside a word are nothing; a span begins a number, a label or a piece of code: words of their own.
    body = re.sub(r"</?(?:b|strong|em|i|u|s|del|mark|code|a|sup|sub|font|small|kbd|ins|wbr)\b[^>]*>", "", body)
    return words(html.unescape(re.sub(r"<[^>]*>", " ", body)))


def losses(text: str, page: str, diagnostics: tuple[Diagnostic, ...], *, mdx: bool = False) -> list[Loss]:
    """What of a note's visible text is not on its page and in no diagnostic."""
    found = sheet_words(page)
    have = Counter(found)
    run = " " + " ".join(found) + " "
    page = re.sub(r'<span class="number">.*?</span>', "", page)
    told = {d.place.line for d in diagnostics}
    heads = {" ".join(sheet_words(f"<body>{cell}")) for cell in re.findall(r"<th\b[^>]*>(.*?)</th>", page, re.DOTALL)}
    lost: list[Loss] = []
    for line, part in visible_lines(text, mdx=mdx):
        own = _without_label(part, heads)
        wanted = words(own)
        have.subtract(wanted)
        missing = [word for word in dict.fromkeys(wanted) if have[word] < 0]
        if missing and line not in told:
            lost.append(Loss(line, "lost", " ".join(missing)))
        elif wanted and not _in_order(own, run):
            lost.append(Loss(line, "order", " ".join(wanted)[:100]))
    return lost


def _without_label(part: str, heads: set[str]) -> str:
    """A line without the label that names its place in a table: `Flink：…` in the column whose head is Flink."""
    found = re.match(r"[\s*+•·-]*([^：:]{1,40}?)\s*[*`]*[：:](?!//)", part)
    named = " ".join(words(found[1])) if found else ""
    if found and any(named and named in (head, head.removesuffix(" 架 构")) for head in heads):
        return part[found.end() :]
    return "" if " ".join(words(part)) in heads else part


def _in_order(part: str, run: str) -> bool:
    whole = " ".join(words(part))
    if f" {whole} " in run:
        return True
    pieces = (" ".join(words(piece)) for piece in re.split(r"[|，,。；;：:.!?！？\]\[]", part))
    return all(f" {piece} " in run for piece in pieces if piece)


def page_of(folder: Path, source: SourceFile) -> tuple[str, tuple[Diagnostic, ...]]:
    """The sheet of one note alone, and its diagnostics."""
    document = read_document(source, find_media(folder))
    found = study([document], Settings())
    edition = Edition(
        study=found,
        identities=identify(found.cards, Ledger("bench")),
        settings=Settings(),
        labels=labels_for("", found.documents),
        templates=Templates(),
        name="bench",
        read_media=lambda path: (folder / path).read_bytes(),
    )
    return sheet_html(edition), found.diagnostics


def main() -> None:
    """Check folders and print what is lost."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--show", type=int, default=20, help="losses printed a folder")
    options = arguments.parse_args()
    for folder in options.folders:
        counts: Counter[str] = Counter()
        shown = 0
        for path in find_notes(folder):
            source = read_note(folder, path)
            counts["files"] += 1
            if not isinstance(source, SourceFile):
                continue
            counts["words"] += sum(len(words(part)) for _, part in visible_lines(source.text))
            mdx = path.endswith(".mdx")
            for loss in losses(source.text, *page_of(folder, source), mdx=mdx):
                counts[loss.what] += 1
                if shown < options.show:
                    shown += 1
                    print(f"{path}:{loss.line}: {loss.what}: {loss.words}")
        print(
            f"{folder}: {counts['files']} files, {counts['words']} words; "
            f"{counts['lost']} lines with lost words, {counts['order']} out of order"
        )


if __name__ == "__main__":
    main()
