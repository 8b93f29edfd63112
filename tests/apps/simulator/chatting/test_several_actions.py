"""One GPT with two actions: two domains, names that both have, and for each its own consent, key and sign-in."""

import pytest

from actionstudio.apps.simulator import automatic, dialog, keeping, setting, signing
from actionstudio.apps.simulator.calling.sending import Got, Line
from actionstudio.apps.simulator.chatting import asking, branching, opening, turning
from actionstudio.apps.simulator.models import Action, Allowed, Chat, Grant, Message
from actionstudio.apps.simulator.pages import debugging
from actionstudio.core.auth import ApiKey
from tests import make
from tests.apps.simulator.chatting.puppet import wish

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = [wish("getItems", 1), wish("getItems_2", 2)]


@pytest.fixture
def two(ann) -> Chat:
    """A chat whose GPT reads the items of two projects; each asks for a key of its own."""
    value = make.contract(make.operation(), auth=ApiKey("bearer"))
    first, second = make.project("items", ann, value), make.project("others", ann, value)
    gpt = setting.first(first)
    gpt.actions.create(address=second.addresses.get(), position=1, automatic=True)
    setting.ready(gpt)
    return opening.open(gpt, ann)


def fresh(chat: Chat) -> Chat:
    return Chat.objects.get(pk=chat.pk)


def card(chat: Chat) -> Message:
    found = turning.waiting(fresh(chat))
    assert found is not None
    return found


def calls(chat: Chat) -> list[Message]:
    return [one for one in branching.shown(fresh(chat)) if one.role == "call"]


def test_the_model_has_the_operations_of_both_under_names_of_their_own(two):
    deck = asking.deck(two.gpt)
    assert [tool.name for tool in deck.tools] == ["getItems", "getItems_2"]
    assert [tool.domain for tool in deck.tools] == [deck.actings[tool.action].domain for tool in deck.tools]
    assert len({tool.domain for tool in deck.tools}) == 2
    assert [tool.operation_id for tool in deck.tools] == ["getItems", "getItems"]
    assert len({acting.domain for acting in deck.actings.values()}) == 2


def test_the_panel_tells_that_another_action_offers_the_same(two, model):
    model([wish("getItems", 1)])
    turning.say(two, "Go")
    branch = branching.branch(fresh(two))
    facts = dict(debugging.of(two.gpt.project, fresh(two), branch, 0, "call").facts)
    assert facts["Offered elsewhere, too"] == "getItems_2 (others.live.localhost)"


def test_each_call_bears_the_key_of_its_own_action(two, model):
    keys = [keeping.secrets(action)[keeping.KEY] for action in two.gpt.actions.all()]
    assert keys[0] != keys[1]
    model(BOTH)
    turning.say(two, "Go")
    turning.choose(card(two), "allow")
    turning.choose(card(two), "allow")
    assert [one.data["attempts"][0]["status"] for one in calls(two)] == [200, 200]
    kept = str([one.data for one in calls(two)])
    assert not any(key in kept for key in keys)


def test_allowing_one_domain_says_nothing_of_the_other(two, model):
    model(BOTH, "Both.", BOTH)
    turning.say(two, "Go")
    first = card(two)
    turning.choose(first, "always")
    second = card(two)
    assert first.data["domain"] != second.data["domain"] and second.data["card"]["kind"] == "allow"
    assert list(Allowed.objects.values_list("domain", flat=True)) == [first.data["domain"]]
    turning.choose(second, "decline")
    assert [one.data["told_code"] for one in calls(two)] == ["", "declined"]
    turning.say(fresh(two), "Again")
    assert card(two).data["domain"] == second.data["domain"]


@pytest.fixture
def signed(two, monkeypatch) -> tuple[list[Action], list[tuple[str, str]]]:
    """Both actions ask for a sign-in of their own; what each call bore, by its URL."""
    bore: list[tuple[str, str]] = []

    def send(self, method, url, headers=(), body=b"", **more) -> Got:
        bore.append((url, {name.lower(): value for name, value in headers}.get("authorization", "")))
        return Got(url, 200, (("content-type", "application/json"),), b"{}")

    monkeypatch.setattr(Line, "send", send)
    actions = list(two.gpt.actions.all())
    for action in actions:
        automatic.forget(action)
        action.auth, action.automatic = dialog.oauth("https://a.example/authorize", "https://a.example/token"), False
        action.save()
    return actions, bore


def grant(action: Action, user, token: str) -> None:
    made = Grant(action=action, user=user, state=Grant.State.GRANTED)
    keeping.put_held(made, {"access": token})
    made.save()


def test_a_sign_in_at_one_action_is_none_at_the_other(two, model, signed):
    (one, other), bore = signed
    grant(one, two.user, "token-of-one")
    model(BOTH, "Both.")
    turning.say(two, "Go")
    turning.choose(card(two), "allow")
    waits = card(two)
    assert (waits.data["card"]["kind"], waits.data["action"]) == ("sign-in", other.pk)
    turning.returned(one, two.user)
    assert card(two).pk == waits.pk and card(two).state == "waiting"
    grant(other, two.user, "token-of-other")
    turning.returned(other, two.user)
    turning.choose(card(two), "allow")
    assert [token for _url, token in bore] == ["Bearer token-of-one", "Bearer token-of-other"]
    assert bore[0][0] != bore[1][0] and branching.shown(fresh(two))[-1].text == "Both."
    signing.forget(one, two.user)
    assert signing.needed(one, two.user) and not signing.needed(other, two.user)
