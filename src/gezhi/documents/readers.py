"""Which reader reads which kind of file. Adding one: a file, a line in each table, its row in the contract suite."""

from __future__ import annotations

from collections.abc import Mapping

READERS: dict[str, str] = {
    "text": "gezhi.documents.text:read_text",
    "markdown": "gezhi.documents.markdown:read_markdown",
    "html": "gezhi.documents.html:read_html",
    "pdf": "gezhi.documents.pdf:read_pdf",
    "docx": "gezhi.documents.docx:read_docx",
    "pptx": "gezhi.documents.pptx:read_pptx",
    "xlsx": "gezhi.documents.sheets:read_xlsx",
    "csv": "gezhi.documents.sheets:read_csv",
    "json": "gezhi.documents.json:read_json",
    "jsonl": "gezhi.documents.json:read_jsonl",
    "eml": "gezhi.documents.mail:read_eml",
    "epub": "gezhi.documents.epub:read_epub",
    "code": "gezhi.documents.code:read_code",
    "image": "gezhi.documents.images:read_image",
    "zip": "gezhi.documents.archive:read_zip",
    "office": "gezhi.documents.office:read_office",
}
"""Family of files to its reader, as module:function."""

_FAMILIES: Mapping[str, str] = {
    "text": "txt text log rst tex srt",
    "markdown": "md markdown mdx",
    "html": "html htm xhtml",
    "pdf": "pdf",
    "docx": "docx docm",
    "pptx": "pptx pptm",
    "xlsx": "xlsx xlsm",
    "csv": "csv tsv",
    "json": "json",
    "jsonl": "jsonl ndjson",
    "eml": "eml",
    "epub": "epub",
    "code": "py pyi js mjs jsx ts tsx java kt scala go rs c h cc cpp hpp cs rb php swift lua r sh sql toml yaml yml "
    "ini cfg css xml",
    "image": "png jpg jpeg tif tiff bmp webp",
    "zip": "zip",
    "office": "doc xls ppt wps et dps rtf odt ods odp",
}

SUFFIXES: dict[str, str] = {suffix: family for family, suffixes in _FAMILIES.items() for suffix in suffixes.split()}
"""Suffix (lower case, no dot) to family."""
