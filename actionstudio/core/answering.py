"""JSON -> how an operation answers, strictly: what is written wrong is refused with the place, the fault and the cure.

``behaviour_of``, ``around_of``, ``fault_of``, ``collection_of``, ``upstream_of`` and ``limit_of`` take plain JSON (what
the codec writes) and raise Refused with one Problem for every fault, the pointer into that JSON. ``problems`` looks at
a value that is there already; those with the code GONE speak of something that the document had, and has no more.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core import callbacks, codec, keepable, templating, upstreams
from actionstudio.core.answer_choices import CHOICES, RANGES
from actionstudio.core.behaviour import (
    OPERATORS,
    TARGETS,
    Around,
    Behaviour,
    Callback,
    Change,
    Collection,
    Condition,
    Examples,
    Fault,
    Generated,
    Latency,
    Limit,
    Proxy,
    Rule,
    Rules,
    Stateful,
    Template,
    Upstream,
)
from actionstudio.core.contract import Contract, Operation, Response
from actionstudio.core.eased import eased
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules import checking
from actionstudio.core.schemas.validate import check_schema
from actionstudio.core.shape import faults
from actionstudio.core.words import listed, said

GONE = "gone"
DEEPEST = 5  # answers inside answers
STATUS = re.compile(r"[2-5][0-9][0-9]")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
PLACES = ("path", "query", "header", "cookie", "body")
PARTITION = re.compile(r"((path|query|header)\.[^,.]+)(,(path|query|header)\.[^,.]+)*")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a value stands: its contract, and the operation when it is one's."""

    contract: Contract
    operation: Operation | None = None

    @property
    def responses(self) -> tuple[Response, ...]:
        return Resolver(self.contract).responses(self.operation) if self.operation else ()


def behaviour_of(data: Any, contract: Contract, operation: Operation, pointer: str = "") -> Behaviour:
    """The behaviour that ``data`` says. Raises Refused."""
    return _read(Behaviour, data, Place(contract, operation), pointer)


def around_of(data: Any, contract: Contract, operation: Operation, pointer: str = "") -> Around:
    """What stands around an operation's behaviour. Raises Refused."""
    return _read(Around, data, Place(contract, operation), pointer)


def fault_of(data: Any, contract: Contract, operation: Operation, pointer: str = "") -> Fault:
    """A fault for an operation's next calls. Raises Refused."""
    return _read(Fault, data, Place(contract, operation), pointer)


def collection_of(data: Any, contract: Contract, pointer: str = "") -> Collection:
    """A collection's definition. Raises Refused."""
    return _read(Collection, data, Place(contract), pointer)


def upstream_of(data: Any, contract: Contract, pointer: str = "") -> Upstream:
    """An upstream's definition. Raises Refused."""
    return _read(Upstream, data, Place(contract), pointer)


def limit_of(data: Any, contract: Contract, pointer: str = "") -> Limit:
    """A rate limit. Raises Refused."""
    return _read(Limit, data, Place(contract), pointer)


def _read(kind: Any, data: Any, place: Place, pointer: str) -> Any:
    found = [dataclasses.replace(one, pointer=pointer + one.pointer) for one in keepable.faults(data)]
    if not found:
        data = eased(data, fault=kind is Fault)
    found = found or [_sentence(fault) for fault in faults(kind, data, pointer)]
    if found:
        raise Refused(*found)
    value = codec.value_of(kind, data)
    found = problems(value, place.contract, place.operation, pointer)
    if found:
        raise Refused(*found)
    return value


def _sentence(fault: Problem) -> Problem:
    name = fault.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    message = (
        said("“%(name)s” %(what)s.", name=name, what=fault.message)
        if name
        else said("This %(what)s.", what=fault.message)
    )
    return dataclasses.replace(fault, message=message)


def problems(value: Any, contract: Contract, operation: Operation | None = None, pointer: str = "") -> list[Problem]:
    """What is wrong with a value of behaviour.py and those inside it: choices, ranges, names, what does not compile."""
    place = Place(contract, operation)
    found: list[Problem] = []
    for at, part in parts(value, pointer):
        found += _of_choices(part, at)
        found += CHECKS[type(part)](part, at, place) if type(part) in CHECKS else ()
    if _depth(value) > DEEPEST:
        message = said("Answers stand inside answers more than %(n)s deep. Take one level out.", n=DEEPEST)
        found.append(Problem(pointer, message, "depth"))
    return found


