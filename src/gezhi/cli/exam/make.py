"""`gezhi exam make`: questions drafted from documents, for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.cli.exam.working import bar
from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions


def make(
    *paths: Annotated[str, Parameter(help=say("exam.arg_documents"))],
    size: Annotated[int, Parameter(help=say("exam.opt_size"))] = 100,
    out: Annotated[Path, Parameter(help=say("exam.opt_out"))] = Path("exam.jsonl"),
    seed: Annotated[int, Parameter(help=say("exam.opt_seed"))] = 0,
    common: Common | None = None,
) -> int:
    """Draft an exam from the documents of the collection, which is brought up to `paths` first."""
    from gezhi.evaluation.datasets import save
    from gezhi.knowledge.drafting import draft

    common = common or Common()
    if size < 1:
        raise BadOptions("exam.bad_size", value=size)
    if out.exists():
        raise BadOptions("exam.exists", path=out)
    with common.open(create=True) as kb:
        if paths:
            kb.index(paths)
        with bar(common.json) as progress:
            chunks = list(kb.collection.chunks())
            drafted = draft(out.stem, chunks, size, model=kb.model, seed=seed, progress=progress)
    if not drafted.exam.items:
        raise BadOptions("exam.nothing_to_ask", collection=common.collection)
    save(drafted.exam, out)
    if common.json:
        print_json(
            {
                "exam": str(out),
                "items": len(drafted.exam.items),
                "kinds": drafted.kinds,
                "overlap": drafted.overlap,
                "rejected": drafted.rejected,
                "failed": drafted.failed,
            }
        )
        return 0
    kinds = say("cli.comma").join(f"{say(f'exam.kind_{kind}')} {count}" for kind, count in drafted.kinds.items())
    print(say("exam.drafted", count=len(drafted.exam.items), path=out, kinds=kinds))
    print(say("exam.overlap", overlap=f"{drafted.overlap:.0%}"))
    if drafted.rejected or drafted.failed:
        print(say("exam.rejected", rejected=drafted.rejected, failed=drafted.failed))
    print(say("exam.review_next", path=out))
    return 0
