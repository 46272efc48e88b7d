"""What companies and contacts have in common."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.records.models import Record, RecordQuerySet
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.sources import source_label


class CustomerQuerySet[C: models.Model](SealedQuerySet[C], RecordQuerySet[C]):
    """Reads of companies and contacts."""

    def with_tags(self) -> Self:
        """Fetch each record's tags along with it, in their order: no query for them later."""
        through = self.model.tags.through  # type: ignore[attr-defined]
        placed = through.objects.filter(**{through.owner_field: OuterRef("pk")})
        placed = placed.order_by("tag__position", "tag_id")
        said = JSONObject(**{name: f"tag__{name}" for name in ("id", "key", "own_name", "tone")})
        return self.annotate(tags_read=ArraySubquery(placed.values(said=said)))

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
    def tag_list(self) -> list[Tag]:
        """The record's tags; asked of the database unless they were read along."""
        read = self.__dict__.get("tags_read")
        if read is None:
            tags = self.tags.order_by("position", "pk")  # type: ignore[attr-defined]
            read = self.__dict__["tags_read"] = list(tags)
        elif read and not isinstance(read[0], Tag):
            read = self.__dict__["tags_read"] = [
                Tag(**{**said, "id": UUID(said["id"])}) for said in read
            ]
        return list(read)

    @property
    def tag_ids(self) -> list[UUID]:
        return [tag.pk for tag in self.tag_list]
