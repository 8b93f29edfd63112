"""The probe: what an answer means, and that it is a fetch as ChatGPT's and safe as any other."""

import json

import pytest

from actionstudio.apps.gpt import probing
from actionstudio.apps.projects.models import Job
from actionstudio.core import limits
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from actionstudio.runtime.visit import PROBE, from_openai
from tests import make

URL = "https://api.acme.com"
DOCUMENT = json.dumps({"openapi": "3.1.0", "servers": [{"url": URL}]}).encode()
JSON = (("content-type", "application/json"),)
HTML = (("content-type", "text/html; charset=utf-8"),)


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "detail"),
    [
        (200, JSON, DOCUMENT, "ok", ""),
        (200, (("content-type", "text/html"),), DOCUMENT, "interstitial", ""),
        (200, (("content-type", "application/octet-stream"),), DOCUMENT, "type", "application/octet-stream"),
        (200, (), DOCUMENT, "type", ""),
        (301, (("location", "https://www.acme.com/openapi.json"),), b"", "redirect", "301 → https://www.acme.com"),
        (308, (("location", "/elsewhere"),), b"", "redirect", "308 → /elsewhere"),
        (403, HTML, b"<html><title>Just a moment...</title>", "wall", "403 Just a moment..."),
        (403, (*JSON, ("cf-mitigated", "challenge")), b"{}", "wall", "403"),
        (503, HTML, b"<html>", "wall", "503"),
        (200, (*HTML, ("cf-mitigated", "challenge")), b"<html>", "wall", ""),
        (200, HTML, b"<!DOCTYPE html><title>You are about to visit</title>", "interstitial", "You are about to visit"),
        (200, JSON, b"\n <HTML><title>Hello</title>", "interstitial", "Hello"),
        (401, JSON, b"{}", "refused", "401"),
        (404, HTML, b"<html>", "missing", "404"),
        (502, HTML, b"<html>", "broken", "502"),
        (500, JSON, b"{}", "broken", "500"),
        (200, JSON, b'{"hello": "world"}', "other", "application/json"),
        (200, JSON, b"[]", "other", "application/json"),
        (200, JSON, b"\xff", "other", "application/json"),
        (200, JSON, b'{"openapi": "3.1.0", "servers": [{"url": "http://inside"}]}', "server", "http://inside"),
        (200, JSON, b'{"openapi": "3.1.0", "servers": [7]}', "server", ""),
    ],
)
def test_an_answer_is_put_into_words(status, headers, body, code, detail):
    found, seen = probing.judge(URL, status, headers, body)
    assert found == code
    assert seen.startswith(detail)


def test_a_slow_answer_is_said_to_be_slow():
    assert probing.judge(URL, 200, JSON, DOCUMENT, 7.04) == ("slow", "7.0 s")


def test_every_result_has_words_and_a_cure():
    assert all(words.title and words.cure and words.kind in "owe" for words in probing.RESULTS.values())
    assert {"private", "name", "time", "tls", "connect", "large"} <= set(probing.RESULTS)


@pytest.mark.parametrize("reason", ["private", "name", "time", "tls", "connect", "large"])
def test_a_call_that_fails_says_why(monkeypatch, reason):
    def fetch(*args, **options):
        raise OutboundRefused("in words", reason)

    monkeypatch.setattr(probing.outbound, "fetch", fetch)
    assert probing.probe(URL) == {"code": reason, "detail": "in words"}


def test_what_nobody_foresaw_is_a_failure_too(monkeypatch):
    def fetch(*args, **options):
        raise OutboundRefused("odd")

    monkeypatch.setattr(probing.outbound, "fetch", fetch)
    assert probing.probe(URL)["code"] == "failed"


def test_it_asks_as_chatgpt_does_and_never_inside(monkeypatch):
    asked = []

    def fetch(method, url, headers, **options):
        asked.append((method, url, dict(headers), options))
        return Fetched(200, JSON, DOCUMENT, url, 12_000)

    monkeypatch.setattr(probing.outbound, "fetch", fetch)
    assert probing.probe(URL) == {"code": "ok", "detail": "", "status": 200, "ms": 12}
    ((method, url, headers, options),) = asked
    assert (method, url) == ("GET", f"{URL}/openapi.json")
    assert "ChatGPT-User/1.0" in headers["User-Agent"]
    assert options["timeout"] == limits.SECONDS == 45
    assert options["redirects"] == 0
    assert not options.get("allow_private")


def test_a_host_inside_is_not_called():
    assert probing.probe("https://127.0.0.1")["code"] == "private"


def test_the_log_does_not_take_it_for_chatgpt():
    agent = {"user-agent": probing.AGENT}
    assert from_openai(agent)
    assert not from_openai({**agent, PROBE: "1"})
    assert from_openai({**agent, PROBE: "1", "openai-conversation-id": "x"})


@pytest.mark.django_db
def test_one_probe_at_a_time(monkeypatch):
    monkeypatch.setattr(probing.outbound, "fetch", lambda *a, **k: Fetched(200, JSON, DOCUMENT, URL, 1))
    project = make.project()
    first = probing.begin(project, project.owner, URL)
    Job.objects.filter(pk=first.pk).update(state=Job.State.RUNNING)
    assert probing.begin(project, project.owner, URL) == first
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert probing.begin(project, project.owner, URL) != first


def test_what_somebody_answers_is_kept_short_and_without_nul(monkeypatch):
    body = json.dumps({"openapi": "3.1.0", "servers": [{"url": "http://in\0side/" + "a" * 10_000}]}).encode()
    monkeypatch.setattr(probing.outbound, "fetch", lambda *_given, **_options: Fetched(200, JSON, body, URL, 1))
    found = probing.probe(URL)
    assert found["code"] == "server" and found["detail"].startswith("http://inside/a")
    assert len(found["detail"]) == probing.DETAIL
