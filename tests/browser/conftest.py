"""axe-core, which runs in the browser: skipped, with the reason, where it cannot be had."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.npm import npm_package

AXE = "axe-core@4.14.1"
AXE_INTEGRITY = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """axe-core's script."""
    with npm_package(AXE, AXE_INTEGRITY, pytestconfig.cache) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()


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
