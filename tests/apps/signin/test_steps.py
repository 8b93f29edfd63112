"""The steps of a sign-in: in their order, seen, failed or awaited; each once, whatever the order of the requests."""

import pytest

from actionstudio.apps.signin import drawing, steps
from tests.apps.oauth import entering
from tests.apps.signin.watched import CALLBACK, KEY, Log, leg

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    return Log(entering.shop())


def made(log):
    return steps.steps(steps.of_rows(steps.rows(log.project.pk, KEY)))


def names(found, state):
    return [step.name for step in found if step.state == state]


def test_before_anything_comes_all_is_awaited():
    found = steps.steps([])
    assert [step.name for step in found] == list(steps.EXPECTED)
    assert {step.state for step in found} == {"waiting"} and found[0].line == "GET /oauth/authorize"
    assert steps.stopped(found) is None and steps.chosen(found, "").name == "authorize"


def test_a_sign_in_up_to_its_code(log):
    log.until_code()
    found = made(log)
    assert names(found, "done") == ["authorize", "login", "signed-in", "consent", "allowed", "callback"]
    assert names(found, "waiting") == ["token", "answer", "call"]
    assert [step.number for step in found] == list(range(1, 10))
    assert found[5].line.startswith("303 chatgpt.com") and steps.chosen(found, "").name == "callback"
    assert (found[0].tries, len(found[0].seen)) == (2, 2)


def test_a_failed_step_is_the_one_that_is_chosen(log):
    log.until_code(), log.mismatch()
    found = made(log)
    assert steps.stopped(found).name == steps.chosen(found, "").name == "token"
    assert found[6].line.endswith("400 redirect_mismatch") and names(found, "waiting") == ["answer", "call"]
    assert steps.chosen(found, "login").name == "login" and steps.chosen(found, "nonsense").name == "token"


def test_a_second_try_that_goes_well_takes_the_place_of_the_first(log):
    log.until_code(), log.mismatch(), log.token()
    found = made(log)
    assert steps.stopped(found) is None and names(found, "failed") == []
    assert next(step for step in found if step.name == "token").tries == 2


def test_calls_with_the_token_belong_to_it_and_what_follows_a_refresh_is_told_apart(log):
    log.until_code(), log.token(), log.call(), log.call(401, "expired")
    log.row("POST", "/oauth/token", 200, leg("refresh"))
    log.call()
    found = made(log)
    assert [step.name for step in found][-4:] == ["call", "refresh", "answer-again", "call-again"]
    assert names(found, "failed") == ["call"] and steps.stopped(found) is None
    assert found[8].line.endswith("401 expired")


def test_what_was_not_needed_is_left_out(log):
    log.row("GET", "/oauth/authorize", 302, leg("authorize", "waiting"), leg("callback", "waiting"))
    assert [step.name for step in made(log)] == ["authorize", "callback", "token", "answer", "call"]


def test_an_answer_and_a_way_back_that_nobody_told_of_follow_from_the_request(log):
    where = [["location", f"{CALLBACK}?error=invalid_scope&state=s"]]
    log.row("GET", "/oauth/authorize", 302, leg("authorize", "failed", "scope_unknown"), response_headers=where)
    assert names(made(log), "done") == ["callback"]
    log.row("POST", "/oauth/token", 200, leg("token"))
    assert "answer" in names(made(log), "done")


def test_a_page_for_people_is_no_step(log):
    log.row("GET", "/oauth/static/x.css", 200, leg("page"))
    assert names(made(log), "done") == []


def bent(log):
    """A way back with a wrong state, on purpose."""
    where = [["location", f"{CALLBACK}?code=••••abcd (48 characters)&state=other"]]
    told = leg("allowed"), leg("callback", "waiting", host="chatgpt.com", fault="wrong-state")
    log.row("POST", "/oauth/authorize", 303, *told, response_headers=where)


def test_a_wrong_state_was_let_pass_only_where_its_own_code_was_exchanged(log):
    bent(log)
    assert steps.unchecked(made(log)) is None, "it may stop here"
    log.until_code(), log.token()
    assert steps.unchecked(made(log)) is None, "the second try brought the right state, and its code was exchanged"


