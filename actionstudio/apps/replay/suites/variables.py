"""The variables of a suite: plain values in its row, secret texts sealed together, and what a run has learned."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.publishing import sealing
from actionstudio.apps.replay.suites.models import Suite, SuiteRun
from actionstudio.core import filling
from actionstudio.core.call import Call
from actionstudio.core.problem import Problem, Refused

MOST = 100
LONGEST = 4_000
SHORTEST_SECRET = 6  # shorter texts cannot be told apart from ordinary ones in answers
_MARK = "••••"
_QUOTES = "\"'"
log = logging.getLogger(__name__)


class Values:
    """What a run's calls are filled with. Threads share it. ``secret`` are the names whose values nobody may read."""

    def __init__(self, known: Mapping[str, Any], secret: Iterable[str]) -> None:
        self._known = dict(known)
        self._secret = set(secret)
        self._lock = threading.Lock()

    def add(self, name: str, value: Any, *, secret: bool) -> None:
        """A value that an answer has brought."""
        with self._lock:
            self._known[name] = value
            (self._secret.add if secret else self._secret.discard)(name)

    def missing(self, call: Call) -> list[str]:
        """The variables of a call that have no value."""
        return [name for name in filling.names(call) if name not in self._known]

    def fill(self, call: Call) -> Call:
        """The call as it is sent."""
        return filling.fill(call, dict(self._known))

    def shown(self, call: Call) -> Call:
        """The call as it is kept: a mark in the place of every secret."""
        return filling.fill(call, {**self._known, **dict.fromkeys(self._secret, _MARK)})

    def secrets(self, call: Call) -> list[str]:
        """The secret texts that stand in a call."""
        used = self._secret.intersection(filling.names(call))
        return [text for name in used if len(text := filling.text_of(self._known[name])) >= SHORTEST_SECRET]

    def hidden_names(self, call: Call) -> set[str]:
        """The names of headers, query parts and fields under which a secret stands in a call."""
        return {place for name in self._secret.intersection(filling.names(call)) for place in places(call, name)}


def places(call: Call, name: str) -> list[str]:
    """The names of headers, query parts and body fields under which a variable stands."""
    found = [header for header, value in call.headers if _mark_of(name).search(value)]
    return found + [place for text in _texts(call) for place in _places(text, name) if place]


def nameless(call: Call, name: str) -> bool:
    """Whether a variable also stands where no name would let the log hide it: in the path, in a list, in plain text."""
    return bool(_mark_of(name).search(call.path)) or any("" in _places(text, name) for text in _texts(call))


def _mark_of(name: str) -> re.Pattern[str]:
    return re.compile(r"\{\{\s*" + re.escape(name) + r"\s*\}\}")


def _texts(call: Call) -> tuple[str, str]:
    return call.query, call.body.decode("utf-8", "replace")


def _places(text: str, name: str) -> list[str]:
    """The name before each mark of a variable, such as ``pin`` of ``"pin": "no {{name}}"``; "" where there is none.

    Each look goes back to the mark before, and no further: a text is read once, whatever it holds.
    """
    found, begin = [], 0
    for mark in _mark_of(name).finditer(text):
        found.append(_place_before(text, begin, mark.start()))
        begin = mark.end()
    return found


def _place_before(text: str, begin: int, end: int) -> str:
    """The name whose value reaches to ``end``: before the value's own ":" or "=", else before one inside of it."""
    value = max(begin, *(text.rfind(sign, begin, end) + 1 for sign in "\"'&,\n"))
    at = value - (value > begin and text[value - 1] in _QUOTES)
    at = _blanks(text, begin, at)
    if at > begin and text[at - 1] in ":=" and (name := _named(text, begin, at - 1)):
        return name
    inside = (at for at in range(value, end) if text[at] in ":=")
    return next((name for at in inside if (name := _named(text, begin, at))), "")


def _named(text: str, begin: int, end: int) -> str:
    """The name, perhaps in quotes, that stands before ``end``."""
    end = _blanks(text, begin, end)
    end -= end > begin and text[end - 1] in _QUOTES
    start = end
    while start > begin and (text[start - 1].isalnum() or text[start - 1] in "_.-[]"):
        start -= 1
    return text[start:end]


def _blanks(text: str, begin: int, end: int) -> int:
    """Where the white space before ``end`` begins."""
    while end > begin and text[end - 1].isspace():
        end -= 1
    return end


