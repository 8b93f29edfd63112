"""Which models a suite may ask: the scripted one, a person's own, and those of the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionstudio.apps.simulator.endpoints.offering import offered
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.apps.simulator.models.prompts import SCRIPTED
from actionstudio.core.problem import Problem, Refused

MOST = 6  # models of one run


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that may be asked. ``key`` is "scripted" or the number of its Endpoint as text."""

    key: str
    label: str
    endpoint: Endpoint | None = None

    @property
    def plain(self) -> dict[str, str]:
        """As a run keeps it."""
        return {"model": self.key, "label": self.label}


def choices(user) -> list[Choice]:
    """All models that ``user`` may ask, the scripted one first."""
    return [Choice(SCRIPTED, _("Scripted model")), *(_choice(row) for row in offered(user))]


def find(names: Iterable[str], user, pointer: str = "/models") -> list[Choice]:
    """The models of these names: "scripted", an endpoint's number or name, or what its model is called. None named:
    the scripted one. Raises Refused."""
    wanted = list(dict.fromkeys(str(name).strip() for name in names)) or [SCRIPTED]
    known = choices(user)
    if len(wanted) > MOST:
        raise Refused(Problem(pointer, _("A run asks at most %(n)d models.") % {"n": MOST}, "many"))
    found = [_named(name, known) for name in wanted]
    problems = [
        Problem(f"{pointer}/{number}", _unknown(name, known), "unknown")
        for number, (name, one) in enumerate(zip(wanted, found, strict=True))
        if one is None
    ]
    if problems:
        raise Refused(*problems)
    return [one for one in found if one is not None]


def _choice(row: Endpoint) -> Choice:
    label = row.name if row.name == row.model else f"{row.name} ({row.model})"
    return Choice(str(row.pk), label, row)


def _named(name: str, known: list[Choice]) -> Choice | None:
    """By its key, then by its name, then by its model."""
    for one in known:
        if name == one.key:
            return one
    for part in ("name", "model"):
        for one in known:
            if one.endpoint is not None and getattr(one.endpoint, part) == name:
                return one
    return None


def _unknown(name: str, known: list[Choice]) -> str:
    names = ", ".join(one.endpoint.name if one.endpoint else one.key for one in known[:10])
    return _("There is no model “%(name)s”. Known: %(names)s") % {"name": name, "names": names}
