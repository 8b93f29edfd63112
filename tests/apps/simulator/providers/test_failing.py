"""Whatever goes wrong has a code for programs and words for people, in their language; the key stands in none of it."""

import datetime
import email.utils

import pytest

from actionstudio.apps.simulator.providers import faults
from actionstudio.apps.simulator.providers.provider import Prompt, ProviderError, Said, Text
from tests.apps.simulator.providers.test_asking import BOTH, PROMPT, heard, raw
from tests.openai_server import KEY, Turn


def error(message, code=None, kind="invalid_request_error", param=None):
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def fails(provider, prompt=PROMPT, **options) -> ProviderError:
    with pytest.raises(ProviderError) as failed:
        list(provider.stream(prompt, **options))
    return failed.value


LONG = "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens."
OLLAMA = {"error": 'model "llama9" not found, try pulling it first'}
CASES = [
    (401, error("Incorrect API key provided", "invalid_api_key"), {}, "key", "does not accept the key"),
    (403, error("Country not supported"), {}, "key", "403"),
    (404, error("The model `x` does not exist", "model_not_found"), {}, "model", "does not know the model"),
    (404, OLLAMA, {}, "model", "try pulling"),
    (400, {"object": "error", "message": "model gpt-x is not found", "code": 400}, {}, "model", "gpt-test"),
    (404, {"detail": "Not Found"}, {}, "broken", "/v1"),
    (405, {"detail": "Method Not Allowed"}, {}, "broken", "/v1"),
    (429, error("Rate limit reached", "rate_limit_exceeded", "tokens"), {"Retry-After": "20"}, "limit", "20 seconds"),
    (429, error("Slow down"), {}, "limit", "Too many requests"),
    (429, error("You exceeded your current quota", "insufficient_quota", "insufficient_quota"), {}, "quota", "credit"),
    (402, error("Insufficient Balance"), {}, "quota", "credit"),
    (400, error(LONG, "context_length_exceeded", param="messages"), {}, "context", "longer than the model"),
    (
        400,
        {"error": {"message": "the request exceeds the available context size", "code": 400}},
        {},
        "context",
        "Begin",
    ),
    (413, b"too large", {}, "context", "shorten"),
    (400, error("gemma does not support tools"), {}, "bad-request", "cannot call functions"),
    (400, error("'x' is no value", param="top_p"), {}, "bad-request", "'x' is no value"),
    (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, {}, "bad-request", "field required"),
    (408, b"", {}, "time", "more time"),
    (500, error("The server had an error", kind="server_error"), {}, "server", "500"),
    (503, error("Overloaded"), {"Retry-After": "7"}, "server", "7 seconds"),
    (502, b"<html><body>Bad Gateway</body></html>", {"Content-Type": "text/html"}, "server", "web page"),
    (404, b"<!doctype html><title>x</title>", {"Content-Type": "text/html"}, "broken", "/v1"),
    (200, b"<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"}, "broken", "web page"),
    (200, b"hello", {"Content-Type": "text/plain"}, "broken", "not JSON"),
    (200, b"", {}, "broken", "not JSON"),
    (200, b'{"hello": "world"}', {}, "broken", "other protocol"),
    (200, b"[1]", {}, "broken", "other protocol"),
    (200, b'data: {"what": 1}\n\n', {"Content-Type": "text/event-stream"}, "broken", "other protocol"),
    (200, b"data: [\n\n", {"Content-Type": "text/event-stream"}, "broken", "not JSON"),
    (200, b"data: [DONE]\n\n", {"Content-Type": "text/event-stream"}, "broken", "without having said anything"),
    (200, error("The server is overloaded", kind="server_error"), {}, "server", "gave up"),
    (307, b"", {"Location": "https://other.example/v1"}, "broken", "https://other.example/v1"),
]


@BOTH
@pytest.mark.parametrize(("status", "body", "headers", "code", "words"), CASES)
def test_each_failure_is_told_with_its_cure(server, provider, protocol, status, body, headers, code, words):
    usual = {} if isinstance(body, bytes) else {"Content-Type": "application/json"}
    server.turns = [raw(body, status=status, headers=usual | headers)]
    failed = fails(provider(protocol))
    assert failed.code == code and words in str(failed)
    assert failed.status in (status, 0)
    if wait := headers.get("Retry-After"):
        assert failed.wait == float(wait)


