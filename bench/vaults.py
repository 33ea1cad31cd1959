"""Folders of made-up notes, of any size, that resemble those that people keep.

Usage: python bench/vaults.py FOLDER SECTIONS [--seed N]

What they resemble was measured on 2,008 notes with 18,662 headings (18.9 MB) of eight public repositories: the shares
of heading levels, of open headings, of blocks of each kind, of programming languages and of Han characters, and how
long each is. The words mean nothing; no two sections are alike.
"""

import argparse
import random
from collections.abc import Iterator
from itertools import accumulate, product
from pathlib import Path

SECTIONS_PER_FILE = 9.3
LEVELS = {1: 0.14, 2: 0.351, 3: 0.331, 4: 0.116, 5: 0.033, 6: 0.029}
EMPTY = 0.131
"""Headings without a text of their own."""
BLOCKS = {"paragraph": 0.696, "code": 0.356, "bullets": 0.198, "quote": 0.079, "numbers": 0.068, "label": 0.066,
          "html": 0.057, "table": 0.022}  # fmt: skip
"""How many sections have a block of each kind."""
OF_A_KIND = 0.6
"""How likely one more paragraph or piece of code is."""
LANGUAGES = {"java": 0.268, "bash": 0.254, "javascript": 0.117, "mysql": 0.069, "": 0.046, "sql": 0.044, "go": 0.029,
             "xml": 0.026, "yaml": 0.023, "python": 0.022, "jsx": 0.019, "scala": 0.017}  # fmt: skip
COMPARING = 0.01
"""Headings of the form `A vs B`."""
STRONG, INLINE_CODE, IMAGES, LINKS = 0.52, 1.54, 0.22, 0.40
"""A section."""
# Deciles, from the first to the ninth; a length is drawn between two of them.
TITLE = (5, 7, 8, 10, 12, 14, 17, 21, 30)
PARAGRAPH = (8, 17, 25, 36, 47, 61, 80, 107, 154)
CODE = (35, 58, 87, 126, 179, 262, 383, 582, 1042)
ROWS = (3, 4, 4, 5, 6, 7, 8, 9, 12)
ITEMS = (1, 2, 2, 2, 3, 3, 4, 4, 5)
LATIN = 0.33
"""Words of a text, so that 28 % of all letters, those of code among them, are Han."""

# How often characters and words occur was measured as well: of 2,698 Han characters fifty make 36 % of a text, 500 make
# 92 %; of 40,000 Latin words fifty make 21 %, 1,000 68 %. Weights of 1 / (rank + 10) and 1 / (rank + 30) come near.
_HAN = [chr(0x4E00 + 13 * at) for at in range(1_000)]
_HAN_WEIGHTS = list(accumulate(1 / (rank + 10) for rank in range(len(_HAN))))
_SYLLABLES = "re con par ti lo ma gra fi se no ver da tor sta pro li ex mon".split()
_LATIN = ["".join(three) for three in product(_SYLLABLES, repeat=3)][:5_000]
_LATIN_WEIGHTS = list(accumulate(1 / (rank + 30) for rank in range(len(_LATIN))))
_FOLDERS = _LATIN[:13]
_LINES = {
    "java": "    public {a} get{b}({a} {c}) throws IOException {{ return this.{c}.map(x -> x + {n}); }} // {d}",
    "javascript": "  const {c} = await fetch(`/{a}/${{{n}}}`).then(({{ {d} }}) => {d} ?? '{b}');",
    "jsx": "  return <{b} key={{{n}}} on{a}={{() => set{b}('{c}')}}>{d}</{b}>;",
    "go": "\tif {c}, err := {a}.Get{b}({n}); err != nil {{ return fmt.Errorf(\"{d}: %w\", err) }}",
    "python": "    {c} = [{a}.{b}(x, n={n}) for x in {d} if x is not None]  # {c}",
    "scala": "  val {c} = {a}.filter(_._1 > {n}).map(x => (x.{b}, \"{d}\")).reduceByKey(_ + _)",
    "sql": "SELECT {a}, COUNT({b}) AS {c} FROM {d} WHERE id > {n} GROUP BY {a} ORDER BY {c} DESC; -- {d}",
    "mysql": "INSERT INTO `{a}` (`{b}`, `{c}`) VALUES ({n}, '{d}') ON DUPLICATE KEY UPDATE `{b}` = '{c}';",
    "xml": "  <{a} id=\"{n}\" name=\"{b}\"><{c}>{d}</{c}></{a}>",
    "yaml": "  {a}: {{{b}: {n}, {c}: \"{d}\"}}",
    "bash": "[root@{a}{n} ~]# bin/{b}.sh --{c} {n} --topic {d} | grep -v '{c}' > /tmp/{a}.log 2>&1",
    "": "{a} {b} {n} | {c} -> {d}",
}  # fmt: skip


