"""A comparison in a terminal."""

from cribdeck.comparisons.terminal import table_lines
from tests.outline import studied

NOTE = """# Flink vs Storm
## 状态
Flink：内建 keyed state，后端可换
Storm：没有，要用户自己管
## 部署
都要集群。
## 窗口
"""


def lines(width: int) -> str:
    (found,) = next(iter(studied(NOTE).comparisons.values()))
    return "".join(line + "\n" for line in table_lines(found, width))


def test_han_takes_two_columns_and_what_is_longer_goes_on_below() -> None:
    assert lines(44) == (
        "     │ Flink             │ Storm\n"
        "─────┼───────────────────┼──────────────────\n"
        "状态 │ 内建 keyed        │ 没有，要用户自己\n"
        "     │ state，后端可换   │ 管\n"
        "部署 │ ↔ 都要集群。\n"
        "窗口 │ —                 │ —\n"
    )


def test_a_narrow_terminal_still_shows_every_subject() -> None:
    assert lines(10).splitlines()[0].split() == ["│", "Flink", "│", "Storm"]
