"""Template words of the log-in page."""

from django import template

from tenants.members.models import MailDomain
from tenants.members.ways_in import WaysIn, ways_in

register = template.Library()


@register.simple_tag
def colleagues_join() -> bool:
    """Return whether people of some domain may join the workspace by themselves."""
    return MailDomain.objects.verified().exists()


@register.simple_tag(name="ways_in")
def ways_in_here() -> WaysIn:
    """Return what the log-in page offers beside the password."""
    return ways_in()
