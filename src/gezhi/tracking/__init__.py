"""Runs: their options, versions, numbers over time, results item by item and files; and the audit log."""
