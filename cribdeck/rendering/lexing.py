"""Pygments' lexers, quicker: one match finds the rule that the next token follows, instead of one match a rule.

A lexer of Pygments is a table of states; a state is a list of rules that are tried one after the other, some twenty
a token (2.21, `RegexLexer.get_tokens_unprocessed`). Here the rules of a state are the alternatives of one pattern,
which takes the first that matches as well. The tokens are the same; states that no text comes into are not compiled.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from pygments.lexer import Lexer, RegexLexer, RegexLexerMeta
from pygments.token import Error, Token, Whitespace

_TokenType = type(Token)
_Found = tuple[int, Any, str]
"""A token: its position, its type, its text."""

_GLOBAL_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
# Such a pattern counts on the numbers or the names of its groups, so it can be no part of another.
_COUNTS_GROUPS = re.compile(r"\\[1-9]|\(\?P[<=]|\(\?\(")
_SCOPED = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


def quick(lexer: type[Lexer]) -> type[Lexer]:
    """A kind of lexer that gives the same tokens sooner; as it is where it has a way of its own to find them."""
    if lexer.get_tokens_unprocessed is not RegexLexer.get_tokens_unprocessed:
        return lexer
    made = _Compiling(f"Quick{lexer.__name__}", (_QuickLexer, lexer), {})  # type: ignore[no-untyped-call] # Pygments'
    return cast("type[Lexer]", made)


class _Pattern:
    """A rule's pattern, not compiled until it is needed."""

    def __init__(self, regex: Any, flags: int) -> None:
        self._regex = regex
        self._flags = flags

    @functools.cached_property
    def match(self) -> Callable[[str, int], re.Match[str] | None]:
        """What Pygments has in the place of this class."""
        return re.compile(self._source, self._flags).match

    @functools.cached_property
    def _source(self) -> str:
        # What comes in the future is a list of words, of which Pygments makes a pattern.
        return self._regex if isinstance(self._regex, str) else str(self._regex.get())

    def alternative(self) -> str | None:
        """The pattern as a part of another; None where it can't be one."""
        source = self._source
        # A pattern's flags stand at its beginning; in the middle of another they count for a group.
        found = _GLOBAL_FLAGS.match(source)
        letters = found[0] if found else ""
        if _COUNTS_GROUPS.search(source) or self._flags & (re.ASCII | re.LOCALE) or {"a", "L"} & {*letters}:
            return None
        on = "".join(letter for letter, flag in _SCOPED.items() if self._flags & flag or letter in letters)
        off = "".join(letter for letter in _SCOPED if letter not in on)
        end = "\n" if "x" in on else ""  # a comment may stand there
        return f"(?{on}{'-' if off else ''}{off}:{source[len(letters) :]}{end})"


class _Rule(NamedTuple):
    """A pattern, what to make of its match, and the state that comes next, as Pygments writes it."""

    pattern: _Pattern
    action: Any
    new_state: Any


class _Tried(NamedTuple):
    """Rules that are tried at once, by the name of the group that stands at the end of their alternative.

    `lone` is the only one, where there is no other.
    """

    match: Callable[[str, int], re.Match[str] | None]
    rules: dict[str | None, _Rule]
    lone: _Rule | None


class _Compiling(RegexLexerMeta):
    """Makes a lexer's table as Pygments does, its patterns not yet compiled."""

    def _process_regex(cls, regex: Any, rflags: int, state: str) -> _Pattern:  # noqa: ARG002, N805 — as there
        return _Pattern(regex, rflags)


class _QuickLexer(RegexLexer, metaclass=_Compiling):
    """What a lexer of Pygments is mixed with."""

    _tokens: dict[str, list[tuple[Any, Any, Any]]]

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Iterator[_Found]:
        """As `RegexLexer.get_tokens_unprocessed`."""
        at, states = 0, list(stack)
        tried = self._tried(states[-1])
        while True:
            for match, rules, lone in tried:  # noqa: B007 — looked at once one has matched
                found = match(text, at)
                if found:
                    break
            else:
                if at >= len(text):
                    return
                yield at, Whitespace if text[at] == "\n" else Error, text[at]
                if text[at] == "\n":
                    states = ["root"]
                    tried = self._tried("root")
                at += 1
                continue
            pattern, action, new_state = lone or rules[found.lastgroup]
            if type(action) is _TokenType:
                yield at, action, found[0]
            elif action is not None:
                # It asks for groups by their numbers in its own pattern.
                yield from action(self, found if lone else pattern.match(text, at))
            at = found.end()
            if new_state is not None:
                _enter(new_state, states)
                tried = self._tried(states[-1])

    def _tried(self, state: str) -> list[_Tried]:
        if state not in self._known:
            own, root = self._tokens[state], self._tokens["root"]
            # Many states end with all the rules of the first one.
            shared = len(root) if state != "root" and own[-len(root) :] == root else 0
            self._known[state] = _at_once(own[: len(own) - shared]) + (self._tried("root") if shared else [])
        return self._known[state]

    @functools.cached_property
    def _known(self) -> dict[str, list[_Tried]]:
        return {}


def _enter(new_state: tuple[str, ...] | str | int, states: list[str]) -> None:
    """Change the stack of states, which never loses its last."""
    if isinstance(new_state, int):
        del states[max(1, len(states) + new_state) :]
        return
    for state in (new_state,) if isinstance(new_state, str) else new_state:
        if state == "#pop":
            del states[max(1, len(states) - 1) :]
        else:
            states.append(states[-1] if state == "#push" else state)


def _at_once(rules: Iterable[tuple[Any, Any, Any]]) -> list[_Tried]:
    """The rules of a state in their order, in as few patterns as can be."""
    tried: list[_Tried] = []
    together: list[tuple[str, _Rule]] = []
    for match, action, new_state in rules:
        # What leads to another state whatever comes is a match of the empty pattern, and no `_Pattern`.
        rule = _Rule(match if isinstance(match, _Pattern) else _Pattern("", 0), action, new_state)
        alternative = rule.pattern.alternative()
        if alternative is None:
            tried += [*_joined(together), _Tried(rule.pattern.match, {}, rule)]
            together = []
        else:
            together.append((alternative, rule))
    return tried + _joined(together)


def _joined(together: Sequence[tuple[str, _Rule]]) -> list[_Tried]:
    if len(together) < 2:
        return [_Tried(rule.pattern.match, {}, rule) for _, rule in together]
    source = "|".join(f"{alternative}(?P<r{at}>)" for at, (alternative, _) in enumerate(together))
    return [_Tried(re.compile(source).match, {f"r{at}": rule for at, (_, rule) in enumerate(together)}, None)]
