"""A model server that others have made (aimock, for Node) is asked in both protocols, and fails in its own ways."""

import contextlib
import json
import socket
import time

import pytest

from actionstudio.apps.simulator.providers.provider import Prompt, ProviderError, Said
from actionstudio.apps.simulator.providers.remote import Remote
from actionstudio.apps.simulator.providers.target import Target
from tests import npm, real
from tests.apps.simulator.providers.conftest import DIALECTS
from tests.apps.simulator.providers.test_asking import BOTH, WEATHER, heard
from tests.studio import free_port

MISSING = npm.missing()
pytestmark = pytest.mark.skipif(bool(MISSING) and not real.CI, reason=f"{MISSING} (make test fetches them)")
KEY = "sk-aimock-tests-4f1c9e2b"
GREETING = "Bonjour ! 안녕 – how can I help you today?"
CALL = {"name": "getWeather", "arguments": {"city": "Paris"}}
FIXTURES = [
    {"match": {"userMessage": "weather", "hasToolResult": False}, "response": {"toolCalls": [CALL]}},
    {"match": {"userMessage": "weather", "hasToolResult": True}, "response": {"content": "It rains."}},
    {"match": {"userMessage": "hello"}, "response": {"content": GREETING}},
]


@contextlib.contextmanager
def aimock(tmp_path, *options):
    """The server, until the block ends; its base URL."""
    (tmp_path / "fixtures.json").write_text(json.dumps({"fixtures": FIXTURES}))
    port = free_port()
    usual = ("-p", str(port), "-f", str(tmp_path / "fixtures.json"), "-c", "7", "--strict")
    with npm.running("@copilotkit/aimock/dist/cli.js", *usual, *options) as run:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert run.child.poll() is None and time.monotonic() < until, run.told()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"


def provider(base_url, protocol="chat", key=KEY, **options):
    target = Target("Theirs", base_url, "gpt-5-mini", key, options=options, price_in=1, price_out=1, private=True)
    return Remote(target, DIALECTS[protocol])


def said(text, *more):
    return Prompt("Be brief.", (Said("user", text), *more), (WEATHER,))


@BOTH
@pytest.mark.parametrize("streamed", [True, False])
def test_a_conversation_with_a_call(tmp_path, monkeypatch, protocol, streamed):
    monkeypatch.setenv("AIMOCK_API_KEYS", KEY)
    with aimock(tmp_path) as base_url:
        asked = provider(base_url, protocol, stream=streamed)
        texts, reply = heard(asked, said("hello"))
        assert reply.text == GREETING and (len(texts) > 3) is streamed and reply.usage.dollars is not None
        _, reply = heard(asked, said("weather?"))
        (wish,) = reply.wishes
        assert reply.reason == "calls" and (wish.name, json.loads(wish.arguments)) == ("getWeather", {"city": "Paris"})
        more = (Said("assistant", "", reply.wishes), Said("tool", '{"sky": "grey"}', answers=wish.id))
        assert heard(asked, said("weather?", *more))[1].text == "It rains."
        with pytest.raises(ProviderError) as failed:
            list(provider(base_url, protocol, "sk-another-key").stream(said("hello")))
        assert failed.value.code == "key"


@pytest.mark.parametrize(
    ("chaos", "codes"),
    [
        ("--chaos-ratelimit", {"limit"}),
        ("--chaos-drop", {"server"}),
        ("--chaos-malformed", {"broken"}),
        ("--chaos-disconnect", {"broken"}),
    ],
)
def test_when_it_fails_it_is_told(tmp_path, chaos, codes):
    with aimock(tmp_path, chaos, "1") as base_url:
        for protocol in DIALECTS:
            with pytest.raises(ProviderError) as failed:
                list(provider(base_url, protocol).stream(said("hello")))
            assert failed.value.code in codes and str(failed.value)
            assert chaos != "--chaos-ratelimit" or failed.value.wait is not None
