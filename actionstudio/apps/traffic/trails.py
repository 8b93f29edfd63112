"""What behaviours decided, one presenter a kind: an entry of ``decisions["trail"]`` becomes a step in plain words.

A kind that is not known here is shown with all it says.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.traffic import explaining
from actionstudio.apps.traffic.decisions import About, Line, Step, rest, shown


def present(entry: dict[str, Any], about: About) -> Step:
    """One step of the trail. Data that a presenter does not understand must not take the page down."""
    known = PRESENTERS.get(str(entry.get("what")), _unknown)
    try:
        return known(entry, about)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return _unknown(entry, about)


def _unknown(entry: dict[str, Any], about: About) -> Step:
    return Step(shown(entry.get("what") or _("Step")), facts=rest(entry))


def _rules(entry: dict[str, Any], about: About) -> Step:
    """Which rule answered, and rule by rule what was asked and what the call said."""
    matched = entry.get("matched")
    title = _("Rules")
    lines = [Line(*line) for line in explaining.rules(entry, about.trail, about.operation)]
    facts = rest(entry, "mode", "matched", "call", "values", "otherwise", "ended", "held", "stopped", "filled")
    if matched is None or entry.get("otherwise"):
        words, kind = _("No rule held, so what stands behind them answered."), ""
    else:
        words, kind = _("Rule %(n)s answered.") % {"n": int(matched) + 1}, "ok"
    if entry.get("stopped"):
        words, kind = _("Looking at the rules took too long and was stopped."), "bad"
    if entry.get("mode") in MODES:
        facts.insert(0, (_("Which of those that hold"), MODES[entry["mode"]]()))
    if entry.get("call"):
        facts.insert(0, (_("Call number"), shown(entry["call"])))
    return Step(title, words, kind, "list", facts, lines, about.mock())


MODES = {"sequential": lambda: _("the next in turn"), "random": lambda: _("one by chance, by its weight")}


def _template(entry: dict[str, Any], about: About) -> Step:
    """The values that a template used."""
    error, facts, lines = entry.get("error"), _values(entry), _notes(entry)
    changed = [CHANGED[part]() for part in entry.get("changed") or () if part in CHANGED]
    words = _("The body was written from a template.")
    if changed:
        words = _("On the way, from templates: %(parts)s.") % {"parts": ", ".join(changed)}
    if error:
        words = _("The template could not be filled in: %(why)s") % {"why": shown(error)}
    kind = "bad" if error else "warn" if lines else "ok"
    facts += rest(entry, "values", "notes", "error", "bound", "changed")
    return Step(_("Template"), words, kind, "braces", facts, lines, about.mock())


CHANGED = {
    "path": lambda: _("the path"),
    "query": lambda: _("the query"),
    "headers": lambda: _("headers"),
    "body": lambda: _("the body"),
}


def _values(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What a template read of the call, and elsewhere."""
    values = entry.get("values")
    return [(str(name), shown(value)) for name, value in values.items()] if isinstance(values, dict) else []


def _notes(entry: dict[str, Any]) -> list[Line]:
    notes = entry.get("notes") or ()
    return [Line("no", shown(note)) for note in ([notes] if isinstance(notes, str) else notes)]


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
    name, missing = shown(entry.get("name")), entry.get("found") is False
    words = ACTIONS.get(str(entry.get("action")), lambda: _("The collection “%(name)s” answered."))() % {"name": name}
    if missing:
        words = _("“%(name)s” has no row with this id.") % {"name": name}
        if entry.get("kept"):
            words = f"{words} {_('Nothing was changed: the endpoint is set to answer anyway.')}"
    if entry.get("taken"):
        words = _("“%(name)s” has a row with this id already.") % {"name": name}
    if entry.get("refused"):
        words = _("“%(name)s” refused it: %(why)s.") % {"name": name, "why": shown(entry["refused"])}
    if entry.get("full"):
        words = _("“%(name)s” is full: %(why)s") % {"name": name, "why": shown(entry["full"])}
    wrong = missing or any(entry.get(key) for key in ("taken", "refused", "full"))
    facts = [(_("Its own list for"), shown(entry["partition"]))] if entry.get("partition") else []
    if entry.get("key") not in (None, ""):
        facts.append((_("Id"), shown(entry["key"])))
    facts += _rows(entry) + _ignored(entry)
    facts += rest(entry, *_COLLECTION)
    links = about.link(_("Collection"), "mocking:collection", name)
    links = links or about.link(_("Collections"), "mocking:collections")
    return Step(_("Collection"), words, "warn" if wrong else "ok", "layers", facts, links=links)


_COLLECTION = (
    "name", "partition", "action", "key", "found", "rows", "before", "after", "full", "taken", "refused", "filtered",
    "shown", "kept", "ignored",
)  # fmt: skip


