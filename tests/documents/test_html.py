"""HTML: the main content in order, without navigation and scripts; lists and tables with their structure."""

from __future__ import annotations

import pytest

from gezhi.core.errors import DocumentError
from gezhi.core.types import Document
from gezhi.documents.front import read_bytes


def document(body: str | bytes, name: str = "a.html") -> Document:
    (made,) = read_bytes(body.encode() if isinstance(body, str) else body, name)
    return made


def blocks(body: str) -> list[tuple[str, str]]:
    made = document(f"<html><body>{body}</body></html>")
    return [(block.kind, made.text[block.start : block.end]) for block in made.blocks]


def test_only_the_main_content_is_read() -> None:
    made = document(
        "<!doctype html><html lang='zh-CN'><head><title>保修政策 - 官网</title><meta name='author' content='李四'>"
        "<meta property='article:published_time' content='2023-05-06T08:00'><style>p{}</style></head><body>"
        "<nav><a>首页</a></nav><div>广告</div>"
        "<main><h1>保修政策</h1><p>整机保修一年，电池保修半年，屏幕不在保修范围内。</p>"
        "<aside>相关</aside><p hidden>藏</p><p style='display: none'>藏</p>"
        "</main><footer>版权所有</footer></body></html>"
    )
    assert made.text == "保修政策\n\n整机保修一年，电池保修半年，屏幕不在保修范围内。"
    assert made.title == "保修政策 - 官网"
    assert made.meta == {"author": "李四", "date": "2023-05-06", "year": 2023, "language": "zh"}


def test_a_main_with_hardly_any_text_is_not_believed() -> None:
    text = "真正的正文在这里，写了很多很多字。" * 5
    assert blocks(f"<main>空</main><div><p>{text}</p></div>")[-1] == ("paragraph", text)


def test_blank_space_is_folded_as_a_browser_does() -> None:
    assert blocks("<p>第一<br>第二行\n  中文<b>粗</b> and\n English</p>裸文字<div>块</div>尾") == [
        ("paragraph", "第一\n第二行中文粗 and English"),
        ("paragraph", "裸文字"),
        ("paragraph", "块"),
        ("paragraph", "尾"),
    ]


def test_lists_keep_their_marks_and_depth() -> None:
    html = (
        "<ul><li>一<ul><li>一一</li></ul>尾</li><li>二</li></ul><ol start=3><li><p>甲</p><p>续</p></li><li>乙</li></ol>"
    )
    assert blocks(html) == [("list", "- 一尾\n  - 一一\n- 二"), ("list", "3. 甲 续\n4. 乙")]


def test_tables_are_read_by_row() -> None:
    html = (
        "<table><caption>价格表</caption><thead><tr><th colspan=2>产品</th><th>价格</th></tr></thead>"
        "<tr><td rowspan=2>A</td><td>大</td><td>1</td></tr><tr><td>小</td><td>2</td></tr></table>"
    )
    made = document(f"<body>{html}</body>")
    assert made.text == "价格表\n\n产品 |  | 价格\nA | 大 | 1\n| 小 | 2"
    assert made.blocks[1].header == "产品 |  | 价格"


def test_a_header_without_marks_is_found_by_its_look() -> None:
    made = document("<table><tr><td>名称</td><td>价格</td></tr><tr><td>A</td><td>3 元</td></tr></table>")
    assert made.blocks[0].header == "名称 | 价格"
    made = document("<table><tr><td>A</td><td>3</td></tr><tr><td>B</td><td>4</td></tr></table>")
    assert made.blocks[0].header == ""


def test_tables_for_layout_are_gone_through() -> None:
    inner = "<table><tr><td>x</td><td>y</td></tr><tr><td>1</td><td>2</td></tr></table>"
    html = f"<table><tr><td><h2>左</h2>{inner}</td><td>右</td></tr></table>"
    assert blocks(html) == [("heading", "左"), ("table", "x | y\n1 | 2"), ("paragraph", "右")]


def test_code_keeps_its_spaces() -> None:
    assert blocks("<pre><code>def f():\n    return 1</code></pre>") == [("code", "def f():\n    return 1")]


@pytest.mark.parametrize("encoding", ["gb2312", "big5", "utf-8"])
def test_the_encoding_is_declared_or_found(encoding: str) -> None:
    text = "保修期限是十二個月" if encoding == "big5" else "保修期限是十二个月"
    page = f"<html><head><meta charset={encoding}></head><body><p>{text}</p></body></html>"
    assert document(page.encode(encoding)).text == text
    assert document(page.replace(encoding, "iso-8859-1").encode(encoding)).text == text


@pytest.mark.parametrize(
    "page",
    [
        "<p>未关闭<b>的<i>标签<p>第二段",
        "</div></p><p>正文",
        "<p>" * 3000 + "深",
        "<div>" * 200 + "很深" + "</div>" * 200,
        "<table><tr><td colspan=999999999 rowspan=99999999>宽</td><td>x</td></tr><tr><td>y</td></tr></table>",
        "<ul>" * 200 + "<li>深" + "</ul>" * 200,
        "<html><body>&lt;&nbsp;&#x4e2d;&bogus;</body></html>",
    ],
)
def test_broken_pages_give_what_is_there(page: str) -> None:
    assert document(page).text


def test_what_is_too_deep_is_refused_and_not_cut_off() -> None:
    with pytest.raises(DocumentError, match="nested too deeply"):
        document("<p>前</p>" + "<div>" * 5000 + "很深" + "</div>" * 5000 + "<p>后</p>")


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(DocumentError, match="no text"):
        document("<html><body><script>x()</script><img src=a></body></html>")
    with pytest.raises(DocumentError, match="no text"):
        document("<!-- nothing -->")


def test_entities_of_strangers_are_not_opened() -> None:
    page = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><html><body><p>正文 &x;</p></body></html>"
    assert "root:" not in document(page).text
