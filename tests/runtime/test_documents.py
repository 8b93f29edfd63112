"""What an address serves beside its operations."""

import orjson
import pytest

from actionstudio.core.auth import ApiKey
from actionstudio.core.contract import Server
from actionstudio.runtime import pages
from actionstudio.runtime.documents import PATHS
from tests import make
from tests.runtime.house import ask, front

CHATGPT = "https://chatgpt.com"


@pytest.mark.parametrize("path", PATHS)
def test_every_document_is_there_with_an_etag_that_saves_the_second_call(path):
    door = front(make.contract(auth=ApiKey()))
    first = ask(door, "GET", path)
    assert first.reply.status == 200 and first.reply.body
    assert (first.record.kind, first.record.auth) == ("document", "open")
    again = ask(door, "GET", path, if_none_match=f'"x", W/{first.reply.header("etag")}')
    assert (again.reply.status, again.reply.body) == (304, b"")
    assert again.reply.header("etag") == first.reply.header("etag")
    assert first.reply.header("last-modified") == "Sun, 09 Sep 2001 01:46:40 GMT"


@pytest.mark.parametrize("path", PATHS)
def test_head_and_options_are_answered(path):
    door = front(make.contract())
    head = ask(door, "HEAD", path)
    assert (head.reply.status, head.reply.body) == (200, b"")
    assert int(head.reply.header("content-length")) > 0
    options = ask(door, "OPTIONS", path, origin=CHATGPT)
    assert (options.reply.status, options.reply.header("allow")) == (204, "GET, HEAD, OPTIONS")
    assert options.reply.header("access-control-allow-origin") == CHATGPT
    assert ask(door, "POST", path).reply.status == 405


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [(CHATGPT, CHATGPT), ("https://chat.openai.com", "https://chat.openai.com"), ("https://evil.example", "")],
)
def test_only_chatgpt_may_read_documents_in_a_browser(origin, allowed):
    reply = ask(make.contract(), "GET", "/openapi.json", origin=origin).reply
    assert reply.header("access-control-allow-origin") == allowed
    assert reply.header("vary") == "Origin"
    assert reply.header("access-control-allow-credentials") == ""


def test_the_address_that_was_called_stands_first_among_the_servers():
    made = make.contract(servers=(Server("https://api.example.com/v1"),))
    full = orjson.loads(ask(made, "GET", "/openapi.json?profile=full").reply.body)
    assert [server["url"] for server in full["servers"]] == [
        "http://todo.live.localhost:8000",
        "http://localhost:8000/live/todo",
        "https://api.example.com/v1",
    ]
    gpt = orjson.loads(ask(made, "GET", "/openapi.json").reply.body)
    assert (gpt["openapi"], len(gpt["servers"])) == ("3.1.0", 1)


def test_documents_of_another_revision_can_be_asked_for():
    door = front(make.contract())
    assert ask(door, "GET", "/openapi.json?revision=2").reply.status == 200
    assert ask(door, "GET", "/openapi.json?revision=9").reply.status == 404


def test_an_unknown_profile_is_said_plainly():
    assert ask(make.contract(), "GET", "/openapi.yaml?profile=big").reply.status == 404


def test_documents_win_over_an_operation_of_the_same_path():
    made = make.contract(make.operation("GET", "/docs"))
    assert ask(made, "GET", "/docs").record.kind == "document"


def test_the_manifest_names_this_address():
    manifest = orjson.loads(ask(make.contract(), "GET", "/.well-known/ai-plugin.json").reply.body)
    assert manifest["api"]["url"] == "http://todo.live.localhost:8000/openapi.yaml"
    assert manifest["logo_url"] == "http://todo.live.localhost:8000/logo.png"


def test_pages_carry_no_script_whatever_the_project_says():
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> **bold**"
    made = make.contract(title="<b>T</b>", description=evil, privacy=evil, legal=evil)
    for path in ("/privacy", "/legal", "/docs"):
        reply = ask(made, "GET", path).reply
        page = reply.body.decode()
        assert "<script" not in page and "javascript:" not in page.replace("[x](javascript:alert(1))", "")
        assert "<img src=x" not in page and "<b>T</b>" not in page
        assert "<strong>bold</strong>" in page
        csp = reply.header("content-security-policy")
        assert "default-src 'none'" in csp and "sandbox" in csp and "unsafe" not in csp


def test_a_policy_that_was_not_written_is_generated():
    assert len(ask(make.contract(), "GET", "/privacy").reply.body) > 2500


def test_a_generated_policy_says_how_long_calls_are_really_kept():
    door = front(make.contract(), extra={"kept_days": 30})
    assert b"kept for 30 days" in ask(door, "GET", "/privacy").reply.body


def test_a_project_without_a_logo_has_a_plain_mark():
    assert ask(make.contract(), "GET", "/logo.png").reply.body.startswith(b"\x89PNG")
    own = front(make.contract(), logo=("image/png", b"\x89PNG own"))
    assert ask(own, "GET", "/logo.png").reply.body == b"\x89PNG own"
    assert pages.logo("a") != pages.logo("b")
