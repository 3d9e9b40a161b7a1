"""Judges: a chat model that grades answers or compares two, people who do, and how far they agree.

A judge that gives no usable verdict is counted with the reason; it never becomes a number.
"""

from gezhi.evaluation.quality.judges.rubric import Criterion, Level, Rubric, read_rubric

__all__ = ["Criterion", "Level", "Rubric", "read_rubric"]