def wrong(contract: Contract, pointer: str = "") -> Iterator[Problem]:
    """What no contract may say of how its mocks answer. What the document left behind may stay: pages show it."""
    for index, op in enumerate(contract.operations):
        for name in ("behaviour", "around"):
            at = f"{pointer}/operations/{index}/{name}"
            yield from (one for one in problems(getattr(op, name), contract, op, at) if one.code != GONE)
    for name in ("collections", "upstreams", "limits"):
        yield from problems(getattr(contract, name), contract, None, f"{pointer}/{name}")


def parts(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Each frozen value inside ``value``, itself first, with its pointer in the codec's JSON."""
    if dataclasses.is_dataclass(value):
        yield pointer, value
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name), f"{pointer}/{field.name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from parts(item, f"{pointer}/{index}")


def _depth(value: Any) -> int:
    inner = [rule.answer for rule in value.rules] if isinstance(value, Rules) else []
    inner += [value.otherwise] if isinstance(value, Rules | Proxy) else []
    return 1 + max(map(_depth, inner), default=0)


def _of_choices(part: Any, at: str) -> Iterator[Problem]:
    for name, choices in CHOICES.get(type(part), {}).items():
        if getattr(part, name) not in choices:
            names = listed([choice or "“”" for choice in choices])
            yield Problem(f"{at}/{name}", said("“%(name)s” is one of: %(names)s.", name=name, names=names), "choice")
    for name, (least, most) in RANGES.get(type(part), {}).items():
        if not least <= getattr(part, name) <= most and (type(part), name) != (Fault, "status"):
            yield Problem(f"{at}/{name}", _range(type(part), name, least, most), "range")


