from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gezhi.core.errors import BadFilter, BadOptions
from gezhi.core.protocols import Retriever
from gezhi.retrieval import Collection, RetrievalOptions
from retrieval.parts import HashedTerms, leg_options, piece, put_all, record, sources

TEXTS: dict[str, Sequence[str]] = {
    "/手册/保修.pdf": ["产品X1的保修期是两年。", "保修不包括人为损坏。"],
    "/手册/退货.pdf": ["七天内可以退货。", "退货须保留包装。"],
    "/notes/warranty.md": ["The warranty of product X1 lasts two years.", "Returns are free within 7 days."],
}


@pytest.fixture(scope="module")
def embedder() -> HashedTerms:
    return HashedTerms()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, embedder: HashedTerms) -> Path:
    folder = tmp_path_factory.mktemp("c")
    with Collection.open(folder) as collection:
        put_all(collection, embedder, TEXTS)
    return folder


@pytest.mark.parametrize("fusion", ["scores", "rrf"])
def test_the_best_passage_stands_first(folder: Path, embedder: HashedTerms, fusion: str) -> None:
    options = RetrievalOptions(fusion=fusion)  # type: ignore[arg-type]
    with Collection.open(folder, options) as collection:
        retriever = collection.seen_by(None, embedder)
        assert isinstance(retriever, Retriever)
        first, *others = retriever.search("产品X1的保修期是多久？", 3)
        assert first.chunk.text == "产品X1的保修期是两年。"
        assert set(first.found_by) == {"keyword", "dense"}
        assert 0 <= first.score <= 1
        assert [p.score for p in others] == sorted((p.score for p in others), reverse=True)


@pytest.mark.parametrize("leg", ["keyword", "dense"])
def test_each_leg_alone(folder: Path, embedder: HashedTerms, leg: str) -> None:
    with Collection.open(folder, leg_options(leg)) as collection:
        first = collection.seen_by(None, embedder).search("Returns within 7 days", 1)[0]
        assert first.chunk.source == "/notes/warranty.md"
        assert leg in first.found_by


@pytest.mark.parametrize("question", ["產品Ｘ１的保修期", "产品x1的保修期"])
def test_script_width_and_case_do_not_matter(folder: Path, embedder: HashedTerms, question: str) -> None:
    with Collection.open(folder, leg_options("keyword")) as collection:
        assert collection.seen_by(None, embedder).search(question, 1)[0].chunk.text == "产品X1的保修期是两年。"


def test_shown_text_is_untouched(tmp_path: Path, embedder: HashedTerms) -> None:
    text = "ＡＢＣ產品  Ｘ１，\t保固\u3000２年 "
    with Collection.open(tmp_path) as collection:
        put_all(collection, embedder, {"/a": [text]})
        assert collection.seen_by(None, embedder).search("abc产品", 1)[0].chunk.text == text


def test_context_is_searched_and_not_shown(tmp_path: Path, embedder: HashedTerms) -> None:
    document, chunks = piece("/a", ["两年。"])
    with Collection.open(tmp_path) as collection:
        with collection.write() as writer:
            writer.put(record("/a"), [(document, [replace(chunks[0], context="保修 > 期限")])])
            writer.embed(embedder)
            writer.publish()
        found = collection.seen_by(None, embedder).search("保修期限", 1)[0]
        assert (found.chunk.text, found.chunk.context) == ("两年。", "保修 > 期限")
        assert found.found_by["keyword"] > 0
        assert embedder.embedded[-1] == "保修 > 期限\n两年。"


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_nothing_asked_nothing_found(folder: Path, embedder: HashedTerms, question: str) -> None:
    with Collection.open(folder) as collection:
        assert collection.seen_by(None, embedder).search(question, 3) == []


@pytest.mark.parametrize("question", ["？！。，", "保" * 100_000, "a b " * 20_000, '"AND OR (x:y) \\ *', "\x00"])
def test_strange_questions_are_answered(folder: Path, embedder: HashedTerms, question: str) -> None:
    with Collection.open(folder) as collection:
        assert len(collection.seen_by(None, embedder).search(question, 3)) == 3


