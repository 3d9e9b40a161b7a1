"""JSON: lines of path and value, records apart, digits as they are written."""

from __future__ import annotations

import json

from gezhi.core.types import Document
from gezhi.documents.front import read_bytes


def document(text: str | bytes, name: str = "a.json") -> Document:
    (made,) = read_bytes(text.encode() if isinstance(text, str) else text, name)
    return made


def parts(made: Document) -> list[str]:
    return [made.text[block.start : block.end] for block in made.blocks]


def test_an_object_is_flattened() -> None:
    made = document(
        '{"title": "名单", "date": "2024-03-05", "version": 3.10, "id": 12345678901234567890123, "ok": true,'
        ' "none": null, "empty": "", "tags": ["a", "b"], "server": {"host": "h", "ports": [[1, 2], [3]]},'
        ' "items": [{"q": "问", "a": {"b": "答"}}, {"q": "二"}]}'
    )
    assert made.title == "名单"
    assert made.meta == {"date": "2024-03-05", "year": 2024}
    assert parts(made) == [
        "title: 名单",
        "date: 2024-03-05",
        "version: 3.10",
        "id: 12345678901234567890123",
        "ok: true",
        "tags: a, b",
        "server.host: h\nserver.ports[1]: 1, 2\nserver.ports[2]: 3",
        "items",
        "q: 问\na.b: 答",
        "q: 二",
    ]
    assert made.blocks[7].kind == "heading"


def test_each_record_is_a_paragraph() -> None:
    records = [{"question": f"问题{n}", "answer": "第一行\n第二行"} for n in range(3)]
    made = document(json.dumps(records, ensure_ascii=False).encode("gb18030"))
    assert parts(made) == [f"question: 问题{n}\nanswer: 第一行\n第二行" for n in range(3)]


def test_plain_values() -> None:
    assert parts(document('"只有一句话"')) == ["只有一句话"]
    assert parts(document("[1, 2, NaN]")) == ["1, 2, NaN"]


def test_lines_are_records_and_wrong_ones_are_kept() -> None:
    made = document('{"a": 1}\n{bad\n\n[2]\n', "a.jsonl")
    assert parts(made) == ["a: 1", "{bad", "2"]
    assert "line 2" in made.notes[0]


def test_what_is_no_json_is_read_as_text() -> None:
    made = document('{"a": 1, // comment\n}')
    assert made.text == '{"a": 1, // comment\n\n}'
    assert "not valid JSON" in made.notes[0]


def test_half_a_character_is_marked_and_whole_ones_are_kept() -> None:
    made = document(r'{"title": "\udc00 t", "author": "a\ud800", "text": "保修\ud800期 \ud83d\ude00", "k\udfff": "v"}')
    assert (made.title, made.meta) == ("\ufffd t", {"author": "a\ufffd"})
    assert parts(made) == ["title: \ufffd t", "author: a\ufffd", "text: 保修\ufffd期 😀", "k\ufffd: v"]
