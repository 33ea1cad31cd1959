"""The templates: the user's where he has some, else those that ship with cribdeck."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cribdeck.errors import TemplateError

if TYPE_CHECKING:
    import jinja2

_STYLE_SHEETS = ("theme.css", "anki/card.css", "preview/preview.css", "sheet/sheet.css", "sheet/book.css")
_CLASS = re.compile(r"\.([a-z][a-z0-9]{0,2})(?![\w-])")
"""Of a token, as Pygments names them: up to three letters."""


def shipped_templates() -> Path:
    """The folder of the templates that ship: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Templates:
    """A stack of template folders; a file is taken from the first that has it."""

    def __init__(self, folder: Path | None = None) -> None:
        own = [folder] if folder else []
        self._folders = [*own, shipped_templates()]
        self._known: dict[str, jinja2.Template] = {}

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the templates lie, the user's own first."""
        return tuple(self._folders)

    def are_shipped(self, *names: str) -> bool:
        """Whether none of some templates is the user's own."""
        return not any((folder / name).is_file() for folder in self._folders[:-1] for name in names)

    def text(self, name: str) -> str:
        """A template as it stands, for what must not go through Jinja (Anki's own templates, style sheets)."""
        for folder in self._folders:
            path = folder / name
            if path.is_file():
                return path.read_text(encoding="utf-8")
        raise TemplateError(name, "is missing")

    @functools.cached_property
    def token_classes(self) -> frozenset[str]:
        """The classes of tokens in code that a style sheet colours: others need not be written."""
        return frozenset(_CLASS.findall("".join(map(self.text, _STYLE_SHEETS))))

    def render(self, name: str, /, **values: object) -> Markup:
        """Render a Jinja template; values that are no `Markup` are escaped, a name without a value is an error."""
        return Markup(self._rendered(name, values))  # noqa: S704 — autoescape is on

    def fragment(self, name: str, /, **values: object) -> Markup:
        """As `render`, without the white space around it."""
        return Markup(self._rendered(name, values).strip())  # noqa: S704 — as in `render`

    def _rendered(self, name: str, values: Mapping[str, object]) -> str:
        import jinja2

        try:
            template = self._loaded(name)
            # As `Template.render` does, which looks up each of its globals anew for every card.
            context = template.new_context({**self._globals, **values}, shared=True)
            return "".join(template.root_render_func(context))
        except jinja2.TemplateNotFound as error:
            raise TemplateError(str(error), "is missing") from error
        except jinja2.TemplateError as error:
            raise TemplateError(name, str(error)) from error

    def _loaded(self, name: str) -> "jinja2.Template":
        # Jinja2 remembers it as well, but asks a lock and four objects for it.
        if name not in self._known:
            self._known[name] = self._environment.get_template(name)
            # A chain of dictionaries, of which each card's context would ask all keys.
            self._known[name].globals = self._globals
        return self._known[name]

    @functools.cached_property
    def _globals(self) -> dict[str, Any]:
        return dict(self._environment.globals)

    @functools.cached_property
    def _environment(self) -> "jinja2.Environment":
        import jinja2

        return jinja2.Environment(
            loader=jinja2.FileSystemLoader(self._folders),
            autoescape=True,
            auto_reload=False,  # else it looks at the file's time for every card
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
