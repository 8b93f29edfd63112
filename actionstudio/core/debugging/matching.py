"""Sets ChatGPT's own account of its calls beside the calls that arrived: pairs, what is only on one side, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core.debugging.arguments import WHOLE, in_path
from actionstudio.core.debugging.reading import Block

MOST = 500  # calls that a text is set beside
HIDDEN = "••••"  # how the log's masks begin
NEVER_SENT = ("UnrecognizedKwargsError", "ApiSyntaxError")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A logged call as matching needs it; ``arguments`` are flat (arguments.flat) and of the template's names."""

    id: str
    method: str
    path: str
    operation: str
    status: int
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False  # the log, or what was read of it, holds less than was sent


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument on both sides. ``kind``: same, changed, missing (said, not arrived), extra, or hidden (masked)."""

    name: str
    kind: str
    said: Any = None
    arrived: Any = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A call on both sides, or on one. ``reason`` says why one that ChatGPT tells of is not in the log."""

    block: Block | None
    call: Arrived | None
    arguments: Sequence[Argument] = ()
    reason: str = ""

    @property
    def differs(self) -> bool:
        """Whether what arrived is not what ChatGPT says it sent, or it tells of another status."""
        other = self.block and self.call and self.block.status and self.block.status != self.call.status
        return bool(other) or any(one.kind in ("changed", "missing", "extra") for one in self.arguments)


def match(
    blocks: Sequence[Block], calls: Sequence[Arrived], hosts: Collection[str], operations: Collection[str]
) -> list[Pair]:
    """Every block and every call once, in the order of the calls. ``hosts``: where this project answers.

    Both sides are in the order in which things happened, so pairs do not cross, but for those that are sure without it:
    calls made at the same time are logged as they end.
    """
    calls = calls[-MOST:]
    found = _aligned(blocks, calls, hosts)
    _crossed(found, blocks, calls, hosts)
    pairs: list[Pair] = []
    placed = 0
    by_call = {call: block for block, call in found.items()}
    for n, call in enumerate(calls):
        if n not in by_call:
            pairs.append(Pair(None, call))
            continue
        until = by_call[n]
        pairs += [_alone(blocks[m], hosts, operations) for m in range(placed, until) if m not in found]
        placed = max(placed, until + 1)
        pairs.append(Pair(blocks[until], call, compared(blocks[until], call)))
    return pairs + [_alone(blocks[m], hosts, operations) for m in range(placed, len(blocks)) if m not in found]


def reason(block: Block, hosts: Collection[str], operations: Collection[str]) -> str:
    """Why a call that ChatGPT tells of is probably not in the log, as a code: see REASONS of whoever shows it."""
    if block.error.startswith(NEVER_SENT):
        return "kwargs" if block.error.startswith("Unrec") else "syntax"
    if block.declined:
        return "declined"
    if block.approval:
        return "approval"
    if block.domain and not _ours(block.domain, hosts):
        return "domain"
    if block.unreadable:
        return "unreadable"
    if block.operation and operations and block.operation not in operations:
        return "operation"
    if block.error.startswith("ResponseTooLarge"):
        return "large"
    if block.error:
        return "transport"
    return "elsewhere" if block.answered else "unanswered"


def compared(block: Block, call: Arrived) -> list[Argument]:
    """The arguments of both sides, by name. Path and query carry text: 5 and "5" are the same there."""
    if block.params is None:
        return []
    said, arrived = dict(block.params), dict(call.arguments)
    found = []
    for name in dict.fromkeys([*said, *(name for name in arrived if name != WHOLE)]):
        if name not in arrived:
            found.append(
                Argument(name, "hidden" if call.cut or block.cut or WHOLE in arrived else "missing", said[name])
            )
        elif name not in said:
            found.append(Argument(name, "hidden" if block.cut else "extra", None, arrived[name]))
        else:
            found.append(Argument(name, _kind(said[name], arrived[name], block.cut), said[name], arrived[name]))
    return found


def _alone(block: Block, hosts: Collection[str], operations: Collection[str]) -> Pair:
    return Pair(block, None, reason=reason(block, hosts, operations))


def _kind(said: Any, arrived: Any, cut: bool) -> str:
    if _same(said, arrived):
        return "same"
    return "hidden" if masked(said) or masked(arrived) or cut else "changed"


def same_answer(said: Any, logged: Any) -> bool | None:
    """Whether two answers are the same; None where what differs is hidden on a side."""
    if isinstance(said, dict) and isinstance(logged, dict):
        if said.keys() != logged.keys():
            return False
        return _all(same_answer(said[name], logged[name]) for name in said)
    if isinstance(said, list) and isinstance(logged, list):
        if len(said) != len(logged):
            return False
        return _all(same_answer(one, other) for one, other in zip(said, logged, strict=True))
    if isinstance(said, bool) is isinstance(logged, bool) and said == logged:
        return True
    return None if masked(said) or masked(logged) else False


