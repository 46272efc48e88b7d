"""The columns other programs export find their fields by themselves."""

import pytest
from django.utils.translation import override

from crm.transfer.mapping.guessing import guess
from tests.crm.transfer.conftest import record_type

# What each program calls its columns, and where they have to go; the others are left out.
CONTACTS = {
    "HubSpot": {
        "First Name": "given_name", "Last Name": "family_name", "Email": "email", "Phone Number": "phone",
        "Mobile Phone Number": "mobile_phone", "Contact owner": "owner", "Lifecycle Stage": "lifecycle_stage",
        "Job Title": "title", "Associated Company": "company", "Street Address": "street", "City": "city",
        "State/Region": "province", "Postal Code": "postcode", "Country/Region": "country",
        "Original Traffic Source": "source", "Preferred language": "language", "Record ID": "", "Create Date": "",
    },
    "Salesforce": {
        "Salutation": "", "First Name": "given_name", "Last Name": "family_name", "Title": "title",
        "Account Name": "company", "Mailing Street": "street", "Mailing City": "city",
        "Mailing State/Province": "province", "Mailing Zip/Postal Code": "postcode", "Mailing Country": "country",
        "Phone": "phone", "Mobile": "mobile_phone", "Email": "email", "Contact Owner": "owner",
        "Birthdate": "birthday", "Lead Source": "source", "Email Opt Out": "do_not_email",
        "Do Not Call": "do_not_call", "Description": "description",
    },
    "Salesforce by its programs": {
        "FirstName": "given_name", "LastName": "family_name", "MobilePhone": "mobile_phone",
        "HomePhone": "home_phone", "MailingPostalCode": "postcode", "LeadSource": "source",
        "HasOptedOutOfEmail": "do_not_email", "DoNotCall": "do_not_call",
    },
    "Zoho": {
        "Record Id": "", "Contact Owner": "owner", "Lead Source": "source", "First Name": "given_name",
        "Last Name": "family_name", "Account Name": "company", "Email": "email", "Title": "title",
        "Phone": "phone", "Home Phone": "home_phone", "Mobile": "mobile_phone", "Date of Birth": "birthday",
        "Email Opt Out": "do_not_email", "Mailing Street": "street", "Mailing City": "city",
        "Mailing State": "province", "Mailing Zip": "postcode", "Mailing Country": "country",
        "Description": "description", "Secondary Email": "email", "Tag": "tags",
    },
    "纷享销客": {
        "姓名": "name", "客户名称": "company", "负责人": "owner", "职务": "title", "手机": "mobile_phone",
        "电话": "phone", "邮件": "email", "国家": "country", "省": "province", "市": "city", "区": "district",
        "详细地址": "street", "生日": "birthday", "来源": "source", "备注": "description", "性别": "",
    },
    "Outlook": {
        "Title": "", "First Name": "given_name", "Middle Name": "middle_name", "Last Name": "family_name",
        "Suffix": "", "Company": "company", "Department": "", "Job Title": "title", "Business Street": "street",
        "Business City": "city", "Business State": "province", "Business Postal Code": "postcode",
        "Business Country/Region": "country", "Home City": "", "Business Phone": "work_phone",
        "Home Phone": "home_phone", "Mobile Phone": "mobile_phone", "Birthday": "birthday",
        "Categories": "tags", "E-mail Address": "email", "E-mail 2 Address": "email", "Notes": "description",
    },
    "Google": {
        "First Name": "given_name", "Middle Name": "middle_name", "Last Name": "family_name",
        "Phonetic First Name": "", "Nickname": "", "File As": "", "Organization Name": "company",
        "Organization Title": "title", "Organization Department": "", "Birthday": "birthday",
        "Notes": "description", "Labels": "tags", "E-mail 1 - Label": "email_labels", "E-mail 1 - Value": "email",
        "E-mail 2 - Label": "email_labels", "E-mail 2 - Value": "email", "Phone 1 - Label": "phone_labels",
        "Phone 1 - Value": "phone", "Address 1 - Label": "address_label", "Address 1 - Country": "country",
        "Address 1 - Street": "street", "Address 1 - City": "city", "Address 1 - Region": "province",
        "Address 1 - Postal Code": "postcode", "Address 2 - City": "",
    },
}  # fmt: skip
COMPANIES = {
    "HubSpot": {
        "Company name": "name", "Company owner": "owner", "Company Domain Name": "website", "Industry": "industry",
        "Number of Employees": "employees", "Annual Revenue": "revenue", "Phone Number": "phone",
        "Street Address": "street", "City": "city", "State/Region": "province", "Postal Code": "postcode",
        "Country/Region": "country", "Year Founded": "founded_year", "Parent Company": "parent",
        "Lifecycle Stage": "lifecycle_stage", "Description": "description",
    },
    "Salesforce": {
        "Account Name": "name", "Parent Account": "parent", "Website": "website", "Phone": "phone",
        "Billing Street": "street", "Billing City": "city", "Billing State/Province": "province",
        "Billing Zip/Postal Code": "postcode", "Billing Country": "country", "Industry": "industry",
        "Employees": "employees", "Annual Revenue": "revenue", "Account Owner": "owner",
        "Account Source": "source", "Year Started": "founded_year", "Fax": "",
    },
    "Zoho": {
        "Account Name": "name", "Account Owner": "owner", "Phone": "phone", "Website": "website",
        "Industry": "industry", "Employees": "employees", "Annual Revenue": "revenue",
        "Billing Street": "street", "Billing City": "city", "Billing State": "province", "Billing Code": "postcode",
        "Billing Country": "country", "Parent Account": "parent", "Description": "description",
    },
    "纷享销客": {
        "客户名称": "name", "负责人": "owner", "电话": "phone", "网址": "website", "国家": "country", "省": "province",
        "市": "city", "区": "district", "详细地址": "street", "成交状态": "lifecycle_stage", "来源": "source",
        "1级行业": "industry", "上级客户": "parent", "备注": "description",
    },
}  # fmt: skip


