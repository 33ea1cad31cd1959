"""The shared theme: legible by day and by night."""

import re

import pytest

from cribdeck.rendering import Templates


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


THEME = Templates().text("theme.css")
DAY = colours(THEME.partition(":root {")[2].partition("}")[0])
NIGHT = DAY | colours(THEME.partition(".night-mode {")[2].partition("}")[0])


@pytest.mark.parametrize("scheme", [DAY, NIGHT], ids=["day", "night"])
def test_text_and_code_have_a_contrast_of_four_and_a_half(scheme: dict[str, str]) -> None:
    inks = {name: "code-ground" for name in scheme if re.fullmatch("code-(?!ground|rule).*", name)}
    inks |= dict.fromkeys(("ink", "ink-strong", "muted", "hue"), "paper")
    inks |= {name: f"{name}-tint" for name in ("note", "tip", "important", "warning", "caution")}
    inks |= {"hue": "tint", "ink": "mark"}

    weak = {(ink, ground) for ink, ground in inks.items() if contrast(scheme[ink], scheme[ground]) < 4.5}
    assert weak == set()


def test_the_hues_of_sections_are_legible_on_paper_and_on_their_tints() -> None:
    hues = [colours(block) for block in re.findall(r"^\.hue-\d \{(.*)\}", THEME, re.MULTILINE)]

    assert len(hues) == 6
    weak = [hue for hue in hues if min(contrast(hue["hue"], "#ffffff"), contrast(hue["hue"], hue["tint"])) < 4.5]
    assert weak == []
