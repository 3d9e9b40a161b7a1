"""Names of people, places, organisations and works: which does a sentence give that its quotes do not have?

Two ways: what stands between stretches copied from the quotes, in the place of something else, is a substituted name
where either is tagged as one, unless it is the same name written otherwise; and names that no quote has at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gezhi.language.alignment import Alignment, Edit, copied_share
from gezhi.language.fold import fold
from gezhi.language.tagging import Word, tagged
from gezhi.language.tokens import CJK
from gezhi.language.values import values
from gezhi.language.words import groups as listed
from gezhi.language.words import words

_NEARLY_VERBATIM = 0.8
"""Share of copied pieces from which on a noun in another's place is no paraphrase."""
_LONGEST = 14
"""Pieces of the longest name: 中国人民政治协商会议全国委员会."""
_TITLE = re.compile(r"《([^《》]{1,60})》")
_CAPITALISED = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z'’-]*[A-Za-z](?![A-Za-z])")
_TRANSLITERATED = re.compile(rf"[{CJK}]{{2,12}}(?:[·•‧・][{CJK}A-Z]{{1,12}})+")
_HAN = re.compile(f"[{CJK}]")


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, group in enumerate(listed("synonyms")):
        for word in group:
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


def substitutions(alignment: Alignment) -> Iterator[Edit]:
    """Stretches that stand in each other's place and are not the same, nor only function words or synonyms.

    Where the stretch holds values, or (in Latin script) no capital letter, it is not a name.
    """
    valued = [(value.start, value.end) for value in values(alignment.sentence.text)]
    for edit in alignment.edits:
        if _is_candidate(edit) and _may_be_name(alignment, edit, valued) and _differs(alignment, edit):
            yield edit


def missing_names(sentence: str, quotes: Sequence[str]) -> Iterator[str]:
    """Titles, Latin, transliterated and tagged names in `sentence` that no quote has in that script."""
    there = fold(" ".join(quotes))
    if _HAN.search(there):
        yield from _missing_chinese(sentence, re.sub(r"[\W_]+", "", there))
    elif re.search("[a-z]", there):
        yield from _missing_capitalised(sentence, there)


def _missing_chinese(sentence: str, squeezed: str) -> Iterator[str]:
    looked_up = []
    for match in _TITLE.finditer(sentence):
        looked_up.append(match.span())
        if not all(part in squeezed for part in _title_parts(match[1])):
            yield match.group()
    for match in _TRANSLITERATED.finditer(sentence):
        looked_up.append(match.span())
        parts = [fold(part) for part in re.split("[·•‧・]", match.group())]
        if parts[-1] not in squeezed and parts[0][-2:] not in squeezed:
            yield match.group()
    for word in tagged(sentence):
        inside = any(start <= word.start < end for start, end in looked_up)
        if word.is_name and not inside and not _is_there(fold(word.plain), squeezed):
            yield sentence[word.start : word.end]


def _title_parts(title: str) -> list[str]:
    """What stands between the values of a title, which may be written otherwise."""
    for value in reversed(values(title)):
        title = f"{title[: value.start]}\n{title[value.end :]}"
    return [re.sub(r"[\W_]+", "", fold(part)) for part in title.split("\n")]


def missing_words(sentence: str, quotes: Sequence[str]) -> float:
    """Share of the content words of `sentence` (nouns, verbs, adjectives; long words in English) that no quote has."""
    for value in reversed(values(sentence)):  # written otherwise they are not new
        sentence = f"{sentence[: value.start]}，{sentence[value.end :]}"
    there = fold(" ".join(quotes))
    squeezed = re.sub(r"[\W_]+", "", there)
    stems = {word[:5] for word in re.findall("[a-z]+", there)}
    content = [
        fold(w.plain) for w in tagged(sentence) if _HAN.search(w.plain) and w.tag[0] in "nvajxz" and len(w.plain) > 1
    ]
    missing = sum(not _is_there(word, squeezed) for word in content)
    latin = [word for word in re.findall("[a-z]+", fold(sentence)) if len(word) > 3 and word not in words("function")]
    missing += sum(word[:5] not in stems for word in latin)
    return missing / max(1, len(content) + len(latin))


