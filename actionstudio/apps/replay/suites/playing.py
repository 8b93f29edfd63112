"""One case of a run: filled in, checked, claimed, sent, judged, kept."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import assuming
from actionstudio.apps.projects import jobs
from actionstudio.apps.replay import ignoring, judging, replaying, sending
from actionstudio.apps.replay.runs import reaching
from actionstudio.apps.replay.suites import variables, weighing
from actionstudio.apps.replay.suites.models import Case, Outcome, SuiteRun
from actionstudio.apps.web.telling import told
from actionstudio.core import expecting, filling
from actionstudio.core.auth import ApiKey
from actionstudio.core.call import Call
from actionstudio.core.carrying import Carrier
from actionstudio.core.contract import Contract
from actionstudio.core.judging import Promise
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.sendable import Sender
from actionstudio.runtime.visit import ANY_KEY

GOOD = "good"  # a case's credential: counts as a good one, whoever's
State, Verdict = Outcome.State, Outcome.Verdict
log = logging.getLogger(__name__)


class Play:
    """What all cases of a run share. ``given`` are variables for this run alone."""

    def __init__(self, run: SuiteRun, given: Mapping[str, Any] | None = None) -> None:
        self.run = run
        self.suite = run.suite
        self.project = run.suite.project
        self.over: Callable[[], bool] = bool
        self.to = sending.target(run.target, self.project)
        self.contract = reaching.contract(self.project, self.to)
        self.operations = reaching.operations(self.contract)
        self.address = replaying.address_of(self.project)
        self.book = ignoring.Book(self.project)
        self.learned = variables.learned(run)
        self.values = variables.of_run(run, self.learned, given)
        self.carriers: dict[str, Carrier] = defaultdict(Carrier)
        self.failed = False
        self._promises: dict[str, Promise | None] = {}
        self.lock = threading.Lock()

    @cached_property
    def sender(self) -> Sender | None:
        """What knows whether ChatGPT would make a call; None where nothing of ours is asked."""
        return Sender(self.contract) if self.to.ours else None

    def promise(self, operation_id: str) -> Promise | None:
        """What the contract says of an operation's answers."""
        with self.lock:
            if operation_id not in self._promises:
                operation = self.operations.get(operation_id)
                self._promises[operation_id] = Promise(self.contract, operation) if operation is not None else None
            return self._promises[operation_id]

    def may_repeat(self, outcome: Outcome) -> bool:
        """Whether a call may be sent a second time."""
        return reaching.may_repeat(outcome.method, self.operations.get(outcome.operation_id))

    def learn(self, outcome: Outcome) -> None:
        """Teaches the conversation's carrier what an answer has brought."""
        case = outcome.case
        if self.suite.carry and case and case.conversation and case.answer and outcome.after:
            self.carriers[case.conversation].learn(judging.answer(case.answer), judging.answer(outcome.after))


def do(play: Play, outcome: Outcome) -> None:
    """Does one case. Raises for a database that is away, and jobs.Cancelled."""
    try:
        _do(play, outcome)
    except (OperationalError, InterfaceError, jobs.Cancelled):
        raise
    except Refused as refused:
        end(outcome, Verdict.ERROR, "; ".join(told(one.message) for one in refused.problems))
    except Exception:
        log.exception("case %s of suite run %s failed", outcome.n, play.run.pk)
        end(outcome, Verdict.ERROR, _("Something went wrong on our side."))
    play.failed = play.failed or outcome.verdict not in (Verdict.PASSED, Verdict.SKIPPED)


def end(outcome: Outcome, verdict: str, reason: str) -> bool:
    """Ends a case that was not sent, or of which nothing is known."""
    rows = Outcome.objects.filter(pk=outcome.pk, attempts=outcome.attempts).exclude(state=State.DONE)
    outcome.state, outcome.verdict, outcome.reason = State.DONE, verdict, reason
    return bool(rows.update(state=State.DONE, verdict=verdict, reason=reason))


def claim(outcome: Outcome) -> bool:
    """Takes a case for sending. False when somebody else has it."""
    rows = Outcome.objects.filter(pk=outcome.pk, state=State.READY, attempts=outcome.attempts)
    mine = rows.update(state=State.SENT, attempts=F("attempts") + 1)
    outcome.attempts += mine
    return bool(mine)


def recover(play: Play) -> None:
    """Looks at what a killed worker has left on its way: again where that does no harm, else nobody knows."""
    for outcome in Outcome.objects.filter(run=play.run, state=State.SENT):
        if play.may_repeat(outcome):
            Outcome.objects.filter(pk=outcome.pk, state=State.SENT).update(state=State.READY)
        else:
            words = _("The server stopped while this call was on its way. It may have arrived; it is not sent again.")
            end(outcome, Verdict.ERROR, words)


def call_of(case: Case) -> Call:
    """The request of a case, with its variables unfilled."""
    headers = tuple((name.lower(), value) for name, value in case.headers)
    return Call(case.method, case.path, case.query, headers, bytes(case.body))


def credential_headers(contract: Contract) -> frozenset[str]:
    """The headers in which a caller of this contract brings a credential."""
    auth = contract.auth
    own = {auth.header.lower()} if isinstance(auth, ApiKey) and auth.scheme == "header" else set()
    return frozenset({"authorization", *own})


