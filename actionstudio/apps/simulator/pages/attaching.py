"""Files in a chat: those that a person attached, and those that the answer of a call brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.models import File, Message
from actionstudio.core.problem import Refused


@dataclass(frozen=True, slots=True)
class Shown:
    """One file. ``url`` is where it can be opened, "" when it is not kept (any more); ``problem`` why ChatGPT would
    not take it."""

    name: str
    size: int
    url: str = ""
    problem: str = ""


def refusal(request, refused: Refused) -> str:
    """Why something could not be said. A page cannot put files back into their field: whoever chose some is told."""
    again = _("Then choose the files again: a page cannot keep them.") if request.FILES else ""
    return f"{refused} {again}".rstrip()


def of(message: Message, places: Mapping[str, str]) -> tuple[Shown, ...]:
    """The files of a message. ``places``: where the files are that are kept, by their keys."""
    found = message.data.get("files") or ()
    return tuple(
        Shown(
            one.get("name") or one.get("url", ""),
            one.get("size") or 0,
            places.get(one.get("key", ""), ""),
            one.get("problem", ""),
        )
        for one in found
    )


def places(project: Project, messages: Iterable[Message]) -> dict[str, str]:
    """Where the files of these messages can be opened, by key: those that are still kept. One query, or none."""
    told: list[Mapping[str, Any]] = [one for message in messages for one in message.data.get("files") or ()]
    keys = {one["key"] for one in told if one.get("key")}
    if not keys:
        return {}
    kept = File.objects.filter(project=project, key__in=keys).values_list("key", flat=True)
    return {key: reverse("simulator:file", args=[project.slug, key]) for key in kept}
