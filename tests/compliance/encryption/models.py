"""A person and a child row of theirs, declared as a customer's models are, for the tests alone."""

from uuid import UUID

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from compliance.encryption.fields import SealedDateField, SealedJSONField, SealedTextField
from compliance.encryption.indexes import ExactIndexField, PrefixIndexField, SortRankField
from compliance.encryption.records import SealedModel
from core.ids import new_id


class Person(SealedModel):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    family_name = SealedTextField(uid="test.person.family_name", max_length=80, blank=True)
    given_name = SealedTextField(uid="test.person.given_name", max_length=80, blank=True)
    email = SealedTextField(uid="test.person.email", max_length=254, blank=True)
    nickname = SealedTextField(uid="test.person.nickname", null=True, blank=True)
    born_on = SealedDateField(uid="test.person.born_on", null=True, blank=True)
    extra = SealedJSONField(uid="test.person.extra", null=True, blank=True)
    title = models.CharField(max_length=80, blank=True)
    email_index = ExactIndexField(source="email", normalise="email")
    name_prefixes = PrefixIndexField(sources=("family_name", "given_name", "email"))
    name_rank = SortRankField(sources=("family_name", "given_name", "email"))

    class Meta:
        app_label = "sealed_tests"
        indexes = [GinIndex(name="sealed_person_prefixes", fields=["name_prefixes"])]
        constraints = [
            models.UniqueConstraint(name="sealed_person_one_per_email", fields=["email_index"])
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Phone(SealedModel):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = SealedTextField(uid="test.phone.number", max_length=40)

    class Meta:
        app_label = "sealed_tests"

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def sealed_subject(self) -> UUID:
        return self.person_id


class Secret(SealedModel):
    """Belongs to the workspace and to nobody in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = SealedTextField(uid="test.secret.token")

    sealed_subject = None

    class Meta:
        app_label = "sealed_tests"

    def __str__(self) -> str:
        return str(self.pk)
