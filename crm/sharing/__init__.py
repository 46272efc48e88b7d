"""Sharing single records, and saying who sees a record and why."""
