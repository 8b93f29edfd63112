"""What the outcomes of a run share, and how one is asked: with patience for busy models, and none for dead ones."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.replay.runs.pacing import LONGEST, Pace
from actionstudio.apps.simulator.endpoints.offering import offered
from actionstudio.apps.simulator.models import PromptOutcome, PromptRun, PromptSuite
from actionstudio.apps.simulator.models.prompts import SCRIPTED
from actionstudio.apps.simulator.prompts import asking, mocking, offering
from actionstudio.apps.simulator.prompts.asking import Talk
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.provider import Provider, ProviderError
from actionstudio.apps.web.telling import told

ATTEMPTS = 4  # of one outcome, while the model's server is busy
HOPELESS = frozenset({"key", "model", "quota", "refused"})  # the next request would not fare better
GIVE_UP = 3  # requests in a row that reach no server
Verdict = PromptOutcome.Verdict
log = logging.getLogger(__name__)


class Play:
    """``over`` says whether to stop; ``pace`` lets so many requests a second begin."""

    def __init__(self, run: PromptRun) -> None:
        self.run = run
        self.offer = offering.of_run(run)
        self.over: Callable[[], bool] = bool
        alone = all(one["model"] == SCRIPTED for one in run.asks)  # it is here: nobody needs to be spared
        self.pace = Pace(math.inf if alone else run.rate, lambda: self.over())
        self.perform = mocking.performer(run) if run.mode == PromptSuite.Mode.MOCK else None
        self._providers: dict[int, Provider | str] = {}
        self._silent: dict[int, int] = {}
        self._lock = threading.Lock()

    def provider(self, model: int) -> Provider | str:
        """Who answers as the model of that place; a text when nobody does, which says why."""
        with self._lock:
            if model not in self._providers:
                self._providers[model] = self._found(self.run.asks[model])
            return self._providers[model]

    def give_up(self, model: int, why: str) -> None:
        """No more requests go to a model."""
        with self._lock:
            self._providers[model] = why

    def heard(self, model: int, unreachable: bool, why: str = "") -> None:
        """Counts requests in a row that reached no server."""
        with self._lock:
            self._silent[model] = self._silent.get(model, 0) + 1 if unreachable else 0
            if self._silent[model] >= GIVE_UP:
                self._providers[model] = why

    def _found(self, asked: dict[str, str]) -> Provider | str:
        owner = self.run.author or self.run.suite.project.owner
        endpoint = None
        if asked["model"] != SCRIPTED:
            rows = offered(owner).filter(pk=int(asked["model"]))
            if (endpoint := rows.first()) is None:
                return _("This model was removed: %(name)s") % {"name": asked["label"]}
        try:
            return table.provider_of(endpoint, self.run.suite.project)
        except ProviderError as error:
            return str(told(error.args[0]))


def outcome_of(play: Play, outcome: PromptOutcome) -> dict[str, Any]:
    """Asks one outcome and says what came of it, as its columns. Raises asking.Stopped, jobs.Cancelled, and for a
    database that is away."""
    try:
        return _asked(play, outcome)
    except (OperationalError, InterfaceError, jobs.Cancelled, asking.Stopped):
        raise
    except Exception:
        log.exception("outcome %s of prompt run %s failed", outcome.pk, play.run.pk)
        return _error(_("Something went wrong on our side."))


def _asked(play: Play, outcome: PromptOutcome) -> dict[str, Any]:
    seed = None if play.run.seed is None else play.run.seed + outcome.time
    for attempt in range(1, ATTEMPTS + 1):
        provider = play.provider(outcome.model)
        if isinstance(provider, str):
            return _error(provider)
        talk = Talk(
            play.offer, outcome.value, provider, play.perform, play.run.temperature, seed, stopped=lambda: play.over()
        )
        try:
            talk.run()
        except ProviderError as error:
            if not _patient(play, outcome, error, attempt):
                return _error(str(told(error.args[0])), talk)
        else:
            play.heard(outcome.model, False)
            return asking.found(talk)
    raise AssertionError("unreachable: the last attempt is never patient")


def _patient(play: Play, outcome: PromptOutcome, error: ProviderError, attempt: int) -> bool:
    """Whether the same is asked again. Waits for it."""
    why = str(told(error.args[0]))
    if error.code in HOPELESS:
        play.give_up(outcome.model, why)
    play.heard(outcome.model, error.code == "unreachable", why)
    busy = error.code == "limit" or error.status >= 500
    scripted = play.run.asks[outcome.model]["model"] == SCRIPTED  # a script says that it fails: it will again
    if scripted or not busy or attempt >= ATTEMPTS:
        return False
    play.pace.pause(min(2.0**attempt if error.wait is None else error.wait, LONGEST))
    if not play.pace.wait():
        raise asking.Stopped
    return True


def _error(why: str, talk: Talk | None = None) -> dict[str, Any]:
    kept = asking.found(talk) if talk is not None else {"called": []}
    return kept | {"verdict": Verdict.ERROR, "score": None, "error": why[:1000]}
