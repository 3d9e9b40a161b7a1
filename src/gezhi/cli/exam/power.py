"""`gezhi exam power`: before a run, how many questions a difference needs, or what so many questions can show."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from gezhi.cli.common import Common, print_json
from gezhi.core.catalogue import say


def power(
    *,
    items: Annotated[int, Parameter(help=say("exam.opt_items"))] = 100,
    drop: Annotated[float, Parameter(help=say("exam.opt_drop"))] = 0.1,
    base_rate: Annotated[float, Parameter(help=say("exam.opt_base_rate"))] = 0.8,
    correlation: Annotated[float, Parameter(help=say("exam.opt_correlation"))] = 0.5,
    common: Common | None = None,
) -> int:
    """Plan an exam of right-or-wrong scores, taken twice."""
    from gezhi.evaluation.statistics import PairedBinary, items_needed, minimal_detectable_effect
    from gezhi.evaluation.statistics import power as chance_of

    common = common or Common()
    design = PairedBinary(base_rate=base_rate, correlation=correlation)
    needed = items_needed(-drop, design)
    chance = chance_of(items, -drop, design)
    least = minimal_detectable_effect(items, design)
    if common.json:
        found = {"power": chance, "items_needed": needed, "minimal_detectable_drop": least and abs(least)}
        print_json({"items": items, "drop": drop, "base_rate": base_rate, "correlation": correlation, **found})
        return 0
    print(say("exam.power_assumed", base_rate=f"{base_rate:.0%}", correlation=f"{correlation:g}"))
    print(say("exam.power_chance", items=items, drop=f"{100 * drop:g}", chance=f"{chance:.0%}"))
    print(say("exam.power_needed", drop=f"{100 * drop:g}", needed=needed))
    if least is None:
        print(say("exam.power_nothing", items=items))
    else:
        print(say("exam.power_least", items=items, least=f"{100 * abs(least):.1f}"))
    return 0
