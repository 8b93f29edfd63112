"""Paths of an address that belong to its provider: who answers them, and what of it the log keeps."""

import asyncio

import pytest

from actionstudio.core.auth import NoAuth, OAuth
from actionstudio.core.call import Reply
from actionstudio.runtime import signing
from actionstudio.runtime.app import Frontdoor
from actionstudio.runtime.memory import MemoryStore
from actionstudio.runtime.ports import Provided
from tests import make
from tests.runtime.house import Kept, Memory


class House:
    """runtime.ports.Provider: answers every path the same, but for one file that is not there."""

    def answer(self, hosted, call, base, client):
        status = 404 if call.path.endswith("missing.css") else 200
        return Provided(Reply(status, (("content-type", "text/css"),), b"body"), {"oauth": {"leg": "page"}})


def served(path, auth):
    """Status, body and log of one GET through the event loop."""
    sent, sink = [], Kept()
    door = Frontdoor(Memory(make.contract(auth=auth)), sink, MemoryStore(), worker=1, provider=House())
    scope = {
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "type": "http",
    }

    async def send(message):
        sent.append(message)

    async def run():
        door.start(asyncio.get_running_loop())
        await door.serve("todo", scope, None, send)
        await door.stop()

    asyncio.run(run())
    return sent[0]["status"], sink.records


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/oauth/login", True),
        ("/oauth/static/css/base.css", False),
        ("/oauth/static/missing.css", True),
        ("/oauth/theme.css", False),
        ("/connected", True),
    ],
)
def test_the_files_of_sign_in_pages_are_nobodys_calls(path, logged):
    status, records = served(path, OAuth())
    assert [record.kind for record in records] == (["oauth"] if logged else [])
    assert status == (404 if "missing" in path else 200)


def test_where_nobody_signs_in_the_paths_are_the_projects_own():
    assert [record.kind for record in served("/oauth/theme.css", NoAuth())[1]] == ["refused"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/.well-known/oauth-protected-resource/live/Todo/mcp", ("todo", "/.well-known/oauth-protected-resource/mcp")),
        ("/.well-known/oauth-authorization-server/live/todo", ("todo", "/.well-known/oauth-authorization-server")),
        ("/.well-known/oauth-authorization-server/live/", None),
        ("/.well-known/other/live/todo", None),
        ("/.well-known/oauth-authorization-server", None),
    ],
)
def test_a_well_known_part_before_the_path_names_its_address(path, found):
    assert signing.inserted(path) == found
