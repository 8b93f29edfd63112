"""What the data plane asks of the house. ``asgi.py`` hands in the answers; nothing here knows Django.

All calls are synchronous and may do I/O; the data plane runs Source in a thread and Sink as its ``inline`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from actionstudio.core.behaviour import Collection, Fault
from actionstudio.core.call import Call, Reply
from actionstudio.core.contract import Contract


@dataclass(frozen=True, slots=True)
class Key:
    """One issued credential: its row id, its name and the sha256 of its text. The text itself is never kept."""

    id: int
    name: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Switch:
    """A one-shot: the next ``left`` calls of an operation misbehave. ``Store.claim`` takes one of them."""

    id: int
    method: str
    path: str
    fault: Fault
    left: int


@dataclass(frozen=True, slots=True)
class Hosted:
    """All that one address serves: the contract of a revision and what belongs to the address, not to the revision.

    ``version`` changes whenever anything here changes. ``revision`` is the number served; ``newest`` the project's
    last. ``base_urls`` are the absolute URLs under which the address answers, its own host first. ``logo`` is
    (media type, bytes) or None. ``masks`` are names (lower case) of headers, query, form and JSON keys whose values
    the log hides, besides the built-in ones. ``modified`` is a Unix time in seconds. ``sandbox`` is the
    Content-Security-Policy for mock answers on this address. ``secrets`` are the texts behind the names that upstreams
    use: they go to upstreams and nowhere else. ``switches`` are the one-shots that wait for a call.
    ``extra["private"]`` says whether addresses of private networks may be called.
    """

    address: str
    project_id: int
    project_slug: str
    version: int
    revision: int
    newest: int
    contract: Contract
    base_urls: tuple[str, ...]
    keys: tuple[Key, ...] = ()
    logo: tuple[str, bytes] | None = None
    masks: frozenset[str] = frozenset()
    modified: float = 0.0
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    switches: tuple[Switch, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Where contracts come from (publishing/source.py)."""

    def version(self, address: str) -> int | None:
        """The address's version: one tiny query. None when there is no such address."""
        ...

    def load(self, address: str, revision: int | None = None) -> Hosted | None:
        """Everything the address serves; ``revision`` asks for that number instead. None when there is none."""
        ...

    def address_of_domain(self, host: str) -> str | None:
        """The address a custom domain (lower case, without port) is bound to."""
        ...

    def rest(self) -> None:
        """A thread of the data plane has no more questions for now: it keeps nothing that others wait for."""
        ...


CUT_REQUEST, CUT_RESPONSE = 1, 2


class Record(NamedTuple):
    """One exchange as the journal writes it: the columns of traffic.Exchange, in its order.

    ``id`` holds the time of the answer: milliseconds since 1970 shifted left by 20, then 6 bits of worker, 14 of
    sequence, so that rows sort by time and an insert can be repeated safely. Headers are lists of [name, value]. Sizes
    are bytes and are those on the wire even where a body is cut; ``cut`` says which bodies are: CUT_REQUEST and
    CUT_RESPONSE, added up. ``timings`` are microseconds by stage; the stage
    ``unwaited`` is a wait that is part of the duration and had not passed when the id was given.
    """

    id: int
    project_id: int
    address: str
    revision: int
    source: str  # gpt | simulator | replay | try | client
    kind: str  # document | mock | refused | callback | oauth
    method: str
    path: str
    query: str
    status: int
    operation_id: str
    duration_us: int
    timings: Sequence[tuple[str, int]]
    request_headers: Sequence[tuple[str, str]]
    request_body: bytes
    request_size: int
    response_headers: Sequence[tuple[str, str]]
    response_body: bytes
    response_size: int
    violations: Sequence[Mapping[str, Any]]  # [{"location": ["body","name"], "severity", "code", "message", "side"}]
    decisions: Mapping[str, Any]  # why this answer: route, guard, validation, response chosen
    auth: str  # none | ok | missing | wrong | revoked | expired | scope | open
    key_id: int | None
    client: str
    gpt_id: str
    conversation_id: str
    user_id: str
    sign_in: str = ""  # of the sign-in this call is a leg of, or whose token it carries: see Token
    cut: int = 0
    masks: frozenset[str] = frozenset()  # not a column: names to hide besides the built-in ones


def cut_of(sent: bytes, answered: bytes, most: int) -> int:
    """Which bodies of a call the log does not keep whole: Record.cut."""
    return CUT_REQUEST * (len(sent) > most) | CUT_RESPONSE * (len(answered) > most)


class Sink(Protocol):
    """Where exchanges go (traffic/sink.py). ``write`` returns when the rows are durable; secrets are masked there.

    ``inline`` True: call ``write`` in the event loop once per turn (SQLite: microseconds a row). False: in one thread.
    """

    inline: bool

    def write(self, records: Sequence[Record]) -> None: ...


