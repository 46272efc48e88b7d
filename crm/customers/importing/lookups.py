"""Records that cells of customers name by words: owners, stages, tags, companies."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from compliance.encryption.normalise import normalise_text
from compliance.encryption.words import sort_key
from core.actors import Actor
from core.records.importing import Found, Lookup
from core.records.writing import Problems, set_values
from crm.customers.models.companies import Company
from crm.customers.models.labels import Label, LifecycleStage, Tag
from crm.customers.operations.companies import create_companies
from crm.customers.operations.company_values import NAME_KEY_LENGTH
from crm.customers.operations.labels import create_stages, create_tags
from tenants.members.models import User

LANGUAGES = ("en", "zh-hans")


def find_members(words: Collection[str], actor: Actor) -> Found:
    """Return who works here by log-in addresses, or by names; other programs export only those."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for member in User.objects.filter(is_active=True).order_by("pk"):
        for word in {member.email.casefold(), member.name.casefold()} & set(words):
            found[word].append(member.pk)
    return dict(found)


def find_stages(words: Collection[str], actor: Actor) -> Found:
    return _find_labels(LifecycleStage.objects.order_by("position", "pk"), words)


def find_tags(words: Collection[str], actor: Actor) -> Found:
    return _find_labels(Tag.objects.order_by("position", "pk"), words)


def _find_labels(labels: Iterable[Label], words: Collection[str]) -> Found:
    """Return labels by their names in either language, their own names first."""
    found: dict[str, list[UUID]] = {}
    for label in labels:
        for name in names_of(label) & set(words):
            found.setdefault(name, [label.pk])
    return found


def names_of(label: Label) -> set[str]:
    """Return what a label is called in either language, folded."""
    names = {label.key, label.own_name}
    for language in LANGUAGES:
        with override(language):
            names.add(label.name)
    return {normalise_text(name) for name in names if name}


def make_stages(words: Collection[str], actor: Actor) -> Mapping[str, UUID]:
    return {normalise_text(stage.own_name): stage.pk for stage in create_stages(words, actor=actor)}


def make_tags(words: Collection[str], actor: Actor) -> Mapping[str, UUID]:
    return {normalise_text(tag.own_name): tag.pk for tag in create_tags(words, actor=actor)}


def find_companies_named(names: Collection[str], actor: Actor) -> Found:
    """Return the companies the actor sees under exactly these names, whatever their case and spacing."""
    found: dict[str, list[UUID]] = defaultdict(list)
    keys = {sort_key(name)[1][:NAME_KEY_LENGTH] for name in names}
    rows = Company.objects.visible_to(actor).filter(name_key__in=keys).order_by("pk")
    for pk, name in rows.values_list("pk", "name"):
        if (folded := normalise_text(name)) in names:
            found[folded].append(pk)
    return dict(found)


def refuse_misfit(word: str, *, model: type[Model], name: str) -> None:
    """Raise ValidationError for a word that no record of this model can be called."""
    problems: Problems = {}
    set_values(model(), {name: word}, problems=problems)
    if problems:
        raise ValidationError(problems[name])


def make_companies(names: Collection[str], actor: Actor) -> Mapping[str, UUID]:
    batch = create_companies({name: {"name": name} for name in names}, actor=actor)
    return {normalise_text(company.name): company.pk for company in batch.records.values()}


OWNER = Lookup(
    key=lambda word: word.strip().casefold(),
    find=find_members,
    missing=_("Nobody here logs in with this e-mail address, or has this name."),
    ambiguous=_("Several people here are called “%(word)s”. Name one by the e-mail address."),
)
STAGE = Lookup(
    key=normalise_text,
    find=find_stages,
    missing=_("There is no stage of this name."),
    ambiguous="",
    create=make_stages,
    create_permission="customers.add_stage",
    check=partial(refuse_misfit, model=LifecycleStage, name="own_name"),
    is_option=True,
)
TAGS = Lookup(
    key=normalise_text,
    find=find_tags,
    missing=_("There is no tag of this name."),
    ambiguous="",
    create=make_tags,
    create_permission="customers.add_tag",
    check=partial(refuse_misfit, model=Tag, name="own_name"),
)
_NO_COMPANY = _("There is no company called “%(word)s”.")
_SEVERAL_COMPANIES = _("Several companies are called “%(word)s”.")
COMPANY = Lookup(
    key=normalise_text,
    find=find_companies_named,
    missing=_NO_COMPANY,
    ambiguous=_SEVERAL_COMPANIES,
    create=make_companies,
    create_permission="customers.add_company",
    check=partial(refuse_misfit, model=Company, name="name"),
    counts=True,
)
PARENT = Lookup(
    key=normalise_text,
    find=find_companies_named,
    missing=_NO_COMPANY,
    ambiguous=_SEVERAL_COMPANIES,
    create=make_companies,
    create_permission="customers.add_company",
    check=partial(refuse_misfit, model=Company, name="name"),
    counts=True,
    in_file="name",
)
