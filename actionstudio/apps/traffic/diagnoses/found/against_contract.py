"""The request has values that the endpoint does not take."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses import older
from actionstudio.apps.traffic.diagnoses.case import MISSING, Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.runtime.reader import CODING

SHOWN = 3  # places that are named


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """A value of another type, beyond its bounds, or under a name that is not declared: the model knows of a schema
    only what the import kept of it (docs/chatgpt-rules.md). What is only missing is told by others."""
    row = case.row
    if not row.operation_id or not case.is_call:
        return
    wrong = [item for item in row.found if item.get("side") != "response" and _counts(case, item)]
    if not wrong:
        return
    facts = [(_place(item), str(item.get("message", ""))) for item in wrong[:SHOWN]]
    if len(wrong) > SHOWN:
        facts.append((_("And more"), str(len(wrong) - SHOWN)))
    if case.from_gpt:
        words = _(
            "The model wrote what the schema does not take. Say in the argument's description which values are right, "
            "or let the endpoint take these."
        )
    else:
        words = _("Mend what the caller sends, or let the endpoint take it.")
    links = case.endpoint(_("Endpoint")) + case.link(_("What the model sees"), "gpt:model")
    yield Diagnosis(
        _("The request is against the contract."),
        words,
        tuple(facts),
        links,
        level="bad" if row.status >= 400 else "warn",
    )


def _counts(case: Case, item: dict) -> bool:
    """Whether no other diagnosis tells it."""
    if item.get("code") == CODING or older.explains(case, item):
        return False
    nothing_sent = not case.row.request_size and list(item.get("location", ()))[:1] == ["body"]
    unreadable = bool(case.row.request_size) and case.sent is MISSING
    return not nothing_sent and (item.get("code") != "required" or not case.from_gpt or unreadable)


def _place(item: dict) -> str:
    return ".".join(str(step) for step in item.get("location", ())) or _("request")
