from __future__ import annotations

import subprocess
import sys

import pytest

from gezhi.core.errors import BadOptions, UnknownName
from gezhi.evaluation.quality import scorer


@pytest.mark.parametrize("name", ["recall@0", "recall@-1", "recall@x", "recall@", "f1@3", "correct@2"])
def test_a_number_that_cannot_be_meant(name: str) -> None:
    with pytest.raises(BadOptions, match="@"):
        scorer(name)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match="ndcg"):
        scorer("ndgc@8")


def test_the_table_loads_nothing_heavy() -> None:
    code = (
        "import sys, gezhi.evaluation.quality; print({'numpy', 'scipy', 'sacrebleu', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
