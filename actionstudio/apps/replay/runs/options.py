"""Options: how the calls of a run are sent, as a value that is kept with the run."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import concealing, replaying, sending
from actionstudio.core import edits
from actionstudio.core.edits import Edits
from actionstudio.core.problem import Problem

MOST_AT_ONCE, USUAL_AT_ONCE = 16, 4
LEAST_RATE, MOST_RATE, USUAL_RATE = 0.1, 200.0, 20.0


@dataclass(frozen=True, slots=True)
class Options:
    """``credential`` is replaying's: "same", "none", a key's id, or a person. ``typed`` is the name of a header whose
    value is sealed in the run. ``edits`` are core.edits.Edits as JSON, ``overrides`` what replaces whole parts of every
    call (method, path, query, headers, body in base64). ``carry``: values of an earlier answer go into later requests
    of the conversation. ``ignore`` are paths left out of the verdicts besides the project's rules.

    ``twice`` runs calls two times to find noise, where that does no harm. At most ``concurrency`` calls wait for an
    answer at once, and at most ``rate`` leave in a second. ``send_refused``: also what ChatGPT would not send any more.
    ``resend``: what may have reached the server when a worker died is sent again, whatever it does there.
    """

    credential: str = replaying.SAME
    typed: str = ""
    edits: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    carry: bool = True
    ignore: tuple[str, ...] = ()
    twice: bool = False
    concurrency: int = USUAL_AT_ONCE
    rate: float = USUAL_RATE
    send_refused: bool = False
    resend: bool = False

    def plain(self) -> dict[str, Any]:
        """The options as JSON."""
        return asdict(self)

    def template(self) -> Edits:
        """The edits as core applies them."""
        return edits_of(self.edits)

    def parts(self) -> dict[str, Any]:
        """The overrides as the deed takes them."""
        out = dict(self.overrides)
        if "body" in out:
            out["body"] = base64.b64decode(out["body"])
        return out


def read(data: Mapping[str, Any]) -> Options:
    """What ``plain`` wrote; what an older version did not know yet is as usual."""
    known = {one.name for one in fields(Options)}
    made = {name: value for name, value in data.items() if name in known}
    return Options(**{**made, "ignore": tuple(made.get("ignore", ()))})


def edits_of(data: Mapping[str, Any]) -> Edits:
    """Edits of their JSON: pairs are lists there."""
    known = {one.name for one in fields(Edits)}
    return Edits(**{name: _frozen(value) for name, value in data.items() if name in known})


def problems(project: Project, to: sending.Target, options: Options) -> list[Problem]:
    """What cannot be sent that way, each beside its field."""
    found = edits.problems(options.template())
    if not 1 <= options.concurrency <= MOST_AT_ONCE:
        words = _("Send from 1 to %(n)d calls at once.") % {"n": MOST_AT_ONCE}
        found.append(Problem("/concurrency", words, "range"))
    if not LEAST_RATE <= options.rate <= MOST_RATE:
        words = _("Send from %(least)s to %(most)s calls a second.") % {"least": LEAST_RATE, "most": int(MOST_RATE)}
        found.append(Problem("/rate", words, "range"))
    wanted = [("/typed", options.typed), *(("/set_headers", name) for name, _text in options.template().set_headers)]
    found += [Problem(place, words, "header") for place, name in wanted if (words := sending.unsettable(name))]
    return [*found, *secrets(project, options), *_of_credential(project, to, options)]


def secrets(project: Project, options: Options) -> list[Problem]:
    """What the options would keep in clear text and the log hides."""
    if not options.edits and not options.overrides:
        return []
    return list(concealing.of_run(options.edits, options.overrides, replaying.masks_of(project)))


def _of_credential(project: Project, to: sending.Target, options: Options) -> list[Problem]:
    wanted = options.credential
    if options.typed and to.upstream:
        words = _("The upstream gets its own secret. Send to its base URL to type in another one.")
        return [Problem("/typed", words, "mixed")]
    if wanted in (replaying.SAME, replaying.NOBODY):
        return []
    if to.base:
        words = _("The studio knows no text of keys and tokens: for another server, type in the header.")
        return [Problem("/credential", words, "mixed")]
    if wanted.startswith(assuming.PREFIX):
        known = project.end_users.filter(sub=wanted.removeprefix(assuming.PREFIX)).exists()
    else:
        known = wanted.isdecimal() and project.keys.filter(pk=int(wanted[:18]), revoked=None).exists()
    return [] if known else [Problem("/credential", _("This project has no such key or person."), "unknown")]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value
