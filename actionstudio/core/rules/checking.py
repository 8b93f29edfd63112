"""What keeps rules from being used as they are written: found before they are saved, each beside its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from actionstudio.core.behaviour import RULE_MODES, Behaviour, Condition, Proxy, Rule, Rules
from actionstudio.core.problem import Problem
from actionstudio.core.rules.compiled import usable
from actionstudio.core.words import either, said

type JSON = Any

MOST_RULES = 1_000
MOST_CONDITIONS = 50
MOST_PATTERNS = 200
DEEPEST = 4  # rules within the answers of rules
MOST_WEIGHT = 1_000_000
_MATCHES = ("all", "any")
_LONGEST_NAME = 200


def problems(behaviour: Behaviour, components: Mapping[str, JSON] | None = None) -> list[Problem]:
    """Everything wrong with the rules of a behaviour, also with those within answers.

    Pointers lead into the behaviour as plain JSON (core/codec.py): "/rules/0/conditions/1/value". ``components`` are
    the shared schemas that conditions may refer to.
    """
    return list(_within(behaviour, components or {}, "", 0))


def _within(behaviour: Behaviour, components: Mapping[str, JSON], at: str, depth: int) -> Iterator[Problem]:
    if isinstance(behaviour, Proxy):
        yield from _within(behaviour.otherwise, components, f"{at}/otherwise", depth + 1)
        return
    if not isinstance(behaviour, Rules):
        return
    if depth > DEEPEST:
        message = said(
            "Rules may stand within rules %(most)s deep. Put these conditions into the outer ones.", most=DEEPEST
        )
        yield Problem(at, message, "rule")
        return
    yield from _choices(behaviour, at)
    yield from of_rules(behaviour, at)
    for index, rule in enumerate(behaviour.rules[:MOST_RULES]):
        here = f"{at}/rules/{index}"
        yield from of_rule(rule, here)
        for number, condition in enumerate(rule.conditions[:MOST_CONDITIONS]):
            yield from of_condition(condition, components, f"{here}/conditions/{number}")
        yield from _within(rule.answer, components, f"{here}/answer", depth + 1)
    yield from _within(behaviour.otherwise, components, f"{at}/otherwise", depth + 1)


def _choices(rules: Rules, at: str) -> Iterator[Problem]:
    if rules.mode not in RULE_MODES:
        message = said("Choose how a rule is found: %(options)s.", options=either(list(RULE_MODES)))
        yield Problem(f"{at}/mode", message, "rule")
    for index, rule in enumerate(rules.rules[:MOST_RULES]):
        here, weight = f"{at}/rules/{index}", rule.weight
        if rule.match not in _MATCHES:
            message = said("Choose whether all conditions must hold or any of them: %(options)s.", options="all, any")
            yield Problem(f"{here}/match", message, "rule")
        if not isinstance(weight, int) or isinstance(weight, bool) or not 0 <= weight <= MOST_WEIGHT:
            message = said("Write a whole number from 0 to %(most)s.", most=MOST_WEIGHT)
            yield Problem(f"{here}/weight", message, "rule")


def of_rules(rules: Rules, at: str) -> Iterator[Problem]:
    """What is wrong with rules taken together; what stands within each is asked of ``of_rule`` and ``of_condition``."""
    if len(rules.rules) > MOST_RULES:
        yield Problem(f"{at}/rules", said("These are more than %(most)s rules.", most=MOST_RULES), "rule")
    if rules.mode == "random" and rules.rules and not any(rule.weight > 0 for rule in rules.rules):
        message = said("No rule would ever be drawn. Give one of them a weight above 0.")
        yield Problem(f"{at}/rules/0/weight", message, "rule")
    patterns = {
        condition.value
        for rule in rules.rules
        for condition in rule.conditions
        if condition.operator == "regex" and isinstance(condition.value, str)
    }
    if len(patterns) > MOST_PATTERNS:
        message = said("These are more than %(most)s different patterns. Join some of them with |.", most=MOST_PATTERNS)
        yield Problem(f"{at}/rules", message, "rule")


def of_rule(rule: Rule, at: str) -> Iterator[Problem]:
    """What is wrong with one rule besides its conditions."""
    if len(rule.name) > _LONGEST_NAME:
        yield Problem(f"{at}/name", said("This is longer than %(most)s characters.", most=_LONGEST_NAME), "rule")
    if len(rule.conditions) > MOST_CONDITIONS:
        message = said("These are more than %(most)s conditions.", most=MOST_CONDITIONS)
        yield Problem(f"{at}/conditions", message, "rule")


def of_condition(condition: Condition, components: Mapping[str, JSON], at: str) -> Iterator[Problem]:
    """What keeps a condition from being asked."""
    found = usable(condition, components)
    if found is not None:
        yield replace(found, pointer=at + found.pointer)