def test_an_empty_collection_finds_nothing(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path) as collection:
        assert sources(collection, embedder, "保修期") == []
        assert sources(collection, embedder, "保修期", where="year>=2024") == []


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_k_out_of_range(folder: Path, embedder: HashedTerms, k: int) -> None:
    with Collection.open(folder) as collection, pytest.raises(BadOptions, match="'k' must be between"):
        collection.seen_by(None, embedder).search("保修期", k)


def test_more_than_there_are(folder: Path, embedder: HashedTerms) -> None:
    with Collection.open(folder) as collection:
        assert len(sources(collection, embedder, "保修期", k=100)) == 6


def test_without_vectors_keywords_answer(tmp_path: Path, embedder: HashedTerms) -> None:
    with Collection.open(tmp_path) as collection:
        with collection.write() as writer:
            writer.put(record("/a"), [piece("/a", ["保修期是两年。", "七天内可以退货。"])])
            writer.publish()
        found = collection.seen_by(None, embedder).search("保修期", 2)
        assert [p.chunk.text for p in found] == ["保修期是两年。"]
        assert set(found[0].found_by) == {"keyword"}


@pytest.mark.parametrize("leg", ["keyword", "dense"])
@pytest.mark.parametrize("allowed", [3, 60])
def test_a_filter_acts_before_the_best_are_taken(tmp_path: Path, embedder: HashedTerms, leg: str, allowed: int) -> None:
    # Of 5,000 equally good passages only the last few may be found: filtering the first 64 would find none.
    with Collection.open(tmp_path, leg_options(leg, keep_originals=False)) as collection:
        with collection.write() as writer:
            for file in range(50):
                meta = {"number": file}
                texts = [f"保修期的第{n}条说明。" for n in range(100 if file < 49 else allowed)]
                writer.put(record(f"/{file}"), [piece(f"/{file}", texts, meta)])
            writer.embed(embedder)
            writer.publish()
        found = collection.seen_by(None, embedder).search("保修期", allowed, "number=49")
        assert len(found) == allowed
        assert {p.chunk.source for p in found} == {"/49"}


@pytest.mark.parametrize("leg", ["keyword", "dense"])
def test_a_wide_filter_finds_what_searching_without_it_and_filtering_finds(
    tmp_path: Path, embedder: HashedTerms, leg: str
) -> None:
    with Collection.open(tmp_path, leg_options(leg)) as collection:
        with collection.write() as writer:
            for file in range(60):
                texts = [f"保修期第{file * 100 + n}条，{'说明' * (n % 7)}。" for n in range(100)]
                writer.put(record(f"/{file}"), [piece(f"/{file}", texts, {"number": file})])
            writer.embed(embedder)
            writer.publish()
        retriever = collection.seen_by(None, embedder)
        wide = retriever.search("保修期第1234条说明", 20, "number<40")
        everything = retriever.search("保修期第1234条说明", 1000)
        allowed = [p for p in everything if int(p.chunk.meta["number"]) < 40]
        assert [p.found_by[leg] for p in wide] == pytest.approx([p.found_by[leg] for p in allowed[:20]], rel=1e-5)


def test_a_filter_that_cannot_be_read(folder: Path, embedder: HashedTerms) -> None:
    with Collection.open(folder) as collection, pytest.raises(BadFilter, match="character 1"):
        collection.seen_by(None, embedder).search("保修期", 3, ">=2024")


def test_results_fill_up_past_what_was_removed(tmp_path: Path, embedder: HashedTerms) -> None:
    options = RetrievalOptions(depth=4)
    with Collection.open(tmp_path, options) as collection:
        put_all(collection, embedder, {f"/{n}": [f"保修期的说明{'，很长' * n}。"] for n in range(40)})
        assert len(sources(collection, embedder, "保修期的说明", k=4)) == 4
        with collection.write() as writer:
            for source in sources(collection, embedder, "保修期的说明", k=30):
                writer.forget(source)
            # Not published: the indexes still name what is gone
            assert len(sources(collection, embedder, "保修期的说明", k=4)) == 4
            assert len(sources(collection, embedder, "保修期的说明", k=40)) == 10
