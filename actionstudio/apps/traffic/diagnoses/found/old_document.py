"""ChatGPT works with an older document than is live."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses import older
from actionstudio.apps.traffic.diagnoses.case import Case, operation_of
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call
from actionstudio.core.contract import Operation


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """A GPT keeps a copy of the document from when its builder last imported it; nothing tells it of a new version
    (OpenAI, "Actions: getting started"; field reports)."""
    had, row = older.version(case), case.row
    grown = older.explained(case) if had else []
    if not had or not (grown or changed(case)):
        return
    facts = [(_("ChatGPT imported"), f"v{had}"), (_("Answered by"), f"v{row.revision}")]
    if grown:
        facts.append((_("Was right by then"), ", ".join(dict.fromkeys(map(_place, grown)))))
    links = case.link(_("What changed"), "release:versions") + case.link(_("Connect to GPT"), "gpt:connect")
    words = _("In the GPT editor, open the action and import the document again, then save the GPT.")
    level = "bad" if row.status >= 400 else "warn"
    title = _("ChatGPT called by an older document than the live one.")
    yield Diagnosis(title, words, tuple(facts), links, level=level)


def changed(case: Case) -> bool:
    """Whether the called operation is another one since that version, or whether it was not there."""
    then, name = older.contract(case), case.row.operation_id
    if then is None:
        return False
    if not name:  # no endpoint was found: did the older document have one there?
        return older.knew(case)
    old, new = operation_of(then, name), operation_of(case.contract, name)
    return old is None or (new is not None and asked(old) != asked(new))


def asked(op: Operation) -> tuple:
    """What a caller must know of an operation. How it answers does not matter to who calls it."""
    return op.method, op.path, op.parameters, op.body, op.security


def _place(item: older.Item) -> str:
    return ".".join(str(step) for step in item.get("location", ())) or _("request")
