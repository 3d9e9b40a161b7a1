"""The splitter: exact spans, coverage, sizes, headings, tables, sentences, and the locality of edits."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.errors import BadOptions
from gezhi.core.types import Block, Chunk, Document
from gezhi.documents import SplitOptions, TextBuilder, split
from gezhi.language.sentences import sentences

HAN = [chr(code) for code in range(0x4E00, 0x5200)]


def document(builder: TextBuilder, **meta: str | int) -> Document:
    parsed = builder.parsed()
    return Document(id="d", source="a.md", title="标题", text=parsed.text, blocks=parsed.blocks, meta=meta)


def of_paragraphs(paragraphs: Sequence[str]) -> Document:
    builder = TextBuilder()
    for paragraph in paragraphs:
        builder.paragraph(paragraph)
    return document(builder)


def sentence(rng: random.Random, chinese: bool) -> str:
    if chinese:
        text = "".join(rng.choices(HAN, k=rng.randint(4, 50)))
        return f"{text[: len(text) // 2]}，{text[len(text) // 2 :]}" + rng.choice("。。。！？；")
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(1, 10))) for _ in range(rng.randint(2, 20))]
    return " ".join(words).capitalize() + rng.choice(".?!") + " "


def paragraph(rng: random.Random, length: int, chinese: bool = True) -> str:
    text = ""
    while len(text) < length:
        text += sentence(rng, chinese)
    return text[:length].strip() or "无"


def check(document: Document, chunks: list[Chunk], options: SplitOptions) -> None:
    """What holds for every document."""
    covered = bytearray(len(document.text))
    for chunk in chunks:
        assert document.text[chunk.start : chunk.end] == chunk.text == chunk.text.strip()
        assert 0 < len(chunk.text) <= options.size
        covered[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    contexts = "\n".join(chunk.context for chunk in chunks)
    for block in document.blocks:
        in_context = block.kind == "heading" and " ".join(document.text[block.start : block.end].split()) in contexts
        for place in range(block.start, block.end):
            assert covered[place] or document.text[place].isspace() or in_context, document.text[place : place + 20]
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)


ALPHABET = st.sampled_from("中文字格致，。！？；、：”「」ab 7.3,\n-|e\u0301🙂👩‍💻\u200b")
TEXTS = st.text(ALPHABET, min_size=0, max_size=900) | st.sampled_from(["a" * 1000, "1" * 999, "e" + "\u0301" * 700])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    builder = TextBuilder()
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["heading", "paragraph", "list", "table", "code"]))
        text, page = draw(TEXTS), draw(st.sampled_from([None, 1, 2]))
        if kind == "heading":
            builder.heading(text[: draw(st.sampled_from([3, 60, 900]))], draw(st.integers(1, 6)), page=page)
        elif kind == "table":
            rows = [line.split(",") for line in text.split("\n")]
            builder.table(rows, header=draw(st.sampled_from([(), ("名称", "值"), ("长" * 300, "x")])), page=page)
        elif kind == "list":
            builder.bullets(text, page=page)
        elif kind == "code":
            builder.code(text, page=page)
        else:
            builder.paragraph(text, page=page)
    return document(builder)


@given(documents(), st.sampled_from([(400, 60), (400, 0), (40, 20), (100, 10), (2000, 200)]))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_document_is_covered_by_exact_spans_of_fitting_size(made: Document, sizes: tuple[int, int]) -> None:
    options = SplitOptions(size=sizes[0], overlap=sizes[1])
    check(made, split(made, options), options)


# Edits. A chunk is fresh if no chunk of the same context and text was there before: that is what is embedded anew.
LENGTHS = st.sampled_from([5, 8, 15, 30, 45, 60, 75, 90, 110, 130, 160, 190, 220, 300, 390, 410, 480, 700, 1100, 1500])


def fresh(before: Sequence[str], after: Sequence[str]) -> int:
    old, new = (Counter((c.context, c.text) for c in split(of_paragraphs(ps))) for ps in (before, after))
    return (new - old).total()


def needed(text: str) -> int:
    """Chunks that a new paragraph is by itself, if it is too long for one."""
    return len(split(of_paragraphs([text])))


@given(st.lists(LENGTHS, min_size=100, max_size=100), st.integers(0, 99), LENGTHS, st.integers(), st.booleans())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_an_edit_changes_at_most_three_chunks(
    lengths: list[int], index: int, length: int, seed: int, chinese: bool
) -> None:
    rng = random.Random(seed)
    texts = [paragraph(rng, n, chinese) for n in lengths]
    other = paragraph(rng, length, chinese)
    old, place = texts[index], rng.randrange(len(texts[index]))
    left, right = texts[:index], texts[index + 1 :]
    assert fresh(texts, [*left, old[:place] + "变" + old[place + 1 :], *right]) <= 3
    assert fresh(texts, [*left, old + sentence(rng, chinese), *right]) <= 3
    assert fresh(texts, [*left, sentence(rng, chinese) + old, *right]) <= 3
    assert fresh(texts, [*left, *right]) <= 3
    # A whole new paragraph that does not fit into a chunk is several, however it is cut; its surroundings at most 2.
    assert fresh(texts, [*left, other, *right]) <= 2 + needed(other)
    assert fresh(texts, [*left, other, old, *right]) <= 2 + needed(other)


@pytest.mark.parametrize("kind", ["5-200", "5-1500", "90", "list", "few and long"])
def test_edits_stay_local_over_many_random_edits(kind: str) -> None:
    rng = random.Random(4)
    low, high = {"5-200": (5, 200), "5-1500": (5, 1500), "90": (90, 90), "list": (6, 25),
                 "few and long": (401, 1500)}[kind]  # fmt: skip

    def draw() -> int:
        return rng.randint(low, high) if rng.random() < 0.5 or kind != "few and long" else rng.randint(3, 9)

    texts = [paragraph(rng, draw()) for _ in range(100)]
    worst: Counter[int] = Counter()
    for _ in range(120):
        edited = list(texts)
        index = rng.randrange(len(texts))
        edited[index : index + rng.randint(0, 1)] = [paragraph(rng, min(draw(), 390))] * rng.randint(0, 1)
        worst[fresh(texts, edited)] += 1
        texts = edited if 90 < len(edited) < 110 else texts
    assert max(worst) <= 3


def test_chunks_are_of_a_sensible_length() -> None:
    rng = random.Random(5)
    texts = [paragraph(rng, rng.choice([12, 30, 60, 90, 150, 250, 400, 900])) for _ in range(300)]
    lengths = [len(chunk.text) for chunk in split(of_paragraphs(texts))]
    assert 190 <= sum(lengths) / len(lengths) <= 350
    assert sum(length < 50 for length in lengths) / len(lengths) < 0.03


def test_a_few_characters_join_a_long_neighbour_of_their_section() -> None:
    rng = random.Random(6)
    long, rows = paragraph(rng, 900), [[paragraph(rng, 60)] for _ in range(12)]
    builder = TextBuilder()
    for text in (long, "甲。", "乙。", long, "丙。"):
        builder.paragraph(text)
    builder.heading("表", 1)
    builder.paragraph("表1")
    builder.table(rows, header=["名称"])
    builder.paragraph("注：略。")
    builder.heading("附", 1)
    builder.paragraph("丁。")
    made = document(builder)
    chunks = split(made)
    check(made, chunks, SplitOptions())
    assert [chunk.text for chunk in chunks if len(chunk.text) < 10] == ["丁。"]
    for few in ("甲。\n\n乙。\n\n", "\n\n丙。", "表1\n\n名称", "\n\n注：略。"):
        assert sum(few in chunk.text for chunk in chunks) == 1


def test_a_sentence_that_fits_is_never_cut() -> None:
    rng = random.Random(6)
    for chinese in (True, False):
        text = paragraph(rng, 1500, chinese)
        made = of_paragraphs([text])
        spans = sentences(made.text)
        for chunk in split(made):
            for start, end in spans:
                inside = max(start, chunk.start) < min(end, chunk.end)
                # The overlap may begin at a clause; what follows it is whole.
                if inside and chunk.start <= start:
                    assert end <= chunk.end


def test_overlap_stands_only_inside_one_paragraph() -> None:
    rng = random.Random(7)
    made = of_paragraphs([paragraph(rng, 900), paragraph(rng, 200), paragraph(rng, 900)])
    chunks = split(made, SplitOptions(overlap=60))
    overlaps = 0
    for before, after in pairwise(chunks):
        shared = before.end - after.start
        assert shared <= 60
        if shared > 0:
            overlaps += 1
            assert "\n\n" not in made.text[before.start : after.end]
    assert overlaps >= 4
    bare = split(made, SplitOptions(overlap=0))
    assert all(before.end <= after.start for before, after in pairwise(bare))


def test_headings_go_into_context_and_lone_ones_are_found() -> None:
    builder = TextBuilder()
    builder.heading("手册", 1)
    builder.heading("保修", 2)
    builder.paragraph("产品X1的保修期是12个月。")
    builder.heading("附录", 2)
    builder.heading("联系", 1)
    chunks = split(document(builder, year=2024))
    assert [(c.context, c.text) for c in chunks] == [
        ("手册 > 保修", "产品X1的保修期是12个月。"),
        ("手册", "附录"),
        ("", "联系"),
    ]
    assert chunks[0].meta == {"year": 2024, "title": "标题", "heading": "手册 > 保修"}
    assert "heading" not in chunks[2].meta


def test_only_headings_are_chunks_together() -> None:
    builder = TextBuilder()
    for number in range(3):
        builder.heading(f"第{number}章", 1)
    assert [c.text for c in split(document(builder))] == ["第0章\n\n第1章\n\n第2章"]


def test_pages_do_not_share_a_chunk() -> None:
    builder = TextBuilder()
    builder.paragraph("第一页。", page=1)
    builder.paragraph("第二页。", page=2)
    assert [(c.page, c.text) for c in split(document(builder))] == [(1, "第一页。"), (2, "第二页。")]


def test_rows_stay_whole_and_the_header_is_repeated() -> None:
    rows = [[f"产品{n}", f"{n * 7}元", "说明" * (n % 9)] for n in range(120)]
    builder = TextBuilder()
    builder.heading("价格", 1)
    builder.table(rows, header=("名称", "价格", "说明"))
    made = document(builder)
    chunks = split(made)
    assert len(chunks) > 5
    lines = made.text.splitlines()
    for number, chunk in enumerate(chunks):
        assert set(chunk.text.splitlines()) <= set(lines)
        assert chunk.context == ("价格\n名称 | 价格 | 说明" if number else "价格")


def test_a_row_that_is_too_long_is_cut_between_cells() -> None:
    builder = TextBuilder()
    builder.table([["甲" * 150, "乙" * 150, "丙" * 150]], header=("一", "二", "三"))
    chunks = split(document(builder))
    cells = [cell for chunk in chunks for cell in chunk.text.replace(" |", "").split() if len(cell) > 1]
    assert sorted(cells) == sorted(["甲" * 150, "乙" * 150, "丙" * 150])


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("价格是3.14159元" * 60, "3.14159"),
        ("编号12345678901" * 60, "12345678901"),
        ("é" * 700, "é"),
        ("👩‍💻" * 300, "👩‍💻"),
        ("见 https://example.com/a/b.c/v1.2 " * 40, "https://example.com/a/b.c/v1.2"),
    ],
)
def test_numbers_and_joined_characters_are_not_cut(text: str, whole: str) -> None:
    chunks = split(of_paragraphs([text]), SplitOptions(overlap=0))
    assert sum(chunk.text.count(whole) for chunk in chunks) == text.count(whole)


def test_what_a_colon_introduces_stays_with_it() -> None:
    rng = random.Random(8)
    for _ in range(30):
        before, after = paragraph(rng, 130), paragraph(rng, 130)
        lines = [before, "需要准备以下材料：", after]
        assert any("材料：" in c.text and after in c.text for c in split(of_paragraphs(lines)))


def test_code_is_cut_between_definitions() -> None:
    functions = [f"def f{n}(x):\n    y = x + {n}\n    z = y * {n}\n\n    return z - {n}" for n in range(30)]
    builder = TextBuilder()
    builder.code("\n\n\n".join(functions))
    chunks = split(document(builder))
    assert len(chunks) > 4
    assert all(chunk.text.startswith("def ") for chunk in chunks)


def test_text_without_blocks_is_read_as_paragraphs() -> None:
    made = Document(id="d", source="s", title="t", text="\n\n甲。\n\n \n乙。\n")
    assert "".join(chunk.text for chunk in split(made)).replace("\n", "").replace(" ", "") == "甲。乙。"
    assert split(Document(id="d", source="s", title="t", text=" \n \n")) == []
    assert (
        split(Document(id="d", source="s", title="t", text="", blocks=(Block(kind="paragraph", start=0, end=0),))) == []
    )


@pytest.mark.parametrize("unit", ["字", "a", "一行没有标点\n", "他说好。"])
def test_a_giant_line_is_cut(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    made = of_paragraphs([text])
    chunks = split(made)
    assert max(len(chunk.text) for chunk in chunks) <= 400
    assert len(chunks) < 4 * len(text) / 400


@pytest.mark.parametrize("wrong", [{"size": 39}, {"size": 20_001}, {"overlap": -1}, {"size": 100, "overlap": 51}])
def test_options_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadOptions, match="split"):
        SplitOptions(**wrong)
