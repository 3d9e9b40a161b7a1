"""The package is light: scipy is loaded by what needs it, and every name is where the list says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gezhi.evaluation import statistics


def test_an_interval_costs_nothing() -> None:
    code = (
        "import sys\nfrom gezhi.evaluation.statistics import Interval\nassert not {'scipy', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_name_is_there() -> None:
    assert sorted(name for names in statistics._MODULES.values() for name in names) == sorted(statistics.__all__)
    for name in statistics.__all__:
        assert getattr(statistics, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_test"):
        _ = statistics.no_such_test
