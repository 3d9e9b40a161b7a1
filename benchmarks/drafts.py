"""Scripted drafts for the support checker: true sentences of public texts, lightly rewritten, and corrupted ones.

Not a benchmark itself: `checker.py` measures on these, `fit_support.py` fits on others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import corruptions
import rewrites
from gezhi.language.sentences import sentences
from paragraphs import Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sentence that a model could have written, and what it cites."""

    kind: str
    true: bool
    language: str
    sentence: str
    quotes: tuple[str, ...]
    original: str


def drafts(paragraphs: Sequence[Paragraph], each: int, seed: int) -> list[Draft]:
    """At most `each` drafts of every kind, spread over the paragraphs; a sentence is used once a kind."""
    random = Random(seed)
    made: list[Draft] = []
    for kind, (true, rewrite) in _KINDS.items():
        order = random.sample(range(len(paragraphs)), len(paragraphs))
        count = 0
        for number in order:
            if count == each:
                break
            if kind.startswith("restated"):
                draft = _restatement(kind, paragraphs, number, random)
            else:
                draft = _draft(kind, true, rewrite, paragraphs, number, random)
            if draft:
                made.append(draft)
                count += 1
    return made


def free(path: Path, part: int) -> list[Draft]:
    """Free restatements, true and wrong; `part` 0 is for fitting, 1 for measuring."""
    pairs = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Draft(kind=kind, true=kind == "free", language=language, sentence=sentence, quotes=(source,), original=source)
        for language, rows in pairs.items()
        for source, true, wrong in rows[part::2]
        for kind, sentence in (("free", true), ("free wrong", wrong))
    ]


def across(left: Sequence[Paragraph], right: Sequence[Paragraph], each: int, seed: int) -> list[Draft]:
    """Sentences of `left` that cite the same paragraph in the other language (`right`, in the same order)."""
    random = Random(seed)
    made: list[Draft] = []
    for kind, rewrite in (
        ("across", rewrites.verbatim),
        ("across number", corruptions.number),
        ("across date", corruptions.date),
        ("across swapped", rewrites.verbatim),
    ):
        count = 0
        for k in random.sample(range(len(left)), len(left)):
            spans = [(a, b) for a, b in sentences(left[k].text) if _length(left[k].text[a:b], left[k].language)]
            if not spans or count == each:
                continue
            start, end = random.choice(spans)
            original = left[k].text[start:end]
            written = rewrite(original, left[k], left, random)
            same = [n for n, p in enumerate(left) if p.article == left[k].article and n != k]
            cited = random.choice(same) if kind == "across swapped" else k
            if written:
                made.append(Draft(kind=kind, true=kind == "across", language=left[k].language, sentence=written,
                                  quotes=(right[cited].text,), original=original))  # fmt: skip
                count += 1
    return made


def _restatement(kind: str, paragraphs: Sequence[Paragraph], number: int, random: Random) -> Draft | None:
    """A question as a statement with its answer (Chinese asks in place): the wording of a reader, not of the text."""
    paragraph = paragraphs[number]
    for question, answer in random.sample(paragraph.questions, len(paragraph.questions)):
        asked = next(
            (m for pattern, fits in _ASKED if (m := re.search(pattern, question)) and re.fullmatch(fits, answer)), None
        )
        if not asked or paragraph.language == "en":
            continue
        said = answer if kind == "restated" else _other_answer(answer, paragraph, paragraphs, random)
        if said is None:
            continue
        unit = asked["unit"] if "unit" in asked.groupdict() and not re.search(r"\D$", answer) else ""
        sentence = question[: asked.start()] + said + (unit or "") + question[asked.end() :]
        if re.search("[？?]$", sentence) and not re.search("[吗嗎呢什甚哪谁誰幾几]", sentence):
            return Draft(kind=kind, true=kind == "restated", language="zh", sentence=sentence[:-1] + "。",
                         quotes=(paragraph.text,), original=f"{question} {answer}")  # fmt: skip
    return None


