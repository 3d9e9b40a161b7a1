from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.errors import BadOptions, NotFound
from gezhi.retrieval import Change, Collection, RetrievalOptions
from retrieval.parts import HashedTerms, piece, put_all, record, sources

PARAGRAPHS = [f"第{n}条：产品X{n}的保修期是{n}个月，自签收之日起算。" for n in range(100)]


@pytest.fixture
def embedder() -> HashedTerms:
    return HashedTerms()


@pytest.fixture
def collection(tmp_path: Path, embedder: HashedTerms) -> Collection:
    opened = Collection.open(tmp_path / "c")
    put_all(opened, embedder, {"/docs/a.txt": PARAGRAPHS})
    return opened


def put_again(collection: Collection, embedder: HashedTerms, paragraphs: list[str]) -> tuple[Change, int]:
    with collection.write() as writer:
        change = writer.put(record("/docs/a.txt"), [piece("/docs/a.txt", paragraphs)])
        embedded = writer.embed(embedder)
        writer.publish()
    return change, embedded


def test_the_same_again_changes_and_embeds_nothing(collection: Collection, embedder: HashedTerms) -> None:
    assert put_again(collection, embedder, PARAGRAPHS) == (Change(kept=100), 0)


@pytest.mark.parametrize(
    ("paragraphs", "change"),
    [
        ([*PARAGRAPHS[:50], "改了。", *PARAGRAPHS[51:]], Change(added=1, removed=1, kept=99)),
        ([*PARAGRAPHS[:50], "新的一段。", *PARAGRAPHS[50:]], Change(added=1, kept=100)),
        (PARAGRAPHS[:50] + PARAGRAPHS[51:], Change(removed=1, kept=99)),
        ([*PARAGRAPHS[:50], PARAGRAPHS[50] + "长了。", *PARAGRAPHS[51:]], Change(added=1, removed=1, kept=99)),
        (PARAGRAPHS[::-1], Change(kept=100)),
    ],
    ids=["changed", "inserted", "deleted", "lengthened", "reversed"],
)
def test_a_change_touches_only_what_changed(
    collection: Collection, embedder: HashedTerms, paragraphs: list[str], change: Change
) -> None:
    assert put_again(collection, embedder, paragraphs) == (change, change.added)
    found = [(chunk.text, chunk.start) for chunk in collection.chunks()]
    document = next(collection.documents())
    assert [text for text, _ in found] == paragraphs
    assert all(document.text[start : start + len(text)] == text for text, start in found)


def test_equal_chunks_are_all_kept_and_embedded_once(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path / "c") as collection:
        assert put_all(collection, embedder, {"/a": ["同一句话。"] * 5 + ["另一句。"]}) == 2
        assert collection.statistics().chunks == 6
        assert collection.statistics().embedded == {"hashed": 6}
        assert put_all(collection, embedder, {"/a": ["同一句话。"] * 3 + ["另一句。"]}) == 0
        assert collection.statistics().chunks == 4


def test_renaming_embeds_nothing(collection: Collection, embedder: HashedTerms) -> None:
    with collection.write() as writer:
        writer.rename("/docs/a.txt", record("/docs/b.txt"))
        assert writer.embed(embedder) == 0
        writer.publish()
    assert list(collection.files()) == ["/docs/b.txt"]
    assert set(sources(collection, embedder, "X7的保修期")) == {"/docs/b.txt"}


def test_forgetting_and_putting_under_another_name_embeds_nothing(
    collection: Collection, embedder: HashedTerms
) -> None:
    with collection.write() as writer:
        writer.forget("/docs/a.txt")
        writer.put(record("/docs/b.txt"), [piece("/docs/b.txt", PARAGRAPHS)])
        assert writer.embed(embedder) == 0
        writer.publish()
    assert set(sources(collection, embedder, "X7的保修期")) == {"/docs/b.txt"}


def test_renaming_over_another_file_replaces_it(collection: Collection, embedder: HashedTerms) -> None:
    put_all(collection, embedder, {"/docs/b.txt": ["旧文件。"]})
    with collection.write() as writer:
        assert writer.rename("/docs/a.txt", record("/docs/b.txt")) == Change(removed=1, kept=100)
        writer.publish()
    assert "旧文件。" not in [chunk.text for chunk in collection.chunks()]


def test_members_of_a_renamed_archive_follow_it(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path / "c") as collection, collection.write() as writer:
        writer.put(record("/docs/pack.zip"), [piece("/docs/pack.zip/inner.md", ["里面的文件。"])])
        writer.rename("/docs/pack.zip", record("/docs/box.zip"))
        assert next(collection.documents()).source == "/docs/box.zip/inner.md"


def test_two_documents_of_one_name_in_a_file_are_both_kept(tmp_path: Path) -> None:
    with Collection.open(tmp_path / "c") as collection, collection.write() as writer:
        first, second = piece("/p.zip/x", ["甲。"]), piece("/p.zip/x", ["乙。"])
        writer.put(record("/p.zip"), [first, second])
        assert [chunk.text for chunk in collection.chunks()] == ["甲。", "乙。"]
        assert len(set(collection.files()["/p.zip"].documents)) == 2


def test_a_document_that_is_no_longer_in_the_file_goes(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path / "c") as collection, collection.write() as writer:
        both = [piece("/p.zip/x", ["甲。"]), piece("/p.zip/y", ["乙。"])]
        writer.put(record("/p.zip"), both)
        assert writer.put(record("/p.zip"), both[1:]) == Change(removed=1, kept=1)
        assert [document.source for document in collection.documents()] == ["/p.zip/y"]


