"""Prompt suites for the pages of a filled studio: one whose models mix operations up, and an empty one."""

import dataclasses
import json

from actionstudio.apps.design import editing, load
from actionstudio.apps.simulator.models import PromptCase, PromptRun
from actionstudio.apps.simulator.prompts import asking, closing, keeping, starting
from actionstudio.core.prompting import Called, score, scoring

CASES = (
    ("Which orders have been paid?", [{"operation": "listOrders", "arguments": {"status": "paid"}}], {}),
    ("Where is my order A-10482?", [{"operation": "getOrder", "arguments": {"order_id": "A-10482"}}], {}),
    ("Is A-10483 on its way yet?", ["getOrder"], {"kind": "indirect", "language": "en"}),
    (
        "Le câble de la commande A-10482 est cassé, rendez-moi 19,90 €",
        [{"operation": "refundOrder", "arguments": {"amount": {"op": "near", "value": 19.9}, "reason": "damaged"}}],
        {"kind": "indirect", "language": "fr", "consent": True},
    ),
    ("고마워요, 그게 다예요.", [], {"kind": "negative", "language": "ko", "never": ["refundOrder"]}),
    ("17乘以23等于多少？", [], {"kind": "negative", "language": "zh-Hans"}),
)
CALLS = (
    [("listOrders", {"status": "paid"})],
    [("listOrders", {})],
    [("getOrder", {"order_id": "A-10483"})],
    [("refundOrder", {"order_id": "A-10482", "amount": 20, "reason": "damaged"})],
    [],
    [("listOrders", {})],
)


def fill(project, by) -> dict[str, int]:
    """Adds them; what the addresses of their pages are made of."""
    keeping.suite(project, None, {"name": "Later"}, by)
    fields = {"name": "First prompts", "description": "What customers ask in the shop", "repeat": 3}
    suite = keeping.suite(project, None, fields, by)
    for text, calls, more in CASES:
        row = keeping.fill(PromptCase(suite=suite), {"turns": [text], "calls": calls, **more})
        keeping.case(row)
    run = _run(suite, by, worse=True)
    contract = load.contract(project)
    first = dataclasses.replace(contract.operations[0], description="Lists orders: the newest first, also by status.")
    editing.replace(project, dataclasses.replace(contract, operations=(first, *contract.operations[1:])), by)
    _run(suite, by, worse=False)
    outcome = run.outcomes.filter(verdict="failed").first()
    return {"prompt_run": run.pk, "prompt_outcome": outcome.pk, "prompt_case": suite.cases.all()[3].pk}


def _run(suite, by, worse: bool) -> PromptRun:
    """A run that is over, with answers as a model gives them: some of them are right now and then."""
    run = starting.prepare(suite, by, state=PromptRun.State.RUNNING)
    for one in run.outcomes.all():
        calls = CALLS[one.n] if worse or one.n != 1 else [("getOrder", {"order_id": "A-10482"})]
        if one.n == 2 and one.time == 1:
            calls = [("listOrders", {})]
        called = [Called(name, json.dumps(values), name == "refundOrder") for name, values in calls]
        made = score(one.value, called)
        one.called, one.score = [asking.plain(call) for call in called], scoring.plain(made)
        one.verdict = one.Verdict.PASSED if made.passed else one.Verdict.FAILED
        one.state, one.ms, one.tokens_in, one.tokens_out, one.dollars = one.State.DONE, 480, 912, 31, 0.00029
        one.save()
    closing.close(run, PromptRun.State.DONE)
    return run
