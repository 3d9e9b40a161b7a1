"""Where a sentence says something else than its quotes: values, negation, names. Rules only; no model.

Leaves out whether the quotes support the rest of the sentence: `gezhi.evaluation.quality.support` weighs that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gezhi.language.alignment import Alignment, Pieces, align, copied_share
from gezhi.language.fold import fold
from gezhi.language.identifiers import identity
from gezhi.language.names import missing_names, substitutions
from gezhi.language.negation import negations, opposites
from gezhi.language.pairing import mispaired, swapped_roles
from gezhi.language.tokens import is_chinese
from gezhi.language.values import Value, supports, values

ConflictKind = Literal["number", "date", "unit", "negation", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something a sentence says that the quotes do not."""

    kind: ConflictKind
    said: str
    found: str
    """What the quotes have in its place; empty where they have nothing of the kind."""


def conflicts(sentence: str, quotes: Sequence[str], alignment: Alignment | None = None) -> list[Conflict]:
    """Where `sentence` conflicts with `quotes` taken together.

    Args:
        alignment: Of the two, where it is known already; of the sentence without its attribution.
    """
    sentence = without_attribution(sentence)
    aligned = alignment or align(sentence, quotes)
    found = list(_of_values(sentence, quotes, aligned))
    told = "".join(conflict.said for conflict in found)
    if crosses_languages(sentence, quotes):
        return found
    for said, there in swapped_roles(aligned):
        found.append(Conflict(kind="name", said=said, found=there))
    for said, there in (*negations(aligned), *opposites(aligned)):
        found.append(Conflict(kind="negation", said=said, found=there))
    if copied_share(aligned) >= 0.5:
        for edit in substitutions(aligned):
            said = aligned.sentence.slice(edit.said_start, edit.said_end)
            if said not in told:
                there = aligned.quotes.slice(edit.found_start, edit.found_end)
                found.append(Conflict(kind="name", said=said, found=there))
    found += [Conflict(kind="name", said=said, found="") for said in missing_names(sentence, quotes)]
    return list(dict.fromkeys(found))


_SOURCE = (
    "(?:上述|以上|该|所给|提供的|给定的|相关)?"
    "(?:文件|文档|资料|材料|文章|原文|文中|手册|文本|段落|内容|信息|来源|规定|记载|片段)"
)
_ENGLISH_SOURCE = "(?:document|text|passage|source|article|handbook|manual|file|material|context)s?"
_ATTRIBUTION = re.compile(
    rf"^(?:(?:根据|依据|据|按照|按|由){_SOURCE}[中里]?(?:的?(?:内容|规定|记载|描述|说明|介绍|显示|所述|可知))*[，,：:]?"
    rf"|{_SOURCE}[中里]?(?:提到|指出|显示|说明|规定|写道|表明|记载|介绍|提及)[了说]?[，,：:]?)\s*"
    r"|^(?i:(?:according to|as (?:stated|described|noted|mentioned|explained) in|based on|per|in)\s+"
    rf"(?:the|this|these|your)\s+(?:provided\s+|given\s+)?{_ENGLISH_SOURCE}\s*,\s*"
    rf"|the\s+{_ENGLISH_SOURCE}\s+(?:says?|states?|notes?|mentions?|explains?)(?:\s+that)?[\s,]+)"
)


def without_attribution(sentence: str) -> str:
    """The sentence without "根据文件，" or "According to the document," which tells where, not what."""
    return _ATTRIBUTION.sub("", sentence, count=1) or sentence


def crosses_languages(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether one of the two is Chinese and the other is not: words cannot be compared, values can."""
    return is_chinese(sentence) != is_chinese(" ".join(quotes))


@lru_cache(maxsize=256)
def _values(text: str) -> tuple[Value, ...]:
    return tuple(values(text))


def _of_values(sentence: str, quotes: Sequence[str], alignment: Alignment) -> Iterator[Conflict]:
    there = [value for quote in quotes for value in _values(quote)]
    text = identity(fold(" ".join(quotes)))
    told: set[str] = set()
    for said in _values(sentence):
        if said.weak or _is_supported(said, there, text):
            continue
        yield _conflict(said, there, sentence, quotes)
        told.add(said.text)
    ours, theirs = _values(alignment.sentence.text), _values(alignment.quotes.text)
    for said, found in (*_swapped(alignment, ours, theirs), *mispaired(alignment, ours, theirs)):
        if said.text not in told:
            told.add(said.text)
            yield Conflict(kind="date" if said.moment else "number", said=said.text, found=found.text)


def _is_supported(said: Value, there: Sequence[Value], text: str) -> bool:
    if any(supports(found, said) for found in there):
        return True
    if said.kind == "identifier":
        return len(said.text) > 2 and identity(fold(said.text)) in text
    return said.moment is not None and _date_in_parts(said, there)


def _date_in_parts(said: Value, there: Sequence[Value]) -> bool:
    """2024年3月5日 is supported by 3月5日 where 2024年 stands elsewhere in the quotes."""
    assert said.moment is not None
    parts = list(said.moment.said())
    if len(parts) < 2:
        return False
    wanted = {part: getattr(said.moment, part) for part in parts}
    known = [found.moment for found in there if found.moment]
    # the finest parts must stand together, the year may stand alone
    fine = [part for part in parts if part != "years"]
    together = any(all(getattr(moment, part) == wanted[part] for part in fine)
                   and moment.years in (None, wanted.get("years")) for moment in known)  # fmt: skip
    years = "years" not in wanted or any(moment.years == wanted["years"] for moment in known)
    return together and years


def _conflict(said: Value, there: Sequence[Value], sentence: str, quotes: Sequence[str]) -> Conflict:
    same_number = [v for v in there if v.kind == said.kind == "quantity" and v.number == said.number]
    if same_number:
        return Conflict(kind="unit", said=said.text, found=same_number[0].text)
    kind: ConflictKind = "number"
    if said.moment:
        kind = "date"
    elif said.kind == "identifier" and any(character.isalpha() for character in said.text):
        kind = "name"
    alike = [value for value in there if value.kind == said.kind and value.unit.dimension == said.unit.dimension]
    context = set(sentence[max(0, said.start - 6) : said.end + 6])
    joined = "\n".join(quotes)
    nearest = max(alike, key=lambda v: len(context & set(joined[max(0, v.start - 6) : v.end + 6])), default=None)
    return Conflict(kind=kind, said=said.text, found=nearest.text if nearest else "")


def _swapped(alignment: Alignment, ours: Sequence[Value], theirs: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    """Values that stand in another value's place, although the quotes have them elsewhere."""
    for edit in alignment.edits:
        lengths = (edit.said_end - edit.said_start, edit.found_end - edit.found_start)
        if (edit.anchor < 2 and edit.longer < 4) or not all(0 < length <= 6 for length in lengths):
            continue
        said = _within(ours, alignment.sentence, edit.said_start, edit.said_end)
        found = _within(theirs, alignment.quotes, edit.found_start, edit.found_end)
        if len(said) == len(found) == 1 and not (supports(found[0], said[0]) or supports(said[0], found[0])):
            yield said[0], found[0]


def _within(every: Sequence[Value], text: Pieces, first: int, last: int) -> list[Value]:
    start, end = text.spans[first][0], text.spans[last - 1][1]
    return [value for value in every if value.start < end and start < value.end]
