from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import gezhi
from gezhi.core.errors import BadOptions, NotFound, UnknownName
from gezhi.core.paths import models_folder
from gezhi.core.types import Message
from gezhi.knowledge import FileReport, Knowledge

PARAGRAPHS = [
    f"第{n}条 办公室第{n}号设备由{'张王李赵'[n % 4]}工程师保管，每{n + 2}天检查一次，结果写入{n}号登记簿。"
    f"出现故障时，应在{n % 9 + 1}小时内通知第{n % 5}组，并填写维修单，维修单保存{n % 7 + 1}年。{'备注' * (n % 40)}"
    for n in range(100)
]


@pytest.fixture
def kb() -> Iterator[Knowledge]:
    with gezhi.open("default") as kb:
        yield kb


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


def write(folder: Path, paragraphs: list[str]) -> None:
    file = folder / "rules.md"
    file.write_text("\n\n".join(paragraphs), encoding="utf-8")


def test_an_identical_folder_changes_nothing(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS)
    first = kb.index([folder])
    assert first.chunks_embedded == first.chunks_added > 20
    os.utime(folder / "rules.md")  # a new time stamp is no new content
    again = kb.index([folder])
    assert (again.chunks_added, again.chunks_removed, again.chunks_embedded) == (0, 0, 0)
    assert again.files["unchanged"] == 1


@pytest.mark.parametrize(
    "edited",
    [
        [*PARAGRAPHS[:50], "这一条完全改写了，现在说的是停车位的分配办法。", *PARAGRAPHS[51:]],
        [*PARAGRAPHS[:50], "新插入的一条：访客须在前台登记。", *PARAGRAPHS[50:]],
        [*PARAGRAPHS[:50], *PARAGRAPHS[51:]],
        [*PARAGRAPHS[:50], PARAGRAPHS[50] + "另外，每月底由行政部复核一次登记簿。" * 3, *PARAGRAPHS[51:]],
        ["新的第一条。", *PARAGRAPHS],
    ],
    ids=["changed", "inserted", "deleted", "lengthened", "first"],
)
def test_an_edit_of_one_paragraph_embeds_at_most_three_chunks(kb: Knowledge, folder: Path, edited: list[str]) -> None:
    write(folder, PARAGRAPHS)
    kb.index([folder])
    write(folder, edited)
    report = kb.index([folder])
    assert report.files["changed"] == 1
    assert report.chunks_embedded <= 3
    assert report.chunks_added <= 3


def test_a_renamed_file_embeds_nothing_and_is_found_under_its_new_name(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS[:10])
    kb.index([folder])
    (folder / "rules.md").rename(folder / "renamed.md")
    report = kb.index([folder])
    assert (report.files["added"], report.files["removed"], report.chunks_embedded) == (1, 1, 0)
    assert {Path(passage.chunk.source).name for passage in kb.search("登记簿", k=50)} == {"renamed.md"}


def test_other_options_of_splitting_read_the_file_again(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS[:10])
    kb.index([folder])
    with gezhi.open("default", sets=["split.size=100", "split.overlap=20"]) as other:
        report = other.index([folder])
    assert report.files["changed"] == 1
    assert report.chunks_added > 0


