from tests.front.conftest import kari, pool, visitor  # noqa: F401 - fixtures
from tests.outbox.conftest import apart, later, server  # noqa: F401 - fixtures
