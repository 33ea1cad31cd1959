"""Pygments' lexers, quicker: one match finds the rule that the next token follows, instead of one match a rule.

A lexer of Pygments is a table of states; a state is a list of rules that are tried one after the other, some twenty
a token (2.21, `RegexLexer.get_tokens_unprocessed`). Here the rules of a state are the alternatives of one pattern,
which takes the first that matches as well. The tokens are the same, but most, which no style sheet colours, are passed
over; states that no text comes into are not compiled.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from pygments.lexer import Lexer, RegexLexer, RegexLexerMeta
from pygments.token import STANDARD_TYPES, Error, Token, Whitespace

from cribdeck.rendering.patterns import Pattern

_TokenType = type(Token)
_Found = tuple[int, Any, str]
"""A token: its position, its type, its text."""
Span = tuple[int, int, str]
"""Where a coloured token begins and ends, and its classes."""


class Classes(dict[Any, str]):
    """By a token's type its classes, as Pygments' `HtmlFormatter` (2.21) writes them; "" where no style sheet has one.

    Args:
        shown: The classes that style sheets have rules for; None for all.
    """

    def __init__(self, shown: frozenset[str] | None) -> None:
        super().__init__()
        self._shown = shown

    def __missing__(self, kind: Any) -> str:
        standard = kind
        while standard not in STANDARD_TYPES:
            standard = standard.parent
        # A type of a lexer's own has the classes of all above it as well: `l l-Scalar l-Scalar-Plain`.
        depths = range(len(standard), len(kind) + 1)
        names = ["-".join([STANDARD_TYPES[standard], *kind[len(standard) : depth]]) for depth in depths]
        shown = names if self._shown is None else [name for name in names if name in self._shown]
        return self.setdefault(kind, " ".join(shown))


def quick(lexer: type[Lexer], classes: Mapping[Any, str], *, common: bool) -> type[Lexer]:
    """A kind of lexer that gives the same tokens sooner; as it is where it has a way of its own to find them.

    Args:
        lexer: One of Pygments.
        classes: Those of each type of token, "" for none: see `Classes`.
        common: Whether all of its texts will be so: see `patterns.is_common`.
    """
    own_ways = lexer.get_tokens_unprocessed, lexer.get_tokens
    if own_ways != (RegexLexer.get_tokens_unprocessed, Lexer.get_tokens):
        return lexer
    made = _Compiling(f"Quick{lexer.__name__}", (_QuickLexer, lexer), {"is_common": common, "classes": classes})  # type: ignore[no-untyped-call] # Pygments'
    return cast("type[Lexer]", made)


def spans_of(lexer: Lexer, code: str, classes: Mapping[Any, str]) -> tuple[str, list[Span]]:
    """What a lexer makes of code: the text, and the tokens in it that are coloured, in their order.

    Args:
        lexer: Whatever `quick` gave.
        code: Any text.
        classes: As `quick` was given them.
    """
    if isinstance(lexer, _QuickLexer):
        text = lexer.prepared(code)
        try:
            return text, lexer.spans(text)
        except _ForeignTextError:
            tokens: Iterable[_Found] = lexer.found(text)
    else:
        tokens = ((0, kind, text) for kind, text in lexer.get_tokens(code))
    pieces: list[str] = []
    spans: list[Span] = []
    at = 0
    for _, kind, piece in tokens:
        pieces.append(piece)
        if classes[kind] and piece:
            spans.append((at, at + len(piece), classes[kind]))
        at += len(piece)
    return "".join(pieces), spans


class _ForeignTextError(Exception):
    """A token whose text does not stand where it is said to stand."""


class _Rule(NamedTuple):
    """A pattern, what to make of its match, and the state that comes next, as Pygments writes it.

    `classes` are those of the match's token; None where the match is no token, or several.
    """

    pattern: Pattern
    action: Any
    new_state: Any
    classes: str | None


class _Tried(NamedTuple):
    """Rules that are tried at once, by the name of the group that stands at the end of their alternative.

    `lone` is the only one, where there is no other.
    """

    match: Callable[[str, int], re.Match[str] | None]
    rules: dict[str | None, _Rule]
    lone: _Rule | None


class _Compiling(RegexLexerMeta):
    """Makes a lexer's table as Pygments does, its patterns not yet compiled."""

    is_common: bool

    def _process_regex(cls, regex: Any, rflags: int, state: str) -> Pattern:  # noqa: ARG002, N805 — as there
        return Pattern(regex, rflags, common=cls.is_common)


