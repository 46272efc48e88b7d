"""Ada and her company."""

from tests.crm.customers.conftest import ada, initech  # noqa: F401
