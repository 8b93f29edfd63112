"""One call of a run: made ready, checked, claimed, sent, judged, kept."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.replay import ignoring, judging, replaying, sending, verdicts
from actionstudio.apps.replay.models import Item, Replay, Run
from actionstudio.apps.replay.runs import claiming, pacing, reaching
from actionstudio.apps.replay.runs import options as wishes
from actionstudio.apps.replay.runs.grouping import Groups
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.web.telling import told
from actionstudio.core import edits
from actionstudio.core.call import Call
from actionstudio.core.carrying import Carrier
from actionstudio.core.judging import Promise, Rules
from actionstudio.core.problem import Refused
from actionstudio.core.sendable import Sender

ATTEMPTS = 4  # of a call that a busy server has put off
log = logging.getLogger(__name__)


@dataclass
class Order:
    """What all calls of a run share. ``typed`` is the header typed in for it, unsealed."""

    run: Run
    typed: tuple[str, str] | None = None
    over: Callable[[], bool] = bool  # whether to stop

    def __post_init__(self) -> None:
        self.project = self.run.project
        self.options = wishes.read(self.run.options)
        self.to = sending.target(self.run.target, self.project)
        self.template = self.options.template()
        self.parts = self.options.parts()
        self.pace = pacing.Pace(self.options.rate, lambda: self.over())
        self.groups = Groups(self.run.groups)
        self.contract = reaching.contract(self.project, self.to)
        self.operations = reaching.operations(self.contract)
        self._promises: dict[str, Promise | None] = {}
        self._ignored: dict[str, tuple[str, ...]] = {}
        self._book = ignoring.Book(self.project)
        self._lock = threading.Lock()

    @cached_property
    def sender(self) -> Sender | None:
        """What knows whether ChatGPT would still make a call; None where nothing of ours is asked."""
        return Sender(self.contract) if self.to.ours else None

    def may_repeat(self, item: Item) -> bool:
        """Whether a call may be sent a second time."""
        return self.options.resend or reaching.may_repeat(item.method, self.operations.get(item.operation_id))

    def twice(self, item: Item) -> bool:
        """Whether to find noise by a second run: not where that would do a foreign thing twice."""
        return self.options.twice and (self.to.ours or self.may_repeat(item))

    def promise(self, operation_id: str) -> Promise | None:
        """What the contract says of an operation's answers."""
        with self._lock:
            if operation_id not in self._promises:
                operation = self.operations.get(operation_id)
                made = Promise(self.contract, operation) if operation is not None else None
                self._promises[operation_id] = made
            return self._promises[operation_id]

    def ignored(self, exchange: Exchange) -> tuple[str, ...]:
        """What replays of an operation leave out besides the project's rules: what the last one did, and the run."""
        name = exchange.operation_id or exchange.path
        with self._lock:
            if name not in self._ignored:
                last = replaying.remembered(self.project, exchange)
                self._ignored[name] = tuple(dict.fromkeys([*last, *self.options.ignore]))
            return self._ignored[name]

    def rules(self, exchange: Exchange) -> Rules:
        """What does not count in the answer of a call."""
        return Rules(ignore=self.ignored(exchange)) + self._book.rules(exchange.operation_id, exchange.path)


def do(order: Order, item: Item, carrier: Carrier) -> None:
    """Sends one call, unless something speaks against it. Raises for a database that is away, and jobs.Cancelled."""
    try:
        _do(order, item, carrier)
    except (OperationalError, InterfaceError, jobs.Cancelled):
        raise
    except Refused as refused:
        claiming.leave(item, Item.State.FAILED, "; ".join(told(one.message) for one in refused.problems))
    except Exception:
        log.exception("item %s of run %s failed", item.n, order.run.pk)
        claiming.leave(item, Item.State.FAILED, _("Something went wrong on our side."))