class _QuickLexer(RegexLexer, metaclass=_Compiling):
    """What a lexer of Pygments is mixed with."""

    _tokens: dict[str, list[tuple[Any, Any, Any]]]
    classes: Mapping[Any, str]

    def prepared(self, code: str) -> str:
        """As the lexers of Pygments want it: line ends, the last one."""
        return str(self._preprocess_lexer_input(code))  # type: ignore[attr-defined] # Pygments'

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Iterator[_Found]:
        """As `RegexLexer.get_tokens_unprocessed`."""
        return iter(self.found(text, stack))

    def found(self, text: str, stack: Iterable[str] = ("root",)) -> list[_Found]:
        """All tokens of a text."""
        at, states = 0, list(stack)
        tried = self._tried(states[-1])
        tokens: list[_Found] = []
        while True:
            for match, rules, lone in tried:  # noqa: B007 — looked at once one has matched
                found = match(text, at)
                if found:
                    break
            else:
                if at >= len(text):
                    return tokens
                tokens.append((at, Whitespace if text[at] == "\n" else Error, text[at]))
                if text[at] == "\n":
                    states = ["root"]
                    tried = self._tried("root")
                at += 1
                continue
            pattern, action, new_state, _ = lone or rules[found.lastgroup]
            if type(action) is _TokenType:
                tokens.append((at, action, found[0]))
            elif action is not None:
                # It asks for groups by their numbers in its own pattern.
                tokens += action(self, found if lone else pattern.match(text, at))
            at = found.end()
            if new_state is not None:
                _enter(new_state, states)
                tried = self._tried(states[-1])

    def spans(self, text: str) -> list[Span]:
        """The coloured tokens of a text: the way of `found`, along which those without colours are passed over.

        Raises:
            _ForeignTextError: A token says something that does not stand where it should.
        """
        at, states = 0, ["root"]
        tried = self._tried("root")
        spans: list[Span] = []
        while True:
            for match, rules, lone in tried:  # noqa: B007 — looked at once one has matched
                found = match(text, at)
                if found:
                    break
            else:
                if at >= len(text):
                    return spans
                kind = Whitespace if text[at] == "\n" else Error
                if self.classes[kind]:
                    spans.append((at, at + 1, self.classes[kind]))
                if text[at] == "\n":
                    states = ["root"]
                    tried = self._tried("root")
                at += 1
                continue
            pattern, action, new_state, shown = lone or rules[found.lastgroup]
            if shown:
                spans.append((at, found.end(), shown))
            elif shown is None:
                spans += _within(text, action(self, found if lone else pattern.match(text, at)), self.classes)
            at = found.end()
            if new_state is not None:
                _enter(new_state, states)
                tried = self._tried(states[-1])

    def _tried(self, state: str) -> list[_Tried]:
        if state not in self._known:
            own, root = self._tokens[state], self._tokens["root"]
            # Many states end with all the rules of the first one.
            shared = len(root) if state != "root" and own[-len(root) :] == root else 0
            self._known[state] = self._at_once(own[: len(own) - shared]) + (self._tried("root") if shared else [])
        return self._known[state]

    @functools.cached_property
    def _known(self) -> dict[str, list[_Tried]]:
        return {}

    def _at_once(self, rules: Iterable[tuple[Any, Any, Any]]) -> list[_Tried]:
        """The rules of a state in their order, in as few patterns as can be."""
        tried: list[_Tried] = []
        together: list[tuple[str, _Rule]] = []
        for at, (match, action, new_state) in enumerate(rules):
            # What leads to another state whatever comes is a match of the empty pattern, and no `Pattern`.
            pattern = match if isinstance(match, Pattern) else Pattern("", 0)
            rule = _Rule(pattern, action, new_state, self._classes_of(action))
            alternative = pattern.alternative(f"r{at}")
            if alternative is None:
                tried += [*_joined(together), _Tried(pattern.match, {}, rule)]
                together = []
            else:
                together.append((alternative, rule))
        return tried + _joined(together)

    def _classes_of(self, action: Any) -> str | None:
        if action is None:
            return ""
        return self.classes[action] if type(action) is _TokenType else None


def _within(text: str, tokens: Iterable[_Found], classes: Mapping[Any, str]) -> Iterator[Span]:
    """The coloured ones of the tokens that a rule gives by itself."""
    for at, kind, piece in tokens:
        if not text.startswith(piece, at):
            raise _ForeignTextError
        if classes[kind] and piece:
            yield at, at + len(piece), classes[kind]


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


def _joined(together: Sequence[tuple[str, _Rule]]) -> list[_Tried]:
    if len(together) < 2:
        return [_Tried(rule.pattern.match, {}, rule) for _, rule in together]
    source = "|".join(f"{alternative}(?P<r{at}>)" for at, (alternative, _) in enumerate(together))
    return [_Tried(re.compile(source).match, {f"r{at}": rule for at, (_, rule) in enumerate(together)}, None)]
