"""What apps after this one have carried along in a project's file and in its copies, such as the simulator's scripts.

They register with :func:`also`. A file of which nobody here knows a part is read without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actionstudio.apps.projects.models import Project
from actionstudio.core import keepable
from actionstudio.core.problem import Problem, Refused


@dataclass(frozen=True, slots=True)
class Part:
    """``of`` tells a project's part as plain JSON, something empty where there is none. ``read`` makes the same of what
    anybody may have written, or raises Refused with pointers into it. ``put`` gives it to a new project, by a user."""

    name: str
    of: Callable[[Project], Any]
    read: Callable[[Any], Any]
    put: Callable[[Project, Any, Any], None]


_PARTS: dict[str, Part] = {}


def also(part: Part) -> None:
    """Has the part carried along."""
    _PARTS[part.name] = part


def of(project: Project) -> dict[str, Any]:
    """The parts of a project that are not empty, by their names."""
    return {name: found for name, part in _PARTS.items() if (found := part.of(project))}


def read(about: Mapping[str, Any]) -> dict[str, Any]:
    """The parts out of a file. Raises Refused for what is not understood: it is never passed over."""
    return {name: _read(part, about[name]) for name, part in _PARTS.items() if name in about}


def put(project: Project, parts: Mapping[str, Any], by: Any) -> None:
    """Gives them to a new project."""
    for name, value in parts.items():
        _PARTS[name].put(project, value, by)


def _read(part: Part, value: Any) -> Any:
    problems = keepable.faults(value)
    try:
        if not problems:
            return part.read(value)
    except Refused as refused:
        problems = list(refused.problems)
    raise Refused(*(Problem(f"/{part.name}{one.pointer}", one.message, one.code) for one in problems[:20]))
