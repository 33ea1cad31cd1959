"""axe-core, which runs in the browser: skipped, with the reason, where it cannot be had."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = "axe-core@4.14.1"
AXE_INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
"""As npm's registry gives it for this version (`npm view axe-core@… dist.integrity`)."""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """axe-core's script: from npm's registry once, then from pytest's cache."""
    assert pytestconfig.cache is not None
    kept = pytestconfig.cache.mkdir("axe") / f"{AXE}.tgz"
    if not _is_whole(kept):
        _fetch_axe(kept)
    with tarfile.open(kept) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()


def _fetch_axe(kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm here to fetch {AXE} with")
    command = [npm, "pack", AXE, "--json", "--silent", "--pack-destination", str(kept.parent)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=kept.parent)
    except subprocess.SubprocessError as error:
        pytest.skip(f"{AXE} could not be fetched: {error}")
    (kept.parent / json.loads(done.stdout)[0]["filename"]).replace(kept)
    assert _is_whole(kept), f"{AXE} is not what it was when this test was written"


def _is_whole(kept: Path) -> bool:
    if not kept.exists():
        return False
    digest = hashlib.sha512(kept.read_bytes()).digest()
    return f"sha512-{base64.b64encode(digest).decode()}" == AXE_INTEGRITY


def violations(page: Page, axe: str, **options: Any) -> list[str]:
    """What axe-core finds that is serious, one a line: the rule and where it is broken."""
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
        " - document.documentElement.clientWidth"
    )
    return width
