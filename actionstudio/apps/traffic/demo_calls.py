"""The calls that the demo begins with: conversations of ChatGPT, builders' scripts, and one person trying things out.

Only what is asked is written here; the product itself answers it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orjson import dumps

from actionstudio.core.call import Call

DAY = 24 * 3_600_000  # milliseconds
CALLS = 200
LATELY = 150_000  # the last errand begins at least that long ago, and is over by now
GPT_ID = "g-acme-orders-demo"
CURL = (("user-agent", "curl/8.14.1"), ("accept", "*/*"))
SCRIPT = (("user-agent", "python-httpx/0.28.1"), ("accept", "application/json"))
BROWSER = (("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Action Studio"), ("accept", "application/json"))
EVERYBODY, PEOPLE = (60, 12, 18, 10), (0, 12, 18, 10)  # how often ChatGPT, curl, a script, and trying out
ORDERS = (("A-10482", "delivered"), ("A-10479", "paid"), ("A-10455", "refunded"))
TICKETS = ("T-729", "T-731", "T-702", "T-688")


@dataclass(frozen=True, slots=True)
class Planned:
    """One call to make: when (milliseconds since 1970), as whom ("": its headers tell), and what is asked."""

    at: int
    source: str
    call: Call


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the source that the log shall name and the headers that every call of theirs carries."""

    source: str
    headers: tuple[tuple[str, str], ...]
    may_wish: bool  # people and scripts may ask the mock for a certain answer; ChatGPT does not know of that


