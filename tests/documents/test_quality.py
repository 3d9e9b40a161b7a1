from __future__ import annotations

import random

import numpy as np
import pytest

from gezhi.core.errors import BadOptions
from gezhi.core.types import Block, Chunk, Document
from gezhi.documents.garbled import garbled_share
from gezhi.documents.quality import QualityOptions, jaccard, quality, sketch

ALPHABET = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会"
    "可主发年动同工也能下过子说产种面而方后多定行学法所"
)
PLAIN = "公司成立于二〇〇三年，总部在杭州，主营空气净化器；直通车通讯员学习强国。"


def words(seed: int, length: int = 2000) -> str:
    source = random.Random(seed)
    return "".join(source.choice(ALPHABET) for _ in range(length))


def document(source: str, text: str, confidence: float | None = None) -> Document:
    block = Block(kind="paragraph", start=0, end=len(text), confidence=confidence)
    return Document(id=source, source=source, title=source, text=text, blocks=(block,))


def chunk(text: str) -> Chunk:
    return Chunk(document_id="d", source="d", text=text, start=0, end=len(text))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_similarity_is_estimated_to_a_few_hundredths(share: float) -> None:
    errors = []
    for seed in range(6):
        common, one, other = words(seed, int(4000 * share)), words(seed + 100, 4000), words(seed + 200, 4000)
        first, second = common + one[len(common) :], common + other[len(common) :]
        sets = [{text[i : i + 5] for i in range(len(text) - 4)} for text in (first, second)]
        exact = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        errors.append(jaccard(sketch(first), sketch(second)) - exact)
    # 128 samples: a standard deviation of .044 at most, a sixth of that in the mean's square.
    assert abs(float(np.mean(errors))) < 0.06


def test_near_duplicates_are_named_and_others_are_not() -> None:
    text = words(1)
    changed = text[:1900] + words(2, 100)
    report = quality([document("a", text), document("b", words(3)), document("c", changed), document("d", text)], [])
    assert [(pair.source, pair.other) for pair in report.near_duplicates] == [("a", "d"), ("a", "c"), ("c", "d")]
    assert report.near_duplicates[0].similarity == 1.0
    assert 0.8 < report.near_duplicates[1].similarity < 1.0


def test_blank_space_and_case_make_no_difference() -> None:
    report = quality([document("a", "Short  Words\nhere"), document("b", "short words HERE")], [])
    assert report.near_duplicates[0].similarity == 1.0


def test_many_copies_do_not_cross() -> None:
    report = quality([document(str(number), words(1)) for number in range(200)], [])
    named = {name for pair in report.near_duplicates for name in (pair.source, pair.other)}
    assert len(named) == 200
    assert len(report.near_duplicates) < 1000


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.encode().decode("gbk", "replace"),
        PLAIN.encode().decode("latin-1"),
        PLAIN.encode("gbk").decode("latin-1"),
        "Café naïve déjà vu".encode().decode("cp1252"),
        "words \ufffd\ufffd with \ufffd holes",
        "锟斤拷锟斤拷",
    ],
)
def test_garbled_text_is_found(text: str) -> None:
    assert garbled_share(text) > 0.1


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "Café naïve “déjà vu” — Zürich, 5 €… ±3 µm ×2",
        "日本語のテキスト、ひらがな。한국어 문장입니다.",
        "Привет, мир. Ελληνικά.",
        "Really?? What?",
        "",
    ],
)
def test_sound_text_is_not(text: str) -> None:
    assert garbled_share(text) == 0.0


def test_garbled_documents_come_worst_first() -> None:
    texts = {"good": PLAIN * 20, "bad": PLAIN.encode().decode("latin-1"), "half": PLAIN * 5 + "锟斤拷" * 20}
    report = quality([document(source, text) for source, text in texts.items()], [])
    assert [finding.source for finding in report.garbled] == ["bad", "half"]


def test_lines_of_many_documents_are_boilerplate() -> None:
    documents = [
        document(str(n), f"{words(n, 300)}\n版权所有 第 {n} 页 内部资料\n{words(n + 50, 300)}") for n in range(12)
    ]
    (line,) = quality(documents, []).boilerplate
    assert line.text == "版权所有 第 # 页 内部资料"
    assert line.documents == 12


def test_unsure_recognition() -> None:
    report = quality([document("sharp", PLAIN, 0.99), document("blurred", PLAIN, 0.5), document("typed", PLAIN)], [])
    assert report.recognised == 2
    assert report.ocr_confidence == pytest.approx(0.745)
    assert [finding.source for finding in report.unsure] == ["blurred"]
    assert quality([document("typed", PLAIN)], []).ocr_confidence is None


def test_lengths_of_chunks() -> None:
    report = quality([], [chunk("x" * n) for n in range(1, 102)] + [chunk("y" * 5000), chunk("x")])
    lengths = report.chunk_lengths
    assert (lengths.count, lengths.least, lengths.p50, lengths.most) == (103, 1, 51, 5000)
    assert lengths.too_short == 20
    assert lengths.too_long == 1
    assert report.repeated_chunks == 1


def test_nothing_at_all() -> None:
    report = quality([], [])
    assert report.documents == report.chunk_lengths.count == report.chunk_lengths.most == 0


def test_options_are_checked() -> None:
    with pytest.raises(BadOptions):
        QualityOptions(similarity=0.1)
    with pytest.raises(BadOptions):
        QualityOptions(short=100, long=50)
