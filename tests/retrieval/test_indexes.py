"""Index files that are missing, cut short, garbled, old, or cannot be written: the answers stay the same."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gezhi.core.errors import CollectionDamaged, CollectionTooNew, GezhiError
from gezhi.retrieval import Collection, RetrievalOptions
from gezhi.retrieval.bm25 import KeywordIndex
from gezhi.retrieval.store import NAME
from gezhi.retrieval.vectors import StoredRows
from retrieval.parts import HashedTerms, piece, put_all, record, sources

TEXTS = {f"/{n}.txt": [f"第{n}号文件说，产品X{n}保修{n}年。", f"第{n}号文件的附注，无关紧要。"] for n in range(30)}
QUESTIONS = ["产品X7的保修期", "附注", "第12号文件"]
EMBEDDER = HashedTerms()


@pytest.fixture(scope="module", params=["exact", "sq8", "hnsw"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed collection; copied before it is harmed."""
    folder = tmp_path_factory.mktemp("whole") / "c"
    with Collection.open(folder, RetrievalOptions(vectors=request.param)) as collection:
        put_all(collection, EMBEDDER, TEXTS)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "c")


def answers(folder: Path) -> list[list[tuple[str, dict[str, float]]]]:
    with Collection.open(folder) as collection:
        retriever = collection.seen_by(None, EMBEDDER)
        return [
            [(p.chunk.text, {leg: round(p.found_by[leg], 3) for leg in p.found_by}) for p in retriever.search(q, 5)]
            for q in QUESTIONS
        ]


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    place = random.Random(path.name).randrange(max(1, len(data)))
    data[place : place + 16] = random.Random(1).randbytes(16)
    path.write_bytes(data)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARMS = [delete, empty, halve, extend, garble, replace_by_folder]


@pytest.mark.parametrize("harm", HARMS)
def test_harmed_index_files_change_no_answer(whole: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    right = answers(whole)
    names = [path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and path.parent != whole]
    assert len(names) > 8
    for number, name in enumerate(names):
        folder = shutil.copytree(whole, tmp_path / str(number))
        harm(folder / name)
        assert answers(folder) == right, name
        with Collection.open(folder) as collection:
            assert collection.statistics().published
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["keyword-*", "vectors-*", "*-[0-9]*"])
def test_index_folders_gone(folder: Path, name: str) -> None:
    right = answers(folder)
    for path in folder.glob(name):
        shutil.rmtree(path)
    assert answers(folder) == right
    assert list(folder.glob(name))


def test_whole_indexes_are_not_built_again(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.parent != folder}
    answers(folder)
    with Collection.open(folder) as collection, collection.write() as writer:
        assert writer.embed(EMBEDDER) == 0
        writer.publish()
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and path.parent != folder}
    assert {path: time for path, time in after.items() if not path.name.endswith(".lock")} == {
        path: time for path, time in before.items() if not path.name.endswith(".lock")
    }


def test_indexes_of_an_older_state_are_not_believed(folder: Path, tmp_path: Path) -> None:
    kept = shutil.copytree(folder, tmp_path / "old")
    with Collection.open(folder) as collection, collection.write() as writer:
        writer.forget("/7.txt")
        writer.put(record("/new.txt"), [piece("/new.txt", ["产品X7的保修期另行规定。"])])
        writer.embed(EMBEDDER)
        writer.publish()
    right = answers(folder)
    for path in [*folder.glob("keyword-*"), *folder.glob("vectors-*")]:
        shutil.rmtree(path)
    for path in [*kept.glob("keyword-*"), *kept.glob("vectors-*")]:
        shutil.copytree(path, folder / path.name)
    # Built anew, it counts nothing that was taken out: scores differ a little, the order does not.
    assert [[text for text, _ in found] for found in answers(folder)] == [[text for text, _ in r] for r in right]


def test_indexes_of_another_version_are_built_again(folder: Path) -> None:
    right = answers(folder)
    with sqlite3.connect(folder / NAME) as db:
        db.execute("""UPDATE state SET manifest = json_set(manifest, '$.format', 'of the future')""")
    db.close()
    assert answers(folder) == right


def test_what_is_removed_is_in_no_index(folder: Path) -> None:
    with Collection.open(folder) as collection:
        with collection.write() as writer:
            for n in range(20):
                writer.forget(f"/{n}.txt")
            writer.publish()
        index = next(folder.glob("keyword-*"))
        assert len(KeywordIndex(index)) == 20
        # More than a fifth was taken out: built anew, so that no trace of it is left
        assert index.name != "keyword-1"
        assert len(StoredRows.load(next(folder.glob("vectors-*"))).living) == 20
        connection = sqlite3.connect(folder / NAME)
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (20,)
        assert connection.execute("SELECT count(*) FROM metas").fetchone() == (10,)
        connection.close()
        assert not {f"/{n}.txt" for n in range(20)} & set(sources(collection, EMBEDDER, "保修期", k=100))


