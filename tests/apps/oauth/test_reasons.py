"""Every code has words, and what was sent and registered stands in them."""

import pytest

from actionstudio.apps.oauth import callers, codes, reasons, repairing
from actionstudio.apps.oauth.reasons import unseen

CODES = {name: value for name, value in vars(codes).items() if name.isupper()}


def test_every_code_has_a_reason_and_no_reason_is_left_over():
    assert set(reasons.REASONS) == set(CODES.values())


@pytest.mark.parametrize("code", CODES.values())
@pytest.mark.parametrize("facts", [{}, {"sent": "mine"}, {"sent": ["a", "b"], "registered": ["yours"]}])
def test_a_reason_is_whole_sentences_whatever_the_leg_told(code, facts):
    reason = reasons.of(code)
    said = reason.sentence(facts, "chatgpt")
    assert str(reason.title) and said.endswith(".") and "%(" not in said and "None" not in said
    assert set(reason.repairs) <= set(repairing.REPAIRS)


def test_a_reason_quotes_what_was_sent_and_what_is_registered():
    facts = {"sent": "https://chatgpt.com/aip/g-1/oauth/callback", "registered": ["https://a.test/", "https://b.test/"]}
    said = reasons.of(codes.REDIRECT_MISMATCH).sentence(facts, "chatgpt")
    assert said.startswith(
        "ChatGPT sent redirect_uri https://chatgpt.com/aip/g-1/oauth/callback, but https://a.test/ or"
    )


def test_what_was_sent_is_no_template():
    said = reasons.of(codes.SCOPE_UNKNOWN).sentence({"sent": "%(who)s %s", "registered": "x"}, "chatgpt")
    assert "%(who)s %s" in said


def test_an_unknown_code_has_words_too():
    assert reasons.of("never_heard_of").sentence({}, "client")
    assert "that the client sent" in reasons.of(codes.CLIENT_UNKNOWN).sentence({}, "client")
    assert reasons.of(codes.CLIENT_MISSING).sentence({}, "client").startswith("The client sent")


@pytest.mark.parametrize("who", callers.NAMES)
@pytest.mark.parametrize(
    "step", ["authorize", "login", "signed-in", "consent", "allowed", "callback", "token", "answer"]
)
def test_wherever_it_stops_there_is_a_probable_cause(step, who):
    found = list(unseen.causes(unseen.Silence(step, who, "https://shop.acme.dev/")))
    assert found and all(str(one.title) and str(one.words).endswith(".") for one in found)


def test_an_address_that_openai_cannot_reach_is_said_first():
    near = unseen.Silence("callback", "chatgpt", "http://shop.live.localhost:8000")
    far = unseen.Silence("callback", "chatgpt", "https://shop.acme.dev")
    first = "OpenAI cannot reach the token URL"
    assert str(next(unseen.causes(near)).title) == first
    assert first not in [str(one.title) for one in unseen.causes(far)]
