"""Questions with the passages found for them, of which half cannot be answered.

Not a benchmark itself: `fit_answerability.py` fits on these, `answerability.py` measures on others. A question cannot
be answered where its gold paragraph is taken out of what was found (`gold removed`), or where the question itself is
about something else that the texts do not tell (`other subject`: the name or year it asks about is replaced).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from gezhi.core.protocols import Embedder, Retriever
from gezhi.core.types import Chunk, Document, Passage
from gezhi.retrieval import Collection, FileRecord

K = 8
"""Passages found for a question; one more is asked for, so that as many are left when the gold one goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question, what was found, and whether that answers it."""

    kind: str
    question: str
    passages: tuple[Passage, ...]
    gold: str | None
    """Source of the paragraph that answers the question; None where none of these does."""

    @property
    def answerable(self) -> bool:
        """Whether any passage answers it."""
        return self.gold is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and the paragraph that answers it."""

    text: str
    gold: str
    """Source of the paragraph."""
    title: str


def questions(path: Path) -> tuple[dict[str, str], list[Question]]:
    """Paragraphs by source, and the questions, of a file in SQuAD form."""
    paragraphs: dict[str, str] = {}
    asked = []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        for place, paragraph in enumerate(article["paragraphs"]):
            source = f"{path.stem}/{number}-{place}.txt"
            paragraphs[source] = paragraph["context"]
            title = article.get("title") or ""
            asked += [Question(text=qa["question"], gold=source, title=title) for qa in paragraph["qas"]]
    return paragraphs, asked


def items(
    folder: Path, paragraphs: dict[str, str], asked: Sequence[Question], embedder: Embedder, seed: int
) -> list[Item]:
    """For each question one item that can be answered (if its gold paragraph was found) and one or two that cannot."""
    random = Random(seed)
    made: list[Item] = []
    titles = sorted({question.title for question in asked if question.title})
    with _collection(folder, paragraphs, embedder) as collection:
        retriever = collection.seen_by(None, embedder)
        for question in asked:
            found = retriever.search(question.text, K + 1)
            kept = tuple(p for p in found if p.chunk.source != question.gold)
            if len(kept) < len(found):
                whole = tuple(found[:K])
                made.append(Item(kind="answerable", question=question.text, passages=whole, gold=question.gold))
            made.append(Item(kind="gold removed", question=question.text, passages=kept[:K], gold=None))
            other = _other_subject(question, titles, paragraphs, random)
            if other:
                made.append(_asked_anew(other, retriever))
    return [item for item in made if item.passages]


def _asked_anew(question: str, retriever: Retriever) -> Item:
    found = tuple(retriever.search(question, K))
    return Item(kind="other subject", question=question, passages=found, gold=None)


def _other_subject(question: Question, titles: list[str], paragraphs: dict[str, str], random: Random) -> str | None:
    """The question with the title of another article, another year or another Latin name in it."""
    gold = paragraphs[question.gold]
    year = re.search(r"(?<!\d)(1[0-9]{3}|20[0-2]\d)(?!\d)", question.text)
    if question.title and len(question.title) > 1 and question.title in question.text:
        others = [
            title for title in random.sample(titles, min(20, len(titles))) if title not in gold and len(title) < 9
        ]
        return question.text.replace(question.title, others[0]) if others else None
    if year:
        new = str(int(year[1]) + random.choice([-40, -20, -7, -4, -2, 2, 3, 6, 11]))
        return None if new in gold else question.text[: year.start()] + new + question.text[year.end() :]
    return None


def _collection(folder: Path, paragraphs: dict[str, str], embedder: Embedder) -> Collection:
    """The paragraphs as a collection in `folder`, each one chunk; what is there already is not embedded again."""
    collection = Collection.open(folder)
    with collection.write() as writer:
        pieces = [
            (
                Document(id=source, source=source, title=source, text=text),
                [Chunk(document_id=source, source=source, text=text, start=0, end=len(text))],
            )
            for source, text in paragraphs.items()
        ]
        writer.put(FileRecord(source="paragraphs", sha256="", size=0, mtime_ns=0, recipe="paragraphs"), pieces)
        writer.embed(embedder)
        writer.publish()
    return collection
