"""Why this answer? Each decision about a logged call in plain words, from what the data plane noted of it.

The stages stand in every row; ``decisions["trail"]`` holds what the behaviours decided, one entry a step, told apart by
its ``what``. A kind that is not known here is shown with all it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.design.views.endpoint import ref_of, url_of
from actionstudio.apps.traffic import explaining
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Operation

HUNG_UP = 499  # the caller did not wait for the answer (runtime/pacing.py)
LONGEST = 300  # characters of a value that is shown
MOST = 50  # entries of a trail that are shown


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. ``mark``: yes, no, or "" when it was not reached; ``depth`` indents it."""

    mark: str
    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: its title, a sentence, facts as name and value, lines, and where a person would go next.

    ``kind`` is ok, warn, bad or "" (nothing to judge).
    """

    title: str
    words: str = ""
    kind: str = ""
    icon: str = "circle-dot"
    facts: list[tuple[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


class About:
    """The call that is explained: its row, its project, and the operation as the revision had it."""

    def __init__(self, project, row: Exchange) -> None:
        self.project, self.row = project, row
        self.trail = [entry for entry in row.decided.get("trail") or () if isinstance(entry, dict)]

    @cached_property
    def ref(self) -> str:
        """The endpoint in a URL; "" when it is there no more."""
        name = self.row.operation_id
        method, _space, path = name.partition(" ")
        found = self.project.operations.filter(Q(operation_id=name) | Q(method=method, path=path))
        known = found.values_list("operation_id", "pk").first() if name else None
        return ref_of(*known) if known else ""

    @cached_property
    def operation(self) -> Operation | None:
        """The operation in the revision that answered; None when that revision is gone."""
        kept = self.project.revisions.filter(number=self.row.revision).first()
        operations = kept.contract().operations if kept else ()
        name = self.row.operation_id
        return next((op for op in operations if name in (op.operation_id, f"{op.method} {op.path}")), None)

    def link(self, label: str, name: str, *more: str) -> list[tuple[str, str]]:
        """A link to a page of the project; none when there is no such page."""
        try:
            return [(label, reverse(name, args=[self.project.slug, *more]))]
        except NoReverseMatch:
            return []

    def mock(self) -> list[tuple[str, str]]:
        """The page that says how the endpoint answers."""
        return self.link(_("How it answers"), "design:mock", self.ref) if self.ref else []


def steps(project, row: Exchange, about: About | None = None) -> list[Step]:
    """Every decision about one call, in the order in which it was made. Rows without a trail have the stages."""
    about, decided = about or About(project, row), row.decided
    found = list(_stages(about, decided))
    found += [_entry(entry, about) for entry in about.trail[:MOST]]
    if decided.get("wait"):
        found.append(Step(_("Wait"), _shown(decided["wait"]), "warn" if about.row.status == HUNG_UP else "", "timer"))
    if decided.get("response"):
        kind = "ok" if row.status < 400 else "warn" if row.status < 500 else "bad"
        links = about.mock() if row.kind == "mock" else []
        found.append(Step(_("Answer"), _shown(decided["response"]), kind, "send", links=links))
    return found


def _stages(about: About, decided: Mapping[str, Any]) -> Iterator[Step]:
    row = about.row
    if decided.get("gate"):
        yield Step(_("Refused before it was read"), _shown(decided["gate"]), "bad", "circle-x")
    if decided.get("route"):
        links = about.link(_("Endpoint"), "design:endpoint", about.ref) if about.ref else []
        kind = "ok" if row.operation_id or row.kind == "document" or row.status < 400 else "warn"
        yield Step(_("Route"), _shown(decided["route"]), kind, "workflow", links=links)
    if decided.get("translation"):
        yield Step(_("Translated"), _shown(decided["translation"]), "ok", "arrow-up-down")
    if decided.get("guard"):
        refused = row.auth in ("missing", "wrong", "revoked")
        links = about.link(_("Authentication"), "release:auth") if refused else []
        yield Step(_("Credential"), _shown(decided["guard"]), "bad" if refused else "ok", "key-round", links=links)
    if decided.get("validation"):
        yield _validation(row, str(decided["validation"]))


def _validation(row: Exchange, said: str) -> Step:
    """``strict``, ``report: 2 violations``, ``off`` or ``not reached`` as sentences."""
    mode, _colon, count = said.partition(": ")
    title, icon = _("Check of the request"), "shield-check"
    if mode == "not reached":
        denied = row.auth in ("missing", "wrong", "revoked")
        words = _("Not looked at: the credential was refused first.") if denied else ""
        return Step(title, words or _("Not looked at: what stands around the endpoint answered first."), "", icon)
    if mode == "off":
        return Step(title, _("Switched off: the call was not looked at."), "", icon)
    if not count:
        return Step(title, _("The call is as declared."), "ok", icon)
    number = len([item for item in row.found if item.get("side") != "response"])
    words = ngettext("%(n)s thing is not as declared", "%(n)s things are not as declared", number) % {"n": number}
    if mode == "strict":
        return Step(title, _("%(what)s, so the call was refused.") % {"what": words}, "bad", icon)
    return Step(title, _("%(what)s; the call was answered all the same.") % {"what": words}, "warn", icon)


def near(project, row: Exchange) -> list[dict[str, Any]]:
    """The operations that a call was probably meant for, as the data plane noted them, each with its page."""
    noted = [one for one in row.decided.get("near_misses") or () if isinstance(one, dict)]
    names = [str(one.get("operation") or "") for one in noted]
    known = dict(project.operations.filter(operation_id__in=names).values_list("operation_id", "pk")) if noted else {}
    found = []
    for one, name in zip(noted, names, strict=True):
        url = url_of(project.slug, name, known[name]) if name and name in known else ""
        lists = {key: [_shown(text) for text in one.get(key) or ()] for key in ("differences", "matched")}
        found.append({"method": _shown(one.get("method")), "path": _shown(one.get("path")), "url": url, **lists})
    return found


def _entry(entry: dict[str, Any], about: About) -> Step:
    """One step of the trail. Data that a presenter does not understand must not take the page down."""
    present = PRESENTERS.get(str(entry.get("what")), _unknown)
    try:
        return present(entry, about)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return _unknown(entry, about)


def _unknown(entry: dict[str, Any], about: About) -> Step:
    return Step(_shown(entry.get("what") or _("Step")), facts=_rest(entry))


def _rules(entry: dict[str, Any], about: About) -> Step:
    """Which rule answered, and rule by rule what was asked and what the call said."""
    matched = entry.get("matched")
    title = _("Rules")
    lines = [Line(*line) for line in explaining.rules(entry, about.trail, about.operation)]
    facts = _rest(entry, "mode", "matched", "call", "values", "otherwise", "ended", "held", "stopped")
    if matched is None or entry.get("otherwise"):
        words, kind = _("No rule held, so what stands behind them answered."), ""
    else:
        words, kind = _("Rule %(n)s answered.") % {"n": int(matched) + 1}, "ok"
    if entry.get("stopped"):
        words, kind = _("Looking at the rules took too long and was stopped."), "bad"
    if entry.get("call"):
        facts.insert(0, (_("Call number"), _shown(entry["call"])))
    return Step(title, words, kind, "list", facts, lines, about.mock())


def _template(entry: dict[str, Any], about: About) -> Step:
    """The values that a template used."""
    values = entry.get("values")
    facts = [(str(name), _shown(value)) for name, value in values.items()] if isinstance(values, dict) else []
    notes = entry.get("notes") or ()
    lines = [Line("no", _shown(note)) for note in ([notes] if isinstance(notes, str) else notes)]
    words = _("The body was written from a template.")
    if error := entry.get("error"):
        words = _("The template could not be filled in: %(why)s") % {"why": _shown(error)}
    return Step(
        _("Template"), words, "bad" if error else "warn" if lines else "ok", "braces",
        facts + _rest(entry, "values", "notes", "error", "bound"), lines, about.mock(),
    )  # fmt: skip


ACTIONS = {
    "list": lambda: _("The rows of “%(name)s” were listed."),
    "read": lambda: _("A row of “%(name)s” was looked up."),
    "create": lambda: _("A row was added to “%(name)s”."),
    "replace": lambda: _("A row of “%(name)s” was replaced."),
    "update": lambda: _("A row of “%(name)s” was changed."),
    "delete": lambda: _("A row was taken out of “%(name)s”."),
    "clear": lambda: _("All rows of “%(name)s” were taken out."),
}


def _collection(entry: dict[str, Any], about: About) -> Step:
    """Which list, which row, whether it was there, and how many rows there were before and after."""
    name, missing = _shown(entry.get("name")), entry.get("found") is False
    words = ACTIONS.get(str(entry.get("action")), lambda: _("The collection “%(name)s” answered."))() % {"name": name}
    if missing:
        words = _("“%(name)s” has no row with this id.") % {"name": name}
    if entry.get("full"):
        words = _("“%(name)s” is full: %(why)s") % {"name": name, "why": _shown(entry["full"])}
    facts = [(_("Its own list for"), _shown(entry["partition"]))] if entry.get("partition") else []
    if entry.get("key") not in (None, ""):
        facts.append((_("Id"), _shown(entry["key"])))
    facts += _rows(entry)
    facts += _rest(entry, "name", "partition", "action", "key", "found", "rows", "before", "after", "full")
    links = about.link(_("Collection"), "mocking:collection", name)
    links = links or about.link(_("Collections"), "mocking:collections")
    return Step(_("Collection"), words, "warn" if missing or entry.get("full") else "ok", "layers", facts, links=links)


def _rows(entry: dict[str, Any]) -> list[tuple[str, str]]:
    before, after = entry.get("before"), entry.get("after")
    if before is not None and after is not None and before != after:
        told = {"before": _shown(before), "after": _shown(after)}
        return [(_("Rows"), _("%(before)s before, %(after)s after") % told)]
    shown = next((one for one in (entry.get("rows"), after, before) if one is not None), None)
    return [(_("Rows"), _shown(shown))] if shown is not None else []


def _upstream(entry: dict[str, Any], about: About) -> Step:
    """One attempt at another server: which, what it said, how long it took; or that the cache answered."""
    name, status, error = _shown(entry.get("name")), entry.get("status"), entry.get("error")
    cache = entry.get("cache")
    if error:
        words, kind = _("“%(name)s” could not answer: %(why)s") % {"name": name, "why": _shown(error)}, "bad"
    elif status and cache in ("hit", "fresh", True):
        words, kind = _("“%(name)s” was not asked: its answer %(status)s was kept.") % _named(name, status), "ok"
    else:
        words, kind = _("“%(name)s” answered %(status)s.") % _named(name, status), "ok" if _good(status) else "warn"
    facts = [(_("URL"), _shown(entry["url"]))] if entry.get("url") else []
    if (entry.get("attempt") or 1) != 1:
        facts.append((_("Attempt"), _shown(entry["attempt"])))
    if entry.get("us"):
        facts.append((_("Time"), _("%(ms)s ms") % {"ms": round(int(entry["us"]) / 1000, 1)}))
    if cache:
        facts.append((_("Cache"), _shown(cache)))
    facts += _rest(entry, "name", "url", "attempt", "status", "us", "error", "cache")
    return Step(_("Upstream"), words, kind, "server", facts, links=about.link(_("Upstreams"), "mocking:upstreams"))


def _named(name: str, status: Any) -> dict[str, str]:
    code = int(status) if str(status).isdecimal() else 0
    phrase = HTTPStatus(code).phrase if code in iter(HTTPStatus) else ""
    return {"name": name, "status": f"{_shown(status)} {phrase}".strip()}


def _good(status: Any) -> bool:
    return str(status).isdecimal() and int(status) < 400


def _fallback(entry: dict[str, Any], about: About) -> Step:
    why = entry.get("why") or entry.get("on") or entry.get("reason")
    words = _("The mock answered instead: %(why)s.") % {"why": _shown(why)} if why else _("The mock answered instead.")
    return Step(
        _("Fallback"), words, "warn", "corner-down-right", _rest(entry, "why", "on", "reason"), links=about.mock()
    )


FAULTS = {
    "status": lambda: _("An error status was sent on purpose."),
    "delay": lambda: _("The answer was held back on purpose."),
    "truncated": lambda: _("The body was cut off on purpose."),
    "invalid-json": lambda: _("The body was made invalid JSON on purpose."),
    "html": lambda: _("An HTML error page was sent on purpose."),
    "wrong-type": lambda: _("A wrong content type was sent on purpose."),
    "over-long": lambda: _("The body was made too long on purpose."),
    "too-many-requests": lambda: _("“Too many requests” was sent on purpose."),
    "expired-token": lambda: _("The token was called expired on purpose."),
    "redirect": lambda: _("A redirect was sent on purpose."),
    "slow-first-byte": lambda: _("The first byte was held back on purpose."),
    "slow-body": lambda: _("The body was sent slowly on purpose."),
}
WHENS = {
    "always": lambda: _("at every call"),
    "every": lambda: _("at every n-th call"),
    "percent": lambda: _("at some of the calls"),
    "switch": lambda: _("by a switch, for the next calls only"),
}


def _fault(entry: dict[str, Any], about: About) -> Step:
    known = FAULTS.get(str(entry.get("fault")))
    words = known() if known else _shown(entry.get("fault"))
    when = WHENS.get(str(entry.get("when")))
    facts = [(_("When"), when() if when else _shown(entry["when"]))] if entry.get("when") else []
    facts += [(_("Call number"), _shown(entry["n"]))] if entry.get("n") else []
    return Step(_("Fault"), words, "bad", "zap", facts + _rest(entry, "fault", "when", "n"), links=about.mock())


def _latency(entry: dict[str, Any], about: About) -> Step:
    words = _("The answer waited %(ms)s ms.") % {"ms": _shown(entry.get("ms"))}
    return Step(_("Latency"), words, "", "timer", _rest(entry, "ms"), links=about.mock())


def _limit(entry: dict[str, Any], about: About) -> Step:
    """How many calls are left in the window, or that there were too many."""
    left = entry.get("left")
    refused = entry.get("allowed") is False or (about.row.status == HTTPStatus.TOO_MANY_REQUESTS and not left)
    told = {"left": _shown(left), "reset": _shown(entry.get("reset"))}
    words = _("Too many calls: more are let in after %(reset)s s.") % told if refused else ""
    words = words or _("Let in; %(left)s calls are left for %(reset)s s.") % told
    return Step(
        _("Rate limit"), words, "bad" if refused else "ok", "gauge",
        _rest(entry, "left", "reset", "allowed"), links=about.mock(),
    )  # fmt: skip


def _callback(entry: dict[str, Any], about: About) -> Step:
    name, url = _shown(entry.get("name")), _shown(entry.get("url"))
    told = {"name": name, "url": url}
    words = _("The callback “%(name)s” goes to %(url)s.") % told if url else ""
    words = words or _("The callback “%(name)s” is sent after the answer.") % told
    error = entry.get("error")
    if error:
        words = _("The callback “%(name)s” was not sent: %(why)s") % {**told, "why": _shown(error)}
    elif entry.get("status"):
        words = _("The callback “%(name)s” was answered %(status)s.") % _named(name, entry["status"])
    values = entry.get("values")
    facts = [(str(key), _shown(value)) for key, value in values.items()] if isinstance(values, dict) else []
    lines = [Line("no", _shown(note)) for note in entry.get("notes") or ()]
    facts += _rest(entry, "name", "url", "error", "status", "us", "values", "notes")
    kind = "warn" if error or lines or not _good(entry.get("status") or 200) else "ok"
    return Step(_("Callback"), words, kind, "rotate-cw", facts, lines, about.mock())


def _pairing(entry: dict[str, Any], about: About) -> Step:
    key = entry.get("key") or entry.get("name") or entry.get("example")
    words = _("The call carries the example “%(key)s”, so the answer is the example of that name.")
    facts = _rest(entry, "key", "name", "example")
    return Step(_("Named pair"), words % {"key": _shown(key)}, "ok", "link", facts, links=about.mock())


PRESENTERS: dict[str, Callable[[dict[str, Any], About], Step]] = {
    "rules": _rules,
    "template": _template,
    "collection": _collection,
    "upstream": _upstream,
    "fallback": _fallback,
    "fault": _fault,
    "latency": _latency,
    "limit": _limit,
    "callback": _callback,
    "pairing": _pairing,
}


def _rest(entry: Mapping[str, Any], *told: str) -> list[tuple[str, str]]:
    """Everything of an entry that was not told yet, as names and values."""
    return [(str(name), _shown(value)) for name, value in entry.items() if name not in ("what", *told)]


def _shown(value: Any) -> str:
    """A value as one short text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else explaining.compact(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