class Vault:
    """Draws notes by chance; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 — no secret

    def write(self, folder: Path, sections: int) -> None:
        """Write notes with so many headings."""
        left, number = sections, 0
        while left:
            count = min(left, 1 + round(self._chance.expovariate(1 / (SECTIONS_PER_FILE - 1))))
            path = folder / _FOLDERS[number % 13] / f"{number:05}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(self._section(number, at) for at in range(count)), encoding="utf-8")
            left, number = left - count, number + 1

    def _section(self, number: int, at: int) -> str:
        chance = self._chance
        level = chance.choices(list(LEVELS), list(LEVELS.values()))[0]
        title = f"{self._text(self._length(TITLE) - 6)} {number}.{at}"
        if chance.random() < COMPARING:
            title = f"{self._word()}{number} vs {self._word()}{at}"
        lines = [f"{'#' * level} {title}", ""]
        if chance.random() >= EMPTY:
            for kind, share in BLOCKS.items():
                # Shares count all headings, the open ones among them.
                if chance.random() < share / (1 - EMPTY):
                    lines += [line for _ in range(self._often(kind)) for line in (*self._block(kind), "")]
        return "\n".join(lines)

    def _often(self, kind: str) -> int:
        count = 1
        while kind in ("paragraph", "code") and self._chance.random() < OF_A_KIND:
            count += 1
        return count

    def _block(self, kind: str) -> Iterator[str]:
        if kind == "paragraph":
            yield self._marked(self._text(self._length(PARAGRAPH)))
        elif kind == "code":
            yield from self._code()
        elif kind in ("bullets", "numbers"):
            for item in range(self._length(ITEMS)):
                mark = "-" if kind == "bullets" else f"{item + 1}."
                yield f"{mark} {self._marked(self._text(self._length(PARAGRAPH)))}"
        elif kind == "quote":
            yield f"> {self._text(self._length(PARAGRAPH))}"
        elif kind == "label":
            yield f"**{self._text(4)}：**"
            yield self._text(self._length(PARAGRAPH))
        elif kind == "html":
            yield f'<font color="red">{self._text(self._length(PARAGRAPH))}</font>'
        else:
            yield from self._table()

    def _code(self) -> Iterator[str]:
        language = self._chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        size = self._length(CODE)
        yield f"```{language}"
        while size > 0:
            names = {name: self._word() for name in "abcd"}
            line = _LINES[language].format(n=self._chance.randrange(10_000), **names)
            size -= len(line)
            yield line
        yield "```"

    def _table(self) -> Iterator[str]:
        columns = self._chance.choice((2, 2, 2, 3, 3, 4, 5))
        for row in range(self._length(ROWS)):
            yield "| " + " | ".join(self._text(8) for _ in range(columns)) + " |"
            if row == 0:
                yield "|" + "---|" * columns

    def _marked(self, text: str) -> str:
        """A text with the marks that a section has on average, spread over its blocks, some three of them."""
        chance = self._chance
        if chance.random() < STRONG / 3:
            text = f"**{self._word()}**{text}"
        if chance.random() < INLINE_CODE / 3:
            text += f" `{self._word()}.{self._word()}()`"
        if chance.random() < IMAGES / 3:
            text += f" ![{self._word()}](img/{self._word()}.png)"
        if chance.random() < LINKS / 3:
            text += f" [{self._word()}](https://example.org/{self._word()}/{chance.randrange(10_000)})"
        return text + "。"

    def _text(self, length: int) -> str:
        text = self._word() if length < 1 else ""
        while len(text) < length:
            if self._chance.random() < LATIN:
                text += f" {self._word()} "
            else:
                text += "".join(self._chance.choices(_HAN, cum_weights=_HAN_WEIGHTS, k=self._chance.randint(2, 9)))
                text += self._chance.choice(("，", "", "", "、"))
        return text.strip("，、 ")

    def _word(self) -> str:
        return self._chance.choices(_LATIN, cum_weights=_LATIN_WEIGHTS)[0]

    def _length(self, deciles: tuple[int, ...]) -> int:
        bounds = (max(1, deciles[0] // 2), *deciles, deciles[-1] * 2)
        at = self._chance.randrange(10)
        return self._chance.randint(bounds[at], max(bounds[at], bounds[at + 1]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write made-up notes that resemble real ones.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("sections", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    Vault(given.seed).write(given.folder, given.sections)


if __name__ == "__main__":
    main()
