r"""Inline rules of the dialect: emphasis beside Han, `==highlight==`, `[[wikilink]]`, `[note.md]`, `\(…\)`."""

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import StateBase
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

from cribdeck.markdown.dispatch import QuickInline
from cribdeck.markdown.states import new_token

CJK = re.compile(r"[　-〿぀-ヿ㐀-䶿一-鿿豈-﫿가-힯！-｠￠-￦‘’“”…—\U00020000-\U0003ffff]")
"""A character of a script that puts no spaces between words, or punctuation that goes with one."""

_HIGHLIGHT = re.compile(r"==(?=[^\s=])(.{1,400}?)(?<=[^\s=])==(?!=)", re.DOTALL)
_WIKILINK = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_NOTE_LINK = re.compile(r"\[([^\[\]\n]{1,300}\.(?:md|markdown|mdx)(?:#[^\[\]\n]{0,200})?)\](?![\[(:])", re.IGNORECASE)
_BRACKET_MATH = re.compile(r"\\\((?=\S)(.{1,1000}?)\\\)|\\\[(.{1,2000}?)\\\]", re.DOTALL)
_FORMULA = re.compile(r"[\\^_=+<>≤≥∈|]|^\s*[A-Za-z]\s*$|[A-Za-z0-9)]\s*[-*/]\s*[A-Za-z0-9(]|^[A-Za-z]\(.*\)$")
_SHELL = re.compile(r"^[A-Z_][A-Z0-9_]*\W")
_SUFFIX_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|bmp|avif)$", re.IGNORECASE)


def dialect_inline(md: MarkdownIt) -> None:
    """Install the rules of this module (a markdown-it plugin)."""
    rules = md.inline.ruler
    inline = CjkInline()
    inline.ruler, inline.ruler2 = rules, md.inline.ruler2
    md.inline = inline
    rules.before("escape", "bracket_math", bracket_math)
    rules.before("link", "wikilink", wikilink)
    rules.before("link", "note_link", note_link)
    rules.before("emphasis", "highlight", highlight)
    inline.settle()


class CjkInlineState(StateInline):
    """Emphasis as the CJK-friendly draft of CommonMark has it (github.com/tats-u/markdown-cjk-friendly)."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803, FBT001 — markdown-it's name
        """Let a Han character stand where plain CommonMark wants white space or punctuation.

        `**重点：**状态` closes although punctuation stands before the mark and a letter after it.
        """
        scanned = super().scanDelims(start, canSplitWord)
        if scanned.can_open and scanned.can_close:
            return scanned
        end = start + scanned.length
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        if not (CJK.match(before) or CJK.match(after)):
            return scanned
        opens, closes = not after.isspace(), not before.isspace()
        if canSplitWord:
            return Scanned(opens, closes, scanned.length)
        return Scanned(opens and not closes, closes and not opens, scanned.length)


class CjkInline(QuickInline):
    """The inline parser with the state above; markdown-it has no hook for the state's class."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """As `ParserInline.parse`."""
        if self.is_plain(src):
            if src:
                token = new_token("text", "", 0)
                token.content = src
                tokens.append(token)
            return tokens
        state = CjkInlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _state(state: StateBase) -> StateInline:
    assert isinstance(state, StateInline)
    return state


def highlight(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 — a rule's form
    """`==text==`, with other inline marks inside."""
    if not state.src.startswith("==", state.pos):
        return False
    found = _HIGHLIGHT.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("mark_open", "mark", 1)
        end, state.posMax, state.pos = state.posMax, found.end(1), found.start(1)
        state.md.inline.tokenize(state)
        state.posMax = end
        state.push("mark_close", "mark", -1)
    state.pos = found.end()
    return True


def wikilink(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[[Note#Heading|text]]` and `![[picture.png|300]]`; the rule also stands for the `!`."""
    if not state.src.startswith(("[[", "![["), state.pos):
        return False
    found = _WIKILINK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    embed, target, text = found[1], found[2].strip(), (found[3] or "").strip()
    if not silent:
        if embed and _SUFFIX_IMAGE.search(target):
            token = state.push("image", "img", 0)
            token.attrs = {"src": target}
            token.content = "" if re.fullmatch(r"\d+(x\d+)?", text) else text
            if re.fullmatch(r"\d+", text):
                token.attrs["width"] = text
            token.children = []
        else:
            _push_link(state, target, text or target.replace("#", " › ").strip(" ›"))
    state.pos = found.end()
    return True


def note_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[other.md]` with no address: a reference to the note of that name."""
    if state.src[state.pos] != "[":
        return False
    found = _NOTE_LINK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        _push_link(state, found[1].strip(), found[1].strip())
    state.pos = found.end()
    return True


def _push_link(state: StateInline, target: str, text: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": target}
    state.tokens[-1].meta = {"note": True}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def bracket_math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    r"""`\(…\)` and `\[…\]`; plain CommonMark would take the backslash for an escape."""
    if not state.src.startswith(("\\(", "\\["), state.pos):
        return False
    found = _BRACKET_MATH.match(state.src, state.pos, state.posMax)
    # Converters write `\[1\]` and `\(see below\)` for brackets that are text.
    if not found or not _FORMULA.search(found[1] or found[2]):
        return False
    if not silent:
        kind = "math_inline" if found[1] else "math_inline_double"
        state.push(kind, "math", 0).content = found[1] or found[2]
    state.pos = found.end()
    return True


def is_money_or_shell(math: str) -> bool:
    """Whether what stands between two dollar signs is no formula: `$5 and $6`, `$HOME/$USER`."""
    return bool(_SHELL.match(math + " ") and "\\" not in math and ("/" in math or ":" in math)) or (
        math[-1:] in "/:=(,"
    )
