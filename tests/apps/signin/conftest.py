"""A provider that is not ours, and ann's project."""

import pytest

from actionstudio.apps.signin import emulating
from tests import make
from tests.provider import Elsewhere


@pytest.fixture
def other():
    with Elsewhere(emulating.callback_url()) as found:
        yield found


@pytest.fixture
def shop(ann):
    return make.project("shop", ann)
