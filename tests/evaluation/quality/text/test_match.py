"""Against the official definitions, written down here once more as they stand in the papers' scripts."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter

import pytest

from evaluation.quality.text.cases import ENGLISH, PAIRS, SEVERAL
from gezhi.core.errors import BadOptions
from gezhi.evaluation.quality.text import TextOptions, text_metric
from gezhi.evaluation.quality.text.match import F1, ExactMatch

ENGLISH_ONLY, CHINESE_ONLY = TextOptions(language="en"), TextOptions(language="zh")


def _squad(text: str) -> list[str]:
    """SQuAD 1.1: lower, then punctuation, then articles, then white space."""
    bare = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split()).split()


def _mlqa(text: str) -> list[str]:
    """MLQA for zh: lower, punctuation, then Chinese characters one by one and the rest at white space."""
    bare = "".join(c for c in text.lower() if not (c in string.punctuation or unicodedata.category(c).startswith("P")))
    segments: list[str] = []
    run = ""
    for character in bare:
        if re.search(r"[\u4e00-\u9fa5]", character) or character == "𠮷":
            segments += [*run.split(), character]
            run = ""
        else:
            run += character
    return segments + run.split()


def _bag(said: list[str], wanted: list[str]) -> float:
    """SQuAD 2's compute_f1."""
    if not said or not wanted:
        return float(said == wanted)
    same = sum((Counter(said) & Counter(wanted)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(said), same / len(wanted)
    return 2 * precision * recall / (precision + recall)


def _stretch(said: list[str], wanted: list[str]) -> float:
    """CMRC 2018's calc_f1_score: the longest common stretch by brute force."""
    if not said or not wanted:
        return float(said == wanted)
    longest = max(
        (j - i for i in range(len(said)) for j in range(i + 1, len(said) + 1)
         if any(wanted[k : k + j - i] == said[i:j] for k in range(len(wanted)))),
        default=0,
    )  # fmt: skip
    if longest == 0:
        return 0.0
    precision, recall = longest / len(said), longest / len(wanted)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(("text", "reference"), ENGLISH)
def test_english_is_squads(text: str, reference: str) -> None:
    said, wanted = _squad(text), _squad(reference)
    assert ExactMatch(ENGLISH_ONLY).of(text, [reference]) == {"em": float(said == wanted)}
    got = F1(ENGLISH_ONLY).of(text, [reference])
    assert got["f1"] == pytest.approx(_bag(said, wanted), abs=1e-4)


@pytest.mark.parametrize(("text", "reference"), PAIRS)
def test_chinese_is_by_characters(text: str, reference: str) -> None:
    said, wanted = _mlqa(text), _mlqa(reference)
    assert ExactMatch(CHINESE_ONLY).of(text, [reference]) == {"em": float(said == wanted)}
    assert F1(CHINESE_ONLY).of(text, [reference]) == {
        "f1": pytest.approx(_bag(said, wanted), abs=1e-4),
        "f1-cmrc": pytest.approx(_stretch(said, wanted), abs=1e-4),
    }


@pytest.mark.parametrize(("text", "references"), SEVERAL)
def test_the_best_of_several_references(text: str, references: list[str]) -> None:
    best = max(_bag(_mlqa(text), _mlqa(reference)) for reference in references)
    assert F1(CHINESE_ONLY).of(text, references)["f1"] == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "reference", "same"),
    [
        ("24 个月。", "24个月", 1.0),
        ("“北京”", "北京", 1.0),
        ("The Beijing.", "beijing", 1.0),
        ("北京市", "北京", 0.0),
        ("iPhone 15 发布会", "iphone 15发布会", 1.0),
        ("24个月", "24", 0.0),
    ],
)
def test_exact_match(text: str, reference: str, same: float) -> None:
    assert ExactMatch(TextOptions()).of(text, [reference]) == {"em": same}


def test_each_pair_has_its_language() -> None:
    (score,) = text_metric("em")(["the X1", "X1保修"], [["X1"], ["X1 保修。"]])
    assert score.value == 1.0
    assert "lang:en+zh|norm:squad+characters" in score.signature


def test_there_are_no_words_to_choose() -> None:
    with pytest.raises(BadOptions, match="'words'"):
        text_metric("f1", TextOptions(tokenize="words"))
