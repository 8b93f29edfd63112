"""Chats for the pages of a filled studio: one that asks, one with all there can be, a sign-in, an interruption."""

from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.models import Message
from tests.apps.simulator import talks

ANSWER = """The order **A-10482** was refunded:

| Article | Amount |
|---|---|
| `CBL-USBC-2M` | 19.90 |

1. The money is back in *three* days.
2. More under [the shop's help](https://acme.test/help).

```json
{"status": "refunded"}
```
"""
REFUSED = {
    "code": "UnrecognizedKwargsError",
    "message": "UnrecognizedKwargsError: colour",
    "detail": "The operation declares no argument of this name.",
    "confidence": "C",
}
GONE = {"key": "file-" + "0" * 24, "name": "receipt.pdf", "mime_type": "application/pdf", "size": 40_000}
UNTAKEN = {"key": "", "name": "label.png", "mime_type": "image/png", "size": 9, "url": ""}
UNTAKEN["problem"] = "Images and videos are not taken."
EDITED = {"edited": True, "files": [UNTAKEN]}
CUT = {"code": "interrupted", "message": ""}
FAILED = {"code": "limit", "message": "The server answered 429: Rate limit reached."}
WHY = {
    "by": "words",
    "chosen": "refundOrder",
    "operation": "refundOrder",
    "score": 0.82,
    "words": ["refund", "order"],
    "runner_up": {"name": "getOrder", "operation": "getOrder", "score": 0.41, "words": ["order"]},
    "guessed": {"items": "the schema's example"},
}


def fill(project, by) -> dict[str, str]:
    """The chats; what their pages' addresses are made of."""
    asks = talks.chat(
        project,
        by,
        talks.user("Refund the broken USB-C cable on order A-10482."),
        talks.answer(),
        talks.call(why={"by": "words", "chosen": "getOrder", "score": 0.6, "words": ["order"], "guessed": {}}),
        talks.answer(why=WHY),
        talks.asks(why=WHY),
        state="waiting",
        title="Refund the broken USB-C cable",
    )
    return {
        "chat": asks.key,
        "chat_whole": _whole(project, by).key,
        "chat_sign_in": _short(project, by, talks.signs_in(), "waiting").key,
        "chat_cut": _short(project, by, talks.answer("The order is", state="failed", error=CUT), "interrupted").key,
    }


def _short(project, by, last: dict, state: str):
    pieces = [talks.user("Where is my order?"), *([talks.answer()] if last["role"] == "call" else []), last]
    return talks.chat(project, by, *pieces, state=state, title="Where is my order?")


def _whole(project, by):
    made = talks.chat(project, by, talks.user("Refund A-1"), talks.answer("Which order?"), title="")
    fresh = Message.objects.create(chat=made, role="user", text="Refund order A-10482, please.\nIt is broken.")
    fresh.data = {
        "files": [*filing.attach(made, [filing.Given("photo of the cable.png", "image/png", b"x" * 2_000)]), GONE]
    }
    fresh.save()
    calls = [
        talks.call("refundOrder", {"order_id": "A-10482", "colour": "red"}, refusal=REFUSED, told=REFUSED["message"]),
        talks.call("listOrders", {}, choice="decline", told="The user declined this action.", attempts=[]),
        talks.call("getOrder", status=503),
        talks.call(
            "refundOrder",
            talks.REFUND,
            choice="confirm",
            card=talks.card(),
            method="POST",
            edited=True,
            files=[UNTAKEN],
        ),
    ]
    pieces = [piece for one in calls for piece in (talks.answer(), one)]
    talks.add(made, *pieces, talks.answer(ANSWER), parent=fresh)
    talks.add(made, talks.user("And what did it cost?"), talks.answer("", state="failed", error=FAILED))
    talks.add(made, {"role": "notice", "data": {"code": "limit"}})
    return made
