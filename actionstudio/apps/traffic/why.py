"""Why this answer? Each decision about a logged call in plain words, from what the data plane noted of it.

The stages stand in every row; ``decisions["trail"]`` holds what the behaviours decided, one entry a step (trails.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.design.views.endpoint import url_of
from actionstudio.apps.traffic import legs
from actionstudio.apps.traffic.decisions import About, Step, shown
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.trails import present
from actionstudio.runtime.pacing import HUNG_UP

__all__ = ("About", "Step", "near", "steps")

MOST = 50  # entries of a trail that are shown
REFUSED = frozenset(("missing", "wrong", "revoked", "expired", "scope"))  # how a credential can be no good


def steps(project, row: Exchange, about: About | None = None) -> list[Step]:
    """Every decision about one call, in the order in which it was made. Rows without a trail have the stages."""
    about, decided = about or About(project, row), row.decided
    found = list(_stages(about, decided))
    if row.kind == "oauth":
        found += legs.steps(about)
    found += [present(entry, about) for entry in about.trail[:MOST]]
    if decided.get("wait"):
        found.append(Step(_("Wait"), shown(decided["wait"]), "warn" if about.row.status == HUNG_UP else "", "timer"))
    if decided.get("response") and row.kind != "callback":
        kind = "ok" if row.status < 400 else "warn" if row.status < 500 else "bad"
        links = about.mock() if row.kind == "mock" else []
        found.append(Step(_("Answer"), shown(decided["response"]), kind, "send", links=links))
    return found


def _stages(about: About, decided: Mapping[str, Any]) -> Iterator[Step]:
    row = about.row
    if decided.get("gate"):
        yield Step(_("Refused before it was read"), shown(decided["gate"]), "bad", "circle-x")
    if decided.get("route"):
        links = about.link(_("Endpoint"), "design:endpoint", about.ref) if about.ref else []
        kind = "ok" if row.operation_id or row.kind == "document" or row.status < 400 else "warn"
        yield Step(_("Route"), shown(decided["route"]), kind, "workflow", links=links)
    if decided.get("translation"):
        yield Step(_("Translated"), shown(decided["translation"]), "ok", "arrow-up-down")
    if decided.get("guard"):
        refused = row.auth in REFUSED
        links = (about.link(_("Authentication"), "release:auth") if refused else []) + legs.whole(about)
        yield Step(_("Credential"), shown(decided["guard"]), "bad" if refused else "ok", "key-round", links=links)
    if decided.get("validation"):
        yield _validation(row, str(decided["validation"]))


def _validation(row: Exchange, said: str) -> Step:
    """``strict``, ``report: 2 violations``, ``off`` or ``not reached`` as sentences."""
    mode, _colon, count = said.partition(": ")
    title, icon = _("Check of the request"), "shield-check"
    if mode == "not reached":
        denied = row.auth in REFUSED
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
        lists = {key: [shown(text) for text in one.get(key) or ()] for key in ("differences", "matched")}
        found.append({"method": shown(one.get("method")), "path": shown(one.get("path")), "url": url, **lists})
    return found
