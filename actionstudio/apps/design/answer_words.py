"""How an operation answers, in words: the choices of the page "Answer", and one short phrase for lists."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actionstudio.core import codec
from actionstudio.core.behaviour import (
    Around,
    Behaviour,
    Examples,
    Fault,
    Generated,
    Latency,
    Limit,
    Proxy,
    Rules,
    Stateful,
    Template,
)

WAYS = {  # kind -> name, what it does, icon
    "examples": (lazy("Examples"), lazy("The examples of the definition, as they stand."), "list"),
    "generated": (lazy("Made from the schema"), lazy("Plausible values that always fit the schema."), "sparkles"),
    "rules": (lazy("Rules"), lazy("Another answer when something in the call says so."), "filter"),
    "collection": (lazy("Collection"), lazy("Rows that calls create, change and find again."), "layers"),
    "template": (lazy("Template"), lazy("A text of yours, filled in with parts of the call."), "braces"),
    "proxy": (lazy("Forward to an API"), lazy("A real API answers; you may change both sides."), "arrow-right"),
    "fault": (lazy("Misbehave"), lazy("Slow, broken or too long: what ChatGPT trips over."), "zap"),
}
TARGETS = {
    "query": lazy("Query parameter"),
    "path": lazy("Path parameter"),
    "body": lazy("Body"),
    "header": lazy("Header"),
    "cookie": lazy("Cookie"),
    "method": lazy("Method"),
    "call": lazy("Number of the call"),
    "collection": lazy("Rows of a collection"),
    "caller": lazy("Who signed in"),
}
OPERATORS = {
    "equals": lazy("is"),
    "contains": lazy("contains"),
    "regex": lazy("matches the pattern"),
    "exists": lazy("is there"),
    "null": lazy("is null"),
    "greater": lazy("is greater than"),
    "greater-equal": lazy("is at least"),
    "less": lazy("is less than"),
    "less-equal": lazy("is at most"),
    "in": lazy("is one of"),
    "schema": lazy("fits the schema"),
}
HINTS = {  # what to write as the value, by operator
    "contains": lazy("a part of it"),
    "regex": "^ord_[0-9]+$",
    "greater": "10",
    "greater-equal": "10",
    "less": "10",
    "less-equal": "10",
    "in": lazy("open, closed"),
    "schema": '{"type": "string", "minLength": 3}',
}
NAMES = {  # what to write as the name, by target
    "query": "status",
    "path": "id",
    "body": "/customer/email",
    "header": "X-Team",
    "cookie": "session",
    "collection": lazy("pets, or pets/{{ path.id }}"),
    "caller": "name",
}
MATCHES = {"all": lazy("all of these hold"), "any": lazy("any of these holds")}
MODES = {
    "first": lazy("The first rule that fits"),
    "sequential": lazy("Those that fit, one after another"),
    "random": lazy("One of those that fit, by chance"),
}
ACTIONS = {
    "list": lazy("List the rows"),
    "read": lazy("Find one row"),
    "create": lazy("Add a row"),
    "replace": lazy("Replace a row"),
    "update": lazy("Change some fields of a row"),
    "delete": lazy("Remove a row"),
    "clear": lazy("Remove all rows"),
}
BY = {
    "id": lazy("its id"),
    "position": lazy("its place in the list, from 0"),
    "only": lazy("nothing: there is only one"),
}
ANSWERS = {
    "": lazy("What the response's schema wants"),
    "row": lazy("The row"),
    "rows": lazy("All rows"),
    "example": lazy("The declared example"),
    "nothing": lazy("No body"),
}
RECORDS = {"": lazy("Nothing"), "examples": lazy("as examples"), "rules": lazy("as rules")}
SHAPES = {
    "fixed": lazy("always the same"),
    "uniform": lazy("evenly between two"),
    "lognormal": lazy("mostly short, now and then long"),
}
FAULTS = {
    "status": lazy("An error status"),
    "delay": lazy("A late answer"),
    "slow-first-byte": lazy("A late first byte"),
    "slow-body": lazy("A body that trickles"),
    "truncated": lazy("A body that breaks off"),
    "invalid-json": lazy("JSON that is none"),
    "html": lazy("An HTML error page"),
    "wrong-type": lazy("The wrong content type"),
    "over-long": lazy("A body that is too long"),
    "too-many-requests": lazy("Too many requests (429)"),
    "expired-token": lazy("An expired token (401)"),
    "redirect": lazy("A redirect"),
}
WHENS = {"always": lazy("at every call"), "every": lazy("at every n-th call"), "percent": lazy("at n of 100 calls")}
PER = {"all": lazy("all callers together"), "credential": lazy("each credential")}


def of_rows(behaviour: dict[str, Any], about: dict[str, Any]) -> tuple[str, str]:
    """The words of an operation's row: how it answers, and what stands around it ("" for nothing)."""
    said = phrase(codec.value_of(Behaviour, behaviour or {"kind": "examples"}))
    return said, ", ".join(around(codec.value_of(Around, about))) if about else ""


def phrase(behaviour: Behaviour) -> str:
    """A behaviour in a few words."""
    return _PHRASES[type(behaviour)](behaviour)


def _examples(value: Examples) -> str:
    chosen = [part for part in (value.status, value.example) if part]
    return f"{_('Examples')}: {' · '.join(chosen)}" if chosen else _("Examples")


def _generated(value: Generated) -> str:
    name = _("Made from the schema")
    return f"{name}: {value.status}" if value.status else name


def _rules(value: Rules) -> str:
    count = len(value.rules)
    return ngettext("%(n)d rule", "%(n)d rules", count) % {"n": count}


def _stateful(value: Stateful) -> str:
    return f"{value.collection}: {ACTIONS.get(value.action, value.action)}"


def _template(value: Template) -> str:
    name = _("Template")
    return f"{name}: {value.status}" if value.status else name


def _proxy(value: Proxy) -> str:
    return _("Forwarded to %(name)s") % {"name": value.upstream}


def _fault(value: Fault) -> str:
    return _("Misbehaves: %(what)s") % {"what": str(FAULTS.get(value.what, value.what)).lower()}


_PHRASES: dict[type, Any] = {
    Examples: _examples,
    Generated: _generated,
    Rules: _rules,
    Stateful: _stateful,
    Template: _template,
    Proxy: _proxy,
    Fault: _fault,
}


def around(value: Around) -> list[str]:
    """What stands around a behaviour, in a few words each."""
    found = []
    if value.latency:
        found.append(latency(value.latency))
    if value.limit:
        found.append(limit(value.limit))
    if value.faults:
        count = len(value.faults)
        found.append(ngettext("%(n)d fault", "%(n)d faults", count) % {"n": count})
    if value.callbacks:
        count = len(value.callbacks)
        found.append(ngettext("%(n)d callback", "%(n)d callbacks", count) % {"n": count})
    return found


def latency(value: Latency) -> str:
    if value.shape == "fixed":
        return f"+{value.low} ms"
    return f"+{value.low}–{value.high} ms"


def limit(value: Limit) -> str:
    return _("%(calls)s calls in %(seconds)s s") % {"calls": value.calls, "seconds": value.seconds}