def read(suite: Suite) -> dict[str, Any]:
    """The values by name; secret ones are opened. One that cannot be is left out, and the operator's log says so."""
    known = {one["name"]: one.get("value") for one in suite.variables if not one.get("secret")}
    return {name: value for name, value in known.items() if value not in (None, "")} | secrets(suite)


def secrets(suite: Suite) -> dict[str, str]:
    """The secret texts by name."""
    return _opened(suite.sealed, _place(suite), f"the secrets of suite {suite.pk}")


def secret_names(suite: Suite) -> set[str]:
    return {one["name"] for one in suite.variables if one.get("secret")}


def keep(suite: Suite, wanted: Iterable[Mapping[str, Any]]) -> None:
    """Replaces a suite's variables and saves it. A secret without a text keeps the one it has. Raises Refused."""
    wanted = [dict(one) for one in wanted]
    if problems := _problems(wanted):
        raise Refused(*problems)
    old = secrets(suite)
    texts = {one["name"]: str(one.get("value") or old.get(one["name"], "")) for one in wanted if one.get("secret")}
    suite.variables = [
        {
            "name": one["name"],
            "secret": bool(one.get("secret")),
            "value": "" if one.get("secret") else one.get("value", ""),
            "set": bool(texts.get(one["name"])) if one.get("secret") else one.get("value") not in (None, ""),
        }
        for one in wanted
    ]
    texts = {name: text for name, text in texts.items() if text}
    suite.sealed = sealing.seal(orjson.dumps(texts).decode(), _place(suite)) if texts else None
    suite.save(update_fields=["variables", "sealed", "updated"])


def learned(run: SuiteRun) -> dict[str, dict[str, Any]]:
    """What earlier turns of a run have learned: "plain" and "secret" values by name."""
    found = _opened(run.sealed, _run_place(run), f"the values of suite run {run.pk}")
    return {"plain": found.get("plain", {}), "secret": found.get("secret", {})}


def of_run(run: SuiteRun, learned: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> Values:
    """What a run's calls are filled with: the suite's variables, what was ``given`` for it, what it has learned."""
    plain, hidden = learned["plain"], learned["secret"]
    known = {**read(run.suite), **(given or {}), **plain, **hidden}
    return Values(known, (secret_names(run.suite) - set(plain)) | set(hidden))


def remember(run: SuiteRun, learned: Mapping[str, Mapping[str, Any]]) -> None:
    """Keeps what a run has learned, sealed, so that another worker can go on."""
    run.sealed = sealing.seal(orjson.dumps(learned).decode(), _run_place(run))
    SuiteRun.objects.filter(pk=run.pk).update(sealed=run.sealed)


def reseal() -> tuple[int, int]:
    """Seals all secret texts with the newest key; how many were sealed anew and how many could not be opened."""
    return sealing.anew(Suite.objects.exclude(sealed=None), _place)


def _opened(sealed: bytes | None, place: str, what: str) -> dict[str, Any]:
    if not sealed:
        return {}
    try:
        return orjson.loads(sealing.unseal(sealed, place))
    except sealing.Unreadable:
        log.error("%s cannot be opened: their encryption key is gone", what)
        return {}


def _place(suite: Suite) -> str:
    return f"suite/{suite.project_id}/{suite.pk}"


def _run_place(run: SuiteRun) -> str:
    return f"suite-run/{run.suite_id}/{run.pk}"


def _problems(wanted: list[dict[str, Any]]) -> Iterable[Problem]:
    found, seen = [], set()
    if len(wanted) > MOST:
        found.append(Problem("/variables", _("Use at most %(n)d variables.") % {"n": MOST}, "many"))
    for number, one in enumerate(wanted):
        name, value = str(one.get("name", "")), one.get("value")
        at = f"/variables/{number}"
        if not filling.NAME.fullmatch(name):
            words = _("Use letters, digits, _ or -, starting with a letter: “%(name)s” is no name of a variable.")
            found.append(Problem(f"{at}/name", words % {"name": name}, "name"))
        elif name in seen:
            found.append(Problem(f"{at}/name", _("There are two variables called %(name)s.") % {"name": name}, "twice"))
        seen.add(name)
        if len(filling.text_of(value or "")) > LONGEST:
            words = _("Use at most %(n)d characters for a value.") % {"n": LONGEST}
            found.append(Problem(f"{at}/value", words, "long"))
        elif one.get("secret") and value and len(str(value)) < SHORTEST_SECRET:
            words = _("Use at least %(n)d characters for a secret: shorter ones cannot be found again in answers.")
            found.append(Problem(f"{at}/value", words % {"n": SHORTEST_SECRET}, "short"))
    return found
