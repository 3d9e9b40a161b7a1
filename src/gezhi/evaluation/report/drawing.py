"""Figures where matplotlib is installed: a hundred megabytes of its own, it comes with an extra, not with the core."""

from __future__ import annotations

from types import ModuleType

from gezhi.core.extras import have


def can_draw() -> bool:
    """Whether reports have figures; without, their tables say the same."""
    return have("matplotlib")


def drawing() -> ModuleType:
    """The module `figures`; ask `can_draw` first."""
    from gezhi.evaluation.report import figures

    return figures