def test_a_reader_without_a_usable_index_and_without_the_lock_still_answers(folder: Path) -> None:
    right = answers(folder)
    for path in [*folder.glob("keyword-*"), *folder.glob("vectors-*")]:
        shutil.rmtree(path)
    with Collection.open(folder) as writing, writing.write():
        assert answers(folder) == right
        assert not list(folder.glob("keyword-*"))


@pytest.mark.parametrize(("size", "kind"), [(1, "exact"), (5, "exact"), (6, "sq8"), (12, "sq8"), (13, "hnsw")])
def test_the_vector_index_is_chosen_by_size(tmp_path: Path, size: int, kind: str) -> None:
    options = RetrievalOptions(exact_limit=5, scan_limit=12)
    with Collection.open(tmp_path, options) as collection:
        put_all(collection, EMBEDDER, {"/a": [f"第{n}段。" for n in range(size)]})
        files = {path.name for path in next(tmp_path.glob("vectors-*")).iterdir()}
        extra = {"exact": set(), "sq8": {"quantised.faiss"}, "hnsw": {"graph.faiss"}}[kind]
        assert files == {"ids.npy", "vectors.npy"} | extra
        assert len(sources(collection, EMBEDDER, "第3段", k=50)) == size


@pytest.mark.parametrize("kind", ["exact", "sq8", "hnsw"])
def test_growing_and_shrinking_step_by_step_ends_as_building_at_once(tmp_path: Path, kind: str) -> None:
    options = RetrievalOptions(vectors=kind)  # type: ignore[arg-type]
    draw = random.Random(3)
    present: set[int] = set()
    with Collection.open(tmp_path / "steps", options) as steps:
        for _ in range(15):
            with steps.write() as writer:
                for file in draw.sample(range(40), 8):
                    if file in present and draw.random() < 0.6:
                        writer.forget(f"/{file}")
                        present.discard(file)
                    else:
                        writer.put(record(f"/{file}"), [piece(f"/{file}", [f"第{file}号。", f"保修{file}年。"])])
                        present.add(file)
                writer.embed(EMBEDDER)
                writer.publish()
            found = steps.seen_by(None, EMBEDDER).search("保修", 200)
            assert sorted({p.chunk.source for p in found}) == sorted(f"/{file}" for file in present)
            assert all("dense" in p.found_by for p in found)
            rows = StoredRows.load(next((tmp_path / "steps").glob("vectors-*")))
            assert len(rows.living) == 2 * len(present)
            assert kind == "hnsw" or len(rows) == len(rows.living)
            assert len(rows) <= 1.3 * len(rows.living) + 1
            assert np.allclose(np.linalg.norm(rows.vectors, axis=1), 1, atol=1e-4)


# The record itself


@pytest.mark.parametrize("harm", [delete, empty, halve, replace_by_folder])
def test_a_broken_record_is_said_and_never_replaced_by_an_empty_one(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder / NAME)
    with pytest.raises(GezhiError) as caught, Collection.open(folder) as collection:
        collection.seen_by(None, EMBEDDER).search("保修期", 5)
        list(collection.documents())
    assert str(folder) in str(caught.value)
    assert harm is replace_by_folder or isinstance(caught.value, CollectionDamaged)


def test_a_garbled_record_never_gives_a_wrong_passage(whole: Path, tmp_path: Path) -> None:
    texts = {text for paragraphs in TEXTS.values() for text in paragraphs}
    said = 0
    for number in range(25):
        draw = random.Random(number)
        folder = shutil.copytree(whole, tmp_path / str(number))
        data = bytearray((folder / NAME).read_bytes())
        for _ in range(4):
            place = draw.randrange(len(data))
            data[place : place + 32] = draw.randbytes(32)
        (folder / NAME).write_bytes(data)
        try:
            with Collection.open(folder) as collection:
                retriever = collection.seen_by(None, EMBEDDER)
                for question in QUESTIONS:
                    assert {p.chunk.text for p in retriever.search(question, 60)} <= texts
                list(collection.documents()), list(collection.chunks()), collection.files()
        except (CollectionDamaged, CollectionTooNew):
            said += 1
        shutil.rmtree(folder)
    assert said > 5


def test_a_record_of_a_newer_version(folder: Path) -> None:
    connection = sqlite3.connect(folder / NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CollectionTooNew, match="pip install -U gezhi"):
        Collection.open(folder)


def test_the_database_of_another_program(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / NAME)
    connection.execute("CREATE TABLE theirs(x)")
    connection.close()
    with pytest.raises(CollectionDamaged, match="another program"):
        Collection.open(tmp_path)
    connection = sqlite3.connect(tmp_path / NAME)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    connection.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("not a database at all, " * 100)
    with pytest.raises(CollectionDamaged, match="damaged"):
        Collection.open(tmp_path)
