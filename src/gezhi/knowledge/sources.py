"""From what a person typed - files, folders, globs - to the files that are meant."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gezhi.core.errors import NotFound
from gezhi.documents.front import shown

_SKIPPED = frozenset({"__pycache__", "node_modules", "__MACOSX"})
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Sources:
    """What an index run covers."""

    files: tuple[Path, ...]
    """Sorted, absolute, each once."""
    roots: tuple[Path, ...]
    """Folders that were searched whole and files that were named: a recorded file in here that is gone was removed."""

    def cover(self, source: str) -> bool:
        """Whether a recorded source lies in what this run looked at."""
        return any(source == name or source.startswith(name.rstrip("/") + "/") for name in map(shown, self.roots))


def find_sources(paths: Sequence[str | Path]) -> Sources:
    """The files that `paths` mean: files, folders (searched whole but for hidden files and linked folders), globs.

    Raises:
        NotFound: A path or glob that names nothing. A folder without files is no mistake: it may have been emptied.
    """
    files: dict[Path, None] = {}
    roots: list[Path] = []
    for given in paths:
        path = Path(os.path.abspath(Path(given).expanduser()))  # noqa: PTH100 - resolve() would follow links away
        found = list(_expand(path))
        if not found and not path.is_dir():
            raise NotFound("knowledge.no_path", path=shown(Path(given)))
        roots.append(_fixed_part(path))
        files.update(dict.fromkeys(found))
    return Sources(tuple(sorted(files)), tuple(roots))


def _expand(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _walk(path)
    elif os.path.lexists(path):
        yield path
    elif _GLOB & set(str(path)):
        base = _fixed_part(path)
        for match in sorted(base.glob(str(path.relative_to(base)))):
            if not any(map(_is_passed_over, match.relative_to(base).parts)):
                yield from _walk(match) if match.is_dir() else [match]


def _walk(folder: Path) -> Iterator[Path]:
    # os.walk does not follow links to folders: no loops
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_passed_over(name))
        yield from (Path(parent, name) for name in sorted(names) if not _is_passed_over(name))


def _is_passed_over(name: str) -> bool:
    # ~$ is what office programs leave beside an open document
    return name.startswith((".", "~$")) or name in _SKIPPED


def _fixed_part(path: Path) -> Path:
    if os.path.lexists(path):
        return path
    parts = path.parts
    glob = next((i for i, part in enumerate(parts) if _GLOB & set(part)), len(parts))
    return Path(*parts[:glob])
