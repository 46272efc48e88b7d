"""What of a list's address a view keeps, in one spelling."""

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.records.filtering import language_of, tree_in
from core.records.registry import RecordType
from crm.views.models import LONGEST_QUERY

# Where in the list somebody is, and which view they came by, is none of the view's business.
LEFT_OUT = frozenset({"page", "at", "before", "view", "more"})


def kept(query: str) -> dict[str, str]:
    """Return the parameters of a query string that a view keeps."""
    said = parse_qsl(query.removeprefix("?"), max_num_fields=60)
    return {name: value for name, value in said if name not in LEFT_OUT}


def read_query(query: str, record_type: RecordType) -> str:
    """Return the query as it is stored; raise ValidationError when its filter says nothing."""
    if len(query) > LONGEST_QUERY or "\0" in query:
        raise ValidationError({"query": [_("This view is too big to be saved.")]})
    try:
        said = kept(query)
    except ValueError:
        raise ValidationError({"query": [_("This view is too big to be saved.")]}) from None
    language_of(record_type).check(tree_in(said))
    return urlencode(sorted(said.items()))


def is_same(one: str, other: str) -> bool:
    """Return whether two queries show the same list."""
    return kept(one) == kept(other)
