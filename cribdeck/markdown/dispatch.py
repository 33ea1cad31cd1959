"""Asking only those rules that can begin with the character that stands there.

markdown-it (4.3) asks some fifteen rules, one after the other, of every line and of every special character of a line;
most of them look at the first character and say no. The tokens are the same.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from cribdeck.markdown.states import LineState

_BLOCKS = {
    "front_matter": "-", "math_block": "$", "fence": "`~", "blockquote": ">", "hr": "*-_", "list": "*+-0123456789",
    "footnote_def": "[", "reference": "[", "html_heading": "<", "details": "<", "html_block": "<", "heading": "#",
}  # fmt: skip
"""With which characters a block can begin, by its rule's name. Rules that are not named look at more than that."""
_SECONDS = "|-:~"
_ALONE = {"table": "", "deflist": ""}
"""Blocks that are told by their second line: with which characters that begins, and that none begins without it."""
_NOT_INDENTED = {"code": ""}
"""What no line begins that is not indented by four columns or more."""
_TERMS_END = ":~"
"""With which characters a definition begins, which ends the one before it."""
_INLINES = {
    "newline": "\n", "math_inline": "$", "bracket_math": "\\", "escape": "\\", "backticks": "`", "strikethrough": "~",
    "highlight": "=", "emphasis": "*_", "wikilink": "[!", "note_link": "[", "link": "[", "image": "!",
    "footnote_inline": "^", "footnote_ref": "[", "autolink": "<", "html_inline": "<", "entity": "&",
}  # fmt: skip
_ENDS = "]"
"""What no rule begins with, but text must not run over: the end of a link's text."""

_Rule = TypeVar("_Rule", bound=Callable[..., bool])


class _ByFirst(dict[str, list[_Rule]], Generic[_Rule]):
    """The rules of a chain that can begin with a character, in their order."""

    def __init__(self, ruler: Ruler[_Rule], first: Mapping[str, str], chain: str = "") -> None:
        super().__init__()
        named = zip(ruler.get_active_rules(), ruler.getRules(""), strict=True)
        starts = {rule: first.get(name) for name, rule in named}
        self._rules = [(rule, starts[rule]) for rule in ruler.getRules(chain)]

    def __missing__(self, character: str) -> list[_Rule]:
        able = [rule for rule, starts in self._rules if starts is None or character in starts]
        return self.setdefault(character, able)


def quick_join(state: StateCore) -> None:
    """As markdown-it's rule `text_join`, which makes one text of neighbours: most lines are one text."""
    tokens = state.tokens
    state.tokens = [token for token in tokens if token.children and not _is_one_text(token.children)]
    text_join(state)
    state.tokens = tokens