def test_what_is_forgotten_is_gone_from_every_search(collection: Collection, embedder: HashedTerms) -> None:
    put_all(collection, embedder, {"/docs/b.txt": ["产品X7的保修期见别处。"]})
    with collection.write() as writer:
        assert writer.forget("/docs/a.txt") == Change(removed=100)
        assert sources(collection, embedder, "X7的保修期") == ["/docs/b.txt"]  # at once, not only when published
        writer.publish()
    assert sources(collection, embedder, "X7的保修期", k=50) == ["/docs/b.txt"]
    assert collection.statistics().embedded == {"hashed": 1}


def test_forgetting_what_is_not_there(collection: Collection) -> None:
    with collection.write() as writer, pytest.raises(NotFound, match=r"no file '/docs/z.txt'"):
        writer.forget("/docs/z.txt")
    with collection.write() as writer, pytest.raises(NotFound):
        writer.rename("/docs/z.txt", record("/docs/b.txt"))


def test_another_embedder_embeds_again_and_the_first_stays(collection: Collection, embedder: HashedTerms) -> None:
    other = HashedTerms(dim=32, name="other")
    with collection.write() as writer:
        assert writer.waiting(other) == 100
        assert writer.embed(other) == 100
        assert writer.waiting(other) == 0
        assert writer.embed(embedder) == 0
        writer.publish()
    assert collection.statistics().embedded == {"hashed": 100, "other": 100}
    question = PARAGRAPHS[7]
    for one in (embedder, other):
        assert collection.seen_by(None, one).search(question, 1)[0].found_by["dense"] == pytest.approx(1.0, abs=1e-4)


def test_an_embedder_of_another_length_under_the_same_name_is_refused(collection: Collection) -> None:
    with collection.write() as writer, pytest.raises(BadOptions, match="vectors of 32 numbers"):
        writer.embed(HashedTerms(dim=32))


def test_what_says_nothing_gets_no_vector(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path / "c") as collection:
        assert put_all(collection, embedder, {"/a": ["保修期是两年。", "————", "）。"]}) == 1
        assert embedder.embedded[-1:] == ["保修期是两年。"]
        assert collection.statistics().embedded == {"hashed": 3}
        assert [p.chunk.text for p in collection.seen_by(None, embedder).search("question", 5)] == ["保修期是两年。"]


def test_progress_and_batches(tmp_path: Path, embedder: HashedTerms) -> None:
    calls: list[tuple[str, int, int]] = []
    with Collection.open(tmp_path / "c") as collection, collection.write() as writer:
        writer.put(record("/a"), [piece("/a", PARAGRAPHS[:10])])
        assert writer.embed(embedder, lambda *call: calls.append(call), batch=4) == 10
    assert calls == [("embed", 4, 10), ("embed", 8, 10), ("embed", 10, 10)]
    assert [len(text) for text in embedder.embedded] == sorted(len(text) for text in embedder.embedded)


def test_originals_are_kept_and_go_with_their_file(tmp_path: Path) -> None:
    file = tmp_path / "notes.TXT"
    file.write_text("原文", encoding="utf-8")
    with Collection.open(tmp_path / "c") as collection, collection.write() as writer:
        for source in ("/a.txt", "/b.txt"):
            writer.put(record(source, "原文"), [piece(source, ["原文"])], file)
        copy = collection.original("/a.txt")
        assert copy is not None
        assert copy.read_text(encoding="utf-8") == "原文"
        writer.forget("/a.txt")
        writer.publish()
        assert copy.exists()  # still the original of /b.txt
        writer.forget("/b.txt")
        writer.publish()
        assert not copy.exists()


def test_originals_are_not_kept_where_that_is_off(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("原文", encoding="utf-8")
    options = RetrievalOptions(keep_originals=False)
    with Collection.open(tmp_path / "c", options) as collection, collection.write() as writer:
        writer.put(record("/a.txt", "原文"), [piece("/a.txt", ["原文"])], file)
        assert collection.original("/a.txt") is None


def test_a_failed_put_leaves_nothing(collection: Collection) -> None:
    document, chunks = piece("/docs/bad.txt", ["好的。", "坏的。"])
    bad = [chunks[0], replace(chunks[1], text="\ud800")]  # a lone surrogate is not text
    with collection.write() as writer, pytest.raises(UnicodeEncodeError):
        writer.put(record("/docs/bad.txt"), [(document, bad)])
    assert list(collection.files()) == ["/docs/a.txt"]
    assert collection.statistics().chunks == 100


edits = st.lists(st.lists(st.sampled_from(["甲", "乙", "丙", "丁", "戊"]), max_size=8), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(edits)
def test_any_series_of_edits_ends_as_the_last_one_alone(
    tmp_path_factory: pytest.TempPathFactory, series: list[list[str]]
) -> None:
    embedder = HashedTerms()
    with Collection.open(tmp_path_factory.mktemp("c")) as collection:
        before: list[str] = []
        for paragraphs in series:
            with collection.write() as writer:
                change = writer.put(record("/a"), [piece("/a", paragraphs)])
                writer.embed(embedder)
                writer.publish()
            kept = sum(min(before.count(text), paragraphs.count(text)) for text in set(before))
            assert change == Change(added=len(paragraphs) - kept, removed=len(before) - kept, kept=kept)
            assert [chunk.text for chunk in collection.chunks()] == paragraphs
            before = paragraphs
        found = collection.seen_by(None, embedder).search("甲乙丙丁戊", 50)
        assert sorted(passage.chunk.text for passage in found) == sorted(series[-1])
