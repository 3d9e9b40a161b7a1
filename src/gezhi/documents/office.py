"""Word, Excel and PowerPoint of before 2007, WPS, RTF and OpenDocument: LibreOffice makes the newer format of them.

LibreOffice is a program of its own that has to be installed; it runs headless with a profile folder of its own, so that
an open window of it does not matter. Macros are not run in a conversion.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from gezhi.core.errors import DocumentError
from gezhi.documents.build import Parsed, Source
from gezhi.documents.readers import READERS

_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_TARGETS = {
    **dict.fromkeys(("doc", "wps", "rtf", "odt"), "docx"),
    **dict.fromkeys(("xls", "et", "ods"), "xlsx"),
    **dict.fromkeys(("ppt", "dps", "odp"), "pptx"),
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("WordDocument", "Workbook", "Book", "PowerPoint Document", "MatOST", "CONTENTS")
"""Of Word and WPS Writer, Excel, old Excel, PowerPoint, and the two generations of Microsoft Works."""


def read_office(source: Source) -> Parsed:
    """Convert, then read like a file of the newer format.

    Raises:
        DocumentError: LibreOffice is not installed or cannot read the file; the file is encrypted.
    """
    # An encrypted DOCX, XLSX or PPTX is an OLE file with a stream of this name ([MS-OFFCRYPTO] 2.3.4.4).
    if _has_stream(source.data, "EncryptedPackage"):
        raise DocumentError("documents.encrypted", path=source.name)
    # LibreOffice shows the bytes of a broken one as text.
    if source.data.startswith(_OLE) and not any(_has_stream(source.data, name) for name in _STREAMS):
        raise DocumentError("documents.broken", path=source.name, reason="OLE")
    target = _TARGETS.get(source.suffix) or ("docx" if source.data.startswith(b"{\\rtf") else _target_of(source.data))
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise DocumentError("documents.needs_libreoffice", path=source.name, target=target)
    converted = _converted(program, source, target)
    source.step()
    module, _, reader = READERS[target].partition(":")
    parsed: Parsed = getattr(import_module(module), reader)(replace(source, data=converted))
    return parsed


def _target_of(data: bytes) -> str:
    """By the names of streams in an OLE file."""
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return "xlsx"
    return "pptx" if _has_stream(data, "PowerPoint Document") else "docx"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE file has it: directory entries open with the name and stand at multiples of 128 ([MS-CFB] 2.6)."""
    entry = re.escape(name.encode("utf-16-le") + b"\0\0")
    return data.startswith(_OLE) and any(m.start() % 128 == 0 for m in re.finditer(entry, data))


def _converted(program: str, source: Source, target: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gezhi-office-") as folder:
        original = Path(folder, f"file.{source.suffix if source.suffix in _TARGETS else target[:-1]}")
        original.write_bytes(source.data)
        profile = Path(folder, "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
                   "--convert-to", target, "--outdir", str(Path(folder, "out")), str(original)]  # fmt: skip
        # No limit here: soffice is a script that starts the program proper, which only the worker's group kill reaches.
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        result = Path(folder, "out", f"file.{target}")
        if not result.is_file():
            said = " ".join(done.stderr.decode("utf-8", "replace").split())[:200] or f"exit code {done.returncode}"
            raise DocumentError("documents.libreoffice_failed", path=source.name, reason=said)
        return result.read_bytes()
