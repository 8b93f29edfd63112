"""Changes what a project's log keeps and hides: announced to every process, so that the next call is logged so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from actionstudio.apps.library import kept
from actionstudio.apps.library.kept import LIMITS
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.core import hiding
from actionstudio.core.hiding import Rule

BOUNDS = tuple(LIMITS)


def keep(project: Project, **values: Any) -> None:
    """Sets bounds (None: none of its own), ``keep_bodies``, ``bodyless``."""
    for name, value in values.items():
        setattr(project, name, value)
    with transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**values)
        serving.changed(project)


def hide(project: Project, rules: Iterable[Rule]) -> None:
    """Replaces the project's rules."""
    keep(project, hiding=[plain(rule) for rule in rules])


def plain(rule: Rule) -> dict[str, str]:
    """A rule as it is kept, and as the API has it."""
    return {"kind": rule.kind, "text": rule.text, "where": rule.where}


def rules(values: Sequence[Mapping[str, Any]], pointer: str = "") -> list[Rule]:
    """The rules of plain JSON, each once. Raises Refused with every problem."""
    return [*dict.fromkeys(kept.rules(values, pointer))]


def of(project: Project) -> list[Rule]:
    """The project's rules; what cannot be read any more is passed over."""
    return [rule for value in project.hiding if isinstance(rule := hiding.read(value), Rule)]
