from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.malformed import malformed, odd_places
from documents.samples import CHINESE
from gezhi.core.errors import DocumentError
from gezhi.documents import ReadOptions, ReadResult, read_files

pytestmark = pytest.mark.xdist_group("malformed")  # they share one reading of all files

MUST_FAIL = {
    "encrypted.pdf": "encrypted",
    "encrypted.docx": "encrypted",
    "locked.zip": "encrypted",
    "bomb.zip": "zip bomb",
    "bomb.docx": "zip bomb",
    "bomb.xlsx": "zip bomb",
    "crowd.zip": "more than 10000 files",
    "deep.zip": "3 archives deep",
    "archive.rar": "RAR file",
    "archive.7z": "7z file",
    "empty.txt": "empty",
    "empty.pdf": "empty",
    "blank.pdf": "no text",
    "bomb.png": "pixels",
    "noise.pdf": "",
    "noise.docx": "",
    "noise": "no known kind",
    "magic-only.pdf": "damaged",
    "magic-only.doc": "damaged",
    "magic-only.png": "damaged",
    "folder.pdf": "not a regular file",
    "pipe.txt": "not a regular file",
    "absent.txt": "no such file",
}
MUST_READ = {"really-a-pdf.docx", "really-a-docx.pdf", "really-words.pdf", "one-line.txt", "no-break.txt"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ReadResult]]:
    """All of them in one go, a good file after every tenth."""
    folder = tmp_path_factory.mktemp("malformed")
    paths = []
    for number, (name, data) in enumerate(malformed().items()):
        path = folder / name
        path.write_bytes(data)
        paths.append(path)
        if number % 10 == 0:
            good = folder / f"good-{number}.txt"
            good.write_text(CHINESE, encoding="utf-8")
            paths.append(good)
    paths += odd_places(folder)
    found = {Path(result.path).name: result for result in read_files(paths, ReadOptions(timeout=60), workers=2)}
    assert len(found) == len(paths)
    yield found


def test_there_are_many() -> None:
    assert len(malformed()) >= 60


@pytest.mark.parametrize("name", malformed())
def test_each_is_read_or_refused_with_one_reason(results: dict[str, ReadResult], name: str) -> None:
    result = results[name]
    if result.error is None:
        assert result.documents
        for document in result.documents:
            assert document.text
            document.text.encode("utf-8")
            assert "root:" not in document.text
            for block in document.blocks:
                assert document.text[block.start : block.end].strip()
        return
    assert isinstance(result.error, DocumentError)
    assert not result.documents
    sentence = str(result.error)
    assert name in sentence
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert len(sentence) < 500


@pytest.mark.parametrize("name", MUST_FAIL)
def test_the_reason_is_the_right_one(results: dict[str, ReadResult], name: str) -> None:
    error = results[name].error
    assert error is not None
    assert MUST_FAIL[name] in str(error)


@pytest.mark.parametrize("name", sorted(MUST_READ))
def test_what_can_be_read_is(results: dict[str, ReadResult], name: str) -> None:
    assert results[name].error is None


def test_none_took_the_worker_with_it(results: dict[str, ReadResult]) -> None:
    fatal = ("documents.crashed", "documents.timeout", "documents.memory")
    assert {name: str(r.error) for name, r in results.items() if r.error and r.error.key in fatal} == {}


def test_good_files_beside_them_are_read(results: dict[str, ReadResult]) -> None:
    good = [result for name, result in results.items() if name.startswith("good-")]
    assert len(good) >= 6
    assert all(result.documents and result.documents[0].text == CHINESE for result in good)
