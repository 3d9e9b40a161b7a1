from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.core.errors import ModelError
from gezhi.models.hub import model_folder


def test_a_folder_is_itself(tmp_path: Path) -> None:
    assert model_folder("hf", str(tmp_path), files=["*"]) == tmp_path


@pytest.mark.parametrize("target", ["/no/such/folder", "./none", "~/no-such-folder"])
def test_no_such_folder(target: str) -> None:
    with pytest.raises(ModelError, match="there is no model folder"):
        model_folder("hf", target, files=["*"])


@pytest.mark.parametrize("target", ["a/b/c", "Qwen//Qwen3", "-x"])
def test_a_name_that_cannot_be(target: str) -> None:
    with pytest.raises(ModelError, match="cannot be fetched"):
        model_folder("hf", target, files=["*"])
