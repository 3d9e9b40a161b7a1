from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.core.errors import DocumentError, NotFound, UsageError
from gezhi.evaluation.quality.text.files import read_references, read_texts


def _file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("一\n二\n", ("一", "二")),
        ("一\r\n二", ("一", "二")),
        ("\ufeff一\n\n二\n", ("一", "", "二")),
        ("a\u2028b\n", ("a\u2028b",)),
        ("\n一\n\n", ("", "一", "")),
    ],
)
def test_one_text_a_line(tmp_path: Path, text: str, texts: tuple[str, ...]) -> None:
    assert read_texts(_file(tmp_path, "a.txt", text)) == texts


def test_json_lines(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.jsonl", '{"text": "一\\n行", "answer": "二"}\n\n{"text": "", "answer": "\\ud83d"}\n')
    assert read_texts(path) == ("一\n行", "")
    assert read_texts(path, "answer") == ("二", "\ufffd")


def test_references_from_several_files_and_lists(tmp_path: Path) -> None:
    lists = _file(tmp_path, "a.jsonl", '{"text": ["一", "壹"]}\n{"text": "二"}')
    lines = _file(tmp_path, "b.txt", "1\n2")
    got = read_references([lists, lines], beside=Path("hyp.txt"), count=2)
    assert got == [["一", "壹", "1"], ["二", "2"]]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.txt", "", "holds no text"),
        ("a.txt", " \n\n", "holds no text"),
        ("a.txt", b"\xb1\xa3\xd0\xde", "not UTF-8 (at byte 0)"),
        ("a.jsonl", '{"text": "a"}\n{"text": "b",}\n', "line 2, column"),
        ("a.jsonl", "[1]", "line 1, column 1"),
        ("a.jsonl", '{"txt": "a"}', "Did you mean 'txt'?"),
        ("a.jsonl", '{"text": 3}', "neither a text nor a list"),
        ("a.jsonl", '{"text": []}', "neither a text nor a list"),
        ("a.jsonl", '{"text": ["a", "b"]}', "holds several"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, text: str | bytes, says: str) -> None:
    path = _file(tmp_path, name, text)
    with pytest.raises(DocumentError) as caught:
        read_texts(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="none"):
        read_texts(tmp_path / "none.txt")


def test_as_many_references_as_texts(tmp_path: Path) -> None:
    path = _file(tmp_path, "ref.txt", "1\n2\n3\n")
    with pytest.raises(UsageError, match=r"ref\.txt has 3 texts and hyp\.txt has 2"):
        read_references([path], beside=Path("hyp.txt"), count=2)