_ASKED = (
    (r"谁|誰|何人|哪位|什么人|甚麼人", r"[\u4e00-\u9fff·．・]{2,12}"),
    (r"(?:在|于|於)?(?:哪一?年|何年|什么时候|甚麼時候|什麼時候|何时|何時)", r"[12]\d{3}年(?:\d{1,2}月)?(?:\d{1,2}日)?"),
    (r"哪里|哪裡|何处|何處|什么地方|什麼地方|哪一?[个個座](?:城市|国家|國家|地方|地区|地區|省)|哪一?[国國省]",
     r"[\u4e00-\u9fff]{2,10}"),
    (r"多少(?P<unit>[人名分米個个公萬元年歲岁天]?[里尺斤元民]?)", r"[約约]?\d[\d,.]*[萬万億亿]?[\u4e00-\u9fff%]{0,4}"),
)  # fmt: skip


def _other_answer(answer: str, paragraph: Paragraph, every: Sequence[Paragraph], random: Random) -> str | None:
    digits = re.search(r"\d+", answer)
    if digits:
        year = re.fullmatch(r"[12]\d{3}", digits.group()) and "年" in answer
        for _ in range(10):
            new = (
                corruptions.other_date(digits.group(), random)
                if year
                else corruptions.other_number(digits.group(), random)
            )
            if new != digits.group() and new not in paragraph.text:
                return answer[: digits.start()] + new + answer[digits.end() :]
        return None
    kind = next((kind for kind, name in paragraph.names if name == answer), None)
    for other in random.sample(every, min(40, len(every))):
        pool = [name for k, name in other.names if k == kind and name not in paragraph.text]
        if pool and other.article != paragraph.article:
            return random.choice(pool)
    return None


def _draft(
    kind: str, true: bool, rewrite: rewrites.Rewrite, paragraphs: Sequence[Paragraph], number: int, random: Random
) -> Draft | None:
    paragraph = paragraphs[number]
    spans = [(a, b) for a, b in sentences(paragraph.text) if _length(paragraph.text[a:b], paragraph.language)]
    random.shuffle(spans)
    for start, end in spans:
        sentence = paragraph.text[start:end]
        written = rewrite(sentence, paragraph, paragraphs, random)
        if written is None or (written == sentence and kind != "verbatim"):
            continue
        quotes = (_quote(paragraph.text, start, end, random),)
        if kind == "neighbouring quote":
            quotes, written = (written,), sentence
        if kind == "swapped source":
            quotes, written = (written,), sentence
        return Draft(
            kind=kind, true=true, language=paragraph.language, sentence=written, quotes=quotes, original=sentence
        )
    return None


def _length(sentence: str, language: str) -> bool:
    if sentence[-1] not in "。！？.!?" or sentence.count("“") != sentence.count("”"):
        return False
    return 15 <= len(sentence) <= 140 if language == "zh" else 8 <= len(sentence.split()) <= 45


def _quote(text: str, start: int, end: int, random: Random) -> str:
    """The sentence alone, with its neighbours, or the whole paragraph, in equal parts."""
    choice = random.randrange(3)
    if choice == 0:
        return text[start:end]
    if choice == 1:
        return text
    spans = sentences(text)
    at = next(k for k, (a, b) in enumerate(spans) if a <= start < b)
    return text[spans[max(0, at - 1)][0] : spans[min(len(spans) - 1, at + 1)][1]]


_KINDS: dict[str, tuple[bool, rewrites.Rewrite]] = {
    "verbatim": (True, rewrites.verbatim),
    "number format": (True, rewrites.number_format),
    "date format": (True, rewrites.date_format),
    "clause order": (True, rewrites.clause_order),
    "other script": (True, rewrites.other_script),
    "trimmed": (True, rewrites.trimmed),
    "prefix": (True, rewrites.prefix),
    "restated": (True, rewrites.verbatim),
    "number": (False, corruptions.number),
    "unit": (False, corruptions.unit),
    "date": (False, corruptions.date),
    "negation": (False, corruptions.negation),
    "name": (False, corruptions.name),
    "swapped source": (False, corruptions.swapped),
    "added clause": (False, corruptions.added_clause),
    "neighbouring quote": (False, corruptions.neighbours),
    "restated wrong": (False, rewrites.verbatim),
}
