"""How an operation answers: one file a behaviour, the table in front.

A responder is compiled once per operation and then called with each visit that was let in and read. Behaviours hold
others (the answers of rules, what stands in for an upstream): ``compile`` here makes the responder of any of them.
What a responder decided goes into its answer's notes: "response" in words, "trail" step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from actionstudio.core.behaviour import Behaviour, Examples, Fault, Generated, Proxy, Rules, Stateful, Template
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders import collection, examples, fault, generated, proxy, rules, template
from actionstudio.runtime.visit import Visit

if TYPE_CHECKING:
    from actionstudio.runtime.operation import Served

type Respond = Callable[[Visit], Prepared]

RESPONDERS: dict[type, Callable[[Any, Any], Respond]] = {
    Examples: examples.compile,
    Generated: generated.compile,
    Fault: fault.compile,
    Rules: rules.compile,
    Template: template.compile,
    Proxy: proxy.compile,
    Stateful: collection.compile,
}


def compile(served: Served, behaviour: Behaviour) -> Respond:
    """The responder of a behaviour of one operation."""
    return RESPONDERS[type(behaviour)](served, behaviour)
