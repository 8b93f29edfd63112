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
    (OpenAI, "Actions: getting started"; field reports). A fetch that does not say it is ChatGPT's counts where the call
    itself shows the older document."""
    had, row = older.version(case), case.row
    grown = older.explained(case) if had else []
    if not had or not (grown or changed(case)):
        return
    named = _sure(case)
    fetched = _("ChatGPT imported") if named else _("Last fetched")
    facts = [(fetched, f"v{had}"), (_("Answered by"), f"v{row.revision}")]
    if grown:
        facts.append((_("Was right by then"), ", ".join(dict.fromkeys(map(_place, grown)))))
    links = case.link(_("What changed"), "release:versions") + case.link(_("Connect to GPT"), "gpt:connect")
    words = _("In the GPT editor, open the action and import the document again, then save the GPT.")
    level = "bad" if row.status >= 400 else "warn"
    title = (
        _("ChatGPT called by an older document than the live one.")
        if named
        else _("ChatGPT seems to have an older document than the live one.")
    )
    yield Diagnosis(title, words, tuple(facts), links, level=level)


def changed(case: Case) -> bool:
    """Whether the called operation is another one since that version, or whether it was not there."""
    then, name = older.contract(case), case.row.operation_id
    if then is None:
        return False
    if not name:  # no endpoint was found: did the older document have one there?
        return older.knew(case)
    if not _sure(case):
        return False
    old, new = operation_of(then, name), operation_of(case.contract, name)
    return old is None or (new is not None and asked(old) != asked(new))


def _sure(case: Case) -> bool:
    """Whether the fetch says of itself that it is ChatGPT's."""
    return case.document is not None and case.document.source == "gpt"


def asked(op: Operation) -> tuple:
    """What a caller must know of an operation. How it answers does not matter to who calls it."""
    return op.method, op.path, op.parameters, op.body, op.security


def _place(item: older.Item) -> str:
    return ".".join(str(step) for step in item.get("location", ())) or _("request")
