"""Paragraphs of public data sets, with what their questions and answers tell about names.

Not a benchmark itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_QUESTION_WORDS = {
    "zh": (
        ("谁|誰|何人|什么人|甚麼人|哪位", "who"),
        ("哪里|哪裡|何处|何處|哪座|哪个城市|哪國|哪国|哪个国家|哪一個國家|哪省|何地", "where"),
        ("哪个|哪個|哪一|什么名|甚麼|什麼|何种", "which"),
    ),
    "en": (("^Who|Whose|whom", "who"), ("^Where|[Ww]hat (?:city|country|state)", "where"), ("^Which|^What", "which")),
}
_NAME = {
    "zh": r"[\u4e00-\u9fff·]{2,10}",
    "en": r"[A-Z][A-Za-z'’.-]+(?: (?:of |the |de |von )?[A-Z][A-Za-z'’.-]+){0,3}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a data set."""

    text: str
    article: str
    language: str
    names: tuple[tuple[str, str], ...] = ()
    """(class of the question, answer) of its questions for people, places and the like, verbatim in `text`."""
    questions: tuple[tuple[str, str], ...] = ()
    """All its questions with their answers."""


def squad(path: Path, language: str) -> list[Paragraph]:
    """Paragraphs of a file in SQuAD form."""
    return [
        Paragraph(text=paragraph["context"], article=article.get("title") or f"{path.stem}-{number}", language=language,
                  names=tuple(_names(paragraph, language)),
                  questions=tuple((qa["question"], qa["answers"][0]["text"]) for qa in paragraph["qas"]))
        for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"])
        for paragraph in article["paragraphs"]
    ]  # fmt: skip


def halves(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Two sets of paragraphs that share no article; files of the same articles are cut alike."""
    numbers = {article: k for k, article in enumerate(dict.fromkeys(p.article for p in paragraphs))}
    first = [p for p in paragraphs if numbers[p.article] < len(numbers) // 2]
    return first, [p for p in paragraphs if numbers[p.article] >= len(numbers) // 2]


def news(path: Path, most: int) -> list[Paragraph]:
    """News texts, one a line; what stands before the text proper is dropped."""
    lines = path.read_text(encoding="utf-8").splitlines()[:most]
    return [Paragraph(text=line.partition("正文：")[2][:600], article=f"news-{k}", language="zh")
            for k, line in enumerate(lines) if len(line) > 200]  # fmt: skip


def _names(paragraph: dict[str, Any], language: str) -> Iterator[tuple[str, str]]:
    for item in paragraph["qas"]:
        question, answer = item["question"], item["answers"][0]["text"]
        kind = next((kind for pattern, kind in _QUESTION_WORDS[language] if re.search(pattern, question)), None)
        if kind and re.fullmatch(_NAME[language], answer) and not re.search("[一二三四五六七八九十]", answer):
            yield kind, answer
