"""Contacts from a file: the columns people call by many names, and what goes where."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.records.importing import ImportField, ImportInto, MatchBy
from core.ui import formats
from crm.customers.addresses import country_name
from crm.customers.forms.fields import LANGUAGES
from crm.customers.importing import lookups, writing
from crm.customers.importing.checking import check_contacts
from crm.customers.importing.composing import compose_contact
from crm.customers.importing.looking import looks_like_country, looks_like_email, looks_like_phone
from crm.customers.importing.nearby import NEAR
from crm.customers.importing.reading import contacts_to_export
from crm.customers.importing.recognising import (
    emails_of,
    find_by_emails,
    find_by_names,
    find_by_phones,
    names_of,
    phones_of,
)
from crm.customers.importing.shared import RELATIONSHIP, text_field, yes_or_no
from crm.customers.importing.values import (
    read_addresses,
    read_channel,
    read_country,
    read_days,
    read_label,
    read_labels,
    read_language,
)
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contacts, update_contacts
from crm.customers.phones import show_phone
from crm.transfer.values import read_day, read_flag, read_list, read_places, read_text

# What Google and Outlook put before the parts of a person's first address.
FIRST_ADDRESS = ("mailing", "business", "work", "address 1", "primary address")


def _address(name: str, label: Any, *also: str, read: Any = read_text) -> ImportField:
    written = partial(writing.address_part, name)
    return ImportField(name, label, read, written, also, written=written)


def _placed(*parts: str) -> tuple[str, ...]:
    return tuple(f"{place} {part}" for place in FIRST_ADDRESS for part in parts)


def _emails(contact: Contact) -> str:
    return ", ".join(each.email for each in contact.listed("emails"))


def _phones(contact: Contact) -> str:
    return ", ".join(show_phone(each.number) for each in contact.listed("phones"))


def _companies(contact: Contact) -> str:
    return ", ".join(each.company.name for each in contact.listed("affiliations"))


def _country(contact: Contact) -> str:
    return country_name(writing.address_part("country", contact))


def _birthday(contact: Contact) -> str:
    return formats.day(contact.birthday) if contact.birthday else ""


def _language(contact: Contact) -> str:
    return str(dict(LANGUAGES).get(contact.language, contact.language)) if contact.language else ""


def _flag(name: str, label: Any, *also: str) -> ImportField:
    shown = partial(yes_or_no, name=name)
    return ImportField(name, label, read_flag, shown, also, written=shown)


def _beside(name: str, label: Any, part: str, *also: str, read: Any = read_places) -> ImportField:
    """Return a column whose values belong, one by one, to those of another column."""
    listed, _dot, attribute = part.partition(".")
    written = partial(writing.beside, listed, attribute)
    return ImportField(name, label, read, written, also, is_list=True, written=written)


def _feeding(name: str, label: Any, feeds: str, stands_for: str, *also: str) -> ImportField:
    """Return a column that brings more values for a list, all under one label."""
    shown, looks = {"phone": (_phones, looks_like_phone), "email": (_emails, looks_like_email)}[
        feeds
    ]
    return ImportField(
        name, label, read_list, shown, also,
        is_list=True, feeds=feeds, stands_for=stands_for, looks=looks,
    )  # fmt: skip


NAMES = (
    text_field("given_name", _("Given name"), "first name", "firstname", "forename", "vorname", "名", "名字"),
    ImportField(
        "middle_name", _("Middle name"), read_text, lambda contact: "", ("additional name", "second name", "中间名"),
        part_of="given_name",
    ),
    text_field("family_name", _("Family name"), "last name", "lastname", "surname", "nachname", "姓", "姓氏"),
    ImportField(
        "name", _("Whole name"), read_text, lambda contact: str(contact.name),
        ("full name", "contact", "contact name", "person", "display name", "姓名", "联系人", "联系人姓名", "全名"),
    ),
    text_field(
        "title", _("Job title"), "title", "position", "role", "job", "organization title", "organization 1 title",
        "职位", "职务", "头衔", "岗位",
    ),
)  # fmt: skip
REACH = (
    ImportField(
        "email", _("E-mail"), read_list, _emails,
        ("email", "e mail", "mail", "email address", "e mail address", "primary email",
         "邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址", "email value", "e mail value", "secondary email",
         "additional email addresses", "email address 2", "e mail 2 address", "e mail 3 address"),
        is_list=True, written=writing.emails, looks=looks_like_email,
    ),
    _beside("email_labels", _("E-mail labels"), "emails.label", "e mail label", "email label", "e mail type",
            "email type", "邮箱标签", read=read_labels),
    _feeding("work_email", _("Work e-mail"), "email", "work", "work email", "business email", "工作邮箱", "公司邮箱"),
    _feeding("home_email", _("Private e-mail"), "email", "home", "home email", "personal email", "私人邮箱", "个人邮箱"),
    ImportField(
        "phone", _("Phone"), read_list, _phones,
        ("phone number", "telephone", "tel", "primary phone", "other phone", "电话", "联系电话",
         "phone value", "additional phone numbers"),
        is_list=True, written=writing.phones, looks=looks_like_phone,
    ),
    _beside("phone_labels", _("Phone labels"), "phones.label", "phone label", "phone type", "电话标签", read=read_labels),
    _feeding("mobile_phone", _("Mobile"), "phone", "mobile", "mobile phone", "mobile phone number", "mobile number",
             "cell", "cell phone", "手机", "手机号", "手机号码", "移动电话"),
    _feeding("work_phone", _("Work phone"), "phone", "work", "business phone", "office phone", "company main phone",
             "办公电话", "工作电话", "座机", "公司电话"),
    _feeding("home_phone", _("Home phone"), "phone", "home", "private phone", "家庭电话", "住宅电话"),
)  # fmt: skip
PLACES = (
    ImportField(
        "company", _("Company"), read_list, _companies,
        ("company name", "account", "account name", "organisation", "organization", "organization name",
         "organization 1 name", "employer", "associated company", "primary company",
         "公司", "公司名称", "所属公司", "单位", "客户名称", "所属客户", "企业名称"),
        lookup=lookups.COMPANY, is_list=True, written=writing.companies,
    ),
    _beside("company_roles", _("Role there"), "affiliations.title", "company role", "在职职位"),
    _beside("company_from", _("There since"), "affiliations.started_on", "入职日期", read=read_days),
    _beside("company_until", _("There until"), "affiliations.ended_on", "离职日期", read=read_days),
    _address(
        "address_label", _("Address label"), "address 1 label", "address 1 type", "地址标签", read=read_label,
    ),
    _address(
        "street", _("Street"),
        "address", "street address", "address line 1", *_placed("street", "address"),
        "地址", "详细地址", "街道", "通讯地址",
    ),
    _address("district", _("District"), "区", "区县", "county", "address 1 extended address"),
    _address("city", _("City"), "town", *_placed("city"), "城市", "市"),
    _address(
        "province", _("State or province"), "state", "province", "region", "state region",
        *_placed("state", "region", "province", "state province"), "省", "省份", "州",
    ),
    _address(
        "postcode", _("Postcode"), "postal code", "zip", "zip code", "zip postal code",
        *_placed("zip", "postal code", "zip postal code"), "邮编", "邮政编码",
    ),
    ImportField(
        "country", _("Country"), read_country, _country,
        ("country region", "location", *_placed("country", "country region"), "国家", "国家地区"),
        written=writing.address_country, looks=looks_like_country,
    ),
    ImportField(
        "other_addresses", _("Other addresses"), read_addresses, writing.other_addresses, ("其他地址",),
        written=writing.other_addresses,
    ),
)  # fmt: skip
PERSONAL = (
    ImportField(
        "language", _("Language"), read_language, _language, ("preferred language", "locale", "语言"),
        written=lambda contact: str(contact.language),
    ),
    ImportField(
        "birthday", _("Birthday"), read_day, _birthday,
        ("birth date", "birthdate", "date of birth", "dob", "生日", "出生日期"),
        written=lambda contact: contact.birthday.isoformat() if contact.birthday else "", is_sensitive=True,
    ),
    _flag("do_not_call", _("Do not call"), "donotcall", "call opt out", "phone opt out", "请勿致电", "勿打电话"),
    _flag(
        "do_not_email", _("Do not e-mail"), "email opt out", "has opted out of email", "unsubscribed",
        "unsubscribed from all email", "opted out of email", "请勿发邮件",
    ),
    _flag("do_not_sms", _("Do not send SMS"), "sms opt out", "请勿发短信"),
    ImportField(
        "preferred_channel", _("Preferred channel"), read_channel,
        lambda contact: str(contact.get_preferred_channel_display()) if contact.preferred_channel else "",
        ("preferred contact method", "首选联系方式"), written=lambda contact: str(contact.preferred_channel),
    ),
)  # fmt: skip


def prepare(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Read along what the check compares."""
    return rows.with_tags().with_lists(related=("company",))  # type: ignore[attr-defined]


