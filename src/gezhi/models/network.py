"""An ONNX graph that turns token ids into hidden states, run by onnxruntime on the calling thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

from gezhi.core.errors import ModelError

WHOLE = "sentence_embedding"
"""An output that is pooled already."""
OUTPUTS = (WHOLE, "last_hidden_state", "token_embeddings")
INPUTS: dict[str, Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]] = {
    "input_ids": lambda ids, mask: ids,
    "attention_mask": lambda ids, mask: mask,
    "token_type_ids": lambda ids, mask: np.zeros_like(ids),
    "position_ids": lambda ids, mask: np.maximum(mask.cumsum(axis=1) - 1, 0),
}
KINDS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
FAILURES = tuple(kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception))
"""onnxruntime's errors have no base of their own."""


class Network:
    """A loaded graph. `run` may be called by several threads at once; each call computes on its own thread.

    Raises:
        ModelError: Not a graph onnxruntime can load, or its inputs or outputs are not those of a text encoder.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._session = onnxruntime.InferenceSession(path, _settings(), providers=["CPUExecutionProvider"])
        except FAILURES as error:
            raise ModelError("models.export_broken", path=path, reason=error) from error
        self._inputs = {given.name: KINDS.get(given.type) for given in self._session.get_inputs()}
        strange = [name for name, kind in self._inputs.items() if name not in INPUTS or kind is None]
        if strange:
            raise ModelError("models.export_inputs", path=path, names=", ".join(strange), known=", ".join(INPUTS))
        first = self._session.get_inputs()[0].shape[0]
        self.batch: int | None = first if isinstance(first, int) else None
        """Texts that a run takes, where the graph fixes it."""
        outputs = [given.name for given in self._session.get_outputs()]
        chosen = [name for name in OUTPUTS if name in outputs]
        if not chosen:
            raise ModelError("models.export_outputs", path=path, names=", ".join(outputs), known=", ".join(OUTPUTS))
        self.output = chosen[0]

    @property
    def masks(self) -> bool:
        """Whether texts of different lengths may stand in one run."""
        return "attention_mask" in self._inputs

    def run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Hidden states (batch, length, width), or (batch, width) where the output is `sentence_embedding`."""
        values = {name: INPUTS[name](ids, mask).astype(kind, copy=False) for name, kind in self._inputs.items()}
        hidden = self._session.run([self.output], values)[0]
        return np.asarray(hidden, np.float32)


def _settings() -> onnxruntime.SessionOptions:
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    # Lengths differ from call to call: a plan of the memory would be kept for each of them.
    settings.enable_mem_pattern = False
    settings.log_severity_level = 3
    return settings
