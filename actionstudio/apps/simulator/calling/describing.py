"""A call by hand in words: arguments to begin with, and what came of it, for a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.calling.by_hand import Done
from actionstudio.apps.simulator.calling.performed import ASKS, REFUSED, Attempt
from actionstudio.apps.web.telling import told
from actionstudio.core import exemplary
from actionstudio.core.chatgpt.files import ARGUMENT
from actionstudio.core.contract import Contract
from actionstudio.core.importer import Argument, Import, ImportedOperation
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError

type JSON = Any

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MISSING = object()


def is_conversation(text: str) -> bool:
    """Whether a text is the id of a conversation."""
    return _UUID.fullmatch(text) is not None


def sample(imported: Import, op: ImportedOperation, contract: Contract | None = None) -> str:
    """Arguments as a model might write them: what is required, and what the schema shows; with the values of the
    operation's own examples. ``contract`` is where the import comes from, when that is known: examples do not travel in
    the document that ChatGPT takes."""
    written = exemplary.of_one(contract, op.operation_id) if contract is not None else _written(imported, op)
    kept = {}
    for one in op.arguments:
        if _wanted(one):
            value = written[one.name] if one.name in written else _value(imported, one)
            if value is not _MISSING:
                kept[one.name] = value
    return json.dumps(kept, indent=2, ensure_ascii=False)


def _wanted(one: Argument) -> bool:
    schema = one.schema if isinstance(one.schema, dict) else {}
    return one.name != ARGUMENT and (one.required or bool(schema.keys() & {"example", "examples", "default"}))


def _written(imported: Import, op: ImportedOperation) -> dict[str, JSON]:
    """The examples that stand in another document beside the schemas, where they are of its own parts."""
    raw = imported.sources.get(op.pointer)
    raw = raw if isinstance(raw, dict) else {}
    found: dict[str, JSON] = {}
    listed = raw.get("parameters")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and (shown := _shown(item)) is not None:
            found[str(item.get("name", ""))] = shown
    body = raw.get("requestBody")
    content = body.get("content") if isinstance(body, dict) else None
    for item in content.values() if isinstance(content, dict) else ():
        shown = _shown(item) if isinstance(item, dict) else None
        if isinstance(shown, dict):
            return {**found, **shown}
    return found


def _shown(item: Mapping[str, JSON]) -> JSON:
    """The first example of a parameter or a media type."""
    if item.get("example") is not None:
        return item["example"]
    named = item.get("examples")
    first = next(iter(named.values()), None) if isinstance(named, dict) else None
    return first.get("value") if isinstance(first, dict) else None


def _value(imported: Import, one: Argument) -> Any:
    try:
        return compile_sampler({} if one.schema is None else one.schema, imported.schemas).sample(one.name)
    except (SchemaError, Unsatisfiable, RecursionError):
        return _MISSING


def kinds() -> list[tuple[str, str]]:
    """What the call may bear, with its names."""
    return [
        ("own", _("What the GPT has; nothing with another document")),
        ("none", _("Nothing")),
        ("basic", _("API key: Basic, sent as typed")),
        ("bearer", _("API key: Bearer")),
        ("custom", _("API key: a header of one's own")),
    ]


def result(project: Project, done: Done) -> dict[str, Any]:
    """What came of a call, as the page shows it."""
    performed = done.performed
    card, refusal = performed.card, performed.refusal
    return {
        "state": performed.state,
        "asks": performed.state == ASKS,
        "refused": performed.state == REFUSED,
        "good": not performed.code,
        "head": _head(done),
        "told": performed.told,
        "characters": len(performed.told),
        "meaning": _meaning(performed.code),
        "refusal": told(refusal.message) if refusal else "",
        "detail": told(refusal.detail) if refusal else "",
        "held": performed.code == "backing-off",
        "sign_in": performed.code == "sign-in",
        "domain": done.acting.domain,
        "title": told(card.title) if card else "",
        "subtitle": told(card.subtitle) if card and card.kind == "allow" else "",
        "panel": told(card.panel) if card else "",
        "buttons": [(choice, told(label)) for choice, label in card.labels] if card else [],
        "arguments": [(name, _short(value)) for name, value in performed.arguments.items()],
        "attempts": [_attempt(project, one, number) for number, one in enumerate(performed.attempts, 1)],
        "files": performed.files,
        "identity": done.identity,
        "ms": performed.ms,
    }


def _head(done: Done) -> str:
    performed, names = done.performed, {"domain": done.acting.domain}
    if performed.state == ASKS:
        return _("ChatGPT asks its user first. Nothing was sent.")
    if performed.state == REFUSED:
        return _("Nothing was sent.")
    if performed.last is not None and performed.last.response is None:
        return _("Error talking to %(domain)s") % names
    return _("Talked to %(domain)s") % names


def _meaning(code: str) -> str:
    """What a code says, for people."""
    found = {
        "status": _("The answer is an error. How much of it ChatGPT's model sees is not certain: choose at the left."),
        "redirect": _("The answer leads to another host, or round in circles. ChatGPT follows within one host only."),
        "too-large": _("The answer has 100,000 characters or more. The model sees nothing of it."),
        "failed": _("No answer came in time, or none at all. The model is told the name of the error and no more."),
        "asks": _("Until somebody has chosen, this stands in the place of the answer."),
        "declined": _("The user said no."),
    }
    return found.get(code, "")


def _attempt(project: Project, one: Attempt, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "request": one.request,
        "response": one.response,
        "ms": one.ms,
        "log_url": reverse("traffic:exchange", args=[project.slug, one.exchange]) if one.exchange else "",
        "exchange": one.exchange,
        "error": _failure(one),
    }


def _failure(one: Attempt) -> str:
    if one.error == "time":
        return _("No answer came within the 45 seconds that ChatGPT waits.")
    if one.error == "gone":
        return _("The address “%(name)s” no longer answers.") % {"name": one.detail}
    return one.detail or one.error


def _short(value: JSON) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"
