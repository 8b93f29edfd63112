"""How a mock operation answers, as values. Each kind has one responder in runtime/responders/.

``Around`` is what may stand around any of them: latency, a rate limit, faults, callbacks. Where a text of a value may
be a template (core/templating.py) its field says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type JSON = Any

ACTIONS = ("list", "read", "create", "replace", "update", "delete", "clear")
TARGETS = ("body", "query", "path", "header", "cookie", "method", "call", "collection", "caller")
OPERATORS = (
    "equals", "contains", "regex", "exists", "null", "greater", "greater-equal", "less", "less-equal", "in", "schema",
)  # fmt: skip
RULE_MODES = ("first", "sequential", "random")
FAULTS = (
    "status", "delay", "truncated", "invalid-json", "html", "wrong-type", "over-long", "too-many-requests",
    "expired-token", "redirect", "slow-first-byte", "slow-body",
)  # fmt: skip
BALANCES = ("round-robin", "least-connections", "weighted")
SECRETS_IN = ("bearer", "basic", "header", "query")


@dataclass(frozen=True, slots=True)
class Examples:
    """Answer with the document's examples, else generate. ``status`` and ``example`` choose; "" follows the rules.

    ``pairing``: a call that carries the value of a parameter's or the body's example gets the response example of the
    same key.
    """

    status: str = ""
    example: str = ""
    pairing: bool = True


@dataclass(frozen=True, slots=True)
class Generated:
    """Answer with values made from the schema: the same for the same operation, arguments and ``seed``."""

    status: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """Answer with a text of the builder's, ``{{ … }}`` filled in. ``body`` and header values are templates.

    ``media_type`` "" takes the declared one. ``headers`` are [name, value].
    """

    status: str = ""
    media_type: str = ""
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to a call. ``target`` is one of TARGETS, ``name`` says which part of it.

    body: a JSON Pointer ("/items/0/name") or JSONPath ("$.items[*].name"), "" the whole body. query, path, header,
    cookie: the name. method, call (how many times the operation was called, from 1): no name. collection: "pets" (how
    many rows), or "pets/" with a template behind it (the row with that id). ``value`` is JSON; for ``regex`` a pattern
    (RE2), for ``schema`` a JSON Schema, for ``in`` a list, for the others but ``exists`` and ``null`` it may be a
    template. Numbers compare as numbers when both sides can be read so. ``invert`` turns the answer round.
    """

    target: str
    name: str = ""
    operator: str = "equals"
    value: JSON = None
    invert: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """An answer and when it is given. No conditions: always. ``match`` all or any of them. ``weight`` is for random."""

    conditions: tuple[Condition, ...] = ()
    answer: Behaviour = field(default_factory=Examples)
    name: str = ""
    match: str = "all"
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in order. Mode first: the first whose conditions hold; sequential: of those that hold the next one at each
    call, round and round; random: one of those that hold, by weight. None holds: ``otherwise``."""

    rules: tuple[Rule, ...] = ()
    mode: str = "first"
    otherwise: Behaviour = field(default_factory=Examples)


@dataclass(frozen=True, slots=True)
class Stateful:
    """Answer from the rows of a collection of the contract, and change them.

    ``action`` is one of ACTIONS. ``key`` says where the row's id comes from: "path.petId", "query.id", "body./id" (a
    JSON Pointer behind the dot), "" finds it. ``by`` says what it is: "id"; "position", a place in the list, from 0;
    "only": there is one row, and no call names it.
    ``item`` is the JSON Pointer of the row in the body, "" the body itself. ``answer`` is what is sent: "" as the
    schema wants it, row, rows, example (the declared example), nothing. ``rows_at`` and ``total_at`` are JSON Pointers
    into the answer where rows and their number go, "" are found from the schema. ``status`` "" is the declared one.
    ``missing`` is the status for a row that is not there (an empty text: 404); "keep" answers as if it had been.
    """

    collection: str
    action: str = "list"
    key: str = ""
    by: str = "id"
    item: str = ""
    answer: str = ""
    rows_at: str = ""
    total_at: str = ""
    status: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to one side of a forwarded call. All values are templates; ``body`` "" leaves it as it is.

    ``query`` and ``headers`` are [name, value]: set; ``without_query`` and ``without_headers`` are taken off first
    ("*": all). A value of ``query`` that is a list in the call becomes a repeated key; an empty one is left out.
    ``path`` (requests) replaces the path, ``status`` (answers) the status, as [from, to].
    """

    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    without_query: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    without_headers: tuple[str, ...] = ()
    body: str = ""
    status: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proxy:
    """Forward the call to an upstream of the contract and hand its answer back.

    ``retries`` beyond the first attempt, of idempotent methods. ``cache``: keep answers as RFC 9111 allows; ``keep``
    seconds for those that do not say (0: only those that do). ``fall_back_on`` are statuses ("501", "5XX") and
    "unreachable" that ``otherwise`` answers instead. ``record``: "" nothing, "examples" or "rules" made of what came
    back. ``drift``: note in the log where the answer departs from the document.
    """

    upstream: str
    request: Change = field(default_factory=Change)
    response: Change = field(default_factory=Change)
    timeout: float = 30
    retries: int = 0
    cache: bool = False
    keep: int = 0
    fall_back_on: tuple[str, ...] = ()
    otherwise: Behaviour = field(default_factory=Examples)
    record: str = ""
    drift: bool = True


