"""A score with what it was got by, the options of text metrics, and what each metric offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Literal, Protocol

from gezhi.core.errors import BadOptions
from gezhi.core.names import hint
from gezhi.language.tokens import is_chinese

TextLanguage = Literal["zh", "en"]
TOKENIZE = ("auto", "characters", "words")
"""Chinese by its characters (auto) or by jieba's words; English is always words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One number about texts."""

    name: str
    value: float | None
    """None: could not be measured, as with no text at all. BLEU and chrF run from 0 to 100, as everywhere."""
    signature: str
    """What must be the same for two scores to be comparable, in sacrebleu's style: `lang:zh|tok:characters|...`"""
    counts: Mapping[str, float] = field(default_factory=dict)
    """What the value was computed from: texts, matches, precision ..."""


@dataclass(frozen=True, kw_only=True)
class TextOptions:
    """How texts are read before they are compared."""

    language: Literal["auto", "zh", "en"] = "auto"
    """auto: of each text and reference by itself, Chinese where a quarter of the letters of the reference is."""
    tokenize: str = "auto"
    """`auto`, `characters`, `words`; BLEU takes sacrebleu's `zh`, `13a`, `intl`, `char` and `none` as well."""
    stem: bool = False
    """Whether ROUGE compares English words by their Porter stems. METEOR always does."""


class TextMetric(Protocol):
    """Computes scores over texts."""

    referenced: bool
    """Whether it compares with references; one that does not is given none."""

    def __call__(self, texts: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[Score, ...]:
        """Scores over all texts; `references[i]` are those of `texts[i]`, at least one each."""
        ...


class ItemMetric(TextMetric, Protocol):
    """One that scores a single text too."""

    def of(self, text: str, references: Sequence[str]) -> Mapping[str, float]:
        """Name to score of one text; the best over its references, at least one."""
        ...


def language_of(text: str, reference: str, options: TextOptions) -> TextLanguage:
    """The language in which the two are compared: as told, else the reference's; it may have no letters: the text's."""
    if options.language != "auto":
        return options.language
    judged = reference if any(map(str.isalpha, reference)) else text
    return "zh" if is_chinese(judged) else "en"


def languages(texts: Sequence[str], references: Sequence[Sequence[str]], options: TextOptions) -> str:
    """Of all pairs, for a signature: `zh`, `en` or `en+zh`."""
    pairs = zip(texts, references or [[""]] * len(texts), strict=True)
    return "+".join(sorted({language_of(text, one, options) for text, several in pairs for one in several}))


def check_tokenize(metric: str, options: TextOptions, known: Sequence[str] = TOKENIZE) -> None:
    """Raise BadOptions where the metric has no such way to cut texts."""
    name = options.tokenize
    if name not in known:
        raise BadOptions(
            "score.unknown_tokenizer", metric=metric, name=name, hint=hint(name, known), known=", ".join(known)
        )


def signature(**fields: object) -> str:
    """`name:value|...`, ending with the version of what computed it."""
    fields.setdefault("version", f"gezhi-{version('gezhi')}")
    return "|".join(f"{name}:{value}" for name, value in fields.items())


def number_of_references(references: Sequence[Sequence[str]]) -> str:
    """How many a text has, for a signature; `var` where that varies."""
    counts = {len(several) for several in references}
    return str(counts.pop()) if len(counts) == 1 else "var"


def means(
    names: Sequence[str],
    of: Callable[[str, Sequence[str]], Mapping[str, float]],
    texts: Sequence[str],
    references: Sequence[Sequence[str]],
    signature: str,
) -> tuple[Score, ...]:
    """The mean over the texts of each score that `of` gives for one; None where there are no texts."""
    rows = [of(text, several) for text, several in zip(texts, references, strict=True)]
    return tuple(
        Score(name=name, value=sum(row[name] for row in rows) / len(rows) if rows else None, signature=signature,
              counts={"texts": len(rows)})
        for name in names
    )  # fmt: skip
