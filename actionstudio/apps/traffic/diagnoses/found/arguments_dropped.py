"""The body is smaller than the schema demands: arguments were lost on the way."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.apps.traffic.diagnoses import older
from actionstudio.apps.traffic.diagnoses.case import MISSING, Case
from actionstudio.apps.traffic.diagnoses.diagnosis import Diagnosis, on_call


@on_call("warn")
def look(case: Case) -> Iterator[Diagnosis]:
    """The model sees only what the import kept: nested unions, references to other files and properties beyond the
    limits are cut, and what it does not see it cannot send (field reports; docs/chatgpt-rules.md)."""
    gone = [item for item in case.row.found if item.get("code") == "required" and _named(item)]
    gone = [item for item in gone if not older.explains(case, item)]
    if not gone or not case.from_gpt or (case.row.request_size and case.sent is MISSING):
        return
    facts = ((_("Missing"), ", ".join(dict.fromkeys(map(_name, gone)))),)
    links = case.link(_("What the model sees"), "gpt:model") + case.endpoint(_("Endpoint"))
    known = {argument.name for argument in case.tool.arguments} if case.tool else set()
    if known and any(_top(item) and _top(item) not in known for item in gone):
        words = _(
            "ChatGPT's import did not keep the argument, so the model cannot know it. Make the schema flatter, or "
            "switch on the repair that does."
        )
        yield Diagnosis(_("Arguments were dropped by the import."), words, facts, links, level="bad")
    else:
        words = _(
            "The model knew the argument and left it out. Say in its description when it is needed and where its "
            "value comes from."
        )
        yield Diagnosis(_("The model left out arguments that are required."), words, facts, links)


def _named(item: dict) -> bool:
    """Whether it is an argument of the request that is missing; a whole body is another matter (body_missing)."""
    return item.get("side") != "response" and len(item.get("location", ())) > 1


def _name(item: dict) -> str:
    """The place of what is missing, as people write it."""
    return ".".join(str(step) for step in item["location"][1:])


def _top(item: dict) -> str:
    """The argument that it belongs to: the model's arguments are the members of one flat object."""
    steps = [step for step in item.get("location", ())[1:] if isinstance(step, str)]
    return steps[0] if steps else ""