@dataclass(frozen=True, slots=True)
class Latency:
    """How long an answer waits, in milliseconds: fixed (``low``), uniform (``low`` to ``high``), or lognormal
    (median ``low``, 95th percentile ``high``)."""

    shape: str = "fixed"
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Misbehave: ``what`` is one of FAULTS. ``status`` for status, redirect and too-many-requests (0: the usual one);
    ``seconds`` for delay, slow-first-byte, slow-body and Retry-After; ``characters`` for over-long; ``latency`` instead
    of ``seconds`` for a delay that varies; ``location`` for redirect. ``when`` as a behaviour or around one: always,
    every (``number``-th call), percent (``number`` of 100 calls)."""

    what: str = "status"
    status: int = 0
    seconds: float = 0
    characters: int = 0
    location: str = ""
    latency: Latency | None = None
    when: str = "always"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``calls`` in ``seconds``; ``per`` "all" together, or each "credential" for itself."""

    calls: int
    seconds: int = 60
    per: str = "all"


@dataclass(frozen=True, slots=True)
class Callback:
    """How a declared OpenAPI callback is sent: ``name`` is its key in ``callbacks``. ``body`` is a template, "" the
    declared example or a generated value. ``delay`` in seconds after the answer."""

    name: str
    send: bool = True
    delay: float = 0
    body: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an operation's behaviour."""

    latency: Latency | None = None
    limit: Limit | None = None
    faults: tuple[Fault, ...] = ()
    callbacks: tuple[Callback, ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """Rows that a collection begins with. ``partition`` "" is where every list begins that has no seed of its own."""

    rows: tuple[JSON, ...] = ()
    partition: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows that stateful operations share.

    ``schema`` describes a row (None: anything). ``id_field`` names its id, "" for rows without one (texts, numbers);
    ``id_kind`` is integer (the highest and one), uuid or text. ``partition`` "" shares one list; "path.username" (or
    query, header) makes one for each value, "user" one for each signed-in end user.
    """

    name: str
    schema: JSON = None
    id_field: str = "id"
    id_kind: str = "integer"
    partition: str = ""
    seeds: tuple[Seed, ...] = ()


@dataclass(frozen=True, slots=True)
class Backend:
    """One server of an upstream: its base URL (a path in it goes before the call's) and its share of the calls."""

    url: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Upstream:
    """Another API that operations are forwarded to.

    ``secret`` names one of the project's secrets (never its text); ``secret_in`` one of SECRETS_IN, ``secret_name`` the
    header or query key. ``secret_prefix`` goes before it in a header ("token "). ``balance`` is one of BALANCES.
    ``health`` is the path asked every ``health_seconds``, "" none: a server that failed is left alone for as long.
    ``headers`` are [name, value] sent with every call.
    """

    name: str
    backends: tuple[Backend, ...] = ()
    balance: str = "round-robin"
    health: str = ""
    health_seconds: int = 10
    secret: str = ""
    secret_in: str = "bearer"
    secret_name: str = ""
    secret_prefix: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, JSON] = field(default_factory=dict)


type Behaviour = Examples | Generated | Rules | Stateful | Template | Proxy | Fault

BEHAVIOUR_KINDS = {
    "examples": Examples,
    "generated": Generated,
    "rules": Rules,
    "collection": Stateful,
    "template": Template,
    "proxy": Proxy,
    "fault": Fault,
}


def inside(behaviour: Behaviour) -> tuple[Behaviour, ...]:
    """A behaviour and all those within it: the answers of rules, and what stands in for them."""
    if isinstance(behaviour, Rules):
        within = [rule.answer for rule in behaviour.rules] + [behaviour.otherwise]
    elif isinstance(behaviour, Proxy):
        within = [behaviour.otherwise]
    else:
        within = []
    return (behaviour, *(deeper for one in within for deeper in inside(one)))
