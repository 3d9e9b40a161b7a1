from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gezhi.core.errors import CollectionLocked, NotFound
from gezhi.core.types import Block, Box, Document, Meta
from gezhi.retrieval import Collection, RetrievalOptions
from retrieval.parts import HashedTerms, piece, put_all, record, sources


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    blocks = (
        Block(kind="heading", start=0, end=2, page=1, level=1, box=Box(1, 2, 3, 4.5)),
        Block(kind="table", start=3, end=6, page=2, header="甲 | 乙", confidence=0.9),
    )
    meta: Meta = {"year": 2024, "rate": 0.5, "final": True, "author": "张三"}
    document = Document(
        id="d1", source="/a.md", title="题", text="标题\n一二三", meta=meta, blocks=blocks, notes=("一页没有文字",)
    )
    _, chunks = piece("/a.md", ["标题", "一二三"], meta)
    with Collection.open(tmp_path / "c") as collection:
        with collection.write() as writer:
            writer.put(record("/a.md"), [(document, chunks)])
        assert collection.document("d1") == document
        assert list(collection.documents()) == [document]
        found = list(collection.chunks("d1"))
        assert [(chunk.text, chunk.start, chunk.meta) for chunk in found] == [
            (chunk.text, chunk.start, chunk.meta) for chunk in chunks
        ]
        assert collection.files()["/a.md"].documents == ("d1",)
        with pytest.raises(NotFound):
            collection.document("d2")
        with pytest.raises(NotFound):
            collection.original("/b.md")


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="gezhi index"):
        Collection.open(tmp_path / "c", create=False)
    assert not (tmp_path / "c").exists()


def test_opening_loads_no_index_and_no_numpy(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from gezhi.retrieval import Collection\n"
        "with Collection.open(Path(sys.argv[1])) as c: c.files(), c.statistics()\n"
        "assert not {'numpy', 'tantivy', 'faiss'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_statistics(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "c") as collection:
        put_all(collection, HashedTerms(), {"/a": ["一。", "二。"], "/b": ["三。"]})
        statistics = collection.statistics()
        assert (statistics.files, statistics.documents, statistics.chunks) == (2, 2, 3)
        assert statistics.embedded == {"hashed": 3}
        assert statistics.published
        assert statistics.bytes > 10_000
        with collection.write() as writer:
            writer.put(record("/c"), [piece("/c", ["四。"])])
        assert not collection.statistics().published


def test_a_second_writer_waits_and_then_says_who_writes(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from gezhi.retrieval import Collection\n"
        "with Collection.open(Path(sys.argv[1])) as c, c.write():\n"
        "    print('held', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "c")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with Collection.open(tmp_path / "c", RetrievalOptions(lock_wait=0.2)) as collection:
            with pytest.raises(CollectionLocked, match=f"pid {other.pid}"), collection.write():
                pass
            threading.Timer(0.3, lambda: (other.stdin.write("\n"), other.stdin.flush())).start()  # type: ignore[union-attr]
            with collection.write(wait=30) as writer:
                writer.put(record("/a"), [piece("/a", ["一。"])])
            assert other.wait(30) == 0
            assert list(collection.files()) == ["/a"]


def test_readers_see_whole_publications_while_a_writer_writes(tmp_path: Path) -> None:
    embedder = HashedTerms()
    folder = tmp_path / "c"
    rounds = 12
    with Collection.open(folder) as collection:
        put_all(collection, embedder, {f"/{n}": [f"第0轮的第{n}份文件。"] for n in range(10)})
        seen: list[int] = []
        problems: list[BaseException] = []
        done = threading.Event()

        def read() -> None:
            try:
                with Collection.open(folder) as own:
                    retriever = own.seen_by(None, embedder)
                    while not done.is_set():
                        passages = retriever.search("文件", 10)
                        # A file may be missing between put and publish; none may be there twice.
                        found = [passage.chunk.source for passage in passages]
                        assert len(found) == len(set(found))
                        seen.append(len(found))
            except BaseException as error:  # noqa: BLE001 - carried to the main thread
                problems.append(error)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for number in range(1, rounds):
            put_all(collection, embedder, {f"/{n}": [f"第{number}轮的第{n}份文件。"] for n in range(10)})
        done.set()
        for reader in readers:
            reader.join()
        assert not problems
        assert len(seen) >= 4
        assert sorted(sources(collection, embedder, "文件", 10)) == [f"/{n}" for n in range(10)]


def test_one_retriever_from_many_threads(tmp_path: Path) -> None:
    embedder = HashedTerms()
    with Collection.open(tmp_path / "c") as collection:
        put_all(collection, embedder, {f"/{n}": [f"产品{n}号的说明。"] for n in range(50)})
        retriever = collection.seen_by(None, embedder)
        found: dict[int, str] = {}

        def ask(start: int) -> None:
            for number in range(start, 50, 8):
                found[number] = retriever.search(f"产品{number}号", 1)[0].chunk.source

        threads = [threading.Thread(target=ask, args=(start,)) for start in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {number: f"/{number}" for number in range(50)}


def test_a_reader_sees_what_another_process_publishes(tmp_path: Path) -> None:
    embedder = HashedTerms()
    with Collection.open(tmp_path / "c") as reader, Collection.open(tmp_path / "c") as writer:
        assert sources(reader, embedder, "保修期") == []
        put_all(writer, embedder, {"/a": ["保修期是一年。"]})
        assert sources(reader, embedder, "保修期") == ["/a"]
        put_all(writer, embedder, {"/b": ["保修期是两年。"]})
        assert sorted(sources(reader, embedder, "保修期")) == ["/a", "/b"]


def test_a_reader_publishes_what_a_dead_writer_left(tmp_path: Path) -> None:
    embedder = HashedTerms()
    with Collection.open(tmp_path / "c") as collection:
        put_all(collection, embedder, {"/a": ["保修期是一年。"]})
        assert sources(collection, embedder, "保修期") == ["/a"]
        with collection.write() as writer:
            writer.put(record("/b"), [piece("/b", ["保修期是两年。"])])
            # While it writes, its work is not done for it
            assert sources(collection, embedder, "保修期") == ["/a"]
    with Collection.open(tmp_path / "c") as collection:
        assert sorted(sources(collection, embedder, "保修期")) == ["/a", "/b"]
        assert collection.statistics().published


def test_a_reader_that_stays_open_finds_it_too(tmp_path: Path) -> None:
    embedder = HashedTerms()
    with Collection.open(tmp_path / "c") as reader, Collection.open(tmp_path / "c") as collection:
        put_all(collection, embedder, {"/a": ["保修期是一年。"]})
        assert sources(reader, embedder, "保修期") == ["/a"]
        with collection.write() as writer:
            writer.put(record("/b"), [piece("/b", ["保修期是两年。"])])
        deadline = time.monotonic() + 20
        while sources(reader, embedder, "保修期") == ["/a"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert sorted(sources(reader, embedder, "保修期")) == ["/a", "/b"]
