"""Parts of a card in another language than the card."""

import pytest

from cribdeck.rendering.languages import with_languages


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("zh-CN", "Flink vs Storm 与 Structured Streaming", "Flink vs Storm 与 Structured Streaming"),
        ("zh-CN", "也叫 at least once 语义", '也叫 <span lang="en">at least once</span> 语义'),
        ("zh-CN", "<code>select a from b</code>", "<code>select a from b</code>"),
        ("zh-CN", r"\(a b from x to y\)", r"\(a b from x to y\)"),
        ("zh-CN", '<img alt="one of the two">', '<img alt="one of the two">'),
        ("en", "state (状态，管理)", 'state (<span lang="zh-CN">状态，管理</span>)'),
        ("en", "<pre><code>注释</code></pre> 和", '<pre><code>注释</code></pre> <span lang="zh-CN">和</span>'),
    ],
)
def test_phrases_of_the_other_language_are_marked_outside_of_code_and_formulas(
    language: str, html: str, expected: str
) -> None:
    assert with_languages(html, language) == expected
