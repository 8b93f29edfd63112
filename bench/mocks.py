"""What a mock's state and its rules cost: a collection's list, rules, counted calls, beside the plain example."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core.behaviour import (
    Around,
    Behaviour,
    Collection,
    Condition,
    Examples,
    Limit,
    Rule,
    Rules,
    Seed,
    Stateful,
)
from actionstudio.core.contract import Body, Contract, Example, Media, Operation, Parameter, Response

ROWS = 20
MANY = 100  # rules
BASE = "plain"
CASES = {
    "plain": ("GET", "/plain"),
    "list": ("GET", "/list"),
    "rules": ("GET", "/rules"),
    "many": ("GET", "/many"),
    "limited": ("GET", "/limited"),
    "in turn": ("GET", "/in-turn"),
    "change": ("PUT", "/list/1"),
}
GOALS = (
    ("list", f"GET of {ROWS} unchanged rows against plain GET", "≥ 60 %"),
    ("rules", "GET by rules, the fifth one matching, against plain GET", "≥ 80 %"),
    ("many", f"GET by rules, the {MANY}th one matching, against plain GET", f"> {100 * 5 // MANY} %"),
    ("limited", "GET under a rate limit against plain GET", "–"),
    ("in turn", "GET whose answers come in turn against plain GET", "–"),
    ("change", "PUT that changes a row against plain GET", "–"),
)
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "tag": {"type": "string"}},
}
CHANGED = {"id": 1, "name": "Tom", "tag": "cat"}
MAKE = "from bench import mocks; from tests import make; make.project('mocks', make.user('bench'), mocks.contract())"


def contract() -> Contract:
    """One operation for each measure."""
    rows = tuple({"id": number, "name": f"Pet {number}", "tag": "dog"} for number in range(1, ROWS + 1))
    endless = Around(limit=Limit(1_000_000, 1))
    in_turn = Rules(tuple(Rule(answer=Examples()) for _ in range(3)), "sequential")
    return Contract(
        title="Mocks",
        operations=(
            _get("/plain"),
            _get("/list", Stateful("pets"), {"type": "array", "items": PET}),
            _changing(),
            _get("/rules", Rules(tuple(_rule(number, 5) for number in range(1, 6)))),
            _get("/many", Rules(tuple(_rule(number, MANY) for number in range(1, MANY + 1)))),
            _get("/limited", around=endless),
            _get("/in-turn", in_turn),
        ),
        collections=(Collection("pets", PET, seeds=(Seed(rows),)),),
    )


def _rule(number: int, matching: int) -> Rule:
    """Every rule looks at a header and at the query; the last one is the one for the call of the benchmark."""
    kind = "dog" if number == matching else f"kind {number}"
    return Rule((Condition("query", "kind", "equals", kind), Condition("header", "host", "exists")))


def _get(path: str, behaviour: Behaviour | None = None, schema: Any = PET, around: Around | None = None) -> Operation:
    example = Example("", {"id": 7, "name": "Rex", "tag": "dog"})
    media = Media("application/json", schema, () if schema is not PET else (example,))
    kind = Parameter("kind", schema={"type": "string"})
    responses = (Response("200", "OK", content=(media,)),)
    return Operation(
        "GET",
        path,
        operation_id=f"get{path.title().replace('/', '').replace('-', '')}",
        parameters=(kind,),
        responses=responses,
        behaviour=behaviour or Examples(),
        around=around or Around(),
    )


def _changing() -> Operation:
    media = (Media("application/json", PET),)
    return Operation(
        "PUT",
        "/list/{id}",
        operation_id="putPet",
        parameters=(Parameter("id", "path", True, schema={"type": "integer"}),),
        body=Body(content=media),
        responses=(Response("200", "OK", content=media),),
        behaviour=Stateful("pets", "replace"),
    )


def script(case: str, host: str) -> str:
    """What wrk sends."""
    method, path = CASES[case]
    lines = [f'wrk.headers["Host"] = {json.dumps(host)}', f'wrk.method = "{method}"', f'wrk.path = "{path}?kind=dog"']
    if method == "PUT":
        body = json.dumps(json.dumps(CHANGED))
        lines += [f"wrk.body = {body}", 'wrk.headers["Content-Type"] = "application/json"']
    return "\n".join(lines) + "\n"


def measured(run: Callable[[str], float], rounds: int = 3) -> Iterator[tuple[str, str, str]]:
    """Measure, goal and what was measured. ``run`` drives one case and gives calls per second; cases take turns."""
    speeds: dict[str, list[float]] = {case: [] for case in CASES}
    for _ in range(rounds):
        for case, kept in speeds.items():
            kept.append(run(case))
    base = statistics.median(speeds[BASE])
    for case, name, goal in GOALS:
        yield name, goal, f"{100 * statistics.median(speeds[case]) / base:.0f} %"
