"""What the answerability model looks at: the scores of the search, and which words and names of the question are there.

Everything comes from the question and the passages found for it; no corpus statistics, no second search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.core.types import Passage
from gezhi.language.fold import fold
from gezhi.language.identifiers import identifiers, identity
from gezhi.language.sentences import sentences
from gezhi.language.tagging import tagged
from gezhi.language.tokens import CJK, is_chinese, tokens
from gezhi.language.values import Value, supports, values
from gezhi.language.words import words

SCORES = ("cosine", "cosine_gap", "cosine_margin")
WITHIN = (*SCORES, "keyword_gap", "keyword_per_term", "legs_agree", "covered", "covered_closely",
          "names_absent", "names_apart")  # fmt: skip
ACROSS = (*SCORES, "cosine_above", "names_absent")
MODELS = {"within": WITHIN, "across": ACROSS}
"""One language, or a question in another language than the passages: words cannot be looked up there."""
USUAL_ABOVE = 0.0
"""Where the texts are too few to tell: about the mean over the questions of the fit."""
LOOKED_AT = 5
"""Passages, best first, that count."""

_HAN = re.compile(f"[{CJK}]")
_ASKING = re.compile(
    "是?(?:什么|甚么|哪些|哪个|哪里|哪位|哪|谁|多少|几|怎样|怎么|如何|为何|为什么|何|吗|呢|请问)|"
    r"\b(?:what|which|who|whom|whose|when|where|why|how|many|much|does|did|name)\b"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart."""

    words: tuple[str, ...]
    """Content words, folded; names are among them."""
    names: frozenset[str]
    values: tuple[Value, ...]


def by_model(question: str, passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    """Passages by the model that judges them: those in the language of the question, and the others, if any."""
    chinese = is_chinese(question)
    parted: dict[str, list[Passage]] = {}
    for passage in passages:
        same = is_chinese(passage.chunk.embedded_text) == chinese
        parted.setdefault("within" if same else "across", []).append(passage)
    return parted


def features(question: str, passages: Sequence[Passage]) -> dict[str, float]:
    """All features of MODELS. `passages` must not be empty."""
    best = passages[:LOOKED_AT]
    texts = [fold(passage.chunk.embedded_text) for passage in best]
    asked = _asked(question)
    found = {**_of_scores(question, best), **_of_words(asked, best, texts)}
    return {**found, **_of_names(asked, best, texts)}


def _of_scores(question: str, passages: Sequence[Passage]) -> dict[str, float]:
    dense = sorted((p.found_by.get("dense", 0.0) for p in passages), reverse=True)
    keyword = sorted((p.found_by.get("keyword", 0.0) for p in passages), reverse=True)
    rest = dense[1:] or dense
    by_dense = max(passages, key=lambda passage: passage.found_by.get("dense", 0.0))
    by_keyword = max(passages, key=lambda passage: passage.found_by.get("keyword", 0.0))
    return {
        "cosine": dense[0],
        "cosine_gap": dense[0] - sum(rest) / len(rest),
        "cosine_margin": dense[0] - rest[0],
        "cosine_above": max(
            (p.found_by["dense_above"] for p in passages if "dense_above" in p.found_by), default=USUAL_ABOVE
        ),
        "keyword_gap": 1.0 - (sum(keyword[1:]) / max(1, len(keyword) - 1)) / keyword[0] if keyword[0] > 0 else 0.0,
        "keyword_per_term": min(keyword[0] / max(1, len(set(tokens(question)))), 5.0),
        "legs_agree": float(by_dense is by_keyword and keyword[0] > 0),
    }


def _of_words(asked: _Asked, passages: Sequence[Passage], texts: Sequence[str]) -> dict[str, float]:
    if not asked.words:
        return {"covered": 1.0, "covered_closely": 1.0}
    shares = [_share(asked.words, text) for text in texts]
    closely = max(_share(asked.words, window) for p in passages[:3] for window in _windows(p.chunk.text))
    return {"covered": max(shares), "covered_closely": closely}


def _of_names(asked: _Asked, passages: Sequence[Passage], texts: Sequence[str]) -> dict[str, float]:
    """Names, identifiers, numbers and dates of the question that no passage has, or that no one passage has all of."""
    there = [values(passage.chunk.embedded_text) for passage in passages]
    missing = [
        {name for name in asked.names if not _stands(name, text)}
        | {said.text for said in asked.values if not _has_value(said, text, found)}
        for text, found in zip(texts, there, strict=True)
    ]
    everywhere = set.intersection(*missing)
    return {
        "names_absent": min(len(everywhere), 3) / 3,
        "names_apart": min(min(len(names) for names in missing) - len(everywhere), 3) / 3,
    }


def _asked(question: str) -> _Asked:
    bare = _ASKING.sub(" ", fold(question))
    content = [word.plain for word in tagged(bare) if _is_content(word.plain, word.tag)]
    names = {fold(word.plain) for word in tagged(question) if word.is_name}
    names |= {fold(name) for name in re.findall('[《“"「]([^》”"」]{2,30})[》”"」]', question)}
    names |= {fold(question[a:b]) for a, b in identifiers(question)}
    names |= {fold(name) for name in re.findall(r"(?<=\S )[A-Z][A-Za-z'’-]+", question)}
    said = tuple(value for value in values(question) if not value.weak and value.kind != "identifier")
    return _Asked(tuple(dict.fromkeys([*map(fold, content), *names])), frozenset(names), said)


def _is_content(word: str, tag: str) -> bool:
    if _HAN.search(word):
        return len(word) > 1 and tag[0] in "nvajxzitms"
    return len(word) > 2 and word.isalnum() and word not in words("function")


def _has_value(said: Value, text: str, found: Sequence[Value]) -> bool:
    return any(supports(value, said) for value in found) or identity(fold(said.text)) in text


def _share(wanted: Sequence[str], text: str) -> float:
    """Share of the words that `text` has."""
    return sum(_stands(word, text) for word in wanted) / max(1, len(wanted))


def _stands(word: str, text: str) -> bool:
    """A word, its stem (English), or two thirds of it (Chinese: 美国宇航局, 宇航局)."""
    if not _HAN.search(word):
        return (word[:-2] if len(word) > 6 and word.isalpha() else word) in text
    needed = max(2, (2 * len(word) + 2) // 3)
    return any(word[i : i + needed] in text for i in range(len(word) - needed + 1))


def _windows(text: str) -> list[str]:
    """Pairs of neighbouring sentences: an answer often stands beside what names its subject."""
    spans = sentences(text)
    return [fold(text[a : spans[min(k + 1, len(spans) - 1)][1]]) for k, (a, _) in enumerate(spans)] or [""]
