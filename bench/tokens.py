"""What it costs to know who signed in: the guard of one operation, in microseconds of CPU per call.

    python bench/tokens.py [rounds]

Warm: the token is at hand (runtime/tokens.py). Beside it: the same with 1,000 tokens in turn, an API key, and a call
without a credential.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core.auth import ApiKey, OAuth, Scope  # noqa: E402
from actionstudio.core.call import Call  # noqa: E402
from actionstudio.core.contract import Contract, Operation, Response  # noqa: E402
from actionstudio.runtime.ports import Hosted, Key, Token  # noqa: E402
from actionstudio.runtime.program import Program  # noqa: E402
from actionstudio.runtime.tokens import Wallet  # noqa: E402
from actionstudio.runtime.visit import Visit  # noqa: E402

GOAL = 10.0  # microseconds
CALLS = 2000  # in one sample
MANY = 1000


class Issuer:
    """runtime.ports.Tokens: every token is good."""

    def find(self, project_id: int, digest: bytes) -> Token:
        return Token(digest, "ok", "sub", "alice", "GPT", frozenset({"orders:read"}), time.time() + 3600)


def guarded(auth: OAuth | ApiKey) -> tuple[Callable, Wallet]:
    """The guard of an operation that asks for a scope, and the wallet behind it."""
    wallet = Wallet(Issuer(), clock=lambda: 0.0)  # nothing grows old: only the warm way is measured
    operation = Operation("GET", "/orders", "a", security=({"oauth": ["orders:read"]},), responses=(Response("200"),))
    keys = (Key(1, "GPT", sha256(b"asat_0").digest()),)
    hosted = Hosted(
        "a",
        7,
        "a",
        1,
        1,
        1,
        Contract(operations=(operation,), auth=auth),
        ("http://a.example", "http://b.example/live/a"),
        keys,
    )
    served = Program(hosted, None, wallet).router.find("GET", "/orders")[0]
    served.compile()
    return served.guard, wallet


def visits(number: int) -> list[Visit]:
    return [
        Visit(Call("GET", "/orders", "", (("authorization", f"Bearer asat_{one}"),) if number else ()))
        for one in range(max(1, number))
    ]


def measured(guard: Callable, calls: list[Visit], rounds: int) -> float:
    """Microseconds of CPU per call: the median of so many samples."""
    samples = []
    for visit in calls:
        guard(visit)
    for _ in range(rounds):
        turn = list(itertools.islice(itertools.cycle(calls), CALLS))
        began = time.process_time_ns()
        for visit in turn:
            guard(visit)
        samples.append((time.process_time_ns() - began) / CALLS / 1000)
    return statistics.median(samples)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    signed, wallet = guarded(OAuth((Scope("orders:read"),)))
    keyed, other = guarded(ApiKey())
    lines = {
        "one token, warm": measured(signed, visits(1), rounds),
        f"{MANY:,} tokens in turn, warm": measured(signed, visits(MANY), rounds),
        "an API key": measured(keyed, visits(1), rounds),
        "no credential": measured(signed, visits(0), rounds),
    }
    for name, cost in lines.items():
        print(f"{name:28} {cost:5.2f} µs")
    print(f"goal: a warm token check below {GOAL:g} µs")
    wallet.close()
    other.close()


if __name__ == "__main__":
    main()
