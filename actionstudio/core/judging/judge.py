"""The verdict on two answers of one call: same, changed or broken, with the noise taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from actionstudio.core.call import Call
from actionstudio.core.compare import ABSENT, Answer, Change, Difference, compare_reply, loads, pattern
from actionstudio.core.judging.noise import Sieve
from actionstudio.core.judging.promise import Promise, Shape
from actionstudio.core.judging.reasons import (
    BROKEN,
    CHANGED,
    KINDS_OF_REASON,
    MOST,
    SAME,
    Judgement,
    Noise,
    Reason,
    pattern_of,
    short,
    type_of,
)
from actionstudio.core.judging.rules import Rules


def judge(
    before: Answer,
    after: Answer | None,
    rules: Rules | None = None,
    noisy: Iterable[str] = (),
    *,
    sent: Call | None = None,
    resent: Call | None = None,
    promise: Promise | None = None,
    violations: tuple[int, int] = (0, 0),
    beginnings: bool = False,
) -> Judgement:
    """What became of an answer. Never raises, whatever the bodies hold.

    ``after`` None: there was no answer. ``noisy`` is what differed between two runs (:func:`noise_between`). ``sent``
    is the request of then and ``resent`` that of now where it was another one: what an answer only says back is no
    noise. ``promise`` is what the operation's contract says of its answers, ``violations`` how many of them then and
    now already are known of (the log counts them). ``beginnings``: of larger bodies only these are known, so nothing is
    said of whether they are JSON.

    Broken: no answer; a status that was a success and is a failure now; JSON that is something else now; a value of
    another type; a member that is gone; violations of the contract where there were none. Of types and members a
    ``promise`` that allows the change makes it a change only, and a null that became a value is one always. Changed:
    every other difference that counts.

    A status of another class (2xx, 4xx, ..., RFC 9110, section 15) is the one cause of all else that differs: it is the
    one reason, besides violations. An error that is a success now is a change.
    """
    if after is None:
        return Judgement(BROKEN, reasons=(Reason(BROKEN, "no-answer"),))
    rules = rules or Rules()
    sieve = Sieve(rules, noisy, before, sent, resent)
    found = compare_reply(before, after, rules.ignore, sieve.likely)
    difference, noise = _sifted(found, sieve)
    shape = promise.at(after.status) if promise is not None else None
    violated = [*_violated(violations, promise, before, after)]
    rest = [
        *(() if beginnings else _media(before, after, difference)),
        *_body(difference, after, shape, beginnings),
        *_headers(difference),
    ]
    told = [_turned(difference.status, rest)] if turned(difference) else [*_status(difference), *rest]
    reasons = _merged([*told, *violated])
    verdict = BROKEN if any(one.verdict == BROKEN for one in reasons) else CHANGED if reasons else SAME
    return Judgement(verdict, difference, noise, tuple(reasons[:MOST]), max(0, len(reasons) - MOST))


def _sifted(found: Difference, sieve: Sieve) -> tuple[Difference, tuple[Noise, ...]]:
    """The difference without its noise, and the noise."""
    noise: list[Noise] = []

    def kept(changes: list[Change], sort: Any) -> list[Change]:
        out = []
        for change in changes:
            heard = sort(change)
            if heard is None:
                out.append(change)
            else:
                noise.append(heard)
        return out

    body, headers = kept(found.body, sieve.text if found.note else sieve.body), kept(found.headers, sieve.header)
    status = found.status if found.status and not sieve.status(found.status) else None
    if found.status and not status:
        noise.append(Noise("status", "twice", found.status.before, found.status.after))
    same = not (status or headers or body)
    return replace(found, status=status, headers=headers, body=body, same=same), tuple(noise)


def _status(found: Difference) -> Iterator[Reason]:
    if found.status is None:
        return
    was, now = found.status.before, found.status.after
    broken = was < 400 <= now or now == 0
    yield Reason(BROKEN if broken else CHANGED, "status", "", str(was), str(now))


def turned(found: Difference) -> bool:
    """Whether the status is one of another class: then all else that differs comes with it."""
    return found.status is not None and found.status.before // 100 != found.status.after // 100


def _turned(status: Change | None, rest: Iterable[Reason]) -> Reason:
    """A status of another class. Of two that both were no error, it weighs what came with it: a redirect, or an answer
    without a body, in place of data."""
    assert status is not None
    was, now = status.before, status.after
    lost = was < 400 and (now >= 400 or any(one.verdict == BROKEN for one in rest))
    return Reason(BROKEN if lost or now == 0 else CHANGED, "status", "", str(was), str(now))


def _media(before: Answer, after: Answer, found: Difference) -> Iterator[Reason]:
    """JSON that is none any more; a body that went missing altogether counts as that too."""
    if not found.body or loads(before.body) is ABSENT or loads(after.body) is not ABSENT:
        return
    kind = after.content_type.partition(";")[0].strip().lower()
    yield Reason(BROKEN, "content-type", "", "json", kind or ("nothing" if not after.body else "text"))


def _violated(counts: tuple[int, int], promise: Promise | None, before: Answer, after: Answer) -> Iterator[Reason]:
    was, now = counts
    if promise is not None and not now:
        was, now = len(promise.violations(before)), len(promise.violations(after))
    if now and not was:
        yield Reason(BROKEN, "violations", "", str(was), str(now))


def _body(found: Difference, after: Answer, shape: Shape | None, beginnings: bool) -> Iterator[Reason]:
    for change in found.body:
        if change.path.startswith("$") and found.note == "":
            yield _reason(change, shape)
        elif beginnings or loads(after.body) is not ABSENT or not found.note.startswith("Only the old"):
            yield Reason(CHANGED, "text", "", first=change.path)


def _reason(change: Change, shape: Shape | None) -> Reason:
    path, was, now = pattern_of(change.path), type_of(change.before), type_of(change.after)
    item = path.endswith("[*]")
    if change.kind == "added":
        return Reason(CHANGED, "item-new" if item else "new", path, "", now, first=change.path)
    if change.kind == "removed":
        optional = item or (shape is not None and shape.is_optional(pattern(change.path)))
        kind = "item-gone" if item else "gone"
        return Reason(CHANGED if optional else BROKEN, kind, path, was, "", first=change.path)
    if was == now == "array":
        return Reason(CHANGED, "order", path, first=change.path)
    if was != now:
        allowed = was == "null" or (shape is not None and shape.allows(pattern(change.path), change.after))
        return Reason(CHANGED if allowed else BROKEN, "type", path, was, now, first=change.path)
    return Reason(CHANGED, "value", path, short(change.before), short(change.after), first=change.path)


def _headers(found: Difference) -> Iterator[Reason]:
    kinds = {"added": "header-new", "removed": "header-gone", "changed": "header"}
    for change in found.headers:
        was, now = (short(value) if value is not None else "" for value in (change.before, change.after))
        yield Reason(CHANGED, kinds[change.kind], change.path, was, now, first=change.path)


def _merged(found: list[Reason]) -> list[Reason]:
    """One reason for each thing, at however many places: the first one's values stand for all."""
    out: dict[tuple[str, ...], Reason] = {}
    for one in found:
        ends = (one.was, one.now) if one.kind == "type" else ()
        key = (one.verdict, one.kind, one.path, *ends)
        known = out.get(key)
        out[key] = one if known is None else replace(known, count=known.count + one.count)
    weight = {name: place for place, name in enumerate(KINDS_OF_REASON)}
    return sorted(out.values(), key=lambda one: (one.verdict != BROKEN, weight[one.kind]))
