"""`gezhi exam review`: a person keeps, mends or drops each drafted question; every decision is kept as it is made."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say
from gezhi.evaluation.exam import Exam, Item

KEEP, DROP, QUIT = ("", "y"), "n", "q"


def review(
    exam: Annotated[Path, Parameter(help=say("exam.arg_exam"))],
    *,
    common: Common | None = None,
) -> int:
    """Look at each item: Enter keeps it, n drops it, e mends question or answer, q stops and goes on another time."""
    from gezhi.evaluation.datasets import load, save

    common = common or Common()
    drafted = load(exam)
    decided = _decisions(_beside(exam))
    for number, item in enumerate(drafted.items, 1):
        if item.id not in decided:
            decision = _ask(item, number, len(drafted.items))
            if decision is None:
                break
            decided[item.id] = decision
            with _beside(exam).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"id": item.id, **decision}, ensure_ascii=False) + "\n")
    left = sum(item.id not in decided for item in drafted.items)
    kept = _kept(drafted, decided)
    if not left:
        save(kept, exam)
        _beside(exam).unlink(missing_ok=True)
    if common.json:
        print_json({"exam": str(exam), "kept": len(kept.items), "left": left, "reviewed": not left})
    else:
        print(say("exam.review_left" if left else "exam.reviewed", kept=len(kept.items), left=left, path=exam))
    return 0


def _beside(exam: Path) -> Path:
    return exam.with_name(exam.name + ".review")


def _decisions(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    # A line that was cut short by a crash is asked again.
    whole = [json.loads(line) for line in lines if line.endswith("}")]
    return {line.pop("id"): line for line in whole}


def _ask(item: Item, number: int, count: int) -> dict[str, Any] | None:
    """What becomes of the item; None to stop."""
    print(f"\n[{number}/{count}] {item.question}", file=sys.stderr)
    for answer in item.answers:
        print(say("exam.review_answer", answer=answer), file=sys.stderr)
    for place in item.relevant:
        print(say("exam.review_place", source=place.source, quote=place.quote[:200]), file=sys.stderr)
    while True:
        key = _line(say("exam.review_keys"))
        if key is None or key == QUIT:
            return None
        if key in KEEP:
            return {"keep": True}
        if key == DROP:
            return {"keep": False}
        if key == "e":
            question = _line(say("exam.review_question")) or item.question
            new = _line(say("exam.review_new_answer"))
            return {"keep": True, "question": question, "answers": [new] if new else list(item.answers)}


def _line(prompt: str) -> str | None:
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


def _kept(exam: Exam, decided: dict[str, dict[str, Any]]) -> Exam:
    items = []
    for item in exam.items:
        decision = decided.get(item.id, {"keep": True})
        if decision["keep"]:
            question = decision.get("question", item.question)
            answers = tuple(decision.get("answers", item.answers))
            items.append(replace(item, question=question, answers=answers))
    return replace(exam, items=tuple(items), reviewed=True)