def _is_one_text(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and tokens[0].type == "text"


class QuickBlocks(ParserBlock):
    """The block parser; `settle` comes after the last change to its rules."""

    def settle(self) -> None:
        """Take the rules as they are now."""
        self.ruler.at("paragraph", self._paragraph)
        ends = {**_BLOCKS, "deflist": _TERMS_END}
        self._rules = {
            (True, True): _ByFirst(self.ruler, _BLOCKS),
            (True, False): _ByFirst(self.ruler, {**_BLOCKS, **_NOT_INDENTED}),
            (False, True): _ByFirst(self.ruler, {**_BLOCKS, **_ALONE}),
            (False, False): _ByFirst(self.ruler, {**_BLOCKS, **_ALONE, **_NOT_INDENTED}),
        }
        self._ending = {
            True: _ByFirst(self.ruler, ends, "paragraph"),
            False: _ByFirst(self.ruler, {**_ALONE, **ends}, "paragraph"),
        }

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803
        """As `ParserBlock.parse`."""
        if not src:
            return None
        state = LineState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 — markdown-it's names
        """As `ParserBlock.tokenize`."""
        line = startLine
        has_empty_lines = False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            rules = self._rules[_is_followed(state, line), state.sCount[line] - state.blkIndent > 3]
            for rule in rules[state.src[state.bMarks[line] + state.tShift[line]]]:
                if rule(state, line, endLine, False):  # noqa: FBT003 — a rule's form
                    break
            assert state.line > line, "a rule took no line"
            state.tight = not has_empty_lines
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                has_empty_lines = True
            if line < endLine and state.isEmpty(line):
                has_empty_lines = True
                line += 1
                state.line = line

    def _paragraph(self, state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG002, FBT001
        """As markdown-it's rule of that name."""
        stop = start + 1
        end, parent, state.parentType = state.lineMax, state.parentType, "paragraph"
        while stop < end and not state.isEmpty(stop):
            # What is indented as code, or was marked by a quote, goes on with the paragraph whatever it is.
            if 0 <= state.sCount[stop] <= state.blkIndent + 3 and self._ends(state, stop, end):
                break
            stop += 1
        state.line, state.parentType = stop, parent
        state.push("paragraph_open", "p", 1).map = [start, stop]
        inline = state.push("inline", "", 0)
        if stop == start + 1:  # as most are: what it is indented by is trimmed in any case
            text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
        else:
            text = state.getLines(start, stop, state.blkIndent, False)  # noqa: FBT003
        inline.content = mdTrim(text)
        inline.map, inline.children = [start, stop], []
        state.push("paragraph_close", "p", -1)
        return True

    def _ends(self, state: StateBlock, line: int, end: int) -> bool:
        rules = self._ending[_is_followed(state, line)][state.src[state.bMarks[line] + state.tShift[line]]]
        return bool(rules) and any(rule(state, line, end, True) for rule in rules)  # noqa: FBT003


def _is_followed(state: StateBlock, line: int) -> bool:
    """Whether the next line, or that after an empty one, begins as the second of a block does that has two."""
    below = line + 1
    if below < state.lineMax and state.isEmpty(below):
        below += 1
    return below < state.lineMax and state.src[state.bMarks[below] + state.tShift[below]] in _SECONDS


class QuickInline(ParserInline):
    """The inline parser; `settle` comes after the last change to its rules."""

    def settle(self) -> None:
        """Take the rules as they are now."""
        assert {*self.ruler.get_active_rules()} <= {*_INLINES, "text"}, "it is not known what a rule begins with"
        self._rules = _ByFirst(self.ruler, {**_INLINES, "text": ""})
        self._special = re.compile("[" + re.escape("".join({*"".join(_INLINES.values()), *_ENDS})) + "]")

    def is_plain(self, text: str) -> bool:
        """Whether there is nothing in a text that a rule could begin with."""
        return not self._special.search(text)

    def tokenize(self, state: StateInline) -> None:
        """As `ParserInline.tokenize`."""
        src, end, deepest = state.src, state.posMax, state.md.options["maxNesting"]
        while state.pos < end:
            at = state.pos
            stop = self._text_end(state)
            if stop > at:
                state.append_pending(src[at:stop])
                state.pos = stop
                continue
            for rule in self._rules[src[at]] if state.level < deepest else ():
                if rule(state, False):  # noqa: FBT003 — a rule's form
                    assert state.pos > at, "a rule took no character"
                    break
            else:
                state.append_pending(src[at])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 — markdown-it's name
        """As `ParserInline.skipToken`."""
        at = state.pos
        if at in state.cache:
            state.pos = state.cache[at]
            return
        if state.level >= state.md.options["maxNesting"]:
            state.pos = state.posMax + 1
        else:
            state.pos = max(self._text_end(state), at)
            if state.pos == at:
                state.level += 1
                if not any(rule(state, True) for rule in self._rules[state.src[at]]):  # noqa: FBT003
                    state.pos += 1
                state.level -= 1
        state.cache[at] = state.pos

    def _text_end(self, state: StateInline) -> int:
        """Where the text ends that begins here."""
        found = self._special.search(state.src, state.pos, state.posMax)
        return found.start() if found else state.posMax
