"""What companies and contacts have in common."""

from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from compliance.encryption.records import SealedModel, SealedQuerySet
from core.records.models import Record, RecordQuerySet
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.sources import source_label

# What lists look at, so their indexes hold nothing else; and what the trash looks at.
IN_USE = Q(deleted_at=None)
IN_TRASH = Q(deleted_at__isnull=False)

TAGS_OF_A_RECORD = """ARRAY(
SELECT jsonb_build_object('id', t.id, 'key', t.key, 'own_name', t.own_name, 'tone', t.tone)
FROM "{through}" u JOIN "{tag}" t ON t.id = u.tag_id
WHERE u."{column}" = "{record}"."id" ORDER BY t.position, t.id)"""


class CustomerQuerySet[C: models.Model](SealedQuerySet[C], RecordQuerySet[C]):
    """Reads of companies and contacts."""

    def with_tags(self) -> Self:
        """Fetch each record's tags along with it, in their order: no query for them later."""
        through = self.model.tags.through  # type: ignore[attr-defined]
        # Written out, because putting the same together from expressions takes longer than the query.
        sql = TAGS_OF_A_RECORD.format(
            through=through._meta.db_table,
            tag=Tag._meta.db_table,
            column=through.owner_field,
            record=self.model._meta.db_table,
        )
        read = RawSQL(sql, (), output_field=ArrayField(models.JSONField()))  # noqa: S611  names of our own tables
        return self.annotate(tags_read=read)


class Customer(SealedModel, Record):
    """A company or a person somebody here wants to do business with."""

    lifecycle_stage = models.ForeignKey(
        LifecycleStage,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
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
        read: Any = self.__dict__.get("tags_read")
        if read is None:
            tags = self.tags.order_by("position", "pk")  # type: ignore[attr-defined]
            read = self.__dict__["tags_read"] = list(tags)
        elif read and not isinstance(read[0], Tag):
            read = self.__dict__["tags_read"] = [
                Tag.fresh(**{**said, "id": UUID(said["id"])}) for said in read
            ]
        return list(read)

    @property
    def tag_ids(self) -> list[UUID]:
        read: Any = self.__dict__.get("tags_read")
        if read and not isinstance(read[0], Tag):
            return [UUID(said["id"]) for said in read]
        return [tag.pk for tag in self.tag_list]
