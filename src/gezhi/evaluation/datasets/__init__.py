"""Exams from files and back, and parts of them: nothing is known here about solvers or scores."""

from gezhi.evaluation.datasets.loading import FORMS, load
from gezhi.evaluation.datasets.parts import held_out_gold, sample, split
from gezhi.evaluation.datasets.saving import save

__all__ = ["FORMS", "held_out_gold", "load", "sample", "save", "split"]
