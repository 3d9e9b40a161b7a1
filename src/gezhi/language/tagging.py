"""Chinese words with their parts of speech, for telling names from other words (jieba's dictionary and tag set)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gezhi.language.plain import plain
from gezhi.language.tokens import CJK
from gezhi.language.words import words

_HAN_WORD = re.compile(f"[{CJK}]{{2,}}")
_NAME_TAGS = ("nr", "nrt", "nrfg", "ns", "nt", "nz", "x")
"""Person (transliterated too), place, organisation, other name; x: in no dictionary, which mostly is a name."""
_ORGANISATION = re.compile("(?:公司|集团|大学|学院|银行|医院|党|院|局|部|社|会|联盟|组织|政府|队|军|时报)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `text[start:end]` of the original text."""

    start: int
    end: int
    plain: str
    """Half-width and simplified."""
    tag: str

    @property
    def may_be_name(self) -> bool:
        """Tagged as a name; one in six of those is an ordinary word, so that more must speak for it."""
        return self.tag in _NAME_TAGS and bool(_HAN_WORD.fullmatch(self.plain)) and self.plain not in words("not_names")

    @property
    def is_name(self) -> bool:
        """A name by its form too: a family name in front, transliterating characters, or the end of an organisation."""
        if not self.may_be_name or self.tag == "nz":
            return False
        if self.tag in ("ns", "nrt"):
            return True
        if self.tag == "nt":
            return _ORGANISATION.search(self.plain) is not None
        foreign = len(self.plain) > 2 and all(character in words("transliteration") for character in self.plain)
        family = self.plain[:2] in words("surnames") or (self.plain[0] in words("surnames") and len(self.plain) <= 3)
        return foreign or family

    @property
    def is_noun(self) -> bool:
        """A noun or a name."""
        return self.may_be_name or self.tag.startswith(("n", "j", "eng"))


@lru_cache(maxsize=512)
def tagged(text: str) -> tuple[Word, ...]:
    """The words of `text`, all characters in one of them."""
    import rjieba  # loads its dictionary: a quarter of a second

    made = plain(text)
    found, at = [], 0
    for word, tag in rjieba.tag(made.text):
        found.append(Word(*made.span(at, at + len(word)), word, tag))
        at += len(word)
    return tuple(found)