def guessed(names: list[str], type: str) -> dict[str, str]:
    found = guess(names, record_type(type).importer)
    return {column.name: column.field for column in found.columns}


@pytest.mark.parametrize("program", CONTACTS)
def test_contacts_of_other_programs(program: str) -> None:
    assert guessed([*CONTACTS[program]], "contact") == CONTACTS[program]


@pytest.mark.parametrize("program", COMPANIES)
def test_companies_of_other_programs(program: str) -> None:
    assert guessed([*COMPANIES[program]], "company") == COMPANIES[program]


@pytest.mark.parametrize("type", ["contact", "company"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_our_own_columns_all_find_their_field_in_both_languages(type: str, language: str) -> None:
    fields = record_type(type).importer.exported()
    with override(language):
        labels = [str(field.label) for field in fields]

    assert list(guessed(labels, type).values()) == [field.name for field in fields]


def test_what_stands_in_a_column_tells_what_its_name_does_not() -> None:
    samples = [
        ["a@x.example", "b@y.example"],
        ["+49 30 1234567", "030 7654321"],
        ["Germany", "France"],
        ["x", "y"],
    ]

    found = guess(
        ["Column 1", "Column 2", "Column 3", "Column 4"],
        record_type("contact").importer,
        samples=lambda at: samples[at],
    )

    assert [(each.field, each.confidence) for each in found.columns] == [
        ("email", "content"),
        ("phone", "content"),
        ("country", "content"),
        ("", ""),
    ]


def test_a_column_called_email_without_any_is_looked_at_again() -> None:
    found = guess(
        ["E-mail"], record_type("contact").importer, samples=lambda at: ["yes", "no", "no"]
    )

    assert found.columns[0].confidence == "likely"


def test_what_was_chosen_before_is_chosen_again() -> None:
    found = guess(
        ["Kundennr", "City"], record_type("contact").importer, past={"kundennr": "description"}
    )

    assert [(each.field, each.confidence) for each in found.columns] == [
        ("description", "known"),
        ("city", "sure"),
    ]
