"""Odd bodies and queries for what the API does on ChatGPT's side: each is answered, if need be by a problem."""

import pytest

from actionstudio.apps.design import load
from actionstudio.apps.gpt import checking
from actionstudio.apps.library import importing
from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.specs import text
from tests import make
from tests.apps.api.test_api import Api
from tests.apps.gpt.documents import CLEAN, troubled

pytestmark = pytest.mark.django_db
P = "projects/items/"
ODD = (
    None,
    True,
    0,
    -1,
    10**18,
    1.5,
    "",
    " ",
    "a\0b",
    "\ud800",
    "é" * 5_000,
    [],
    [[]],
    [None],
    {},
    {"a\0": 1},
    [{}],
    "all",
)
PLACES = {
    "check/": ("source", "url"),
    f"{P}chatgpt-import/": ("source", "url"),
    f"{P}repair/": ("codes", "options", "undo"),
    f"{P}import/": ("source", "url", "format", "plan", "accept", "revision"),
    f"{P}waivers/": ("code", "pointer", "reason"),
}
SOUND = {
    "check/": {"source": CLEAN},
    f"{P}chatgpt-import/": {"source": CLEAN},
    f"{P}repair/": {"codes": ["header-parameters"]},
    f"{P}import/": {"source": CLEAN, "accept": []},
    f"{P}waivers/": {"code": "markup-in-text", "pointer": "/paths", "reason": "So it is"},
}
BODIES = (b"", b"null", b"[]", b"1", b'"a"', b"{", b"\xff", b"[" * 5_000, b'{"a":1,"a":2}', b"{}")
COUNTS = ({"counts": []}, {"counts": {"a": "b"}})
OPTIONS = (None, [], "x", 7, {"only": 7}, *COUNTS, {"texts": 3}, {"depth": "x"}, {"depth": 10**9}, {"depth": -1})
DOCUMENTS = (
    '"a"',
    "[1]",
    '{"openapi": "3.1.0"}',
    '{"openapi": 3, "paths": []}',
    "curl http://[",
    '{"log": {"entries": 7}}',
    '{"swagger": "2.0", "paths": {"/a": 7}}',
    '{"info": {"schema": "https://schema.getpostman.com/x"}, "item": 5}',
    '{"name_for_model": "a", "api": {"url": "https://[::1"}}',
)
CASES = [(place, name) for place, names in PLACES.items() for name in names]


@pytest.fixture
def project(ann):
    return make.project(value=troubled())


@pytest.fixture
def api(ann, project, monkeypatch):
    for module in (importing, checking):  # a process of its own costs a second a time, and is tested elsewhere
        monkeypatch.setattr(module, "parse_safely", text.parse)
    return Api(ann)


def sound(answer):
    """A success, or a refusal that says what is wrong."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        body = answer.json()
        assert answer["Content-Type"] == "application/problem+json"
        assert body["status"] == answer.status_code and body["title"]
        assert all(error["message"] for error in body["errors"])
    return answer


@pytest.mark.parametrize(("place", "name"), CASES)
def test_any_value_anywhere_is_taken_or_refused(api, place, name):
    for value in ODD:
        sound(api("POST", place, {**SOUND[place], name: value}))
        sound(api("POST", place, {name: value}))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"1", b'"a"', b"{", b"\xff", b"[" * 5_000, b'{"a":1,"a":2}', b"{}"]
)
def test_what_is_no_object_is_taken_or_refused(api, place, body):
    assert sound(api("POST", place, body=body)).status_code in (200, 400, 422)


@pytest.mark.parametrize("options", OPTIONS)
def test_options_of_any_kind_break_no_repair(api, project, options):
    for code in sorted(REPAIRS):
        sound(api("POST", f"{P}repair/", {"codes": [code], "options": {code: options}}))
    for path in ("repair/", "chatgpt-import/", "lint/"):
        assert api("GET", P + path).status_code == 200
    sound(api("POST", f"{P}repair/", {"undo": sorted(load.contract(project).repairs) or ["x"]}))


@pytest.mark.parametrize(
    "query", ["target=", "target=zz", "target=%00", "target=gpt&target=mcp", "zz=1", "target=%ED%A0%80"]
)
def test_a_target_that_is_none_is_refused(api, query):
    assert 400 <= sound(api("GET", f"{P}lint/?{query}")).status_code < 500


@pytest.mark.parametrize("query", ["profile=", "profile=zz", "profile=%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_profile_that_is_none_is_refused(api, method, query):
    assert 400 <= sound(api(method, f"{P}chatgpt-import/?{query}")).status_code < 500


@pytest.mark.parametrize("query", ["", "code=", "code=%00", "code=markup-in-text&pointer=%00", "pointer=/paths"])
def test_a_waiver_that_is_not_there_is_not_taken_back(api, query):
    assert 400 <= sound(api("DELETE", f"{P}waivers/?{query}")).status_code < 500


@pytest.mark.parametrize("source", DOCUMENTS)
def test_any_document_is_checked_and_planned(api, source):
    for place in ("check/", f"{P}chatgpt-import/", f"{P}import/"):
        sound(api("POST", place, {"source": source}))