def _ignored(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """What of the question had no effect, and why."""
    told = []
    for one in entry.get("ignored") or ():
        what, name = (*map(shown, one), "", "")[:2] if isinstance(one, list) else ("", "")
        if what == "sort":
            told.append((_("Ignored"), _("The order by “%(name)s”: no row has this field.") % {"name": name}))
        elif what == "filter":
            words = _("“%(name)s”: the endpoint declares no such parameter. %(name)s_eq filters by it.")
            told.append((_("Ignored"), words % {"name": name}))
    return told


def _rows(entry: dict[str, Any]) -> list[tuple[str, str]]:
    before, after = entry.get("before"), entry.get("after")
    if before is not None and after is not None and before != after:
        told = {"before": shown(before), "after": shown(after)}
        return [(_("Rows"), _("%(before)s before, %(after)s after") % told)]
    total = next((one for one in (entry.get("rows"), after, before) if one is not None), None)
    found = [(_("Rows"), shown(total))] if total is not None else []
    if entry.get("filtered") not in (None, total):
        found.append((_("That fit the filters"), shown(entry["filtered"])))
    if entry.get("shown") not in (None, total):
        found.append((_("On this page"), shown(entry["shown"])))
    return found


def _upstream(entry: dict[str, Any], about: About) -> Step:
    """One attempt at another server: which, what it said, how long it took; or that the cache answered."""
    name, status, error = shown(entry.get("name")), entry.get("status"), entry.get("error")
    cache = entry.get("cache")
    raw = []
    if error and entry.get("reason") == "connect":
        raw, error = [(_("Error"), shown(error))], _("nobody listens there")
    if error:
        words, kind = _("“%(name)s” could not answer: %(why)s") % {"name": name, "why": shown(error)}, "bad"
    elif status and "attempt" not in entry:
        words, kind = _("“%(name)s” was not asked: its answer %(status)s was kept.") % _named(name, status), "ok"
    else:
        words, kind = _("“%(name)s” answered %(status)s.") % _named(name, status), "ok" if _good(status) else "warn"
    facts = ([(_("URL"), shown(entry["url"]))] if entry.get("url") else []) + raw
    if (entry.get("attempt") or 1) != 1:
        facts.append((_("Attempt"), shown(entry["attempt"])))
    if entry.get("us"):
        facts.append((_("Time"), _("%(ms)s ms") % {"ms": round(int(entry["us"]) / 1000, 1)}))
    if cache:
        facts.append((_("Cache"), shown(cache)))
    facts += rest(entry, "name", "url", "attempt", "status", "us", "error", "cache", "reason")
    links = about.link(_("Upstream"), "mocking:upstream", name) or about.link(_("Upstreams"), "mocking:upstreams")
    return Step(_("Upstream"), words, kind, "server", facts, links=links)


def _named(name: str, status: Any) -> dict[str, str]:
    code = int(status) if str(status).isdecimal() else 0
    phrase = HTTPStatus(code).phrase if code in iter(HTTPStatus) else ""
    return {"name": name, "status": f"{shown(status)} {phrase}".strip()}


def _good(status: Any) -> bool:
    return str(status).isdecimal() and int(status) < 400


def _fallback(entry: dict[str, Any], about: About) -> Step:
    why = entry.get("because") or entry.get("why")
    words = _("The mock answered instead: %(why)s.") % {"why": shown(why)} if why else _("The mock answered instead.")
    facts = rest(entry, "because", "why")
    return Step(_("Fallback"), words, "warn", "corner-down-right", facts, links=about.mock())


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
    words = known() if known else shown(entry.get("fault"))
    when = WHENS.get(str(entry.get("when")))
    facts = [(_("When"), when() if when else shown(entry["when"]))] if entry.get("when") else []
    facts += [(_("Call number"), shown(entry["n"]))] if entry.get("n") else []
    return Step(_("Fault"), words, "bad", "zap", facts + rest(entry, "fault", "when", "n"), links=about.mock())


def _latency(entry: dict[str, Any], about: About) -> Step:
    inside = about.row.source in ("try", "replay")
    words = (
        _("Others wait %(ms)s ms for this answer; here it came at once.")
        if inside
        else _("The answer waited %(ms)s ms.")
    )
    words = words % {"ms": shown(entry.get("ms"))}
    return Step(_("Latency"), words, "", "timer", rest(entry, "ms"), links=about.mock())


def _limit(entry: dict[str, Any], about: About) -> Step:
    """How many calls are left in the window, or that there were too many."""
    left, refused = entry.get("left"), entry.get("allowed") is False
    told = {"left": shown(left), "reset": shown(entry.get("reset"))}
    words = _("Too many calls: more are let in after %(reset)s s.") % told if refused else ""
    words = words or _("Let in; %(left)s calls are left for %(reset)s s.") % told
    return Step(
        _("Rate limit"), words, "bad" if refused else "ok", "gauge",
        rest(entry, "left", "reset", "allowed"), links=about.mock(),
    )  # fmt: skip


def _callback(entry: dict[str, Any], about: About) -> Step:
    """What goes to the other side after the answer; in the row of the callback itself, what came of it."""
    name, url = shown(entry.get("name")), shown(entry.get("url"))
    error, status = entry.get("error"), entry.get("status")
    told = {"name": name, "url": url}
    words = _("The callback “%(name)s” goes to %(url)s.") % told
    if error:
        words = _("The callback “%(name)s” was not sent: %(why)s") % {**told, "why": shown(error)}
    elif status:
        words = _("The callback “%(name)s” was answered %(status)s.") % _named(name, status)
    facts = [(_("URL"), url)] if entry.get("url") and (error or status) else []
    lines = _notes(entry)
    facts += [(_("Seconds after the answer"), shown(entry["delay"]))] if entry.get("delay") else []
    facts += _values(entry) + rest(entry, "name", "method", "url", "error", "status", "us", "delay", "values", "notes")
    kind = "warn" if error or lines or not _good(status or 200) else "ok"
    return Step(_("Callback"), words, kind, "rotate-cw", facts, lines, about.mock())


def _pairing(entry: dict[str, Any], about: About) -> Step:
    key = entry.get("key") or entry.get("name") or entry.get("example")
    words = _("The call carries the example “%(key)s”, so the answer is the example of that name.")
    facts = rest(entry, "key", "name", "example")
    return Step(_("Named pair"), words % {"key": shown(key)}, "ok", "link", facts, links=about.mock())


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
