"""Spreadsheets: XLSX by sheet and row, CSV and TSV."""

from __future__ import annotations

import csv
import io

import openpyxl
from charset_normalizer import from_bytes

from gezhi.documents.build import Parsed, Source, TextBuilder


def read_xlsx(source: Source) -> Parsed:
    """Each sheet of an XLSX as a table below its name."""
    book = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
    out = TextBuilder()
    for sheet in book.worksheets:
        out.heading(sheet.title, 1)
        rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        out.table(rows[1:], header=rows[0] if rows else ())
    return out.parsed()


def read_csv(source: Source) -> Parsed:
    """The rows of a CSV or TSV as one table."""
    best = from_bytes(source.data).best()
    text = str(best) if best else source.data.decode("utf-8", "replace")
    rows = list(csv.reader(io.StringIO(text)))
    out = TextBuilder()
    out.table(rows[1:], header=rows[0] if rows else ())
    return out.parsed()
