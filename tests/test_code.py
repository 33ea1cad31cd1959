"""Coloured code, held against what Pygments makes of it by itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from cribdeck.rendering.code import highlight

LANGUAGES = (
    "bash batch c clojure cmake cpp csharp css dart diff docker erlang go graphql groovy haskell html http ini java "
    "javascript json jsx julia kotlin latex less lua make markdown mysql nginx objective-c ocaml perl php postgresql "
    "powershell properties proto python r ruby rust scala scss sql swift text toml tsx typescript vim xml yaml"
).split()
CODE = r"""
#!/bin/bash
set -e; for f in *.txt; do echo "${f%.*} $(wc -l < "$f") $((1 << 2))" | tee -a log; done # 统计
cat <<EOF
$HOME `date`
EOF

package demo; import java.util.List; /** doc {@code x} */
@Override public <T extends Comparable<T>> int max(List<T> all) throws Exception { return all.size() > 0 ? 1 : 0x1F; }
case class Point(x: Int, y: Double = 1e-3) { def s = s"at $x: ${y + 1} < ${if (x > 0) "a" else "b"}"; val `o` = 'sym }
SELECT `id`, COUNT(*) AS n FROM t LEFT JOIN u ON t.id = u.id WHERE name LIKE 'a%' -- 注释
  AND x IN (1, 2.5, NULL) /* more */ GROUP BY "id";
key: [1, two, "three"]
nested: &anchor
  - {a: b, c: 'd'}   # comment
  - |
    folded text
def f(a: int = 3, *args, **kw) -> str:
    '''doc'''
    return f"{a!r:>{10}} {kw['k']}" if a else r'\d+' + b"\x00".decode()
const g = async ({a, ...rest}) => { await fetch(`/x/${a ?? 1}`); return /ab+[c/]/gi.test(rest) && <b id="x">{a}</b>; };
<html lang="zh"><head><style>p > a:hover { color: #fff !important }</style></head>
<script>if (a < b && c) { alert('x'); }</script><!-- c --><p class='k'>文 &amp; text</p></html>
fn main() -> Result<(), Box<dyn Error>> { let v: Vec<&'static str> = vec!["a"]; println!("{:?}", v); Ok(()) }
func (s *Server) Run(ctx context.Context) error { go func() { ch <- 1 }(); defer s.mu.Unlock(); return nil }
#include <stdio.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
template <typename T> auto x = std::vector<T>{1u, 2ll, 'c', L"wide"};
{"a": [1, -2.5e3, true, null, "\u4e00\n"], "b": {}}
server { listen 80; location ~ \.php$ { proxy_pass http://unix:/x; } }
a = b'unclosed "string
	tab and more
"""


def plain(code: str, language: str) -> str:
    lexer = get_lexer_by_name(language, stripnl=False)
    return str(pygments_highlight(code, lexer, HtmlFormatter(nowrap=True))).rstrip("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_is_coloured_as_pygments_colours_it(language: str) -> None:
    # Line by line as well, as most code in notes is short, and begins in the first state.
    for code in (CODE, *CODE.splitlines()):
        assert highlight(code, language) == plain(code, language)


# The letters of rare scripts are left out of the patterns for code that has none: `K` is the sign of Kelvin.
@pytest.mark.parametrize(
    "name", ["value", "größe", "имя", "名", "なまえ", "이름", "𝛼", "K", "ſ", "㐀", "a․b", "x₁", "⇒"]
)
@pytest.mark.parametrize("language", ["csharp", "javascript", "kotlin", "mysql", "python", "scala", "swift"])
def test_names_of_any_script_are_coloured_as_pygments_colours_them(language: str, name: str) -> None:
    code = f"def {name}(a: {name}Type): {name} = {{ '{name}'.{name} + a{name} {name}a() }} // {name}"

    assert highlight(code, language) == plain(code, language)


@pytest.mark.parametrize("shown", [frozenset(), frozenset({"k", "s2", "err"}), frozenset({"w", "n", "nf", "c1", "cm"})])
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_classes_that_are_shown_are_written(language: str, shown: frozenset[str]) -> None:
    def only_shown(span: re.Match[str]) -> str:
        names = [name for name in span[1].split() if name in shown]
        return f'<span class="{" ".join(names)}">{span[2]}</span>' if names else span[2]

    expected = re.sub('<span class="([^"]*)">([^<]*)</span>', only_shown, highlight(CODE, language))
    while (merged := re.sub(r'(<span class="([^"]*)">[^<]*)</span><span class="\2">', r"\1", expected)) != expected:
        expected = merged

    assert highlight(CODE, language, shown) == expected


@given(
    language=st.sampled_from(["bash", "java", "mysql", "python", "scala", "yaml", "javascript", "html"]),
    code=st.text(st.sampled_from("ab1 \n\t\"'`$#@{}()[]<>/\\*-=:;.,|&!?_文\r\x0b\u2028")),
)
def test_any_text_is_coloured_as_pygments_colours_it(language: str, code: str) -> None:
    assert highlight(code, language) == plain(code, language)


def test_code_of_no_known_language_is_text() -> None:
    assert highlight("a < b && c", "no-such-language") == "a &lt; b &amp;&amp; c"
    assert highlight("a < b", "") == "a &lt; b"
