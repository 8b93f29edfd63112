"""What the words and numbers of a behaviour may be: for the strict reader, for the API's schema, and for tests."""

from __future__ import annotations

from actionstudio.core.behaviour import (
    ACTIONS,
    BALANCES,
    FAULTS,
    OPERATORS,
    RULE_MODES,
    SECRETS_IN,
    TARGETS,
    Backend,
    Callback,
    Collection,
    Condition,
    Fault,
    Generated,
    Latency,
    Limit,
    Proxy,
    Rule,
    Rules,
    Stateful,
    Upstream,
)

CHOICES: dict[type, dict[str, tuple[str, ...]]] = {
    Condition: {"target": TARGETS, "operator": OPERATORS},
    Rule: {"match": ("all", "any")},
    Rules: {"mode": RULE_MODES},
    Stateful: {
        "action": ACTIONS,
        "by": ("id", "position", "only"),
        "answer": ("", "row", "rows", "example", "nothing"),
    },
    Proxy: {"record": ("", "examples", "rules")},
    Latency: {"shape": ("fixed", "uniform", "lognormal")},
    Fault: {"what": FAULTS, "when": ("always", "every", "percent")},
    Limit: {"per": ("all", "credential")},
    Collection: {"id_kind": ("integer", "uuid", "text")},
    Upstream: {"balance": BALANCES, "secret_in": SECRETS_IN},
}
RANGES: dict[type, dict[str, tuple[float, float]]] = {
    Generated: {"seed": (0, 2**32 - 1)},
    Rule: {"weight": (0, 1_000_000)},
    Proxy: {"timeout": (0.1, 120), "retries": (0, 5), "keep": (0, 31_536_000)},
    Latency: {"low": (0, 600_000), "high": (0, 600_000)},
    Fault: {"status": (0, 599), "seconds": (0, 600), "characters": (0, 1_000_000), "number": (0, 1_000_000)},
    Limit: {"calls": (1, 1_000_000), "seconds": (1, 86_400)},
    Callback: {"delay": (0, 3600)},
    Backend: {"weight": (0, 1000)},
    Upstream: {"health_seconds": (1, 3600)},
}
