"""Hides again what replays, runs of suites and cases keep of calls, as today's rules would have it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from actionstudio.apps.projects.models import Project
from actionstudio.apps.replay import concealing
from actionstudio.apps.replay.models import Replay, Run
from actionstudio.apps.replay.suites.models import Case, Outcome
from actionstudio.apps.traffic import redaction
from actionstudio.core import filling
from actionstudio.core.hiding import Masks, keeps_bodies, of_operation
from actionstudio.core.hiding.marks import Variables

CHUNK = 50
_WITH_VALUES = frozenset({"value", "header", "header-new", "header-gone", "check"})
SIDES = {"call": "request", "before": "response", "after": "response", "again": "response"}


def again(project: Project, masks: frozenset[str]) -> int:
    """Writes anew what is kept otherwise than the rules want; how many that were."""
    rows = _sent(Replay, Replay.objects.filter(project=project), masks)
    rows += _sent(Outcome, Outcome.objects.filter(run__suite__project=project), masks)
    rows += sum(_run(run, masks) for run in Run.objects.filter(project=project).defer("groups").iterator(CHUNK))
    return rows + sum(_case(case, masks) for case in Case.objects.filter(suite__project=project).iterator(CHUNK))


def stays(project: Project, ids: Sequence[int]) -> list[tuple[str, str]]:
    """The cases that were made of these calls: tests of the builder's, which stay when the calls are deleted."""
    from django.urls import NoReverseMatch, reverse

    found = Case.objects.filter(suite__project=project, source__in=[*ids][:1_000]).select_related("suite")
    try:
        return [
            (f"{one.suite.name}: {one.name}", reverse("replay:suite", args=[project.slug, one.suite.slug]))
            for one in found[:50]
        ]
    except NoReverseMatch:
        return [(f"{one.suite.name}: {one.name}", "") for one in found[:50]]


def _sent(model, rows, masks: frozenset[str]) -> int:
    changed, last = 0, 0
    while part := [*rows.filter(pk__gt=last).order_by("pk")[:CHUNK]]:
        for row in part:
            changed += _written(model, row, masks)
        last = part[-1].pk
    return changed


def _written(model, row, masks: frozenset[str]) -> int:
    masks = of_operation(masks, row.operation_id)
    new = {name: message(getattr(row, name), masks, side) for name, side in SIDES.items()}
    if all(new[name] == getattr(row, name) for name in SIDES):
        return 0
    for name, value in new.items():
        setattr(row, name, value)
    if isinstance(row, Replay):
        told = [_without_values(one) for one in row.facts.get("reasons", ())]
        row.facts = {**row.facts, "reasons": told} if told else row.facts
    else:
        row.reasons = [*map(_without_values, row.reasons)]
    row.save()
    return 1


def _without_values(reason: dict[str, Any]) -> dict[str, Any]:
    """Why an answer differs, without what stood there: that may be what is hidden now."""
    return {**reason, "was": "", "now": ""} if reason.get("kind") in _WITH_VALUES else reason


def message(told: dict | None, masks: frozenset[str], side: str) -> dict | None:
    """A call or an answer as a replay keeps it, with what the masks hide."""
    if not told:
        return told
    pairs = [tuple(pair) for pair in told.get("headers", ())]
    new = {**told, "headers": [list(pair) for pair in redaction.headers(pairs, masks, side)]}
    if "path" in told:
        new["path"] = redaction.path(told["path"], masks)
    if told.get("query"):
        new["query"] = redaction.query(told["query"], masks)
    if told.get("body"):
        new["body"] = base64.b64encode(_body(base64.b64decode(told["body"]), pairs, masks, side)).decode()
    return new


def _body(data: bytes, headers: Sequence[tuple[str, ...]], masks: frozenset[str], side: str) -> bytes:
    if not keeps_bodies(masks):
        return b""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return redaction.body(data, kind, masks, side)


def _run(run: Run, masks: frozenset[str]) -> int:
    """What a run that is over says of its edits. One that goes on still needs them."""
    new = concealing.shown(run.options.get("edits", {}), masks)
    if not run.over or new == run.options.get("edits", {}):
        return 0
    run.options = {**run.options, "edits": new}
    run.save(update_fields=["options"])
    return 1


def _case(case: Case, masks: frozenset[str]) -> int:
    """A case keeps its bodies, whatever the log does: it is a test that somebody wrote. Its variables stay as well."""
    rules = Masks(masks, masks.rules) if isinstance(masks, Masks) else masks
    variables = Variables(filling.PLACE)
    pairs = [(name, variables.out(value)) for name, value in case.headers]
    hidden = redaction.headers(pairs, rules, "request")
    new: dict[str, Any] = {
        "path": variables.back(redaction.path(variables.out(case.path), rules)),
        "query": variables.back(redaction.query(variables.out(case.query), rules)),
        "headers": [[name, variables.back(value)] for name, value in hidden],
        "body": _body_of(case, pairs, rules, variables),
        "answer": message(case.answer, rules, "response"),
    }
    new |= {"call": message(case.call, rules, "request")} if hasattr(case, "call") else {}
    changed = {name: value for name, value in new.items() if value != _plain(getattr(case, name))}
    if changed:
        Case.objects.filter(pk=case.pk).update(**changed)
    return bool(changed)


def _body_of(case: Case, pairs: Sequence[tuple[str, ...]], masks: frozenset[str], variables: Variables) -> bytes:
    text = variables.out(bytes(case.body).decode("utf-8", "surrogateescape"))
    hidden = _body(text.encode("utf-8", "surrogateescape"), pairs, masks, "request")
    return variables.back(hidden.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
