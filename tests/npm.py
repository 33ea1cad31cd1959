"""Packages of npm's registry: fetched once, then taken from pytest's cache; what needs them is skipped without."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest


def npm_package(name: str, integrity: str, cache: pytest.Cache | None) -> tarfile.TarFile:
    """A package by name and version, `axe-core@4.14.1`, whose files stand below `package/`.

    `integrity` is what the registry gives for this version (`npm view NAME dist.integrity`).
    """
    assert cache is not None
    kept = cache.mkdir("npm") / f"{name}.tgz"
    if not _is_whole(kept, integrity):
        _fetch(name, kept)
        assert _is_whole(kept, integrity), f"{name} is not what it was when this test was written"
    return tarfile.open(kept)


def _fetch(name: str, kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm here to fetch {name} with")
    command = [npm, "pack", name, "--json", "--silent", "--pack-destination", str(kept.parent)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=kept.parent)
    except subprocess.SubprocessError as error:
        pytest.skip(f"{name} could not be fetched: {error}")
    (kept.parent / json.loads(done.stdout)[0]["filename"]).replace(kept)


def _is_whole(kept: Path, integrity: str) -> bool:
    if not kept.exists():
        return False
    return f"sha512-{base64.b64encode(hashlib.sha512(kept.read_bytes()).digest()).decode()}" == integrity
