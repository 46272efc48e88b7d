"""Ada and her company."""

from tests.api.conftest import program_of  # noqa: F401
from tests.crm.customers.conftest import ada, initech  # noqa: F401
