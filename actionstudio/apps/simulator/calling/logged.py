"""A logged call as one that can be made by hand: its operation, and the arguments that a model would have written."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionstudio.apps.design import newest
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import first_url
from actionstudio.apps.replay import replaying
from actionstudio.apps.traffic.masking import without_masked
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web.telling import told
from actionstudio.core.sendable import SERVER, Refusal, Sender


@dataclass(frozen=True, slots=True)
class Taken:
    """``arguments`` is "" where the call cannot be said as arguments; ``note`` says why, or what it leaves out."""

    operation: str
    arguments: str = ""
    note: str = ""


def taken(project: Project, row: Exchange) -> Taken:
    """What a logged call of the project would be. What the log hides is left out, and told of."""
    sender = Sender(newest.contract(project), base=first_url(project) or SERVER)
    found = sender.arguments(replaying.logged(row).call, row.operation_id)
    if isinstance(found, Refusal):
        why = " ".join(filter(None, (told(found.message), told(found.detail))))
        return Taken(row.operation_id, note=_("ChatGPT would not make this call: %(why)s") % {"why": why})
    shown = without_masked(found)
    note = _("The log hides some of its values: fill in what is missing.") if shown != found else ""
    return Taken(row.operation_id, json.dumps(shown, indent=2, ensure_ascii=False), note)