class Token(NamedTuple):
    """An access token, or an end user's own key, as it is now. ``digest`` is the SHA-256 of its text.

    ``state`` is ok, revoked (so are tokens of a disconnected app or a closed account) or disabled (the client is).
    ``user`` is the ``sub`` of the end user, "" for a client that acts for itself; ``who`` and ``app`` are the user's
    and the client's names, for people. ``expires`` is a Unix time in seconds, 0 for never. ``audience`` are the
    resources it was issued for (RFC 8707), () for all of the project's. ``sign_in`` is where it came from: the key of a
    sign-in, or what finds the calls made with a person's own key, or in their name without a sign-in. ``kind`` is
    access, or key for an end user's own one: neither stands in for the other. ``ended`` says who revoked it: a key of
    bearer.ENDED, "" where that is not known.
    """

    digest: bytes
    state: str
    user: str = ""
    who: str = ""
    app: str = ""
    scopes: frozenset[str] = frozenset()
    expires: float = 0.0
    audience: tuple[str, ...] = ()
    sign_in: str = ""
    kind: str = "access"
    ended: str = ""


class Tokens(Protocol):
    """The tokens a project's provider has issued (oauth/tokens.py)."""

    def find(self, project_id: int, digest: bytes) -> Token | None:
        """The token of that SHA-256 that this project issued; None when there is none. One query."""
        ...


@dataclass(slots=True)
class Provided:
    """What the provider answers. ``shown`` is the body as the log keeps it, None for the body itself. ``decisions`` are
    the log's: ``{"route", "response", "oauth": {"leg", "outcome", "code", …}}``. ``wait`` are seconds before it leaves.
    """

    reply: Reply
    decisions: Mapping[str, Any]
    shown: bytes | None = None
    auth: str = "open"
    sign_in: str = ""
    wait: float = 0.0


class Provider(Protocol):
    """The pages and endpoints under which people and clients sign in (oauth/door.py). ``answer`` may wait."""

    def answer(self, hosted: Hosted, call: Call, base: int, client: str) -> Provided:
        """Answers a call to a path of runtime/signing.py. ``base`` is which of the base URLs was called."""
        ...


class Place(NamedTuple):
    """One list of rows: a collection of a project, in one of its partitions ("" when it has only one).

    ``collection`` says how it begins: it is seeded when it is first asked for.
    """

    project_id: int
    collection: Collection
    partition: str = ""


class Table(NamedTuple):
    """The rows of a place at one moment: id -> value, in order. The same object as long as nothing changes.

    Ids are texts, as in a path (core/collections/ids.py). Nobody changes a value that stands in here.
    """

    rows: Mapping[str, Any]
    version: int


class Write(NamedTuple):
    """What is to be done to a place: new or changed rows (new ones go to the end), rows that go, or all of them."""

    puts: Mapping[str, Any] = {}
    gone: Sequence[str] = ()
    clear: bool = False


class Full(Exception):
    """A collection may not grow any more; the message says which bound was met and what to do."""


class Unavailable(Exception):
    """The state of mocks cannot be read or kept now: what the call changed is not there."""


class Taken(NamedTuple):
    """What became of a call under a rate limit: let in or not, how many are left, and seconds until more are."""

    allowed: bool
    left: int
    reset: float


class Store(Protocol):
    """The state of mocks (mocking/store.py). Exact with several workers.

    What a call changes is committed together with its record: in the event loop with the journal's next write, in a
    thread at the end of ``transaction``. Outside of it each call of a method commits by itself. ``inline`` False: never
    to be called in the event loop; ``claim`` is for threads alone.
    """

    inline: bool

    def read(self, place: Place) -> Table:
        """The rows as they are now."""
        ...

    def change[T](self, place: Place, deed: Callable[[Table], tuple[Write | None, T]]) -> T:
        """Lets ``deed`` look at the rows and say what is to be done; one at a time per place. Raises Full."""
        ...

    def count(self, project_id: int, name: str) -> int:
        """Adds one to a counter of a project; returns what it is then (from 1)."""
        ...

    def take(self, project_id: int, name: str, calls: int, seconds: int) -> Taken:
        """Takes one call of the ``calls`` that a window of ``seconds`` allows."""
        ...

    def claim(self, switch_id: int) -> bool:
        """Whether this call is one of those that a switch waits for."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """What a call changes inside is kept as one, or not at all when an exception leaves it.

        In a thread it is committed at the end, with the record if that is written inside; in the event loop with the
        journal's next write. Raises Unavailable when that fails.
        """
        ...

    def pending(self) -> bool:
        """Whether this thread (or the event loop, in its present turn) has changed something not committed yet."""
        ...

    def changed(self) -> bool:
        """Whether this thread's transaction (or the last one in the event loop) has changed rows of a list."""
        ...

    def settle(self) -> None:
        """In a thread: commits what it has changed so far, before it waits for somebody else; others wait for it.

        In the event loop: what was changed is committed at the end of this turn, even when no record is written then.
        """
        ...
