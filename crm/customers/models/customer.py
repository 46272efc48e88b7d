"""What companies and contacts have in common."""

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.records.models import Record, RecordQuerySet
from crm.customers.models.labels import LifecycleStage
from crm.customers.sources import source_label


class CustomerQuerySet[C: models.Model](SealedQuerySet[C], RecordQuerySet[C]):
    """Reads of companies and contacts."""

    def with_tag_ids(self) -> Self:
        """Fetch each record's tags along with it, as ids in the tags' order."""
        through = self.model.tags.through  # type: ignore[attr-defined]
        owner = through.owner_field
        tags = through.objects.filter(**{owner: OuterRef("pk")}).order_by("tag__position", "pk")
        return self.annotate(tag_ids_read=ArraySubquery(tags.values("tag_id")))

    def change_visible_to(self, actor: Actor) -> Self:
        """The rows this actor may see and change, held until the transaction ends."""
        return self.visible_to(actor).select_for_update(of=("self",)).order_by("pk")


class Customer(SealedModel, Record):
    """A company or a person somebody here wants to do business with."""

    lifecycle_stage = models.ForeignKey(
        LifecycleStage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Stage"),
    )
    source = models.CharField(_("Source"), max_length=80, blank=True)

    class Meta:
        abstract = True

    @property
    def source_name(self) -> str:
        return source_label(self.source)

    @property
    def tag_ids(self) -> list[Any]:
        """The ids of the record's tags; asked of the database unless they were read along."""
        read = self.__dict__.get("tag_ids_read")
        if read is None:
            through = type(self).tags.through  # type: ignore[attr-defined]
            rows = through.objects.filter(**{through.owner_field: self.pk})
            read = list(rows.order_by("tag__position", "pk").values_list("tag_id", flat=True))
            self.__dict__["tag_ids_read"] = read
        return list(read)
