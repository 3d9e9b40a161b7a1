"""Without the plotting library reports have tables only, and say so."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from importlib.machinery import PathFinder

class WithoutMatplotlib:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None if name.partition(".")[0] == "matplotlib" else PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [WithoutMatplotlib if finder is PathFinder else finder for finder in sys.meta_path]
from gezhi.evaluation.exam import Exam, Item, Outcome
from gezhi.evaluation.report import exam_report, to_html
from gezhi.evaluation.report.values import Run, Score
from gezhi.evaluation.statistics import Interval

items = tuple(Item(id=str(n), question=f"q{n}?") for n in range(3))
outcomes = [Outcome(item=item.id, answer=None, scores={"f1": 0.5}) for item in items]
score = Score(name="f1", interval=Interval(mean=0.5, low=0.1, high=0.9, n=3))
run = Run(name="r", outcomes=outcomes, scores=[score])
page = to_html(exam_report(Exam(name="e", items=items), run, language="en"))
assert "gezhi[exam]" in page
assert "<figure" not in page
"""


def test_a_report_without_the_plotting_library() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