def template_of(case: Case, contract: Contract, to: sending.Target) -> Call:
    """The request of a case as it is filled in. At our own address a credential goes by reference: there is no need of
    a variable for its text, as there is for other servers."""
    call = call_of(case)
    if not to.ours or case.credential == replaying.NOBODY:
        return call
    names = credential_headers(contract)
    kept = [(name, value) for name, value in call.headers if name not in names or not filling.PLACE.search(value)]
    return replace(call, headers=tuple(kept))


def _do(play: Play, outcome: Outcome) -> None:
    case = outcome.case
    if case is None:
        end(outcome, Verdict.SKIPPED, _("The case was deleted in the meantime."))
        return
    template = template_of(case, play.contract, play.to)
    if missing := play.values.missing(template):
        words = _("No value is known for %(names)s: give the suite one, or let an earlier case bring it.")
        end(outcome, Verdict.ERROR, words % {"names": ", ".join(missing)})
        return
    carrier = play.carriers[case.conversation] if play.suite.carry and case.conversation else Carrier()
    call, carried = carrier.carry(play.values.fill(template))
    if reason := _refused(play, case, call):
        if not play.suite.send_refused:
            end(outcome, Verdict.REFUSED, reason)
            return
        outcome.refusal = reason
    outcome.facts = _facts(play, case, carried)
    names = play.values.hidden_names(template)
    masks = replaying.masks_for(play.project, play.address, case.operation_id, call) | names
    outcome.call = replaying.kept(carrier.carry(play.values.shown(template))[0], masks)
    outcome.before = _expected(play, case)
    if claim(outcome):
        hidden = sending.Hidden(play.values.secrets(template), names)
        replaying.send(outcome, call, play.to, None, hidden=hidden)  # type: ignore[arg-type]
        _judged(play, outcome, case, template, call, hidden)


def _refused(play: Play, case: Case, call: Call) -> str:
    """Why ChatGPT would not make this call any more, "" when it would."""
    if play.sender is None:
        return ""
    with play.lock:
        return reaching.refusal(play.sender, play.contract, call, case.operation_id)


def _facts(play: Play, case: Case, carried) -> dict[str, Any]:
    return {
        "edited": [],
        "withheld": [],
        "cut": False,
        "masked": False,
        "typed": "",
        "address": play.address,
        "revision": (case.answer or {}).get("revision"),
        "carried": [{"place": one.place, "old": one.old, "new": one.new} for one in carried],
        **credential(play, case.credential),
    }


def credential(play: Play, wanted: str) -> dict[str, Any]:
    """What the call counts as carrying. Raises Refused for a key that is gone."""
    if wanted == replaying.NOBODY or play.to.base:
        return {"key_id": None}
    if wanted == GOOD:
        return {"key_id": ANY_KEY}
    if wanted.startswith(assuming.PREFIX):
        sub = wanted.removeprefix(assuming.PREFIX)
        return {"key_id": None, "as": {"sub": sub, "scopes": None, "app": _("Suite")}}
    key = play.project.keys.filter(pk=int(wanted), revoked=None).first() if wanted.isdecimal() else None
    if key is None:
        raise Refused(Problem("/credential", _("The key that this case uses is gone: choose another one."), "gone"))
    return {"key_id": key.pk}


def _expected(play: Play, case: Case) -> dict[str, Any]:
    if not case.answer or not case.whole:
        return {}
    if play.to.base:
        return {**case.answer, "headers": sending.theirs(case.answer["headers"])}
    return case.answer


def _judged(play: Play, outcome: Outcome, case: Case, then: Call, now: Call, hidden: sending.Hidden) -> None:
    rules = weighing.rules(play.book.rules(case.operation_id, now.path), case.rules)
    outcome.ignore = list(rules.ignore)
    missing: list[str] = []
    if outcome.after and hidden.heard is not None:
        missing = _extracted(play, outcome, case, hidden.heard)
    found = weighing.weigh(outcome, case, rules, then, now, play.promise(case.operation_id), hidden.heard, missing)
    took = (outcome.after or {}).get("duration_us", 0)
    kept = outcome.keep(
        state=State.DONE,
        verdict=found.verdict,
        reasons=found.reasons,
        noise=found.noise,
        reason=outcome.error,
        refusal=outcome.refusal,
        took_us=took,
    )
    outcome.verdict = found.verdict
    Outcome.objects.filter(pk=outcome.pk, attempts=outcome.attempts, state=State.SENT).update(**kept)
    play.learn(outcome)


def _extracted(play: Play, outcome: Outcome, case: Case, heard) -> list[str]:
    """Keeps what the answer has for later cases; returns the places where nothing stood.

    What the log would have hidden in the answer is a secret from then on.
    """
    missing, shown = [], judging.answer(outcome.after)
    for one in case.extracts:
        found = expecting.values(one["on"], heard)
        if not found:
            missing.append(one["on"])
            continue
        secret = expecting.values(one["on"], shown)[:1] != found[:1]
        play.values.add(one["name"], found[0], secret=secret)
        with play.lock:
            play.learned["plain"].pop(one["name"], None)
            play.learned["secret" if secret else "plain"][one["name"]] = found[0]
            variables.remember(play.run, play.learned)
    return missing
