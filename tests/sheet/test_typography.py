"""Type: what stands where marks meet, where lines wrap, where the fonts have to help."""

import subprocess
from io import BytesIO
from pathlib import Path

from PIL import Image

from cribdeck.settings import SheetSettings
from cribdeck.sheet.quotes import fit_quotes
from tests.sheet.conftest import Printer


def test_punctuation_that_meets_gives_up_the_room_between() -> None:
    half = '<span class="half">{}</span>'.format

    assert fit_quotes("<p>（一）。二</p>") == f"<p>（一{half('）')}。二</p>"
    assert fit_quotes("说：“《书》”") == f"说{half('：')}“{half('《')}书{half('》')}”"
    assert fit_quotes("<pre>（一）。</pre>，，") == f"<pre>（一）。</pre>{half('，')}，"


def test_squeezed_punctuation_takes_half_the_width(printer: Printer) -> None:
    printed = printer({"a.md": "# 问\n\n开始）），尾声\n\n开始）字字，尾声\n"})

    boxes = [printed.where(word) for word in ("开始）），尾声", "开始）字字，尾声")]
    (squeezed, plain) = (right - left for _, left, right in boxes)
    em = plain / 8
    assert abs(plain - squeezed - 2 * em) < 0.3 * em


def test_a_line_of_code_that_wraps_is_marked_where_it_goes_on(printer: Printer) -> None:
    long = "value = compute(" + ", ".join(f"argument{number}" for number in range(20)) + ")"
    printed = printer({"a.md": f"# 码\n\n```python\nshort = 1\n{long}\nend = 2\n```\n"})

    lines = printed.page(1).splitlines()
    code = lines[next(at for at, line in enumerate(lines) if "short" in line) :]
    marked = ["↪" in line for line in code if "argument" in line or "=" in line]
    assert marked[:2] == [False, False]
    assert marked[-1] is False
    assert marked.count(True) == printed.text.count("↪") >= 2


def test_emoji_and_dingbats_are_shown(printer: Printer) -> None:
    printed = printer({"a.md": "# 符号\n\n😀 👨‍👩‍👧 ✓ ✗ ☑ ★ ❶ ➤ → ∀ ①\n"})

    assert printed.sheet.diagnostics == ()
    assert "Noto-Color-Emoji" in printed.fonts


def test_pictures_have_two_hundred_dots_an_inch_at_most_and_small_ones_stay_small(printer: Printer) -> None:
    def picture(width: int, height: int) -> bytes:
        data = BytesIO()
        Image.effect_noise((width, height), 60).convert("RGB").save(data, "PNG")
        return data.getvalue()

    files: dict[str, str | bytes] = {"large.png": picture(2400, 1200), "small.png": picture(60, 30)}
    printed = printer(files | {"a.md": "# 图\n\n![](large.png)\n\n文\n\n![](small.png)\n"})

    (large, small) = [row.split() for row in images(printed.path)]
    assert (int(large[12]) <= 202, int(small[12]) >= 149) == (True, True)
    assert (int(small[3]), int(small[4])) == (60, 30)


def images(path: Path) -> list[str]:
    """The rows of `pdfimages -list`, largest first."""
    done = subprocess.run(["pdfimages", "-list", path], capture_output=True, check=True, encoding="utf-8")
    return sorted(done.stdout.splitlines()[2:], key=lambda row: -int(row.split()[3]))


def test_in_black_and_white_nothing_is_coloured_but_pictures(printer: Printer, tmp_path: Path) -> None:
    callout, code = "> [!WARNING]\n> 心", "```python\ndef f(): pass\n```"
    note = f"# 一\n\n*斜* ==亮== [链](https://a.org)\n\n{callout}\n\n{code}\n\n## 空\n\n# 二\n\n文\n"
    printed = printer({"a.md": note}, SheetSettings(theme="mono"))

    subprocess.run(["pdftoppm", "-r", "60", "-png", printed.path, tmp_path / "page"], check=True)
    page = Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")
    colours = page.getcolors(1 << 20) or []
    assert max(max(colour) - min(colour) for _, colour in colours if isinstance(colour, tuple)) <= 2
