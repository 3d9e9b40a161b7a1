"""Parts of an exam: for development and held out, a sample, questions whose documents are withheld.

Which part an item falls into is told by a hash of its document, so it does not change when other items come or go.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace

from gezhi.core.errors import ExamError
from gezhi.evaluation.exam import Exam, Item
from gezhi.language.fold import fold


def split(exam: Exam, share: float = 0.5, seed: int = 0) -> tuple[Exam, Exam]:
    """(development, held out), of which the first has about `share` of the items.

    Items of one document stay together, and so do items of which the question is the same, and with them their
    documents: nothing that is held out was seen. Both keep all texts, which are what is searched.

    Raises:
        ExamError: One of the two would be empty: all items hang together, or there is only one.
    """
    if not 0 < share < 1:
        raise ExamError("exams.share", share=share)
    groups = sorted(_groups(exam.items), key=lambda group: _hash(min(_cluster(item) for item in group), seed))
    wanted = share * len(exam.items)
    taken: set[str] = set()
    for group in groups:
        # The next group goes where the number of items comes nearer to the share.
        if taken and len(taken) + len(group) / 2 > wanted:
            break
        taken |= {item.id for item in group}
    if len(taken) == len(exam.items):
        raise ExamError("exams.one_document", name=exam.name)
    first = tuple(item for item in exam.items if item.id in taken)
    rest = tuple(item for item in exam.items if item.id not in taken)
    return replace(exam, name=f"{exam.name} (development)", items=first), replace(
        exam, name=f"{exam.name} (held out)", items=rest
    )


def sample(exam: Exam, n: int, seed: int = 0) -> Exam:
    """`n` items, or all where there are fewer, in their order; a larger sample holds the smaller ones of its seed."""
    if n < 1:
        raise ExamError("exams.sample", n=n)
    chosen = {item.id for item in sorted(exam.items, key=lambda item: _hash(item.id, seed))[:n]}
    return replace(exam, items=tuple(item for item in exam.items if item.id in chosen))


def held_out_gold(exam: Exam, share: float = 0.5, seed: int = 0) -> Exam:
    """The exam without the documents of about `share` of its clusters, whose questions become unanswerable.

    An item of which only some places are withheld stays out, as does one that says nothing about its places.

    Raises:
        ExamError: The exam brings no texts along.
    """
    if not exam.texts:
        raise ExamError("exams.no_texts", name=exam.name)
    gone, _ = split(exam, share, seed)
    clusters = {item.document for item in gone.items}
    withheld = {place.source for item in exam.items if item.document in clusters for place in item.relevant}
    items = []
    for item in exam.items:
        sources = {place.source for place in item.relevant}
        if item.unanswerable or (sources and not sources & withheld):
            items.append(item)
        elif sources and sources <= withheld:
            items.append(replace(item, answers=(), relevant=(), unanswerable=True, tags=(*item.tags, "gold held out")))
    texts = {source: text for source, text in exam.texts.items() if source not in withheld}
    return replace(exam, name=f"{exam.name} (gold held out)", items=tuple(items), texts=texts)


def _groups(items: Sequence[Item]) -> list[list[Item]]:
    """Items joined by their document or by their question (union-find with halved paths)."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    for item in items:
        parent[root(_cluster(item))] = root("question " + "".join(fold(item.question).split()))
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(root(_cluster(item)), []).append(item)
    return list(groups.values())


def _cluster(item: Item) -> str:
    return f"document {item.document}" if item.document else f"item {item.id}"


def _hash(name: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed} {name}".encode(errors="surrogatepass")).digest()
    return math.ldexp(int.from_bytes(digest[:8], "big"), -64)
