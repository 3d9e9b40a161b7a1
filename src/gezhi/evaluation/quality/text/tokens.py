"""Texts cut for comparison: Chinese into characters or jieba's words, English as each measure's own definition says."""

from __future__ import annotations

import re
import string
import unicodedata
from importlib.metadata import version

from gezhi.evaluation.quality.text.score import TextLanguage, TextOptions
from gezhi.evaluation.quality.text.stem import porter
from gezhi.language.tokens import CJK

_UNIT = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CHARACTER = re.compile(rf"[{CJK}]|[^\s{CJK}]+")
_ARTICLE = re.compile(r"\b(a|an|the)\b")
_NOT_ROUGE = re.compile("[^a-z0-9]+")


def units(text: str, language: TextLanguage, options: TextOptions) -> list[str]:
    """Small letters, no punctuation. Chinese: characters or words, and runs of letters and digits; English: words."""
    if language == "en":
        return _WORD.findall(text.lower())
    if options.tokenize == "words":
        return [word for word in jieba_words(text.lower()) if _UNIT.search(word)]
    return _UNIT.findall(text.lower())


def tokenizer_name(languages: str, options: TextOptions, english: str = "words") -> str:
    """What `units` did, for a signature."""
    chinese = f"rjieba-{version('rjieba')}" if options.tokenize == "words" else "characters"
    return "+".join({"en": english, "zh": chinese}[language] for language in languages.split("+") if language)


def jieba_words(text: str) -> list[str]:
    """All of the text, in words; without blanks."""
    import rjieba  # loads its dictionary: a quarter of a second

    return [word for word in rjieba.cut(text) if word.strip()]


def rouge_words(text: str, *, stem: bool) -> list[str]:
    """English as rouge-score 0.1.2 cuts it: a-z and 0-9 alone, words of more than three letters stemmed if wished."""
    words = _NOT_ROUGE.sub(" ", text.lower()).split()
    return [porter(word) if len(word) > 3 else word for word in words] if stem else words


def squad_words(text: str) -> list[str]:
    """An English answer as SQuAD's evaluation normalises it: small letters, no ASCII punctuation, no articles."""
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return _ARTICLE.sub(" ", bare).split()


def mixed_characters(text: str) -> list[str]:
    """A Chinese answer as MLQA's evaluation cuts it: characters, and words of other scripts; no punctuation."""
    bare = "".join(character for character in text.lower() if not _is_punctuation(character))
    return _CHARACTER.findall(bare)


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
