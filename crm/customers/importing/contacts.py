"""Contacts from a file: the columns people call by many names, and what goes where."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.records.importing import ImportField, ImportInto, MatchBy
from core.ui import formats
from crm.customers.addresses import country_name
from crm.customers.forms.fields import LANGUAGES
from crm.customers.importing import lookups
from crm.customers.importing.checking import check_contacts
from crm.customers.importing.composing import compose_contact
from crm.customers.importing.recognising import (
    emails_of,
    find_by_emails,
    find_by_names,
    find_by_phones,
    names_of,
    phones_of,
)
from crm.customers.importing.shared import RELATIONSHIP, text_field, yes_or_no
from crm.customers.importing.values import read_country, read_language
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contacts, update_contacts
from crm.customers.phones import show_phone
from crm.transfer.values import read_day, read_flag, read_list, read_text


def _address_part(name: str, contact: Contact) -> str:
    address = contact.main("addresses")
    return str(getattr(address, name)) if address else ""


def _address(name: str, label: Any, *also: str) -> ImportField:
    return ImportField(name, label, read_text, partial(_address_part, name), also)


def _emails(contact: Contact) -> str:
    return ", ".join(each.email for each in contact.listed("emails"))


def _phones(contact: Contact) -> str:
    return ", ".join(show_phone(each.number) for each in contact.listed("phones"))


def _companies(contact: Contact) -> str:
    return ", ".join(each.company.name for each in contact.listed("affiliations"))


def _country(contact: Contact) -> str:
    return country_name(_address_part("country", contact))


def _birthday(contact: Contact) -> str:
    return formats.day(contact.birthday) if contact.birthday else ""


def _language(contact: Contact) -> str:
    return str(dict(LANGUAGES).get(contact.language, contact.language)) if contact.language else ""


def _flag(name: str, label: Any, *also: str) -> ImportField:
    return ImportField(name, label, read_flag, partial(yes_or_no, name=name), also)


FIELDS = (
    text_field("given_name", _("Given name"), "first name", "firstname", "forename", "vorname", "名", "名字"),
    text_field("family_name", _("Family name"), "last name", "lastname", "surname", "nachname", "姓", "姓氏"),
    ImportField(
        "name", _("Whole name"), read_text, lambda contact: str(contact.name),
        ("full name", "contact", "contact name", "person", "display name", "姓名", "联系人", "联系人姓名", "全名"),
    ),
    text_field("title", _("Job title"), "title", "position", "role", "job", "职位", "职务", "头衔", "岗位"),
    ImportField(
        "email", _("E-mail"), read_list, _emails,
        ("email", "e mail", "mail", "email address", "e mail address", "work email", "邮箱", "电子邮箱", "电子邮件",
         "邮件", "邮箱地址", "email 1 value", "e mail 1 value"),
        is_list=True,
    ),
    ImportField(
        "phone", _("Phone"), read_list, _phones,
        ("phone number", "telephone", "tel", "mobile", "mobile phone", "cell", "cell phone", "work phone",
         "business phone", "home phone", "手机", "手机号", "手机号码", "电话", "联系电话", "phone 1 value"),
        is_list=True,
    ),
    ImportField(
        "company", _("Company"), read_list, _companies,
        ("company name", "account", "account name", "organisation", "organization", "employer", "associated company",
         "公司", "公司名称", "所属公司", "单位", "客户名称"),
        lookup=lookups.COMPANY, is_list=True,
    ),
    _address(
        "street", _("Street"),
        "address", "street address", "address line 1", "mailing street", "地址", "详细地址", "街道",
    ),
    _address("district", _("District"), "区", "区县", "county"),
    _address("city", _("City"), "town", "mailing city", "城市", "市"),
    _address(
        "province", _("State or province"), "state", "province", "region", "mailing state", "省", "省份", "州",
    ),
    _address("postcode", _("Postcode"), "postal code", "zip", "zip code", "mailing zip", "邮编", "邮政编码"),
    ImportField(
        "country", _("Country"), read_country, _country,
        ("country region", "mailing country", "location", "国家", "国家地区"),
    ),
    ImportField("language", _("Language"), read_language, _language, ("preferred language", "locale", "语言")),
    ImportField(
        "birthday", _("Birthday"), read_day, _birthday, ("birth date", "birthdate", "date of birth", "dob", "生日", "出生日期"),
    ),
    _flag("do_not_call", _("Do not call"), "donotcall", "call opt out", "请勿致电", "勿打电话"),
    _flag("do_not_email", _("Do not e-mail"), "email opt out", "has opted out of email", "unsubscribed", "请勿发邮件"),
    _flag("do_not_sms", _("Do not send SMS"), "sms opt out", "请勿发短信"),
    *RELATIONSHIP,
)  # fmt: skip


def prepare(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Read along what the check compares."""
    return rows.with_tags().with_lists(related=("company",))  # type: ignore[attr-defined]


IMPORT = ImportInto(
    fields=FIELDS,
    match=(
        MatchBy("email", _("E-mail"), ("email",), emails_of, find_by_emails),
        MatchBy("phone", _("Phone"), ("phone", "country"), phones_of, find_by_phones),
        MatchBy(
            "name", _("Name"), ("given_name", "family_name", "name", "company"), names_of, find_by_names,
            is_offered=False,
        ),
    ),
    compose=compose_contact,
    create=create_contacts,
    update=update_contacts,
    check=check_contacts,
    prepare=prepare,
    places={"emails": "email", "phones": "phone", "companies": "company", "addresses": "street"},
)  # fmt: skip
