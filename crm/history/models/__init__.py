"""The journal's tables."""

from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.models.changes import Change
from crm.history.models.duplicates import Duplicate, DuplicateSearch
from crm.history.models.merges import MergedRecord

__all__ = ["Change", "ChangeSet", "Duplicate", "DuplicateSearch", "MergedRecord", "Portion"]