def learn(order: Order, carrier: Carrier, conversation: str, before: int) -> None:
    """Teaches a carrier what the earlier calls of its conversation have brought: another worker sent them."""
    rows = Item.objects.filter(run=order.run, conversation=conversation, n__lt=before, state=Item.State.DONE)
    for item in rows.order_by("n").select_related("replay"):
        if item.replay is not None and item.replay.after:
            carrier.learn(judging.answer(item.replay.before), judging.answer(item.replay.after))


def changed(order: Order, exchange: Exchange, call: Call) -> Call:
    """The call with what is written for this run."""
    call = edits.apply(call, order.template, exchange.at, timezone.now())
    return replaying.edited(call, order.parts)


def _do(order: Order, item: Item, carrier: Carrier) -> None:
    exchange = Exchange.objects.filter(pk=item.exchange_id, project_id=order.project.pk).first()
    if exchange is None:
        claiming.leave(item, Item.State.SKIPPED, _("The log no longer has this call."))
        return
    whole = "body" in order.parts
    if not whole and exchange.lacks("request"):
        nothing = replaying.nothing_kept(exchange)
        words = _("The log kept nothing of its body.") if nothing else _("The log kept only the beginning of its body.")
        claiming.leave(item, Item.State.SKIPPED, words)
        return
    alike = replaying.refused(order.to, order.options.credential, order.typed, order.parts)
    original = replaying.logged(exchange, refused=alike)
    plain, carried = carrier.carry(original.call) if order.options.carry else (original.call, [])
    call = changed(order, exchange, plain)
    if reason := refused(order, exchange, call):
        claiming.leave(item, Item.State.REFUSED, reason)
        return
    unedited = replace(original, call=plain)
    row = replaying.prepared(
        order.project, exchange, unedited, call, order.to, order.options.credential, order.typed, whole=whole
    )
    row.run, row.author = order.run, order.run.author
    row.facts["carried"] = [{"place": one.place, "old": one.old, "new": one.new} for one in carried]
    give_back()
    if order.pace.wait() and claiming.claim(item) and _sent(order, item, row, call):
        _judged(order, item, row, exchange, original.call, call, carrier)


def refused(order: Order, exchange: Exchange, call: Call) -> str:
    """Why ChatGPT would not make this call any more, "" when it would or when that was not asked."""
    if order.sender is None or order.options.send_refused:
        return ""
    with order._lock:  # it compiles what it needs on the way
        return reaching.refusal(order.sender, order.contract, call, exchange.operation_id)


def _sent(order: Order, item: Item, row: Replay, call: Call) -> bool:
    """Sends it, again when the server was busy and that does no harm. False when it is somebody else's by now."""
    while True:
        give_back()
        replaying.send(row, call, order.to, order.typed, order.twice(item))
        seconds = _put_off(row, item.attempts)
        if seconds is None:
            return True
        order.pace.pause(seconds)
        give_back()
        if item.attempts >= ATTEMPTS or not order.may_repeat(item) or not order.pace.wait():
            return True
        if not claiming.claim_again(item):
            return False
        row.error, row.again = "", None


def _put_off(row: Replay, attempt: int) -> float | None:
    """How long a busy server wants to be left alone. One that was busy in the logged call, too, answers as it did."""
    if not row.after or row.after["status"] == row.before["status"]:
        return None
    after = next((value for name, value in row.after["headers"] if name.lower() == "retry-after"), "")
    return pacing.asked(row.after["status"], after, attempt, datetime.datetime.now(datetime.UTC))


def _judged(order: Order, item: Item, row: Replay, exchange: Exchange, then: Call, now: Call, carrier: Carrier) -> None:
    row.ignore = [*order.ignored(exchange)]
    promise = order.promise(exchange.operation_id)
    found = verdicts.judged(row, order.rules(exchange), then, now, promise)
    verdicts.check(row, promise)
    verdicts.tell(row, found)
    groups = order.groups.of(found, exchange.operation_id)
    order.groups.keep(order.run)
    claiming.settle(item, row, row.facts["verdict"], groups)
    if row.after and order.options.carry:
        carrier.learn(judging.answer(row.before), judging.answer(row.after))
