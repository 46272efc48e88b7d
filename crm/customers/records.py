"""Companies and contacts as record types: what the product knows about them, said once."""

from core.records.operating import ManyOperations, Merging, Operations, RelatedRows
from core.records.registry import PersonalData, RecordType, register
from crm.customers import consequences, duplicates, search
from crm.customers.forms.companies import CompanyForm
from crm.customers.forms.contacts import ContactForm
from crm.customers.importing import companies as importing_companies
from crm.customers.importing import contacts as importing_contacts
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations import companies, contacts, references, sayings
from crm.customers.presentation import of_companies, of_contacts
from crm.customers.words import (
    COMPANY_EVENTS,
    COMPANY_MENU,
    CONTACT_EVENTS,
    CONTACT_MENU,
    count_subsidiaries,
)

CONTACTS = register(
    RecordType(
        model=Contact,
        menu=CONTACT_MENU,
        listing=of_contacts.LISTING,
        page=of_contacts.PAGE,
        form=ContactForm,
        operations=Operations(
            create=contacts.create_contact,
            update=contacts.update_contact,
            delete=contacts.delete_contact,
            many=ManyOperations(
                update=contacts.update_contacts,
                delete=contacts.delete_contacts,
                restore=contacts.restore_contacts,
                destroy=contacts.destroy_contacts,
                says=sayings.contact_says,
                names=sayings.CONTACT_NAMES,
                lost=references.lost_references,
                refers=references.REFERS,
            ),
            merging=Merging(
                revive=contacts.revive_contacts,
                united={
                    "emails": "email",
                    "phones": "number",
                    "addresses": "",
                    "companies": "company",
                    "tags": "",
                },
            ),
            consequences=consequences.of_contact,
        ),
        search=search.CONTACTS,
        importer=importing_contacts.IMPORT,
        events=CONTACT_EVENTS,
        personal_data=PersonalData(subject="id"),
        duplicates=duplicates.CONTACTS,
    )
)
COMPANIES = register(
    RecordType(
        model=Company,
        menu=COMPANY_MENU,
        listing=of_companies.LISTING,
        page=of_companies.PAGE,
        form=CompanyForm,
        operations=Operations(
            create=companies.create_company,
            update=companies.update_company,
            delete=companies.delete_company,
            many=ManyOperations(
                update=companies.update_companies,
                delete=companies.delete_companies,
                restore=companies.restore_companies,
                destroy=companies.destroy_companies,
                says=sayings.company_says,
                names=sayings.COMPANY_NAMES,
                lost=references.lost_references,
                refers=references.REFERS,
            ),
            merging=Merging(
                revive=companies.revive_companies,
                united={"tags": ""},
                related=(
                    RelatedRows(
                        Affiliation,
                        "company_id",
                        "contact_id",
                        "is_primary",
                        counted=CONTACT_MENU.counted,
                    ),
                    RelatedRows(Company, "parent_id", counted=count_subsidiaries),
                ),
                parents=("parent",),
            ),
            consequences=consequences.of_company,
        ),
        search=search.COMPANIES,
        importer=importing_companies.IMPORT,
        events=COMPANY_EVENTS,
        personal_data=PersonalData(subject="id"),
        duplicates=duplicates.COMPANIES,
    )
)