def plan(now: int, key: str, host: str) -> list[Planned]:
    """The calls of the day before ``now``, oldest first. The same for the same arguments."""
    dice = random.Random(2027)
    planned: list[Planned] = []
    errands, weights = zip(*ERRANDS, strict=True)
    once = iter(errands)  # every kind of errand is there, the rare ones too
    while len(planned) < CALLS:
        errand = next(once, None) or dice.choices(errands, weights)[0]
        caller = _caller(dice, PEOPLE if errand in WISHED else EVERYBODY)
        at = now - LATELY - int(DAY * 0.95 * dice.random() ** 1.4)
        talk = [errand, *_and_then(dice, caller)]
        for one in talk:
            for call in one(dice, _asker(caller, key, host)):
                planned.append(Planned(at, caller.source, call))
                at += dice.randint(2_000, 40_000 // len(talk))  # over by now, however much was asked
    return sorted(planned[:CALLS], key=lambda one: one.at)


def _and_then(dice: random.Random, caller: Caller) -> list[Errand]:
    """What somebody asks ChatGPT next in the same conversation: mostly nothing, sometimes several things."""
    more = dice.choices((0, 1, 3), (6, 3, 1))[0] if not caller.may_wish else 0
    return dice.choices((_look_up, _refund, _tickets, _wrong_body), (4, 3, 3, 1), k=more)


def _caller(dice: random.Random, weights: tuple[int, ...]) -> Caller:
    kind = dice.choices(("gpt", "curl", "script", "try"), weights)[0]
    if kind != "gpt":
        headers = {"curl": CURL, "script": SCRIPT, "try": BROWSER}[kind]
        return Caller("try" if kind == "try" else "client", headers, may_wish=True)
    talk = f"{dice.getrandbits(64):016x}"
    who = f"{dice.randint(1, 14):02d}"
    return Caller(
        "",
        (
            ("user-agent", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0"),
            ("accept", "*/*"),
            ("openai-conversation-id", f"demo-{talk}"),
            ("openai-ephemeral-user-id", f"demo-user-{who}"),
            ("openai-gpt-id", GPT_ID),
        ),
        may_wish=False,
    )


type Ask = Callable[..., Call]
type Errand = Callable[[random.Random, Ask], Iterator[Call]]


def _asker(caller: Caller, key: str, host: str) -> Ask:
    """Makes calls of one caller: ``wish`` is a Prefer header, ``sign`` what stands where the key belongs."""

    def ask(
        method: str, target: str, body: object = None, *, wish: str = "", sign: str = key, text: bytes = b""
    ) -> Call:
        path, _, query = target.partition("?")
        headers = [("host", host), *caller.headers]
        if sign:
            headers.append(("authorization", f"Bearer {sign}"))
        if wish and caller.may_wish:
            headers.append(("prefer", wish))
        data = text or (dumps(body) if body is not None else b"")
        if data:
            headers += [("content-type", "application/json"), ("content-length", str(len(data)))]
        return Call(method, path, query, tuple(headers), data)

    return ask


def _look_up(dice: random.Random, ask: Ask) -> Iterator[Call]:
    status = dice.choice(("", "?status=paid", "?status=shipped", f"?limit={dice.choice((3, 5, 10, 20))}"))
    wish = {"?status=paid": "example=paid", "?status=shipped": "example=none"}.get(status, "")
    yield ask("GET", f"/orders{status}", wish=wish)
    for number, example in dice.sample(ORDERS, dice.randint(1, 2)):
        yield ask("GET", f"/orders/{number}", wish=f"example={example}")


def _of_customer(dice: random.Random, ask: Ask) -> Iterator[Call]:
    person = dice.choice(("mina", "jo", "sam", "li.wei"))
    found = "newest" if person in ("mina", "jo") else "none"
    yield ask("GET", f"/orders?customer={person}%40acme.test&limit=10", wish=f"example={found}")


def _refund(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("GET", "/orders/A-10482")
    if dice.random() < 0.3:
        whole = {"amount": 84.5, "reason": "late", "notify": True}
        yield ask("POST", "/orders/A-10482/refunds", whole, wish="example=whole")
        return
    lines = [{"sku": "CBL-USBC-2M", "quantity": dice.randint(1, 2)}]
    part = {"amount": 10.25 * lines[0]["quantity"], "reason": dice.choice(("damaged", "other")), "lines": lines}
    yield ask("POST", "/orders/A-10482/refunds", part)


def _refund_again(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("GET", "/orders/A-10455", wish="example=refunded")
    yield ask("POST", "/orders/A-10455/refunds", {"amount": 129, "reason": "other"}, wish="code=409")


def _tickets(dice: random.Random, ask: Ask) -> Iterator[Call]:
    state = dice.choice(("open", "waiting", "solved"))
    yield ask("GET", f"/tickets?state={state}", wish="example=none" if state == "solved" else "")
    if dice.random() < 0.6:
        change = {"state": "solved", "note": dice.choice(("A new lamp is on its way.", "Address changed.", "Thanks!"))}
        yield ask("PATCH", f"/tickets/{dice.choice(TICKETS)}", change)


def _open_ticket(dice: random.Random, ask: Ask) -> Iterator[Call]:
    subject, text = dice.choice(
        (
            ("The lamp flickers", "It flickers after ten minutes, with two different bulbs."),
            ("Can I change the address?", "I moved last week. The parcel has not left yet."),
            ("发票 please", "I need an invoice with the company's name on it: 阿克米有限公司."),
        )
    )
    priority = dice.choice(("low", "normal", "high"))
    yield ask("POST", "/tickets", {"subject": subject, "text": text, "priority": priority, "order_id": "A-10482"})


def _wrong_number(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("GET", f"/orders/A-{dice.randint(90000, 99999)}", wish="code=404")
    yield ask("GET", f"/orders/{dice.choice(('10482', 'A10482', 'a-10482'))}")


def _wrong_body(dice: random.Random, ask: Ask) -> Iterator[Call]:
    bodies = (
        {"amount": "84.50", "reason": "late"},
        {"amount": 0, "reason": "broken"},
        {"reason": "damaged", "lines": [{"sku": "MUG-ENA-03", "quantity": 0}]},
    )
    yield ask("POST", "/orders/A-10482/refunds", dice.choice(bodies))
    yield ask("POST", "/orders/A-10482/refunds", {"amount": 9.95, "reason": "damaged"})


def _broken_json(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("POST", "/tickets", text=b'{"subject": "The lamp flickers", "text": ')


def _without_key(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("GET", "/orders?limit=5", sign=dice.choice(("", "YOUR_KEY")))
    yield ask("GET", "/orders?limit=5")


def _lost(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask(dice.choice(("GET", "POST")), dice.choice(("/order/A-10482", "/customers")))
    yield ask("DELETE", "/orders/A-10479")


def _documents(dice: random.Random, ask: Ask) -> Iterator[Call]:
    yield ask("GET", "/openapi.yaml", sign="")
    if dice.random() < 0.5:
        yield ask("GET", dice.choice(("/privacy", "/.well-known/ai-plugin.json", "/logo.png", "/docs")), sign="")


ERRANDS: tuple[tuple[Errand, int], ...] = (
    (_look_up, 30),
    (_of_customer, 12),
    (_refund, 18),
    (_refund_again, 2),
    (_tickets, 14),
    (_open_ticket, 10),
    (_wrong_number, 1),
    (_wrong_body, 2),
    (_broken_json, 1),
    (_without_key, 1),
    (_lost, 1),
    (_documents, 5),
)
WISHED = (_refund_again, _wrong_number)  # answers that the mock only gives to callers who may wish
