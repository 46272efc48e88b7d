"""Who belongs to which company."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact


class AffiliationQuerySet(WorkspaceQuerySet["Affiliation"]):
    """Reads of places at companies."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the places of contacts this actor may see; who works where is told by the contacts."""
        if not actor.fields.shows("contact", "companies"):
            return self.none()
        return self.filter(contact__in=Contact.objects.visible_to(actor).order_by())


class Affiliation(WorkspaceModel):
    """A contact's place at a company: what they do there, since when, until when."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="affiliations")
    company = models.ForeignKey(Company, models.CASCADE, related_name="affiliations")
    title = models.CharField(_("Role there"), max_length=150, blank=True)
    started_on = models.DateField(_("From"), null=True, blank=True)
    ended_on = models.DateField(_("Until"), null=True, blank=True)
    is_primary = models.BooleanField(_("Primary"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["contact", "company"],
                name="affiliation_once",
                violation_error_message=_("This company is listed twice."),
            ),
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(is_primary=True),
                name="affiliation_one_primary",
                violation_error_message=_("Only one company can be the primary one."),
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_start",
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("It cannot end before it starts."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact_id} {self.company_id}"
