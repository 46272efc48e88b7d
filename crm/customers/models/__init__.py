"""Companies and contacts, and what is said about them. Import each from the module that defines it."""

from crm.customers.models import affiliations, companies, contacts, labels, reach

__all__ = ["affiliations", "companies", "contacts", "labels", "reach"]