def test_a_code_that_came_with_a_wrong_state_and_is_exchanged_is_told(log):
    log.until_code(), bent(log), log.token()
    assert steps.unchecked(made(log)).name == "callback"


def test_what_follows_the_first_refresh_stands_in_the_order_of_time(log):
    log.until_code(), log.token(), log.call()
    log.row("POST", "/oauth/token", 200, leg("refresh"))
    log.call()
    log.row("POST", "/oauth/token", 200, leg("refresh"))
    later = made(log)[9:]
    assert [step.name for step in later] == ["call-again", "refresh", "answer-again"]
    assert [step.number for step in later] == [10, 11, 12]


def test_a_run_that_is_over_awaits_nothing(log):
    log.until_code()
    found = steps.steps(steps.of_rows(steps.rows(log.project.pk, KEY)), over=True)
    assert names(found, "waiting") == [] and found[-1].name == "callback"


def test_a_run_with_very_many_calls_costs_two_queries(log, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(steps, "BEGINNING", 8), monkeypatch.setattr(steps, "END", 3)
    log.until_code(), log.token()
    for _each in range(20):
        log.call()
    log.call(401, "revoked")
    with django_assert_max_num_queries(2):
        found = made(log)
    assert steps.stopped(found).name == "call" and len(steps.rows(log.project.pk, KEY)) == 11


def test_the_whole_leg_has_its_bodies(log):
    log.until_code(), log.mismatch()
    row = steps.rows(log.project.pk, KEY)[-1]
    row = type(row).objects.get(pk=row.pk)
    whole = steps.whole(row, "token")
    assert "invalid_grant" in whole["response"]["body"] and whole["code"] == "redirect_mismatch"


def test_the_picture_has_an_arrow_for_each_step_and_nothing_too_long(log):
    log.until_code(), log.mismatch()
    heads = {"client": ("ChatGPT", "Acme " * 30), "provider": ("The address", "x"), "browser": ("Browser", "mina")}
    found = made(log)
    picture = drawing.draw(found, heads)
    assert len(picture.arrows) == len(found) and picture.height > picture.arrows[-1].y
    assert all(arrow.left >= 0 and arrow.left + arrow.wide <= picture.width for arrow in picture.arrows)
    assert max(len(arrow.line) for arrow in picture.arrows) <= drawing.LONGEST * 2
    assert len(picture.lanes[0].below) == drawing.LONGEST_HEAD
    first = picture.arrows[0]
    assert first.x1 < first.x2 and picture.arrows[2].x1 > picture.arrows[2].x2  # the browser answers to the left


def test_an_error_that_goes_back_leads_to_what_was_asked(log):
    where = [["location", f"{CALLBACK}?error=invalid_scope&state=s"]]
    log.row("GET", "/oauth/authorize", 302, leg("authorize", "failed", "scope_unknown"), response_headers=where)
    found = made(log)
    assert steps.stopped(found).name == steps.chosen(found, "").name == "authorize"
    assert next(step for step in found if step.name == "callback").leg["facts"] == {"error": "invalid_scope"}


def test_somebody_who_says_no_after_a_wrong_password_stopped_it_there(log):
    log.row("GET", "/oauth/authorize", 302, leg("authorize", "waiting"))
    log.row("POST", "/oauth/login", 200, leg("login", "failed", "password_wrong"))
    log.row("POST", "/oauth/login", 303, leg("callback", "failed", "access_denied"))
    assert steps.stopped(made(log)).name == "callback"


def test_a_call_with_a_token_that_a_second_use_of_its_code_revoked_leads_to_that_use(log):
    log.until_code(), log.token()
    log.row("POST", "/oauth/token", 400, leg("token", "failed", "code_used"))
    log.call(401, "revoked")
    found = made(log)
    assert steps.stopped(found).name == steps.chosen(found, "").name == "token"
    call = next(step for step in found if step.name == "call")
    assert steps.ended(found, call).name == "token"


def test_a_call_with_a_token_that_was_revoked_by_hand_stopped_it(log):
    log.until_code(), log.token(), log.call(401, "revoked")
    assert steps.stopped(made(log)).name == "call"
