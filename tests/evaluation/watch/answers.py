"""Answers as the answering room makes them, as many as a test wants."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gezhi.core.types import Answer, Chunk, Citation, Passage, Refusal, Usage
from gezhi.evaluation.watch import Watch

NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


def answer(
    id_: str,
    question: str = "年假有几天？",
    *,
    supported: tuple[bool | None, ...] = (True,),
    dropped: int = 0,
    refused: Refusal | None = None,
    cosine: float | None = 0.85,
    confidence: float | None = 0.9,
    seconds: float = 0.5,
) -> Answer:
    """One answer; a citation for each of `supported`."""
    chunk = Chunk(document_id="d", source="a.md", text="年假十天。", start=0, end=5)
    citations = tuple(
        Citation(
            number=number + 1, answer_start=5 * number, answer_end=5 * number + 5, passage=0, quote="年假十天。",
            source="a.md", source_start=0, source_end=5, supported=one,
        )
        for number, one in enumerate(supported)
    )  # fmt: skip
    found_by = {"keyword": 3.0} if cosine is None else {"keyword": 3.0, "dense": cosine}
    return Answer(
        id=id_,
        question=question,
        text="年假十天。" * len(supported),
        citations=() if refused else citations,
        passages=(Passage(chunk=chunk, score=0.5, found_by=found_by),),
        refused=refused,
        route="refusal" if refused else "grounded",
        confidence=confidence,
        usage=Usage(prompt_tokens=100, completion_tokens=10),
        timings={"search": seconds / 10, "total": seconds},
        versions={"gezhi": "0.1.0", "collection": "default"},
        dropped=("没有依据的句子。",) * dropped,
    )


def record_many(folder: Path, start: int) -> None:
    """Record fifty answers."""
    with Watch.open(folder) as store:
        for number in range(start, start + 50):
            store.record(answer(f"a{number}"))
