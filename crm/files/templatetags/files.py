"""Template words of files."""

from django import template

from crm.files.kinds import preview_of
from crm.files.models import Attachment

register = template.Library()


@register.filter
def preview_kind(attachment: Attachment) -> str:
    """Return how the file's newest version can be looked at: image, pdf, text, or nothing."""
    newest = next(iter(attachment.versions.all()), None)
    return preview_of(newest.media_type, attachment.name) if newest else ""