def test_each_file_is_on_record_when_it_is_reported(kb: Knowledge, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.md").write_text(PARAGRAPHS[number], encoding="utf-8")

    def check(report: FileReport) -> None:
        with gezhi.open("default") as reader:
            assert report.file in reader.collection.files()

    assert kb.index([folder], on_file=check).files["added"] == 5


def test_progress_reaches_its_end(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS)
    calls: dict[str, list[tuple[int, int]]] = {}
    kb.index([folder], progress=lambda stage, done, total: calls.setdefault(stage, []).append((done, total)))
    assert calls["read"][-1] == (1, 1)
    assert calls["embed"][-1][0] == calls["embed"][-1][1] > 0


def test_unchanged_files_are_told_first_and_in_order(kb: Knowledge, folder: Path) -> None:
    for number in range(6):
        (folder / f"{number}.md").write_text(PARAGRAPHS[number], encoding="utf-8")
    kb.index([folder])
    (folder / "1.md").write_text(PARAGRAPHS[7], encoding="utf-8")
    os.utime(folder / "4.md")  # has to be compared byte by byte
    told: list[str] = []
    done: list[int] = []
    kb.index(
        [folder],
        on_file=lambda report: told.append(f"{report.state} {Path(report.file).stem}"),
        progress=lambda stage, count, total: done.append(count) if stage == "read" else None,
    )
    assert told == [*(f"unchanged {number}" for number in (0, 2, 3, 4, 5)), "changed 1"]
    assert done == [1, 2, 3, 4, 5, 6]


def test_a_file_beyond_the_limit_fails_until_it_is_smaller(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS)
    with gezhi.open("default", sets=["read.max_mb=1"]) as limited:
        (folder / "rules.md").write_text("字" * 400_000, encoding="utf-8")
        assert limited.index([folder]).files["failed"] == 1
        write(folder, PARAGRAPHS)
        assert limited.index([folder]).files["added"] == 1
        assert limited.index([folder]).files["unchanged"] == 1


def test_a_file_outside_the_named_paths_is_left_alone(kb: Knowledge, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text("别处的文件。")
    write(folder, PARAGRAPHS[:3])
    kb.index([folder, other])
    (other / "a.md").unlink()
    assert kb.index([folder]).files["removed"] == 0
    assert kb.index([other]).files["removed"] == 1


def test_an_emptied_folder_empties_the_collection(kb: Knowledge, folder: Path) -> None:
    with pytest.raises(NotFound):
        kb.index([folder])
    write(folder, PARAGRAPHS[:3])
    kb.index([folder])
    (folder / "rules.md").unlink()
    assert kb.index([folder]).files["removed"] == 1
    assert kb.search("登记簿") == []
    assert kb.ask("登记簿保存几年？").refused == "no_documents"


def test_collections_do_not_see_each_other(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS[:3])
    kb.index([folder])
    with gezhi.open("另一个") as other:
        assert other.search("登记簿") == []


@pytest.mark.parametrize("name", ["", "a/b", "..", "-x", "x" * 65, "a b"])
def test_names_of_collections(name: str) -> None:
    with pytest.raises(BadOptions):
        gezhi.open(name)


def test_a_missing_collection_offers_the_nearest(kb: Knowledge, folder: Path) -> None:
    write(folder, PARAGRAPHS[:1])
    kb.index([folder])
    with pytest.raises(UnknownName, match="Did you mean 'default'"):
        gezhi.open("defualt", create=False)


def test_the_three_lines_of_python(folder: Path) -> None:
    (folder / "a.md").write_text("# 保修\n\n产品X1的保修期是24个月。")
    kb = gezhi.open("default")
    kb.index([folder])
    assert kb.search("保修期", k=5)[0].chunk.text == "产品X1的保修期是24个月。"
    assert kb.ask("产品X1的保修期是多久？").text == "产品X1的保修期是24个月。"
    kb.close()


def test_another_embedder_is_told_and_made_up_for(folder: Path, tmp_path: Path) -> None:
    write(folder, PARAGRAPHS[:3])
    copy = tmp_path / "copy"
    with gezhi.open("default") as kb:
        kb.index([folder])
        assert kb.notes() == ()
        chunks = kb.status().chunks
    shutil.copytree(models_folder() / "e5-small", copy)
    with gezhi.open("default", sets=[f"embed.model=onnx:{copy}"]) as other:
        assert "only keywords are searched" in other.ask("登记簿保存几年？").notes[0]
        assert other.index([folder]).chunks_embedded == chunks
        assert other.notes() == ()


def test_broken_characters_in_texts_names_and_questions(kb: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(r'{"author": "何\ud800", "text": "保修期为\udfff24个月。\ud800 \ud83d\ude00"}')
    mail = b"Subject: X\nContent-Type: text/plain; name*=utf-8''%ED%A0%80.txt\n\nThe filter \xed\xa0\x80 is blue."
    (tmp_path / "m.eml").write_bytes(mail)
    assert kb.index([tmp_path]).files["added"] == 2
    for passage in kb.search("保修期 \ud800 filter"):
        chunk = passage.chunk
        assert kb.collection.document(chunk.document_id).text[chunk.start : chunk.end] == chunk.text
    answer = kb.ask("保修期\udcff是多久？", [Message("user", "\ud800")])
    assert (answer.question, answer.citations[0].quote) == ("保修期\ufffd是多久？", "text: 保修期为\ufffd24个月。")
    assert kb.search("保修期", where="source:*\udcff*") == []
