"""A strict model server, and providers that ask it."""

import pytest

from actionstudio.apps.simulator.providers import chat_completions, responses
from actionstudio.apps.simulator.providers.remote import Remote
from actionstudio.apps.simulator.providers.target import Target
from tests import openai_server

DIALECTS = {"chat": chat_completions.DIALECT, "responses": responses.DIALECT}


@pytest.fixture
def server():
    with openai_server.serving() as server:
        yield server
        assert server.refused == [], "every request of ours is one that the published schema allows"


@pytest.fixture
def provider(server):
    """A provider of the server; further arguments change its target."""

    def made(protocol: str = "chat", **changes) -> Remote:
        usual = {"label": "Test", "base_url": server.base_url, "model": "gpt-test", "key": openai_server.KEY}
        return Remote(Target(**usual | {"private": True} | changes), DIALECTS[protocol])

    return made
