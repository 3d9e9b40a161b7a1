"""What a report is made of: frozen values that know nothing about HTML.

All texts are data: whatever stands in them is shown as it is, never read as markup. Only `Figure.svg` is markup, and
only `figures` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from gezhi.core.catalogue import Language

Tone = Literal["", "good", "bad", "warn", "quiet"]
"""What a colour says; the words beside it say the same, for those who do not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A page: a title, the one sentence that matters, then sections."""

    title: str
    language: Language
    """Of all texts in it but the data."""
    headline: str = ""
    """The number to remember, with its unit: `87.1 %`."""
    lead: str = ""
    """What the number says, with its interval, in a sentence."""
    tone: Tone = ""
    notices: tuple[str, ...] = ()
    """What must be known before the number is believed: nobody has reviewed the items, half of them failed."""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph. Line breaks in it are kept."""

    kind: ClassVar[str] = "text"
    text: str
    label: str = ""
    tone: Tone = ""
    marks: tuple[tuple[int, int], ...] = ()
    """(end, number): a mark `[number]` is shown behind `text[:end]`; ascending by end."""
    anchor: str = ""
    """Marks lead to the quote of that number in the Quotes of the same anchor; empty: they lead nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A value on an axis with what is around it, each 0 (left end of the axis) to 1 (right end)."""

    low: float
    middle: float
    high: float
    origin: float | None = None
    """Where a line marks a value to compare with: no difference, the limit of a gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A field of a table."""

    text: str
    tone: Tone = ""
    span: Span | None = None
    """Drawn beside the text, which says the same in figures."""
    detail: str = ""
    """Smaller, below the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What stands under a heading of a table."""

    title: str
    numbers: bool = False
    """Aligned to the right, digits of one width."""
    long: bool = False
    """Texts that may be broken anywhere: paths, hashes, sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows; the first cell of each is its heading."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing, what it shows in words, and its numbers as a table."""

    kind: ClassVar[str] = "figure"
    title: str
    svg: str
    """Markup from `figures`."""
    alt: str
    """What a person who does not see it should know."""
    note: str = ""
    """How to read it."""
    numbers: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a document and where they stand."""

    text: str
    source: str
    number: int | None = None
    place: str = ""
    """Page, heading."""
    badge: str = ""
    """Supported, not supported, a score."""
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Citations or passages under a label."""

    kind: ClassVar[str] = "quotes"
    label: str
    quotes: tuple[Quote, ...]
    anchor: str = ""
    folded: bool = False
    """Shown only when asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two columns to be read side by side; one below the other on a narrow page."""

    kind: ClassVar[str] = "pair"
    left: tuple[Text | Quotes, ...]
    right: tuple[Text | Quotes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of many alike: a question of an exam. Folded; its title and badges can be seen."""

    id: str
    title: str
    blocks: tuple[Text | Quotes | Pair | Table, ...]
    badges: tuple[tuple[str, Tone], ...] = ()
    state: str = ""
    """Key of `Items.states`."""
    tags: tuple[str, ...] = ()
    order: Mapping[str, float] = field(default_factory=dict)
    """By the keys of `Items.orders`: where it stands, smallest first. An absent key puts it last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Entries that can be searched, filtered and sorted. They stand in the order given until then."""

    kind: ClassVar[str] = "items"
    entries: tuple[Entry, ...]
    states: Mapping[str, str] = field(default_factory=dict)
    """Key to what people call it; a filter is offered for those that occur."""
    orders: Mapping[str, str] = field(default_factory=dict)
    """Key to what people call it; the first is the order given."""
    note: str = ""


Block = Text | Table | Figure | Quotes | Pair | Items
