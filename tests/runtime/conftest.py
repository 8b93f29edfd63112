"""What the data plane's tests share: an upstream of their own, and nothing remembered from the test before."""

import pytest

from actionstudio.runtime.forwarding import cache, fleet
from tests.runtime.upstream import Upstream


@pytest.fixture(autouse=True)
def fresh():
    fleet.forget()
    cache.CACHE.clear()


@pytest.fixture
def upstream():
    with Upstream() as server:
        yield server