IMPORT = ImportInto(
    fields=(*NAMES, *REACH, *PLACES, *PERSONAL, *RELATIONSHIP),
    match=(
        MatchBy("email", _("E-mail"), ("email",), emails_of, find_by_emails),
        MatchBy("phone", _("Phone"), ("phone", "country"), phones_of, find_by_phones),
        MatchBy(
            "name", _("Name"), ("given_name", "middle_name", "family_name", "name", "company"), names_of,
            find_by_names, is_offered=False,
        ),
    ),
    compose=compose_contact,
    create=create_contacts,
    update=update_contacts,
    check=check_contacts,
    prepare=prepare,
    export=contacts_to_export,
    places={"emails": "email", "phones": "phone", "companies": "company", "addresses": "street"},
    behind={
        "name": ("given_name", "family_name"),
        "email": ("email", "email_labels"),
        "phone": ("phone", "phone_labels"),
        "stage": ("lifecycle_stage",),
    },
    parts={
        "emails": ("email", "email_labels"),
        "phones": ("phone", "phone_labels"),
        "companies": ("company", "company_roles", "company_from", "company_until"),
        "addresses": (
            "address_label", "street", "district", "city", "province", "postcode", "country", "other_addresses",
        ),
    },
    near=NEAR,
)  # fmt: skip