@BOTH
def test_the_published_errors_of_a_real_refusal(server, provider, protocol):
    assert fails(provider(protocol, model="gpt-none")).code == "model"
    assert fails(provider(protocol, key="sk-wrong-key-1234567890")).code == "key"
    assert "wants a key" in str(fails(provider(protocol, key="")))
    assert fails(provider(protocol, base_url=server.base_url.removesuffix("/v1"))).code == "broken"


@BOTH
def test_a_connection_that_drops_is_told_after_what_was_said(server, provider, protocol):
    server.turns = [Turn(("One ", "two ", "three"), cut_after=6)]
    stream, said = provider(protocol).stream(PROMPT), []
    with pytest.raises(ProviderError) as failed:
        said += [event.text for event in stream if isinstance(event, Text)]
    assert failed.value.code == "broken" and "in the middle" in str(failed.value)


def test_a_stream_that_ends_politely_but_too_early_is_not_taken_for_whole(server, provider):
    chunk = '{"id": "1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Half"}}]}'
    server.turns = [raw(f"data: {chunk}\n\n".encode(), headers={"Content-Type": "text/event-stream"})]
    assert "in the middle" in str(fails(provider()))


def test_an_error_inside_a_stream_is_told(server, provider):
    text = 'data: {"error": {"message": "Rate limit", "code": "rate_limit_exceeded"}}\n\n'
    server.turns = [raw(text.encode(), headers={"Content-Type": "text/event-stream"})]
    assert fails(provider()).code == "limit"
    failed = '{"type": "response.failed", "response": {"error": {"code": "server_error", "message": "Sorry"}}}'
    server.turns = [raw(f"data: {failed}\n\n".encode(), headers={"Content-Type": "text/event-stream"})]
    assert "Sorry" in str(fails(provider("responses")))


def test_silence_has_an_end(server, provider):
    server.turns = [Turn(mute=5)]
    failed = fails(provider(options={"seconds": 0.3}))
    assert failed.code == "time" and "0.3 seconds" in str(failed)


def test_where_nothing_answers(provider):
    assert "Is the server running" in str(fails(provider(base_url="http://127.0.0.1:9/v1")))
    assert fails(provider(base_url="http://no-such-host.invalid/v1")).code == "unreachable"


def test_a_private_address_is_refused_with_the_way_to_allow_it(server, provider):
    failed = fails(provider(private=False))
    assert failed.code == "refused" and "STUDIO_ALLOW_PRIVATE_UPSTREAMS" in str(failed)
    assert server.asked == []


@BOTH
@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_a_server_that_repeats_the_key_tells_it_to_nobody(server, provider, protocol, status):
    server.turns = [raw(error(f"You sent Bearer {KEY}!", "insufficient_quota"), status=status)]
    failed = fails(provider(protocol))
    assert KEY not in str(failed) and "••••" in str(failed)
    assert KEY not in repr(failed.__context__) and failed.__cause__ is None


@BOTH
def test_a_reply_holds_no_key_even_if_the_model_says_it(server, provider, protocol):
    server.turns = [Turn((f"Your key is {KEY}.",), (("getWeather", "{}"),))]
    asked = provider(protocol)
    reply = heard(asked)[1]
    assert KEY not in repr(reply) and "••••" in reply.text
    assert KEY not in repr(asked._target)


def test_long_words_of_a_server_are_cut():
    assert len(faults.cut("x y\n" * 1000)) == faults.LONGEST


def test_the_wait_may_be_a_date():
    soon = email.utils.format_datetime(
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30), usegmt=True
    )
    assert 28 <= faults.retry_after({"retry-after": soon}) <= 31
    assert faults.retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert faults.retry_after({"retry-after": "soon"}) is None and faults.retry_after({}) is None


def test_the_words_are_in_the_readers_language(server, provider, monkeypatch):
    from django.utils.translation import get_language

    spoken = []
    monkeypatch.setitem(
        faults.WORDS, "connect", type("W", (), {"__str__": lambda w: spoken.append(get_language()) or ""})()
    )
    fails(provider(base_url="http://127.0.0.1:9/v1"), Prompt("", (Said("user", "Hi"),), language="ko"))
    assert spoken == ["ko"]
