"""Companies from a file: the columns people call by many names, and how a company is recognised."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.encryption.normalise import normalise_text
from core.actors import Actor
from core.records.importing import Found, ImportField, ImportInto, MatchBy, plain
from crm.customers.addresses import country_name
from crm.customers.importing import lookups, writing
from crm.customers.importing.checking import check_companies
from crm.customers.importing.looking import looks_like_country, looks_like_phone
from crm.customers.importing.nearby import NEAR
from crm.customers.importing.reading import companies_to_export
from crm.customers.importing.shared import RELATIONSHIP, number_of, text_field
from crm.customers.importing.values import (
    read_country,
    read_currency_code,
    read_industry,
    read_web_address,
)
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_companies, update_companies
from crm.customers.operations.company_values import domain_of
from crm.customers.phones import show_phone
from crm.transfer.values import read_integer, read_number, read_text

FIELDS = (
    text_field(
        "name", _("Name"),
        "company", "company name", "account", "account name", "organisation", "organization", "customer",
        "customer name", "business name", "firm", "公司", "公司名称", "企业名称", "客户", "客户名称", "单位名称", "名称",
        "organization name", "客户全称",
    ),
    text_field(
        "website", _("Website"),
        "web site", "homepage", "url", "domain", "company domain name", "web", "网站", "网址", "域名", "官网", "公司网址",
        "website url", "web page", "公司网站",
        read=read_web_address,
    ),
    ImportField(
        "industry", _("Industry"), read_industry, lambda company: str(company.industry_name),
        ("sector", "branch", "industry sector", "行业", "所属行业", "行业类别", "一级行业", "1级行业"),
        written=lambda company: str(company.industry),
    ),
    ImportField(
        "employees", _("Employees"), read_integer, partial(number_of, name="employees"),
        ("number of employees", "no of employees", "employee count", "headcount", "company size", "size", "staff",
         "员工数", "员工人数", "人数", "公司规模", "规模"),
        is_number=True, can_scale=True, written=partial(plain, name="employees"),
    ),
    ImportField(
        "revenue", _("Annual revenue"), read_number, partial(number_of, name="revenue"),
        ("revenue", "turnover", "sales volume", "annual turnover", "营收", "年营收", "年收入", "营业额", "年营业额"),
        is_number=True, can_scale=True, usual_from=100_000,
        written=partial(plain, name="revenue"),
    ),
    text_field("currency", _("Currency"), "currency code", "货币", "币种", read=read_currency_code),
    ImportField(
        "founded_year", _("Founded"), read_integer, lambda company: str(company.founded_year or ""),
        ("year established", "year founded", "founded year", "established", "founding year", "since",
         "year started", "成立年份", "成立时间", "创立年份"),
        written=partial(plain, name="founded_year"),
    ),
    ImportField(
        "phone", _("Phone"), read_text,
        lambda company: show_phone(company.phone) if company.phone else "",
        ("phone number", "telephone", "tel", "main phone", "电话", "公司电话", "座机", "联系电话"),
        written=partial(plain, name="phone"), looks=looks_like_phone,
    ),
    text_field(
        "street", _("Street"),
        "address", "street address", "address line 1", "billing street", "business street", "billing address", "地址", "详细地址", "街道", "公司地址",
    ),
    text_field("district", _("District"), "区", "区县", "county"),
    text_field("city", _("City"), "town", "billing city", "business city", "城市", "市", "所在城市"),
    text_field(
        "province", _("State or province"),
        "state", "province", "region", "state region", "billing state", "billing state province", "business state", "省", "省份", "州", "所在省份",
    ),
    text_field(
        "postcode", _("Postcode"), "postal code", "zip", "zip code", "zip postal code", "billing zip",
        "billing code", "billing postal code", "billing zip postal code", "business postal code", "邮编", "邮政编码",
    ),
    ImportField(
        "country", _("Country"), read_country, lambda company: country_name(company.country),
        ("office location", "country region", "location", "billing country", "business country region",
         "国家", "国家地区", "所在国家"),
        written=lambda company: writing.country(company.country), looks=looks_like_country,
    ),
    ImportField(
        "parent", _("Parent company"), read_text,
        lambda company: str(company.parent.name) if company.parent_id else "",
        ("parent", "subsidiary of", "parent account", "belongs to", "holding", "mother company", "母公司", "上级公司", "总公司", "上级客户"),
        lookup=lookups.PARENT, written=lambda company: str(company.parent.name) if company.parent_id else "",
    ),
    *RELATIONSHIP,
)  # fmt: skip


def _names(values: Mapping[str, Any]) -> list[str]:
    name = normalise_text(values.get("name", ""))
    return [name] if name else []


def _domains(values: Mapping[str, Any]) -> list[str]:
    domain = domain_of(values.get("website", ""))
    return [domain] if domain else []


def find_companies_at(domains: Collection[str], actor: Actor) -> Found:
    """Return the companies the actor sees at these domains."""
    found: dict[str, list[Any]] = {}
    rows = Company.objects.visible_to(actor).filter(domain__in=domains).order_by("pk")
    for pk, domain in rows.values_list("pk", "domain"):
        found.setdefault(domain, []).append(pk)
    return found


def compose(values: Mapping[str, Any], company: Company | None) -> dict[str, Any]:
    """Return what the operations take; tags are added to those the company has."""
    row = dict(values)
    if company is not None and "tags" in row:
        row["tags"] = list(dict.fromkeys([*company.tag_ids, *row["tags"]]))
    return row


def prepare(rows: QuerySet[Company]) -> QuerySet[Company]:
    """Read along what the check compares."""
    return rows.with_tags()  # type: ignore[attr-defined]


IMPORT = ImportInto(
    fields=FIELDS,
    match=(
        MatchBy("name", _("Name"), ("name",), _names, lookups.find_companies_named),
        MatchBy("domain", _("Web address"), ("website",), _domains, find_companies_at),
    ),
    compose=compose,
    create=create_companies,
    update=update_companies,
    check=check_companies,
    prepare=prepare,
    export=companies_to_export,
    places={},
    behind={"revenue": ("revenue", "currency"), "stage": ("lifecycle_stage",)},
    near=NEAR,
)
