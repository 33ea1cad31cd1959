"""YAML as front matter may hold it; in a module of its own, for few notes have any and the library is slow to load."""

from typing import Any

import yaml


class BadYamlError(Exception):
    """Text that is no YAML, or says what is not read. The text says why; `line` counts from 0."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, by which a few lines stand for more than any memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias (*) is not read", event.start_mark)
        return super().compose_node(parent, index)


def load_yaml(source: str) -> Any:
    """The values of a YAML text.

    Raises:
        BadYamlError: See there.
        RecursionError: It is nested too deep.
        ValueError, ArithmeticError, LookupError, AttributeError: A 30th of February, a number of 5,000 digits: what the
            library's constructors stumble over.
    """
    try:
        return yaml.load(source, _PlainLoader)  # noqa: S506 — a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadYamlError(getattr(error, "problem", None) or "is no YAML", mark.line if mark else 0) from error
