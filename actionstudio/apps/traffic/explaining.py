"""Rules of a logged call, rule by rule: what was asked, what the call had there, and whether it held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.web.telling import told
from actionstudio.core.contract import Operation
from actionstudio.core.rules import Answered, Explained, explained

RULES = 30  # that are told of one decision
type Told = tuple[str, str, int]

OUTCOMES = {
    "answers": ("yes", lambda: _("answers")),
    "holds": ("yes", lambda: _("holds, another one answered")),
    "fails": ("no", lambda: _("does not hold")),
    "not-reached": ("", lambda: _("not reached")),
    "unknown": ("", lambda: _("not known any more")),
}


def rules(entry: dict[str, Any], trail: list[dict[str, Any]], operation: Operation | None) -> Iterator[Told]:
    """Lines of mark (yes, no or ""), text and depth for one entry of a trail.

    Without the revision's contract the values that were read are told, which the entry holds itself.
    """
    told_of = _explained(entry, trail, operation)
    if told_of is None:
        values = entry.get("values")
        for name, value in values.items() if isinstance(values, dict) else ():
            yield "", f"{name} = {compact(value)}", 0
        return
    first, others = told_of[:RULES], told_of[RULES:]
    answers = [rule for rule in others if rule.outcome == "answers"]
    for rule in first:
        yield from _rule(rule)
    if len(others) > len(answers):
        yield "", _("… and %(n)s more rules.") % {"n": len(others) - len(answers)}, 0
    for rule in answers:
        yield from _rule(rule)


def _explained(
    entry: dict[str, Any], trail: list[dict[str, Any]], operation: Operation | None
) -> list[Explained] | None:
    if operation is None:
        return None
    before = [one for one in trail if one.get("what") == "rules"]
    place = next((number for number, one in enumerate(before) if one is entry), -1)
    found = explained(operation.behaviour, before)
    return found[place] if 0 <= place < len(found) else None


def _rule(rule: Explained) -> Iterator[Told]:
    mark, words = OUTCOMES.get(rule.outcome, OUTCOMES["unknown"])
    said = {"n": rule.index + 1, "name": rule.name, "outcome": words()}
    if rule.name:
        yield mark, _("Rule %(n)s, “%(name)s”: %(outcome)s") % said, 0
    else:
        yield mark, _("Rule %(n)s: %(outcome)s") % said, 0
    if rule.outcome == "not-reached":
        return
    for one in rule.conditions:
        yield {True: "yes", False: "no", None: ""}[one.held], _condition(one), 1
    if not rule.conditions:
        yield "yes", _("no conditions: it always holds"), 1


def _condition(one: Answered) -> str:
    words = told(one.words)
    if one.held is None and not one.present:
        return words
    if not one.present:
        return _("%(condition)s (it is not there)") % {"condition": words}
    return _("%(condition)s (it is %(value)s)") % {"condition": words, "value": compact(one.got)}


def compact(value: Any) -> str:
    """A JSON value on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)
