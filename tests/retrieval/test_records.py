from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gezhi.core.types import Block, Box, Chunk
from gezhi.retrieval.records import chunk_keys, content_hash, pack_blocks, text_digest, unpack_blocks

WORDS = st.text(alphabet="ab甲\0 ", max_size=3)
CHUNKS = st.lists(
    st.builds(
        Chunk,
        document_id=st.just("d"),
        source=st.just("/a"),
        text=WORDS,
        context=WORDS,
        start=st.integers(0, 99),
        end=st.integers(0, 99),
        page=st.none() | st.integers(1, 9),
    ),
    max_size=12,
)


@given(CHUNKS)
def test_keys_are_distinct_and_say_what_the_chunk_says(chunks: list[Chunk]) -> None:
    keys = chunk_keys(chunks)
    assert len(set(keys)) == len(chunks)
    by_content: dict[bytes, set[tuple[str, str]]] = {}
    for key, chunk in zip(keys, chunks, strict=True):
        assert key[:12] == content_hash(chunk.context, chunk.text)
        by_content.setdefault(key[:12], set()).add((chunk.context, chunk.text))
    assert all(len(contents) == 1 for contents in by_content.values())


@given(CHUNKS, st.randoms(use_true_random=False), st.integers(0, 99))
def test_keys_do_not_depend_on_place_or_order(chunks: list[Chunk], draw: object, by: int) -> None:
    moved = [
        Chunk(document_id="d", source="/b", text=c.text, context=c.context, start=c.start + by, end=c.end + by)
        for c in chunks
    ]
    draw.shuffle(moved)  # type: ignore[attr-defined]
    assert sorted(chunk_keys(chunks)) == sorted(chunk_keys(moved))


def test_a_digest_is_of_what_is_embedded() -> None:
    chunk = Chunk(document_id="d", source="/a", text="乙", context="甲", start=0, end=1)
    assert text_digest(chunk.embedded_text) == text_digest("甲\n乙") != text_digest("乙")
    assert text_digest("——（）\n") == b""


@given(
    st.lists(
        st.builds(
            Block,
            kind=st.sampled_from(["heading", "table"]),
            start=st.integers(0, 9),
            end=st.integers(9, 99),
            page=st.none() | st.integers(1, 9),
            level=st.integers(0, 6),
            box=st.none() | st.builds(Box, *[st.floats(0, 1000)] * 4),
            header=st.text(max_size=5),
            confidence=st.none() | st.floats(0, 1),
        )
    )
)
def test_blocks_come_back(blocks: list[Block]) -> None:
    assert list(unpack_blocks(pack_blocks(blocks))) == blocks
