"""Runs every rule over a contract, or over one operation of it."""

from __future__ import annotations

import importlib
import pkgutil

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.lint import rules
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import LEVELS, RULES, Finding


def check(contract: Contract, only: Operation | None = None) -> list[Finding]:
    """What to look at before ChatGPT gets this contract, the worst first.

    ``only`` judges that operation alone (it may be a draft): quick, for an editor that asks at every key.
    """
    look = Look(contract, only)
    found = [finding for rule in RULES.values() for finding in rule.findings(look)]
    order = {op.pointer: index for index, op in enumerate(contract.operations)}
    return sorted(found, key=lambda finding: (LEVELS.index(finding.level), _place(order, finding.pointer)))


def _place(order: dict[str, int], pointer: str) -> int:
    """The place of the operation that a pointer is in; what is in none comes first."""
    return order.get("/".join(pointer.split("/")[:4]), -1)


for _module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda module: module.name):
    importlib.import_module(f"{rules.__name__}.{_module.name}")