def _range(kind: Any, name: str, least: float, most: float) -> str:
    if kind.__dataclass_fields__[name].type == "int":
        return said("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    return said("Write a number from %(least)s to %(most)s.", least=least, most=most)


def declares(responses: tuple[Response, ...], status: str) -> bool:
    """Whether one of the responses is the one for ``status``: its own, its range, or ``default``."""
    names = {response.status.upper() for response in responses}
    return bool(names & {status.upper(), f"{status[:1]}XX", "DEFAULT"})


def _declared(status: str, at: str, place: Place) -> Iterator[Problem]:
    """A status that must be among the declared responses."""
    if not status or place.operation is None or declares(place.responses, status):
        return
    there = listed([response.status for response in place.responses]) if place.responses else said("none")
    message = said("No response %(status)s is declared. There are: %(names)s.", status=status, names=there)
    yield Problem(f"{at}/status", message, GONE)


def _sendable(status: str, at: str) -> Iterator[Problem]:
    if status and not STATUS.fullmatch(status):
        yield Problem(at, said("A status is a number from 200 to 599."), "status")


def _examples(value: Examples, at: str, place: Place) -> Iterator[Problem]:
    yield from _declared(value.status, at, place)
    if not value.example or place.operation is None:
        return
    chosen = [r for r in place.responses if not value.status or declares((r,), value.status)]
    there = list(dict.fromkeys(e.key for r in chosen for media in r.content for e in media.examples if e.key))
    if value.example not in there:
        names = listed(there) if there else said("none")
        message = said("There is no example “%(name)s” here. There are: %(names)s.", name=value.example, names=names)
        yield Problem(f"{at}/example", message, GONE)


def _generated(value: Generated, at: str, place: Place) -> Iterator[Problem]:
    yield from _declared(value.status, at, place)


def _template(value: Template, at: str, place: Place) -> Iterator[Problem]:
    yield from _sendable(value.status, f"{at}/status")
    if value.media_type and not re.fullmatch(r"[^\s/;,]+/[^\s/;,]+(\s*;.+)?", value.media_type):
        yield Problem(f"{at}/media_type", said("A media type looks like application/json."), "media-type")
    yield from _headers(value.headers, f"{at}/headers")
    yield from templating.problems(value.body, json=_is_json(value, place), pointer=f"{at}/body")


def template_flaws(value: Template, contract: Contract, operation: Operation) -> list[templating.Flaw]:
    """What is wrong with a template's body, each flaw with its line and column."""
    return templating.problems(value.body, json=_is_json(value, Place(contract, operation)))


def _is_json(value: Template, place: Place) -> bool:
    """Whether a template writes JSON: by its own media type, else by the first that the response declares."""
    media = value.media_type
    if not media:
        chosen = [one for one in place.responses if not value.status or declares((one,), value.status)]
        media = next((media.media_type for one in chosen for media in one.content), "")
    return media.partition(";")[0].strip().lower().endswith(("/json", "+json"))


def _headers(pairs: tuple[tuple[str, str], ...], at: str) -> Iterator[Problem]:
    for index, (name, text) in enumerate(pairs):
        if not upstreams.TOKEN.fullmatch(name):
            message = said("A header's name has letters, digits and “-”, no spaces.")
            yield Problem(f"{at}/{index}/0", message, "header")
        yield from templating.problems(text, pointer=f"{at}/{index}/1")


def _rules(value: Rules, at: str, place: Place) -> Iterator[Problem]:
    yield from checking.of_rules(value, at)


def _rule(value: Rule, at: str, place: Place) -> Iterator[Problem]:
    yield from checking.of_rule(value, at)


def _condition(value: Condition, at: str, place: Place) -> Iterator[Problem]:
    if value.target not in TARGETS or value.operator not in OPERATORS:
        return  # told already
    found = list(checking.of_condition(value, place.contract.schemas(), at))
    yield from found
    if found or not value.name:
        return
    if value.target == "path":
        yield from _path_name(value.name, f"{at}/name", place)
    elif value.target == "collection":
        yield from _collection_there(value.name.partition("/")[0], f"{at}/name", place)


def _path_name(name: str, at: str, place: Place) -> Iterator[Problem]:
    if place.operation is None:
        return
    there = re.findall(r"\{([^{}]*)\}", place.operation.path)
    if name not in there:
        names = listed(there) if there else said("none")
        message = said("The path has no {%(name)s}. Its parameters: %(names)s.", name=name, names=names)
        yield Problem(at, message, GONE)


def _collection_there(name: str, at: str, place: Place) -> Iterator[Problem]:
    there = [collection.name for collection in place.contract.collections]
    if name not in there:
        names = listed(there) if there else said("none yet")
        message = said("There is no collection “%(name)s”. There are: %(names)s.", name=name, names=names)
        yield Problem(at, message if name else said("Choose a collection. There are: %(names)s.", names=names), GONE)


def _stateful(value: Stateful, at: str, place: Place) -> Iterator[Problem]:
    yield from _collection_there(value.collection, f"{at}/collection", place)
    yield from _declared(value.status, at, place)
    where, _dot, name = value.key.partition(".")
    if value.key and (where not in PLACES or not name):
        message = said("Say where the id stands: path.petId, query.id or body./id. Leave it empty to have it found.")
        yield Problem(f"{at}/key", message, "key")
    elif where == "path" and value.key:
        yield from _path_name(name, f"{at}/key", place)
    for field in ("item", "rows_at", "total_at"):
        if getattr(value, field) and not getattr(value, field).startswith("/"):
            yield Problem(f"{at}/{field}", said("A place in the body begins with “/”, such as /items."), "pointer")
    if value.missing != "keep":
        yield from _sendable(value.missing, f"{at}/missing")


def _proxy(value: Proxy, at: str, place: Place) -> Iterator[Problem]:
    there = [upstream.name for upstream in place.contract.upstreams]
    if value.upstream not in there:
        names = listed(there) if there else said("none yet")
        message = said("There is no upstream “%(name)s”. There are: %(names)s.", name=value.upstream, names=names)
        message = message if value.upstream else said("Choose an upstream. There are: %(names)s.", names=names)
        yield Problem(f"{at}/upstream", message, GONE)
    for index, word in enumerate(value.fall_back_on):
        if word != "unreachable" and not re.fullmatch(r"[1-5]([0-9][0-9]|XX)", word):
            message = said("Give statuses such as 501 or 5XX, and “unreachable”.")
            yield Problem(f"{at}/fall_back_on/{index}", message, "status")


def _change(value: Change, at: str, place: Place) -> Iterator[Problem]:
    yield from _headers(value.headers, f"{at}/headers")
    yield from templating.problems(value.path, pointer=f"{at}/path")
    for index, (_name, text) in enumerate(value.query):
        yield from templating.problems(text, pointer=f"{at}/query/{index}/1")
    looks_like_json = value.body.lstrip().startswith(("{", "[")) and not value.body.lstrip().startswith("{{")
    yield from templating.problems(value.body, json=looks_like_json, pointer=f"{at}/body")
    for index, (before, after) in enumerate(value.status):
        if not re.fullmatch(r"[1-5]([0-9][0-9]|XX)", before):
            yield Problem(f"{at}/status/{index}/0", said("Give a status such as 404 or 4XX."), "status")
        if not STATUS.fullmatch(after):
            yield Problem(f"{at}/status/{index}/1", said("A status is a number from 200 to 599."), "status")


def _fault(value: Fault, at: str, place: Place) -> Iterator[Problem]:
    if value.status and not 200 <= value.status <= 599:
        yield Problem(f"{at}/status", said("A status is a number from 200 to 599."), "status")
    if value.when == "every" and value.number < 1:
        yield Problem(f"{at}/number", said("Say every how many calls: 2 is every second one."), "number")
    if value.when == "percent" and not 1 <= value.number <= 100:
        yield Problem(f"{at}/number", said("Say how many of 100 calls: 1 to 100."), "number")


def _latency(value: Latency, at: str, place: Place) -> Iterator[Problem]:
    if value.shape != "fixed" and value.high < value.low:
        yield Problem(f"{at}/high", said("The upper end is not below the lower one."), "range")
    if value.shape == "lognormal" and value.low < 1:
        yield Problem(f"{at}/low", said("Half of the calls take at least 1 ms."), "range")


def _callback(value: Callback, at: str, place: Place) -> Iterator[Problem]:
    json = place.operation is None or callbacks.sends_json(Resolver(place.contract), place.operation, value.name)
    yield from templating.problems(value.body, json=json, pointer=f"{at}/body")
    declared = place.operation.extra.get("callbacks") if place.operation else None
    there = list(declared) if isinstance(declared, dict) else []
    if value.name not in there:
        names = listed(there) if there else said("none")
        message = said("No callback “%(name)s” is declared. There are: %(names)s.", name=value.name, names=names)
        yield Problem(f"{at}/name", message, GONE)


def _collection(value: Collection, at: str, place: Place) -> Iterator[Problem]:
    if not NAME.fullmatch(value.name):
        yield Problem(f"{at}/name", said("A name has letters, digits, “_” and “-”, 60 at most."), "name")
    if value.schema is not None:
        for inner, why in check_schema(value.schema):
            yield Problem(f"{at}/schema{inner}", said("This is not valid JSON Schema: %(why)s.", why=why), "schema")
    if value.partition not in ("", "user") and not PARTITION.fullmatch(value.partition):
        message = said("Say by what: path.username, query.team, header.X-Team, or user. Empty: one list for all.")
        yield Problem(f"{at}/partition", message, "partition")


def _upstream(value: Upstream, at: str, place: Place) -> Iterator[Problem]:
    if not NAME.fullmatch(value.name):
        yield Problem(f"{at}/name", said("A name has letters, digits, “_” and “-”, 60 at most."), "name")
    yield from upstreams.wrong(value, at)


CHECKS: dict[type, Callable[[Any, str, Place], Iterator[Problem]]] = {
    Examples: _examples,
    Generated: _generated,
    Template: _template,
    Rules: _rules,
    Rule: _rule,
    Condition: _condition,
    Stateful: _stateful,
    Proxy: _proxy,
    Change: _change,
    Fault: _fault,
    Latency: _latency,
    Callback: _callback,
    Collection: _collection,
    Upstream: _upstream,
}
