"""Sealed fields: what belongs to a person is stored encrypted under that person's own key."""

import os

# Names need readings of single characters only; the phrase dictionary costs 42 MB per process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
