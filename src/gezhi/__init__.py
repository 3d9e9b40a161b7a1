"""Gezhi 格致: from a folder of documents to cited, checked answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gezhi.knowledge import Knowledge, open

__version__ = "0.1.0"
__all__ = ["Knowledge", "__version__", "open"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `import gezhi` and `gezhi --help` stay fast.
    if name in ("Knowledge", "open"):
        from gezhi import knowledge

        return getattr(knowledge, name)
    raise AttributeError(f"module 'gezhi' has no attribute '{name}'")
