"""The review of a provider: a sound one has no finding, and each weakness that is switched on is found."""

import pytest
from django.test import Client

from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.signin import reviewing
from actionstudio.apps.signin.checks import CHECKS, FINDING, ORDER, PASS, UNTRIED
from actionstudio.apps.signin.checks.check import COMMON, LEVELS, finding
from actionstudio.apps.signin.checks.look import MOST
from actionstudio.apps.web.telling import split
from tests.apps.signin.emulating import sign_in

pytestmark = pytest.mark.django_db


def reviewed(shop, ann, other, before=(), **changes) -> dict[str, dict]:
    """The results by check; faults are switched on after the sign-in, those of ``before`` already."""
    later = other.faults - set(before)
    other.faults -= later
    run = sign_in(shop, ann, other, **changes)
    assert run.row.outcome == "passed", run.row.reason
    other.faults |= later
    job = reviewing.begin(run, ann)
    assert job.state == "done", job.error
    return {one["check"]: one for one in job.result["results"]}


def test_every_check_is_in_the_table_and_explains_itself():
    assert {one.code for one in ORDER} == set(CHECKS)
    for one in ORDER:
        assert one.title and len(split(one.about)) == 2 and one.source and one.level in LEVELS, one.code


class Holding:
    """A run that holds one secret."""

    def secrets(self):
        return ["4/0AVG7fiQ-of-another-provider"]


@pytest.mark.parametrize("spelt", ["4/0AVG7fiQ-of-another-provider", "4%2F0AVG7fiQ-of-another-provider"])
def test_of_a_secret_at_the_edge_of_what_was_seen_nothing_is_kept(spelt):
    seen = reviewing._clean(finding("sent", "x" * (reviewing.SEEN - len(spelt) + 3) + spelt), Holding())
    assert "0AVG" not in seen and len(seen) <= reviewing.SEEN


def test_a_sound_provider_passes(shop, ann, other):
    found = reviewed(shop, ann, other)
    assert [one for one in found.values() if one["state"] == FINDING] == []
    untried = {code for code, one in found.items() if one["state"] == UNTRIED}
    assert untried == set(), found
    assert len(other.seen) < MOST + 20


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("loose_redirect", "redirect-exact"),
        ("no_state", "state-echoed"),
        ("no_iss", "issuer"),
        ("iss", "issuer"),
        ("plain", "pkce-plain"),
        ("downgrade", "pkce-downgrade"),
        ("implicit", "implicit-off"),
        ("reuse", "code-once"),
        ("query_token", "token-not-in-query"),
        ("open_introspection", "introspection-closed"),
        ("issuer", "metadata-consistent"),
        ("no_s256", "metadata-consistent"),
        ("open_redirect", "open-redirector"),
        ("framed", "framing"),
        ("password", "password-off"),
        ("any_secret", "secret-checked"),
        ("any_redirect", "redirect-bound"),
        ("refresh_reuse", "refresh-rotates"),
    ],
)
def test_a_weakness_is_found(shop, ann, other, fault, check):
    other.faults.add(fault)
    found = reviewed(shop, ann, other)
    assert found[check]["state"] == FINDING, found[check]


def test_answers_that_caches_may_keep_are_found(shop, ann, other):
    other.faults.add("cacheable")
    assert reviewed(shop, ann, other, before=["cacheable"])["answers-not-cached"]["state"] == FINDING


def test_tokens_that_outlive_a_replay_are_found(shop, ann, other):
    other.faults.add("keeps_tokens")
    assert reviewed(shop, ann, other)["replay-revokes"]["state"] == FINDING


def test_a_public_client_without_pkce_is_found(shop, ann, other):
    other.clients[other.client_id] = ("", other.redirect_uris)
    found = reviewed(shop, ann, other, method="none", secret="")
    assert found["pkce-required"]["said"] == "public"
    assert found["secret-checked"]["state"] == UNTRIED


def test_a_provider_that_asks_people_first_is_not_accused(shop, ann, other):
    other.faults.add("login")
    found = reviewed(shop, ann, other)
    assert found["pkce-downgrade"] == {"check": "pkce-downgrade", "state": UNTRIED, "said": "login_first", "seen": ""}
    assert found["redirect-bound"]["state"] == UNTRIED and found["code-once"]["state"] == PASS


def test_a_provider_that_is_gone_fails_no_review(shop, ann, other):
    other.faults.add("dead")
    found = reviewed(shop, ann, other)
    assert found["redirect-exact"]["said"] == "no_answer"
    assert FINDING not in {found[code]["state"] for code in found}


def test_results_are_words_and_nothing_is_left_behind(shop, ann, other):
    other.faults.add("plain")
    reviewed(shop, ann, other)
    job = reviewing.newest(shop)
    picture = reviewing.picture(job)
    assert picture["rows"][0]["state"] == FINDING and picture["rows"][0]["said"]
    for row, one in zip(sorted(picture["rows"], key=str), picture["rows"], strict=True):
        assert row["title"] and one["tried"]
    assert SignIn.objects.count() == 1
    kept = str(job.result)
    assert not [text for text in (other.client_secret, *other.access, *other.fresh, *other.codes) if text in kept]


def test_every_word_that_a_check_can_say_is_known():
    import inspect
    import re

    for one in ORDER:
        said = re.findall(r'(?:passed|finding|untried)\("([a-z0-9_]+)"', inspect.getsource(one.function))
        assert set(said) <= set(one.words) | set(COMMON), one.code


def test_it_wants_the_tick_and_a_run(shop, ann, other):
    page = Client()
    page.force_login(ann)
    url = "/projects/shop/oauth/emulator/review/"
    run = sign_in(shop, ann, other)
    before = len(other.seen)
    answer = page.post(url, {"run": run.row.key})
    assert answer.status_code == 422 and b"allowed to test" in answer.content and len(other.seen) == before
    assert page.post(url, {"run": "nonsense", "mine": "1"}).status_code == 422
    assert page.post(url, {"run": run.row.key, "mine": "1"}).status_code == 302
    assert "0 findings" in page.get(url).content.decode()
