"""The scripted model: always there, needs no network, answers by rules alone and says so."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import scripting
from actionstudio.apps.simulator.providers.provider import Event, Prompt, ProviderError, Reply, Text, Usage, Wish
from actionstudio.apps.web.telling import told
from actionstudio.core.scripted import answering
from actionstudio.core.scripted.scripts import Script
from actionstudio.core.words import Said

type JSON = Any
LABEL = lazy("scripted model")
_PIECE = 24  # characters of a piece of the stream


class Scripted:
    """Answers for a project, by its scripts first. What it needs of the database is read when it is made."""

    def __init__(self, project: Project | None = None, scripts: tuple[Script, ...] | None = None) -> None:
        self.scripts = scripts if scripts is not None else _scripts(project)

    @property
    def label(self) -> str:
        """Who it is, for people."""
        return str(LABEL)

    def stream(self, prompt: Prompt, stopped: Callable[[], bool] = bool) -> Iterator[Event]:
        """The answer in pieces, then the whole. Raises ProviderError where a script says that the model fails."""
        began = time.perf_counter()
        today = timezone.localdate()
        turn = answering.answer(prompt.messages, prompt.tools, self.scripts, prompt.language, today)
        with translation.override(turn.language):
            text = _text(turn.lines)
            why = _told(dict(turn.why))
        if turn.fails:
            raise ProviderError(text or str(LABEL), "server", 500)
        said = ""
        for start in range(0, len(text), _PIECE):
            if stopped():
                yield Reply(said, reason="stopped", why=why, ms=_ms(began))
                return
            said += text[start : start + _PIECE]
            yield Text(text[start : start + _PIECE])
        wishes = (_wish(prompt, *turn.call),) if turn.call else ()
        yield Reply(text, wishes, "calls" if wishes else "stop", Usage(), why, ms=_ms(began))


def _scripts(project: Project | None) -> tuple[Script, ...]:
    return scripting.of(project) if project is not None else ()


def _text(lines: tuple[str, ...]) -> str:
    """The lines as Markdown in the active language: lists stay together, other lines are paragraphs."""
    out = ""
    for line in lines:
        piece = told(line)
        listed = piece[:2] in ("- ", "… ") or (piece[:1].isdigit() and ". " in piece[:4])
        out += ("\n" if listed else "\n\n" if out else "") + piece
    return out.strip()


def _told(value: JSON) -> JSON:
    """``why`` with its sentences in the active language."""
    if isinstance(value, Said):
        return told(value)
    if isinstance(value, dict):
        return {key: _told(one) for key, one in value.items()}
    return [_told(one) for one in value] if isinstance(value, list) else value


def _wish(prompt: Prompt, name: str, arguments: str) -> Wish:
    """The call under an id that the same conversation gives again."""
    place = f"{len(prompt.messages)} {name} {arguments}"
    return Wish(f"call_{hashlib.sha256(place.encode()).hexdigest()[:24]}", name, arguments)


def _ms(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
