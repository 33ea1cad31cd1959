"""What is installed beside the program: pinned with hashes, listed, and under licences that a user can live with."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)((?:.*\\\n)*.*)", re.MULTILINE)
ROW = re.compile(r"^\| (?!package |---)([a-z0-9._-]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
FAMILIES = ("MIT", "BSD", "Apache", "LGPL", "MPL", "GPL")
CLASSIFIERS = {
    "Mozilla Public License": "MPL",
    "Lesser General Public License": "LGPL",
    "GNU General Public License": "GPL",
    "Apache Software License": "Apache",
}
COMPATIBLE = {"MIT", "BSD", "Apache", "LGPL", "MPL"}


def listed() -> dict[str, str]:
    return dict(ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")))


def families(said: str) -> set[str]:
    for long, short in CLASSIFIERS.items():
        said = said.replace(long, short)
    words = set(re.findall(r"MIT|BSD|Apache|LGPL|MPL|(?<!L)GPL", said))
    assert words <= set(FAMILIES)
    return words


def test_every_package_is_pinned_with_hashes() -> None:
    pinned = PINNED.findall(LOCK)

    assert len(pinned) > 30
    assert [name for name, _, rest in pinned if "--hash=sha256:" not in rest] == []


def test_the_page_lists_just_the_packages_that_are_pinned() -> None:
    assert sorted(listed()) == sorted(name for name, _, _ in PINNED.findall(LOCK))


def test_every_licence_can_stand_beside_mit() -> None:
    # A choice of licences is compatible as soon as one of them is.
    assert {name: licence for name, licence in listed().items() if not families(licence) & COMPATIBLE} == {}


@pytest.mark.parametrize("name", listed())
def test_the_page_names_the_licence_that_the_package_declares(name: str) -> None:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    classifiers = [line.rpartition("::")[2] for line in found.get_all("Classifier", []) if line.startswith("License")]
    declared = " ".join(filter(None, [found["License-Expression"], *classifiers])) or str(found["License"])

    assert families(listed()[name]) == families(declared)
