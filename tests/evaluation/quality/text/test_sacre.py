from __future__ import annotations

import pytest
import sacrebleu
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from evaluation.quality.text.cases import CHINESE, ENGLISH, PAIRS, SEVERAL
from gezhi.core.errors import BadOptions
from gezhi.evaluation.quality.text import TextOptions, text_metric
from gezhi.evaluation.quality.text.sacre import Bleu, Chrf
from gezhi.evaluation.quality.text.score import language_of

OPTIONS = TextOptions()


@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_sentence_bleu_is_sacrebleus(text: str, reference: str) -> None:
    tokenize = "zh" if language_of(text, reference, OPTIONS) == "zh" else "13a"
    oracle = BLEU(tokenize=tokenize, effective_order=True).sentence_score(text, [reference])
    assert Bleu(OPTIONS).of(text, [reference])["bleu"] == pytest.approx(oracle.score, abs=1e-4)


@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_sentence_chrf_is_sacrebleus(text: str, reference: str) -> None:
    got = Chrf(OPTIONS).of(text, [reference])
    assert got["chrf"] == pytest.approx(CHRF().sentence_score(text, [reference]).score, abs=1e-4)
    assert got["chrf++"] == pytest.approx(CHRF(word_order=2).sentence_score(text, [reference]).score, abs=1e-4)


@pytest.mark.parametrize(("pairs", "tokenize"), [(CHINESE, "zh"), (ENGLISH, "13a")])
@pytest.mark.parametrize("named", [False, True])
def test_corpus_bleu_and_its_signature_are_sacrebleus(
    pairs: list[tuple[str, str]], tokenize: str, *, named: bool
) -> None:
    texts, references = [text for text, _ in pairs], [reference for _, reference in pairs]
    oracle = BLEU(tokenize=tokenize)
    expected = oracle.corpus_score(texts, [references])
    # Texts of one language by chance look like the other: 24 says nothing, so the language is told.
    options = TextOptions(language="zh" if tokenize == "zh" else "en", tokenize=tokenize if named else "auto")
    (score,) = text_metric("bleu", options)(texts, [[reference] for reference in references])
    assert score.value == pytest.approx(expected.score, abs=1e-4)
    assert score.signature == oracle.get_signature().format()
    assert [score.counts[f"matches_{n}"] for n in range(1, 5)] == expected.counts
    assert score.counts["brevity"] == pytest.approx(expected.bp)


@pytest.mark.parametrize("tokenize", ["intl", "char", "none"])
def test_other_tokenisers_of_sacrebleu(tokenize: str) -> None:
    texts, references = [text for text, _ in PAIRS], [reference for _, reference in PAIRS]
    oracle = BLEU(tokenize=tokenize, force=True)
    (score,) = text_metric("bleu", TextOptions(tokenize=tokenize))(texts, [[one] for one in references])
    assert score.value == pytest.approx(oracle.corpus_score(texts, [references]).score, abs=1e-4)
    assert score.signature == oracle.get_signature().format()


def test_several_references_in_different_numbers() -> None:
    texts, references = [text for text, _ in SEVERAL], [several for _, several in SEVERAL]
    streams = [[several[i] if i < len(several) else None for several in references] for i in range(3)]
    oracle = BLEU(tokenize="zh")
    (score,) = text_metric("bleu", TextOptions(tokenize="zh"))(texts, references)
    assert score.value == pytest.approx(oracle.corpus_score(texts, streams).score, abs=1e-4)  # type: ignore[arg-type]
    assert score.signature == oracle.get_signature().format()
    chrf, words = text_metric("chrf")(texts, references)
    kind = CHRF()
    assert chrf.value == pytest.approx(kind.corpus_score(texts, streams).score, abs=1e-4)  # type: ignore[arg-type]
    assert chrf.signature == kind.get_signature().format()
    assert words.signature.startswith("nrefs:var|case:mixed|eff:yes|nc:6|nw:2")


def test_a_file_of_both_languages_is_cut_pair_by_pair() -> None:
    zh, en = CHINESE[0], ENGLISH[2]
    (score,) = text_metric("bleu")([zh[0], en[0]], [[zh[1]], [en[1]]])
    by_zh, by_en = BLEU(tokenize="zh").tokenizer, BLEU(tokenize="13a").tokenizer
    oracle = BLEU(tokenize="none", force=True).corpus_score(
        [by_zh(zh[0]), by_en(en[0])], [[by_zh(zh[1]), by_en(en[1])]]
    )
    assert score.value == pytest.approx(oracle.score, abs=1e-4)
    assert "tok:13a+zh|" in score.signature
    assert score.signature.endswith(f"version:{sacrebleu.__version__}")


def test_chinese_words_as_tokens() -> None:
    text, reference = "在北京大学学习计算机科学", "在北京大学学习数学"
    words = Bleu(TextOptions(tokenize="words"))
    assert words.of(text, [reference])["bleu"] != Bleu(OPTIONS).of(text, [reference])["bleu"]
    assert "tok:rjieba-" in words([text], [[reference]])[0].signature
    assert words.of(text, [text])["bleu"] == pytest.approx(100)


def test_an_unknown_tokeniser() -> None:
    with pytest.raises(BadOptions, match="Did you mean 'intl'"):
        text_metric("bleu", TextOptions(tokenize="int"))
