"""Writes an ONNX graph node by node, its tensors streamed into a file beside it, so that no model stands in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, StringStringEntryProto, TensorProto, helper, numpy_helper

OPSET = 21
IR_VERSION = 10
FUSED = "com.microsoft"
"""The domain of onnxruntime's fused operators."""
INLINE = 1024
"""Bytes up to which a tensor stands in the graph itself, where shape inference sees it."""
PAGE = 4096
"""Tensors begin at multiples of this, so that they can be mapped instead of read."""


class OnnxWriter:
    """A graph being written to `path`; tensors go to `path` + `.data`. A context manager, finished by `finish`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._graph = GraphProto(name=path.stem)
        self._names: set[str] = set()

    def __enter__(self) -> OnnxWriter:
        self._data = self._data_path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._data.close()

    @property
    def _data_path(self) -> Path:
        return self.path.with_name(self.path.name + ".data")

    def tensor(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant once; the same name again is the same constant."""
        if name in self._names:
            return name
        values = np.ascontiguousarray(values)
        if values.nbytes <= INLINE:
            self._graph.initializer.append(numpy_helper.from_array(values, name))
            self._names.add(name)
        else:
            kind = helper.np_dtype_to_tensor_dtype(values.dtype)
            self.external(name, kind, values.shape, [values])
        return name

    def external(self, name: str, kind: int, shape: tuple[int, ...], parts: Iterable[NDArray[Any]]) -> str:
        """Add a constant whose bytes come in parts; `kind` is a TensorProto.DataType."""
        self._data.write(b"\0" * (-self._data.tell() % PAGE))
        start = self._data.tell()
        for part in parts:
            self._data.write(np.ascontiguousarray(part).data)
        place = {"location": self._data_path.name, "offset": str(start), "length": str(self._data.tell() - start)}
        self._graph.initializer.append(
            TensorProto(
                name=name,
                data_type=kind,
                dims=shape,
                data_location=TensorProto.EXTERNAL,
                external_data=[StringStringEntryProto(key=key, value=value) for key, value in place.items()],
            )
        )
        self._names.add(name)
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add an operator of the standard; returns the name of its output."""
        return self.nodes(operator, inputs, [output], **attributes)[0]

    def fused(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add one of onnxruntime's own operators."""
        return self.nodes(operator, inputs, [output], domain=FUSED, **attributes)[0]

    def nodes(self, operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> list[str]:
        """Add an operator with several outputs."""
        self._graph.node.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs

    def finish(
        self, inputs: Mapping[str, tuple[int, list[str | int]]], outputs: Mapping[str, tuple[int, list[str | int]]]
    ) -> None:
        """Write the graph; `inputs` and `outputs` are name to (type, shape), a shape naming what varies."""
        self._graph.input.extend(helper.make_tensor_value_info(name, *value) for name, value in inputs.items())
        self._graph.output.extend(helper.make_tensor_value_info(name, *value) for name, value in outputs.items())
        model = helper.make_model(
            self._graph,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        )
        self.path.write_bytes(model.SerializeToString())
