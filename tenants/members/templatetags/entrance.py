"""Template words of the log-in page."""

from django import template

from tenants.members.models import MailDomain

register = template.Library()


@register.simple_tag
def colleagues_join() -> bool:
    """Return whether people of some domain may join the workspace by themselves."""
    return MailDomain.objects.verified().exists()
