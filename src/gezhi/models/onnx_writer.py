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


Value = tuple[int, list[str | int]]
"""A TensorProto.DataType and a shape; a name in it stands for a size that varies."""


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
        if values.nbytes > INLINE:
            return self.stream(name, helper.np_dtype_to_tensor_dtype(values.dtype), values.shape, [values])
        self._names.add(name)
        self._graph.initializer.append(numpy_helper.from_array(values, name))
        return name

    def stream(self, name: str, kind: int, shape: tuple[int, ...], parts: Iterable[NDArray[Any]]) -> str:
        """Add a constant whose values come in parts; `kind` is a TensorProto.DataType."""
        self._names.add(name)
        self._data.write(b"\0" * (-self._data.tell() % PAGE))
        start = self._data.tell()
        for part in parts:
            self._data.write(np.ascontiguousarray(part).data)
        place = {"location": self._data_path.name, "offset": str(start), "length": str(self._data.tell() - start)}
        tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.extend(StringStringEntryProto(key=key, value=value) for key, value in place.items())
        self._graph.initializer.append(tensor)
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add an operator of the standard; returns the name of its output."""
        self._graph.node.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def fused(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add one of onnxruntime's own operators."""
        return self.node(operator, inputs, output, domain=FUSED, **attributes)

    def once(self, operator: str, inputs: list[str], outputs: list[str]) -> list[str]:
        """Add an operator with several outputs, unless these are there already."""
        if outputs[0] not in self._names:
            self._names.update(outputs)
            self._graph.node.append(helper.make_node(operator, inputs, outputs))
        return outputs

    def finish(
        self, inputs: Mapping[str, tuple[int, list[str | int]]], outputs: Mapping[str, tuple[int, list[str | int]]]
    ) -> None:
        """Write the graph; `inputs` and `outputs` are name to type and shape."""
        self._graph.input.extend(helper.make_tensor_value_info(name, *value) for name, value in inputs.items())
        self._graph.output.extend(helper.make_tensor_value_info(name, *value) for name, value in outputs.items())
        model = helper.make_model(
            self._graph,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)],
        )
        self.path.write_bytes(model.SerializeToString())