def _all(found: Iterable[bool | None]) -> bool | None:
    kinds = {*found}
    return False if False in kinds else None if None in kinds else True


def masked(value: Any) -> bool:
    if isinstance(value, dict):
        return any(masked(one) for one in value.values())
    if isinstance(value, list):
        return any(masked(one) for one in value)
    return isinstance(value, str) and HIDDEN in value


def _same(said: Any, arrived: Any) -> bool:
    if isinstance(arrived, str) and not isinstance(said, str | dict | list) and said is not None:
        return arrived == (str(said).lower() if isinstance(said, bool) else str(said))
    if isinstance(said, list) and isinstance(arrived, str):
        return len(said) == 1 and _same(said[0], arrived)  # a list of one in a query
    if isinstance(said, list) and isinstance(arrived, list):
        return len(said) == len(arrived) and all(_same(a, b) for a, b in zip(said, arrived, strict=True))
    if isinstance(said, bool) or isinstance(arrived, bool):
        return said is arrived
    return bool(said == arrived)


def _ours(domain: str, hosts: Collection[str]) -> bool:
    bare = domain.partition(":")[0]
    return not hosts or any(bare == host.lower().partition(":")[0] for host in hosts)


def _aligned(blocks: Sequence[Block], calls: Sequence[Arrived], hosts: Collection[str]) -> dict[int, int]:
    """The pairs that do not cross whose likeness is the greatest in sum: block's place -> call's place."""
    width = len(calls) + 1
    best = [[0.0] * width for _ in range(len(blocks) + 1)]
    likes = [[_likeness(block, call, hosts) for call in calls] for block in blocks]
    for b in range(len(blocks) - 1, -1, -1):
        for c in range(len(calls) - 1, -1, -1):
            paired = likes[b][c] + best[b + 1][c + 1] if likes[b][c] else 0.0
            best[b][c] = max(paired, best[b + 1][c], best[b][c + 1])
    found, b, c = {}, 0, 0
    while b < len(blocks) and c < len(calls):
        if likes[b][c] and best[b][c] == likes[b][c] + best[b + 1][c + 1]:
            found[b] = c
            b, c = b + 1, c + 1
        elif best[b][c] == best[b + 1][c]:
            b += 1
        else:
            c += 1
    return found


def _crossed(found: dict[int, int], blocks: Sequence[Block], calls: Sequence[Arrived], hosts: Collection[str]) -> None:
    """What is left over on both sides and so alike that its order does not matter."""
    left = [c for c in range(len(calls)) if c not in found.values()]
    for b, block in enumerate(blocks):
        if b in found or not left:
            continue
        like, c = max((_likeness(block, calls[c], hosts), -c) for c in left)
        if like >= SURE:
            found[b] = -c
            left.remove(-c)


SURE = 14.0


def _likeness(block: Block, call: Arrived, hosts: Collection[str]) -> float:
    """0: cannot be the same call. Operation or path 6, arguments up to 8, status 3; 1 for nothing but the order."""
    if block.approval or block.declined or block.unreadable or block.error.startswith(NEVER_SENT):
        return 0.0
    if block.domain and not _ours(block.domain, hosts):
        return 0.0
    if block.operation and call.operation and block.operation != call.operation:
        return 0.0
    if block.method and block.method != call.method:
        return 0.0
    places = in_path(block.path, call.path)
    at_path = not block.path or places is not None
    if not at_path and not (block.operation and block.operation == call.operation):
        return 0.0
    arguments = compared(block, call)
    if _others(arguments, places or {}):
        return 0.0
    like = 1.0 + (6.0 if block.operation or block.path else 0.0)
    if block.params is not None:
        like += _agreement(arguments, BLIND if call.cut or WHOLE in call.arguments else 1.0)
    if block.status:
        like += 3.0 if block.status == call.status else -3.0
    return max(like, 0.5)


BLIND = 0.5  # what an argument counts that a body would show if it could be read: less than one that is seen


def _others(arguments: Sequence[Argument], places: Collection[str]) -> bool:
    """Whether they are the arguments of another call: nothing between ChatGPT and the server writes them anew, so a
    value in the path that differs, or more that differ than agree, is none of this one."""
    changed = [one.name for one in arguments if one.kind == "changed"]
    return len(changed) > sum(one.kind == "same" for one in arguments) or any(name in places for name in changed)


def _agreement(arguments: Sequence[Argument], hidden: float) -> float:
    if not arguments:
        return 8.0
    worth = {"same": 1.0, "hidden": hidden}
    return 8.0 * sum(worth.get(one.kind, 0.0) for one in arguments) / len(arguments)
