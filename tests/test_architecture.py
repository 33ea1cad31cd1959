"""The direction of imports, the libraries that one module only may load, and the size of modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cribdeck"
STAGES = (
    ("diagnostics", "errors"),
    ("model", "settings"),
    ("cache", "files", "locking", "markdown", "writing"),
    ("front_matter", "transaction"),
    ("documents",),
    ("references", "comparisons", "special_cards", "cards", "alike", "quality", "stats"),
    ("ledger",),
    ("rendering",),
    ("deck", "sheet", "preview"),
    ("pipeline",),
    ("mending",),
    ("examples", "paper", "progress", "report", "starting", "watching"),
    ("cli",),
)
"""Each stage imports only what stands before it, or beside it in its own module."""
BESIDE = {
    ("cards", "comparisons"),
    ("cards", "references"),
    ("cards", "special_cards"),
    ("alike", "comparisons"),
    ("quality", "alike"),
}
"""Modules of one stage that may see each other: (who, whom)."""
FOREIGN = {
    "genanki": "deck",
    "weasyprint": "sheet",
    "pikepdf": "sheet",
    "click": "cli",
    "markdown_it": "markdown",
    "nh3": "rendering",
    "jinja2": "rendering",
    "pygments": "rendering",
    "pypdfium2": "preview",
}
LONGEST = 300


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def stage_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "cribdeck")


def test_every_module_belongs_to_a_stage() -> None:
    known = {name for stage in STAGES for name in stage} | {"__init__", "__main__"}

    assert {stage_of(module) for module in modules()} <= known


def test_each_stage_imports_only_what_stands_before_it() -> None:
    rank = {name: number for number, stage in enumerate(STAGES) for name in stage}
    wrong = []
    for module in modules():
        own = stage_of(module)
        if own in ("__init__", "__main__"):
            continue
        for name in imported(module):
            parts = name.split(".")
            if parts[0] != "cribdeck" or len(parts) < 2 or parts[1] in (own, "__version__"):
                continue
            if rank[parts[1]] >= rank[own] and (own, parts[1]) not in BESIDE:
                wrong.append(f"{module.relative_to(PACKAGE)} imports {name}")

    assert wrong == []


@pytest.mark.parametrize(("library", "stage"), FOREIGN.items())
def test_a_library_is_imported_in_one_stage_only(library: str, stage: str) -> None:
    users = {stage_of(module) for module in modules() if library in {name.split(".")[0] for name in imported(module)}}

    assert users == {stage}


def test_no_module_grows_beyond_what_one_can_hold_in_mind() -> None:
    lines = {str(m.relative_to(PACKAGE)): len(m.read_text(encoding="utf-8").splitlines()) for m in modules()}

    assert {name: count for name, count in lines.items() if count > LONGEST} == {}
