"""The customers' cast, for what happens to many of them at once."""

from tests.crm.customers.conftest import (  # noqa: F401
    ada,
    customer_stage,
    door,
    initech,
    vip,
)
