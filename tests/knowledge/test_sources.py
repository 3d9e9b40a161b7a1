from __future__ import annotations

import os
from pathlib import Path

import pytest

from gezhi.core.errors import NotFound
from gezhi.knowledge.sources import find_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.md", "b.txt", "inner/c.md", "inner/deep/d.pdf", ".hidden/e.md", "node_modules/f.md", "~$a.docx"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return tmp_path


def names(folder: Path, *given: str | Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in find_sources(given).files]


def test_a_folder_is_searched_whole_but_for_what_is_hidden(folder: Path) -> None:
    assert names(folder, folder) == ["a.md", "b.txt", "inner/c.md", "inner/deep/d.pdf"]


def test_globs_and_files_come_once(folder: Path) -> None:
    assert names(folder, folder / "**" / "*.md", folder / "a.md", f"{folder}/inn*") == [
        "a.md",
        "inner/c.md",
        "inner/deep/d.pdf",
    ]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(folder: Path) -> None:
    (folder / "[1] draft.md").write_text("text")
    assert names(folder, folder / "[1] draft.md") == ["[1] draft.md"]


def test_links_that_lead_back_end(folder: Path) -> None:
    (folder / "inner" / "up").symlink_to(folder)
    assert len(find_sources([folder]).files) == 4


def test_relative_paths_and_dots(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "inner")
    assert names(folder, "../a.md", ".") == ["a.md", "inner/c.md", "inner/deep/d.pdf"]


@pytest.mark.parametrize("given", ["nowhere", "no*thing", "inner/none.md"])
def test_what_is_not_there_is_named(folder: Path, given: str) -> None:
    with pytest.raises(NotFound, match=given.replace("*", r"\*")):
        find_sources([folder / given])


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xb2\xfa\xc6\xb7.txt"
    try:
        Path(os.fsdecode(name)).write_text("text")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert [os.fsencode(path) for path in find_sources([tmp_path]).files] == [name]


def test_cover(folder: Path) -> None:
    sources = find_sources([folder / "inner", folder / "a.md"])
    assert sources.cover(str(folder / "inner" / "gone.md"))
    assert sources.cover(str(folder / "a.md"))
    assert not sources.cover(str(folder / "b.txt"))
    assert not sources.cover(str(folder / "inner2" / "gone.md"))
