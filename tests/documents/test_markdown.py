"""Markdown: what a reader sees, with the structure kept."""

from __future__ import annotations

from gezhi.core.types import Document
from gezhi.documents import split
from gezhi.documents.front import read_bytes

PAGE = """---
title: "产品手册"
date: 2024-03-05
author: 张三
lang: zh-CN
---
# 产品 *X1*

保修期 **12 个月**，见[说明](http://a.example/b)。
第二行 `code` ![图片说明](a.png)

- 一
- 二
  - 二点一

    续段

3. 甲
4. 乙

| 名称 | 价格 |
|------|-----:|
| A\\|b | 3 |

```python
def f():
    return 1
```

> 引用的话

<div><p>HTML <b>块</b></p><script>no()</script></div>
"""


def document(text: str) -> Document:
    (made,) = read_bytes(text.encode(), "a.md")
    return made


def blocks(made: Document) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, made.text[block.start : block.end]) for block in made.blocks]


def test_a_page_with_everything() -> None:
    made = document(PAGE)
    assert made.title == "产品手册"
    assert made.meta == {"date": "2024-03-05", "year": 2024, "author": "张三", "language": "zh"}
    assert blocks(made) == [
        ("heading", 1, "产品 X1"),
        ("paragraph", 0, "保修期 12 个月，见说明。\n第二行 code [图片说明]"),
        ("list", 0, "- 一\n- 二\n  - 二点一\n    续段"),
        ("list", 0, "3. 甲\n4. 乙"),
        ("table", 0, "名称 | 价格\nA|b | 3"),
        ("code", 0, "def f():\n    return 1"),
        ("paragraph", 0, "引用的话"),
        ("paragraph", 0, "HTML 块"),
    ]
    assert next(block for block in made.blocks if block.kind == "table").header == "名称 | 价格"


def test_the_first_heading_is_the_title() -> None:
    assert document("Intro\n\nTitle *here*\n===\n\ntext").title == "Title here"
    assert document("nothing but text").title == "a.md"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert [text for _, _, text in blocks(document("---\n\ntext: here\n"))] == ["text: here"]


def test_headings_become_context() -> None:
    chunks = split(document("# 制度\n## 请假\n员工请假须提前三天申请。\n## 报销\n凭发票报销。\n"))
    assert [(chunk.context, chunk.text) for chunk in chunks] == [
        ("制度 > 请假", "员工请假须提前三天申请。"),
        ("制度 > 报销", "凭发票报销。"),
    ]


def test_deep_and_repeated_marks_do_no_harm() -> None:
    for nasty in ("*" * 50_000, "[" * 20_000, "> " * 5_000 + "x", "- " * 500 + "x", "`" * 9_999, "|a" * 3000 + "\n|-|"):
        (made,) = read_bytes(f"正文\n\n{nasty}".encode(), "a.md")
        assert made.text.startswith("正文")
