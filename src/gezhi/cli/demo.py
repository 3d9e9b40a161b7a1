"""`gezhi demo`: index a small company handbook, ask it four questions, say what to type next."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from gezhi.cli.common import Common, print_json
from gezhi.cli.index import showing, summary
from gezhi.cli.present import short, show_answer
from gezhi.core.catalogue import say


def demo(*, common: Common | None = None) -> int:
    """Index the sample handbook into the collection `demo` and ask it four questions."""
    from gezhi import knowledge

    common = common or Common()
    console = Console(highlight=False, soft_wrap=True)
    folder, questions = knowledge.handbook()
    with knowledge.open("demo", config=common.config, sets=common.set) as kb:
        if common.json:
            report = kb.index([folder])
            print_json({"index": report, "answers": [kb.ask(question) for question in questions]})
            return 0
        console.rule(say("cli.demo_index"))
        with showing() as (on_file, progress):
            report = kb.index([folder], on_file=on_file, progress=progress)
        console.print(summary(report))
        for question in questions:
            console.rule(question)
            show_answer(kb.stream(question), console)
    console.rule(say("cli.demo_next_title"))
    # `make demo` runs it from a virtual environment that is not on the path
    program = "gezhi" if shutil.which("gezhi") else short(str(Path(sys.argv[0]).absolute()))
    console.print(say("cli.demo_next", gezhi=program), markup=False)
    return 0
