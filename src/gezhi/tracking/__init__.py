"""Runs: their options, versions, numbers over time, results item by item and files; and the audit log."""

from gezhi.tracking.audit import Audit, Entry, Head
from gezhi.tracking.record import Approval, Record, State, fingerprint
from gezhi.tracking.run import Run
from gezhi.tracking.runs import Runs

__all__ = ["Approval", "Audit", "Entry", "Head", "Record", "Run", "Runs", "State", "fingerprint"]
