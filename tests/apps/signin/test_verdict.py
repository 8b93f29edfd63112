"""Verdicts: every code has words, whatever is heard gets one, and slowness is told first."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.apps.oauth import reasons
from actionstudio.apps.signin import finding, verdict, words
from actionstudio.apps.signin.profiles import PROFILES
from actionstudio.apps.signin.verdict import of_callback, of_token
from actionstudio.apps.signin.wire import Heard

HERE = Path(verdict.__file__).parent
JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
GOOD = b'{"access_token": "a", "token_type": "bearer", "expires_in": 59, "refresh_token": "r"}'


def test_every_code_that_the_emulator_can_say_has_words():
    said = set()
    for name in ("verdict", "finding", "asking"):
        text = (HERE / f"{name}.py").read_text()
        said |= set(re.findall(r'failed\("([a-z0-9_]+)"', text)) | set(re.findall(r'append\("([a-z0-9_]+)"', text))
        said |= set(re.findall(r'"(?:odd|failed)", "([a-z0-9_]+)"', text))
        said |= set(re.findall(r'^        "[a-z_]+": "([a-z_]+)",$', text, re.MULTILINE))
    assert said - set(words.WORDS) == set() and len(said) > 40


def test_no_code_means_two_things():
    assert set(words.WORDS) & set(reasons.REASONS) <= {"scope"}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_good_answer_is_good_for_everybody(profile):
    assert of_token(Heard(200, JSON, GOOD), profile) == verdict.Verdict(facts={"expires_in": 59})


def test_slowness_is_told_first():
    found = of_token(Heard(200, JSON, GOOD.replace(b"59", b'"59"'), ms=10_001), PROFILES["gpt"])
    assert (found.outcome, found.code, found.facts["also"]) == ("odd", "slow", ["expires_no_number"])


def test_errors_are_read_where_providers_put_them():
    nested = Heard(400, JSON, b'{"error": {"code": "invalid_grant", "message": "redirect_uri differs"}}')
    assert of_token(nested, PROFILES["gpt"]).code == "redirect_refused"
    assert of_token(Heard(400, JSON, b'{"error": "invalid_request", "error_description": "code_verifier required"}'),
                    PROFILES["gpt"]).code == "pkce_demanded"  # fmt: skip
    assert of_token(Heard(200, JSON, b'{"error": "bad_verification_code"}'), PROFILES["gpt"]).code == "token_refused"


@given(st.integers(100, 599), st.sampled_from(["", "text/html", "application/json", "x"]), st.binary(max_size=200))
def test_whatever_comes_gets_a_verdict(status, kind, body):
    heard = Heard(status, (("content-type", kind),), body)
    for profile in PROFILES.values():
        assert of_token(heard, profile).outcome in ("ok", "odd", "failed")
    for judge in (verdict.of_call, verdict.of_challenge, verdict.of_revoke, finding.of_registration):
        assert judge(heard).outcome in ("ok", "odd", "failed")
    assert finding.of_metadata(heard, "https://a.test").failed and finding.of_resource(heard, "https://a.test").failed


plain = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5)
values = plain | st.lists(plain, max_size=2) | st.dictionaries(st.text(max_size=4), plain, max_size=2)
MEMBERS = (
    "access_token", "token_type", "expires_in", "refresh_token", "scope", "error", "error_description", "issuer",
    "resource", "authorization_servers", "authorization_endpoint", "token_endpoint", "client_id",
    "code_challenge_methods_supported",
)  # fmt: skip


GOOD_METADATA = {
    "issuer": "https://a.test",
    "authorization_endpoint": "https://a.test/a",
    "token_endpoint": "https://a.test/t",
}


@given(values)
def test_whatever_the_metadata_lists_gets_a_verdict(value):
    told = GOOD_METADATA | {"code_challenge_methods_supported": value}
    found = finding.of_metadata(Heard(200, JSON, json.dumps(told).encode()), "https://a.test")
    assert found.failed == (not isinstance(value, list) or "S256" not in value)


@given(st.dictionaries(st.sampled_from(MEMBERS), values), st.sampled_from([200, 201, 400, 401]))
def test_whatever_json_comes_gets_a_verdict(value, status):
    heard = Heard(status, JSON, json.dumps(value).encode())
    for profile in PROFILES.values():
        of_token(heard, profile)
    finding.of_metadata(heard, "https://a.test")
    finding.of_resource(heard, "https://a.test")
    finding.of_registration(heard)


def test_the_issuer_counts_for_those_who_look_at_it():
    got = {"code": ["c"], "state": ["s"], "iss": ["https://b.test"]}
    assert of_callback(got, "s", "https://a.test", insists=True).code == "other_issuer"
    assert of_callback(got, "s", "https://a.test").outcome == "odd"
    assert of_callback(got, "s").outcome == "ok"
    twice = {"code": ["c", "d"], "state": ["s"]}
    assert of_callback(twice, "s").code == "parameter_twice_back"


def test_well_known_urls_are_looked_for_in_the_order_of_the_rules():
    assert finding.metadata_urls("https://a.test/live/x") == [
        "https://a.test/.well-known/oauth-authorization-server/live/x",
        "https://a.test/.well-known/openid-configuration/live/x",
        "https://a.test/live/x/.well-known/openid-configuration",
    ]
    assert finding.metadata_urls("https://a.test/") == [
        "https://a.test/.well-known/oauth-authorization-server",
        "https://a.test/.well-known/openid-configuration",
    ]
    assert finding.resource_urls("https://a.test/mcp") == [
        "https://a.test/.well-known/oauth-protected-resource/mcp",
        "https://a.test/.well-known/oauth-protected-resource",
    ]
