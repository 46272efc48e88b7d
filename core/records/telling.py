"""What somebody may do with fields, in words."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.field_rights import FieldRight, FieldRights
from core.records.registry import RecordType

FIELD_RIGHTS: Mapping[FieldRight, Promise] = {
    FieldRight.WRITE: gettext_lazy("See and change"),
    FieldRight.READ: gettext_lazy("See"),
    FieldRight.MASKED: gettext_lazy("Masked"),
    FieldRight.HIDDEN: gettext_lazy("Hidden"),
}


def narrowed_in_words(record_type: RecordType, rights: FieldRights) -> Iterator[str]:
    """Yield a sentence for each right that some fields have, with their labels: Hidden: Birthday."""
    said = {
        FieldRight.READ: _("Read only: %(fields)s"),
        FieldRight.MASKED: _("Masked: %(fields)s"),
        FieldRight.HIDDEN: _("Hidden: %(fields)s"),
    }
    own = rights.of_type(record_type.name)
    for right, sentence in said.items():
        names = [name for name in record_type.governed if own.get(name) == right]
        if names:
            labels = (str(record_type.form.label_of(name)) for name in names)
            yield sentence % {"fields": _(", ").join(labels)}
