"""Refresh tokens: replaced at each use, repeatable for a moment, and the end of the sign-in when they come back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import faults
from actionstudio.apps.oauth.engine import issuing
from actionstudio.apps.oauth.models import AccessToken, EndUser, Provider, RefreshToken
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db
PAST = issuing.GRACE + timedelta(seconds=1)


@pytest.fixture
def project(db):
    return shop()


@pytest.fixture
def gpt(project):
    return flows.client(project)


def later(by=PAST):
    """Makes what happened to refresh tokens so much longer ago."""
    for row in RefreshToken.objects.all():
        used = row.revoked - by if row.revoked else None
        RefreshToken.objects.filter(pk=row.pk).update(created=row.created - by, revoked=used)


def live(model):
    return model.objects.filter(revoked=None).count()


def test_a_refresh_gives_another_pair_and_the_first_access_token_lives_on(project, gpt):
    first = flows.signed_in(project, gpt)
    status, second = flows.refresh(project, gpt, first["refresh_token"])
    assert status == 200, second
    assert second["refresh_token"] != first["refresh_token"] and second["access_token"] != first["access_token"]
    assert second["scope"] == first["scope"] and second["expires_in"] == 3600
    assert (live(AccessToken), live(RefreshToken)) == (2, 1)
    assert AccessToken.objects.latest("pk").sign_in == RefreshToken.objects.latest("pk").sign_in != ""


def test_who_did_not_get_the_answer_gets_it_again_for_half_a_minute(project, gpt):
    first = flows.signed_in(project, gpt)
    answers = [flows.refresh(project, gpt, first["refresh_token"]) for _ in range(3)]
    assert {status for status, _ in answers} == {200}
    assert len({(one["access_token"], one["refresh_token"]) for _, one in answers}) == 1
    later(issuing.GRACE - timedelta(seconds=5))
    assert flows.refresh(project, gpt, first["refresh_token"])[1]["refresh_token"] == answers[0][1]["refresh_token"]


def test_a_retry_that_asks_for_less_does_not_get_the_more_that_went_out_before(project, gpt):
    first = flows.signed_in(project, gpt)
    second = flows.refresh(project, gpt, first["refresh_token"])[1]
    status, answer = flows.refresh(project, gpt, first["refresh_token"], scope="orders:read")
    assert (status, answer["error"]) == (400, "invalid_scope") and "newest refresh token" in answer["error_description"]
    status, answer = flows.refresh(project, gpt, second["refresh_token"], scope="orders:read")
    assert (status, answer["scope"]) == (200, "orders:read")
    assert flows.refresh(project, gpt, second["refresh_token"])[1]["access_token"] == answer["access_token"]


def test_nor_does_one_that_asks_for_a_part_of_the_address_only(project, gpt):
    base = flows.issuer(project)
    first = flows.signed_in(project, gpt)
    flows.refresh(project, gpt, first["refresh_token"])
    assert flows.refresh(project, gpt, first["refresh_token"], resource=f"{base}/mcp")[0] == 400
    assert flows.refresh(project, gpt, first["refresh_token"])[0] == 200


def test_what_is_given_again_says_how_long_it_still_lives(project, gpt):
    first = flows.signed_in(project, gpt)
    flows.refresh(project, gpt, first["refresh_token"], scope="orders:read")
    AccessToken.objects.update(expires=timezone.now() + timedelta(seconds=100))
    again = flows.refresh(project, gpt, first["refresh_token"])[1]
    assert 98 <= again["expires_in"] <= 100 and again["scope"] == "orders:read"


def test_a_new_key_of_the_installation_does_not_break_what_is_under_way(project, gpt, settings):
    first = flows.signed_in(project, gpt)
    second = flows.refresh(project, gpt, first["refresh_token"])[1]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert flows.refresh(project, gpt, first["refresh_token"])[1]["refresh_token"] == second["refresh_token"]
    settings.SECRET_KEY_FALLBACKS = []
    assert flows.refresh(project, gpt, first["refresh_token"])[0] == 400


def test_one_that_comes_back_after_that_ends_the_sign_in(project, gpt):
    first = flows.signed_in(project, gpt)
    second = flows.refresh(project, gpt, first["refresh_token"])[1]
    later()
    status, answer = flows.refresh(project, gpt, first["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant") and "used before" in answer["error_description"]
    assert (live(AccessToken), live(RefreshToken)) == (0, 0)
    assert flows.refresh(project, gpt, second["refresh_token"])[0] == 400


def test_so_does_one_whose_successor_was_used(project, gpt):
    """Whoever uses the second one has got the answer, so whoever still shows the first one is somebody else."""
    first = flows.signed_in(project, gpt)
    second = flows.refresh(project, gpt, first["refresh_token"])[1]
    assert flows.refresh(project, gpt, second["refresh_token"])[0] == 200
    assert "used before" in flows.refresh(project, gpt, first["refresh_token"])[1]["error_description"]
    assert live(RefreshToken) == 0


def test_another_sign_in_of_the_same_person_goes_on(project, gpt):
    person = flows.person(project)
    first, other = (flows.signed_in(project, gpt, person) for _ in range(2))
    flows.refresh(project, gpt, first["refresh_token"])
    later()
    flows.refresh(project, gpt, first["refresh_token"])
    assert flows.refresh(project, gpt, other["refresh_token"])[0] == 200


def test_one_that_nobody_used_for_too_long_has_expired(project, gpt):
    Provider.objects.update_or_create(project=project, defaults={"refresh_days": 2})
    first = flows.signed_in(project, gpt)
    later(timedelta(days=1, hours=23))
    second = flows.refresh(project, gpt, first["refresh_token"])[1]
    later(timedelta(days=1))
    third = flows.refresh(project, gpt, second["refresh_token"])[1]  # each use begins the time anew
    later(timedelta(days=2))
    answer = flows.refresh(project, gpt, third["refresh_token"])[1]
    assert answer["error"] == "invalid_grant" and "too long" in answer["error_description"]


def test_a_refresh_may_ask_for_less_and_the_next_one_for_all_again(project, gpt):
    first = flows.signed_in(project, gpt)
    second = flows.refresh(project, gpt, first["refresh_token"], scope=" orders:read ")[1]
    assert second["scope"] == "orders:read"
    assert flows.refresh(project, gpt, second["refresh_token"])[1]["scope"] == "orders:read orders:write"


@pytest.mark.parametrize("scope", ["orders:read orders:write", "openid", "nonsense"])
def test_a_refresh_cannot_ask_for_more(project, gpt, scope):
    first = flows.signed_in(project, gpt, scope="orders:read")
    status, answer = flows.refresh(project, gpt, first["refresh_token"], scope=scope)
    assert (status, answer["error"]) == (400, "invalid_scope")
    assert flows.refresh(project, gpt, first["refresh_token"])[0] == 200


def test_it_is_its_clients_alone(project, gpt):
    other = flows.client(project)
    first = flows.signed_in(project, gpt)
    answer = flows.refresh(project, other, first["refresh_token"])[1]
    assert answer["error"] == "invalid_grant" and "another client" in answer["error_description"]
    assert flows.refresh(project, gpt, first["refresh_token"])[0] == 200


def test_it_is_no_use_at_another_project(project, gpt):
    other = shop("other")
    theirs = flows.client(other)
    first = flows.signed_in(project, gpt)
    assert flows.refresh(other, theirs, first["refresh_token"])[1]["error"] == "invalid_grant"
    assert flows.refresh(other, gpt, first["refresh_token"])[1]["error"] == "invalid_client"


def test_a_closed_account_is_not_refreshed(project, gpt):
    first = flows.signed_in(project, gpt)
    EndUser.objects.update(is_active=False)
    assert "closed" in flows.refresh(project, gpt, first["refresh_token"])[1]["error_description"]


@pytest.mark.parametrize("text", ["asrt_x", "x" * 5000, "é\U0001f600", "ey.ey.ey", "asat_" + "x" * 43])
def test_what_was_never_issued_is_refused(project, gpt, text):
    assert flows.refresh(project, gpt, text)[1]["error"] == "invalid_grant"


def test_resources_can_be_narrowed_and_not_widened(project, gpt):
    base = flows.issuer(project)
    code = flows.allowed(project, gpt, flows.person(project), resource=[f"{base}/mcp", f"{base}/v1"])["code"]
    status, first = flows.redeem(project, gpt, code, resource=f"{base}/mcp")
    assert status == 200 and AccessToken.objects.latest("pk").resource == [f"{base}/mcp"]
    second = flows.refresh(project, gpt, first["refresh_token"], resource=f"{base}/v1")[1]
    assert AccessToken.objects.latest("pk").resource == [f"{base}/v1"], "of all that was granted (RFC 8707, 2.2)"
    for wrong in (f"{base}/other", "https://elsewhere.test/"):
        status, answer = flows.refresh(project, gpt, second["refresh_token"], resource=wrong)
        assert (status, answer["error"]) == (400, "invalid_target")


def test_a_client_for_itself_names_resources_too(project):
    machine = flows.client(project, grants=["client_credentials"])
    base = flows.issuer(project)
    flows.token(project, machine, grant_type="client_credentials", resource=[base, f"{base}/mcp"])
    assert AccessToken.objects.get().resource == [base, f"{base}/mcp"]
    answer = flows.token(project, machine, grant_type="client_credentials", resource=[base, "https://a.test"])[1]
    assert answer["error"] == "invalid_target"


def test_a_client_that_was_given_no_new_one_goes_on_with_the_old_one(project, gpt):
    """RFC 6749, section 6. Here the builder has asked for an answer without a refresh token, and for one more."""
    first = flows.signed_in(project, gpt)
    for _ in range(2):
        faults.set_fault(project, "token-no-refresh")
        status, answer = flows.refresh(project, gpt, first["refresh_token"])
        assert status == 200 and "refresh_token" not in answer
        later()
    status, answer = flows.refresh(project, gpt, first["refresh_token"])
    assert status == 200 and "refresh_token" in answer
    assert (live(AccessToken), live(RefreshToken)) == (4, 1)
    assert set(AccessToken.objects.values_list("family", flat=True)) == {RefreshToken.objects.first().token_family}
