"""Runs every rule over a contract, or over one operation of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from actionstudio.core.contract import Contract, Operation, Waiver
from actionstudio.core.lint import rules
from actionstudio.core.lint.look import Look, item_of
from actionstudio.core.lint.rule import LEVELS, RULES, Finding

STALE = "stale-waiver"  # judged last: it is about what the others found


def check(
    contract: Contract,
    only: Operation | None = None,
    target: str = "gpt",
    *,
    base_url: str = "",
    as_written: bool = False,
) -> list[Finding]:
    """What to look at before ``target`` (gpt, plugin, mcp, openai) gets this contract, the worst first.

    ``only`` judges that operation alone (it may be a draft): quick, for an editor that asks at every key. ``base_url``
    is where the project answers, for the rules about addresses. What the GPT profile mends is not found, unless
    ``as_written`` asks for the document as it stands, pasted into ChatGPT without our help. Findings that the contract
    waives are there, with the reason (:attr:`Finding.waived`): :func:`open_ones` leaves them out.
    """
    look = Look(contract, only, target, base_url=base_url, as_written=as_written)
    judged = [rule for code, rule in RULES.items() if target in rule.targets and code != STALE]
    found = [finding for rule in judged for finding in rule.findings(look)]
    if not as_written:
        found = _left(found, look)
    found = list(_waived(dict.fromkeys(found), contract.waivers))
    look.found = tuple(found)
    if not as_written:
        found = _folded(found)
    found += RULES[STALE].findings(look)
    order = {op.pointer: index for index, op in enumerate(contract.operations)}
    return sorted(found, key=lambda finding: (LEVELS.index(finding.level), _place(order, finding.pointer)))


def open_ones(findings: Iterable[Finding]) -> list[Finding]:
    """Those that nobody has waived."""
    return [finding for finding in findings if not finding.waived]


def pressing(findings: Iterable[Finding]) -> list[Finding]:
    """Those that a checklist counts: open ones, but for general advice on OpenAPI that ChatGPT does not mind."""
    return [one for one in open_ones(findings) if one.level != "advice" or RULES[one.code].topic != "quality"]


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether ``waiver`` is about ``finding``: its rule, at its place or inside of it ("" is everywhere)."""
    at = waiver.pointer
    return waiver.code == finding.code and (
        not at or finding.pointer == at or finding.pointer.startswith(f"{at.rstrip('/')}/")
    )


def _left(found: list[Finding], look: Look) -> list[Finding]:
    """What the GPT profile does not mend. What its optional repairs may have mended, the profile is asked for."""
    doubted = {one.code for one in found if RULES[one.code].may_be_mended(look.contract.repairs)}
    if not doubted:
        return found
    hits = ((code, hit.pointer) for code in doubted for hit in RULES[code].function(look.served))
    still = {(code, item_of(look.written(pointer))) for code, pointer in hits}
    return [one for one in found if one.code not in doubted or (one.code, item_of(one.pointer)) in still]


def _folded(found: list[Finding]) -> list[Finding]:
    """What the profile mends as one line a rule, at the place that all of them are in; a single one as it is."""
    out: list[Finding] = []
    alike: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        if RULES[one.code].mended:
            alike.setdefault((one.code, one.waived), []).append(one)
        else:
            out.append(one)
    for (code, _reason), ones in alike.items():
        told = RULES[code].mended
        if len(ones) == 1 or told is None:
            out += ones
        else:
            out.append(replace(ones[0], pointer=_common([one.pointer for one in ones]), message=told(len(ones))))
    return out


def _common(pointers: list[str]) -> str:
    """The place that all of these are in."""
    levels = zip(*(pointer.split("/") for pointer in pointers), strict=False)
    return "/".join(steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, levels))


def _waived(found: Iterable[Finding], waivers: tuple[Waiver, ...]) -> Iterable[Finding]:
    by_code: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_code.setdefault(waiver.code, []).append(waiver)
    for finding in found:
        mine = next((one for one in by_code.get(finding.code, ()) if covers(one, finding)), None)
        yield replace(finding, waived=mine.reason or "–") if mine else finding


def _place(order: dict[str, int], pointer: str) -> int:
    """The place of the operation that a pointer is in; what is in none comes first."""
    return order.get(item_of(pointer), -1)


for _module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda module: module.name):
    importlib.import_module(f"{rules.__name__}.{_module.name}")