def _is_there(name: str, squeezed: str) -> bool:
    """Whether a name, or two characters and half of it, stand in the quotes."""
    needed = max(2, (len(name) + 1) // 2)
    return any(name[i : i + needed] in squeezed for i in range(len(name) - needed + 1))


def _missing_capitalised(sentence: str, there: str) -> Iterator[str]:
    present = {re.sub("['’]s?$", "", word) for word in re.findall(r"[a-z][a-z'’]*", there)}
    stems = {word[:5] for word in present if len(word) >= 5}
    valued = [(value.start, value.end) for value in values(sentence)]
    for match in _CAPITALISED.finditer(sentence):
        word = re.sub(r"['’]s?$", "", fold(match.group()))
        parts = re.split("[-'’]", word)
        known = word in present or all(part in present or part[:5] in stems or len(part) < 2 for part in parts)
        in_value = any(start <= match.start() < end for start, end in valued)
        if not known and not in_value and not _begins(sentence, match.start()) and word not in words("function"):
            yield match.group()


def _begins(sentence: str, at: int) -> bool:
    """Whether a word stands where any word would be capitalised."""
    before = sentence[:at].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:"


def same_name(one: str, other: str) -> bool:
    """Whether two names are one written otherwise: folded alike, a part of, or an abbreviation (北大, 北京大学)."""
    a, b = (re.sub(r"[\W_]+", "", fold(name)) for name in (one, other))
    if a == b or not a or not b:
        return True
    short, long = sorted((a, b), key=len)
    if short in long and (len(short) >= 2 or long.endswith(short)):
        return True
    return len(short) >= 2 and len(long) >= len(short) * 2 and short[0] == long[0] and _is_subsequence(short, long)


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


def _is_candidate(edit: Edit) -> bool:
    said, found = edit.said_end - edit.said_start, edit.found_end - edit.found_start
    # beside a border only one side is copied: what is said must then not be much longer
    lopsided = edit.anchor < 2 and said > 2 * found + 2
    return 0 < said <= _LONGEST and 0 < found <= _LONGEST and not lopsided


def _may_be_name(alignment: Alignment, edit: Edit, valued: Sequence[tuple[int, int]]) -> bool:
    sentence, found = alignment.sentence, alignment.quotes
    start, end = sentence.spans[edit.said_start][0], sentence.spans[edit.said_end - 1][1]
    there = found.spans[edit.found_start][0], found.spans[edit.found_end - 1][1]
    if any(start < last and first < end for first, last in valued):
        return False
    verbatim = copied_share(alignment) >= _NEARLY_VERBATIM
    if not _HAN.search(sentence.text[start:end]):
        words_said = _CAPITALISED.finditer(sentence.text, start, end)
        inside = any(not _begins(sentence.text, match.start()) for match in words_said)
        first = _CAPITALISED.match(sentence.text, start) and _CAPITALISED.match(found.text, there[0])
        return inside or bool(first and verbatim and edit.longer >= 4)
    ours, theirs = _words_at(sentence.text, start, end), _words_at(found.text, *there)
    if any(word.may_be_name for word in ours):
        return True
    nouns = any(word.is_noun for word in ours)
    squeezed = fold(sentence.text)
    if edit.said_end - edit.said_start > 1 and any(w.may_be_name and fold(w.plain) not in squeezed for w in theirs):
        return nouns or (verbatim and edit.anchor >= 2)
    # a noun in the place of a noun, in the midst of what is copied word by word
    return verbatim and edit.anchor >= 3 and nouns and any(word.is_noun for word in theirs)


def _words_at(text: str, start: int, end: int) -> list[Word]:
    return [word for word in tagged(text) if word.start < end and start < word.end]


def _differs(alignment: Alignment, edit: Edit) -> bool:
    one = alignment.sentence.folded[edit.said_start : edit.said_end]
    other = alignment.quotes.folded[edit.found_start : edit.found_end]
    content_one = [piece for piece in one if piece not in words("function")]
    content_other = [piece for piece in other if piece not in words("function")]
    if not content_one or not content_other or set(content_one) <= set(content_other):
        return False
    wide_one, wide_other = _widened(alignment, edit)
    if same_name("".join(content_one), "".join(content_other)):
        return False
    return not (_synonyms(one, other) or _synonyms(wide_one, wide_other))


def _widened(alignment: Alignment, edit: Edit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """With one copied piece on each side: 研发 and 开发 differ in 研 and 开."""
    if edit.anchor < 2:
        return (), ()
    left = alignment.sentence.folded[edit.said_start - 1 : edit.said_start]
    right = alignment.sentence.folded[edit.said_end : edit.said_end + 1]
    one = alignment.sentence.folded[edit.said_start : edit.said_end]
    other = alignment.quotes.folded[edit.found_start : edit.found_end]
    return left + one + right, left + other + right


def _synonyms(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    groups = _groups()
    ones = [groups[word] for word in _words(one) if word in groups]
    others = [groups[word] for word in _words(other) if word in groups]
    return any(a & b for a in ones for b in others)


def _words(parts: tuple[str, ...]) -> list[str]:
    sizes = range(1, min(3, len(parts)) + 1)
    whole = "".join(parts)
    return [w for size in sizes for i in range(len(parts) - size + 1)
            if len(w := "".join(parts[i : i + size])) >= len(whole) - 2]  # fmt: skip
