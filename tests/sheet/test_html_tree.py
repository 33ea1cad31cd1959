"""Reading plain pages without mending them: it gives what the parser gives, and leaves to it what is not plain."""

from xml.etree import ElementTree

import pytest
import tinyhtml5

from cribdeck.sheet.engine.html_tree import tree_of

PAGE = '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<title>题</title>\n</head>\n<body>{}</body>\n</html>\n'
TABLE = (
    '<table class="x">\n<caption>表</caption><colgroup><col style="width:3%"></colgroup>\n'
    "<thead><tr><th>甲</th></tr></thead>\n<tbody>\n<tr><td><p>乙</p><ul><li>丙</li></ul></td>\n</tr></tbody></table>"
)


def written(root: ElementTree.Element) -> list[tuple[object, ...]]:
    return [(each.tag, list(each.attrib.items()), each.text, each.tail) for each in root.iter()]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n字\n",
        '<p id="a" data-x>一 &amp;&lt;&gt;&quot;&nbsp;&#39; 二<br>三<br/>四 <img src="data:," alt="&lt;" /></p>\n',
        "<ul>\n<li>一<ul><li>二</li></ul></li>\n<li><div><p>三</p></div></li></ul>",
        "<dl><dt>一</dt><dd>二<dl><dt>三</dt></dl></dd><dd>四</dd></dl>",
        f"<div>{TABLE}</div><div><b>{TABLE}</b></div><ul><li><table><tbody><tr><td>{TABLE}</td></tr></tbody></table></li></ul>",
        "<b>粗<div><i>斜</i><p>段</p></div></b>尾",
        "<pre><code>\n x\n</code></pre><details><summary>题</summary>文</details>",
        "<h2>题<span>一</span></h2><blockquote><p>引</p></blockquote><hr>",
    ],
)
def test_a_plain_page_has_the_elements_that_the_parser_gives(body: str) -> None:
    page = PAGE.format(body + "<p>字</p>" * 9)
    found = tree_of(page, tinyhtml5.parse)

    assert found is not None
    assert written(found) == written(tinyhtml5.parse(page, namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<p>一<p>二",
        "<p>一<div>二</div></p>",
        "<p><span>一<ul><li>二</li></ul></span></p>",
        "<ul><li>一<div><li>二</li></div></li></ul>",
        "<dl><dt>一<dd>二</dd></dt></dl>",
        "<b><i>一</b></i>",
        '<a href="#a">一<b><a href="#b">二</a></b></a>',
        "<h2>一<h3>二</h3></h2>",
        "<table><tr><td>一</td></tr></table>",
        "<table>字<tbody><tr><td>一</td></tr></tbody></table>",
        "<table><tbody><td>一</td></tbody></table>",
        "<table><tbody><tr><td>一</td><p>二</p></tr></tbody></table>",
        "<pre>\n一</pre>",
        "<P>一</P>",
        "<p title='一'>二</p>",
        '<p id="a" id="b">二</p>',
        "<p>&copy; &amp &#x41;</p>",
        "<p>一\r\n二</p>",
        "<p>一 < 二</p>",
        "<p>一</p></div>",
        "<div>一",
        "<!-- 一 --><p>二</p>",
        "<svg><p>一</p></svg>",
        "<textarea><p>一</p></textarea>",
        "<ruby>一<rt>二</ruby>",
        "<div/>一",
        "<body class='x'>",
        "</body>一",
    ],
)
def test_what_html_would_mend_is_left_to_the_parser(body: str) -> None:
    assert tree_of(PAGE.format(body + "<p>字</p>" * 9), tinyhtml5.parse) is None
