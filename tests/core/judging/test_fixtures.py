"""Noise of every kind is found, and what only looks like it is not: pairs of values in fixtures/, by kind.

Each case has a name under which both values stand, "noise" pairs that must not count, "counts" pairs that must; the
request in parts where it matters.
"""

import json
from pathlib import Path

import orjson
import pytest

from actionstudio.core.call import Call
from actionstudio.core.compare import Answer
from actionstudio.core.judging import KINDS, Rules, judge

FIXTURES = Path(__file__).parent / "fixtures"
CASES = [
    pytest.param(case, wanted, *pair, id=f"{file.stem}-{case['name']}-{json.dumps(pair)}"[:120])
    for file in sorted(FIXTURES.glob("*.json"))
    for case in json.loads(file.read_text())
    for wanted in ("noise", "counts")
    for pair in case.get(wanted, ())
]


def answer(body):
    return Answer(200, (), orjson.dumps(body), "application/json")


@pytest.mark.parametrize(("case", "wanted", "before", "after"), CASES)
def test_noise_is_told_from_change(case, wanted, before, after):
    body = orjson.dumps(case["body"]) if "body" in case else b""
    sent = Call("POST", case.get("path", "/things"), case.get("query", ""), (), body)
    resent = Call("POST", case["now"], sent.query, (), body) if "now" in case else None
    for wrap in (lambda value: {case["name"]: value}, lambda value: [{"list": [{"x": 1, case["name"]: value}]}]):
        found = judge(answer(wrap(before)), answer(wrap(after)), sent=sent, resent=resent)
        assert (found.verdict == "same") is (wanted == "noise"), found.reasons or found.noise
        assert bool(found.difference.body) is (wanted == "counts")


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_kind_that_is_switched_off_counts(code):
    file = next(FIXTURES / name for name in (f"{code}.json", "numbers.json") if (FIXTURES / name).exists())
    pairs = [(case["name"], *pair) for case in json.loads(file.read_text()) for pair in case.get("noise", ())]
    only, without = Rules(kinds=frozenset({code})), Rules(kinds=frozenset(KINDS) - {code})
    mine = [
        (name, before, after)
        for name, before, after in pairs
        if judge(answer({name: before}), answer({name: after}), only).verdict == "same"
    ]
    assert mine
    judged = [judge(answer({name: before}), answer({name: after}), without).verdict for name, before, after in mine]
    assert "changed" in judged


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_explains_itself(kind):
    assert kind.title and kind.about.endswith(".") and "%" not in kind.about
