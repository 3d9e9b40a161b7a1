"""A model's reply cut into sentences while it arrives, with the passage numbers it wrote behind each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gezhi.answering.prompt import NO_ANSWER
from gezhi.answering.units import sentence_spans
from gezhi.language.fold import fold

_NUMBERS = r"\s*(?:资料|来源|文档|段落|passages?|sources?|doc(?:ument)?s?)?\s*[:：#]?\s*\^?\d{1,3}(?:†[^\]】]*)?"
_NUMBERS += r"(?:\s*(?:[,，、;；&]|-|–|至|and|和)\s*(?:\^?\d{1,3}))*\s*"
_BRACKETS = rf"(?:\[{_NUMBERS}\]|【{_NUMBERS}】)"
_MARK = re.compile(
    rf"[（(]\s*(?:见|参见|参考|来源|依据|根据|资料|see|source|sources|cf\.)?\s*[:：]?\s*(?:{_BRACKETS}[\s,，、;和&]*(?:and\s*)?)+[)）]"
    rf"|{_BRACKETS}",
    re.IGNORECASE,
)
_STOP_THEN_MARKS = re.compile(
    rf"(?P<stop>[.。！？!?；;]+[”’\"'」』]*)(?P<marks>\s*(?:{_MARK.pattern}\s*)+)", re.IGNORECASE
)
_OPEN_MARK = re.compile(r"[\[【（(][^\]】）)\n]{0,24}$")
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[.。，,！？!?；;：:]|$)")
_BULLET = re.compile(r"(?:[-*•·]|\d{1,2}[.)、])\s*")
_CANNOT = re.compile(
    r"(?:资料|文档|文件|上文|上下文|提供的内容|以上内容)[^。]{0,12}(?:没有|未|并未|不)[^。]{0,10}"
    r"(?:提到|提及|包含|说明|涉及|给出|提供|找到|答案|足以)|无法(?:从[^。]{0,12})?(?:回答|确定|得知|判断)|不能回答|没有(?:找到)?(?:相关|足够)的?信息|不知道"
    r"|(?:passages?|documents?|context|sources?|text)\b[^.]{0,20}"
    r"\b(?:do(?:es)? not|don't|doesn't|did not)\b[^.]{0,12}\b"
    r"(?:mention|contain|say|state|provide|include|specify|answer|give)"
    r"|\b(?:cannot|can't|unable to) (?:answer|determine|find)"
    r"|\bno (?:relevant )?information\b|\bi (?:do not|don't) know\b|\bnot (?:mentioned|specified|provided|stated) in\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """One sentence of a draft, its marks taken out."""

    separator: str
    """The blank space between it and the sentence before."""
    text: str
    bullet: str
    """The list mark that the text begins with, or ""; says nothing that could be checked."""
    marks: tuple[int, ...]
    """Passage numbers as written, from 1; they may name passages that do not exist."""


class Cutter:
    """Takes a reply piece by piece, gives each sentence once it is certain that it and its marks are complete."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[Drafted]:
        """Sentences that `piece` completed."""
        self._rest += piece
        drafted, used = _cut(self._rest, final=False)
        self._rest = self._rest[used:]
        return drafted

    def finish(self) -> list[Drafted]:
        """What is left, complete or not."""
        drafted, _ = _cut(self._rest, final=True)
        self._rest = ""
        return drafted


def declines(sentence: str) -> bool:
    """Whether a sentence says that the passages hold no answer."""
    return NO_ANSWER in sentence or _CANNOT.search(fold(sentence)) is not None


def _cut(text: str, *, final: bool) -> tuple[list[Drafted], int]:
    """Sentences in `text`, and how many of its characters they used up."""
    spans = _joined_spans(text)
    whole = spans if final else spans[:-1]
    drafted, done = [], 0
    for start, end in whole:
        one = _drafted(text[done:start], text[start:end])
        if one:
            drafted.append(one)
        done = end
    return drafted, done


def _joined_spans(text: str) -> list[tuple[int, int]]:
    """Spans of sentences in which marks, complete or still open, stay with the sentence before them."""
    masked = _masked(text)
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(masked):
        rest = _MARK.sub("", text[start:end])
        only_marks = not re.search(r"\w", rest) or (end == len(text) and _OPEN_MARK.fullmatch(rest.strip()))
        if spans and only_marks:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _masked(text: str) -> str:
    """The same length, marks behind a full stop moved before it, so that the sentence ends behind its marks.

    "months.[1] The" would otherwise be no end at all, as in "v1.[2]".
    """
    return _STOP_THEN_MARKS.sub(
        lambda m: "x" * len(m["marks"].rstrip()) + m["stop"] + m["marks"][len(m["marks"].rstrip()) :], text
    )


def _drafted(separator: str, raw: str) -> Drafted | None:
    marks = [number for mark in _MARK.findall(raw) for number in _numbers(mark)]
    text = _SPACE_BEFORE_STOP.sub("", _MARK.sub("", raw)).replace("**", "").lstrip("#").strip()
    if not re.search(r"\w", text):
        return None
    bullet = _BULLET.match(text)
    lines = separator.count("\n")
    return Drafted(
        separator="\n\n" if lines > 1 else "\n" if lines else " " if separator else "",
        text=text,
        bullet=bullet.group() if bullet else "",
        marks=tuple(dict.fromkeys(marks)),
    )


def _numbers(mark: str) -> list[int]:
    """1, 2 and 3 of `[1, 2]`, `[1-3]`; of 【1†L2】 only the 1."""
    plain = re.sub(r"†[^\]】]*", "", mark)
    numbers: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–至]\s*(\d+))?", plain):
        low, high = int(first), int(last or first)
        numbers.extend(range(low, high + 1) if low <= high <= low + 20 else [low])
    return numbers
