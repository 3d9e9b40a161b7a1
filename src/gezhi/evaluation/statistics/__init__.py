"""How sure a number is: intervals, tests on paired items, power before a run, stopping early, non-inferiority. Seeded.

Names are loaded when asked for: scipy is not imported by a program that only imports this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gezhi.evaluation.statistics.attempts import majority_at_k, pass_at_k
    from gezhi.evaluation.statistics.comparison import Comparison, Verdict, compare
    from gezhi.evaluation.statistics.discrimination import auroc, auroc_difference, calibration_error
    from gezhi.evaluation.statistics.interval import Interval
    from gezhi.evaluation.statistics.intervals import (
        bootstrap,
        clustered_difference,
        clustered_mean,
        paired_bootstrap,
        paired_proportions,
        proportion,
    )
    from gezhi.evaluation.statistics.many import benjamini_hochberg, holm
    from gezhi.evaluation.statistics.noninferiority import GateVerdict, NonInferiority, non_inferiority
    from gezhi.evaluation.statistics.paired import mcnemar, sign_flip, wilcoxon
    from gezhi.evaluation.statistics.planning import (
        PairedBinary,
        PairedScores,
        items_needed,
        minimal_detectable_effect,
        power,
    )
    from gezhi.evaluation.statistics.sequential import SequentialComparison

_MODULES = {
    "attempts": ("majority_at_k", "pass_at_k"),
    "comparison": ("Comparison", "Verdict", "compare"),
    "discrimination": ("auroc", "auroc_difference", "calibration_error"),
    "interval": ("Interval",),
    "intervals": (
        "bootstrap",
        "clustered_difference",
        "clustered_mean",
        "paired_bootstrap",
        "paired_proportions",
        "proportion",
    ),
    "many": ("benjamini_hochberg", "holm"),
    "noninferiority": ("GateVerdict", "NonInferiority", "non_inferiority"),
    "paired": ("mcnemar", "sign_flip", "wilcoxon"),
    "planning": ("PairedBinary", "PairedScores", "items_needed", "minimal_detectable_effect", "power"),
    "sequential": ("SequentialComparison",),
}
__all__ = [
    "Comparison",
    "GateVerdict",
    "Interval",
    "NonInferiority",
    "PairedBinary",
    "PairedScores",
    "SequentialComparison",
    "Verdict",
    "auroc",
    "auroc_difference",
    "benjamini_hochberg",
    "bootstrap",
    "calibration_error",
    "clustered_difference",
    "clustered_mean",
    "compare",
    "holm",
    "items_needed",
    "majority_at_k",
    "mcnemar",
    "minimal_detectable_effect",
    "non_inferiority",
    "paired_bootstrap",
    "paired_proportions",
    "pass_at_k",
    "power",
    "proportion",
    "sign_flip",
    "wilcoxon",
]


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(name)
