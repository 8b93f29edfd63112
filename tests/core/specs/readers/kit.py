"""What every reader's tests need: the written document, valid and stable; and inputs bent out of shape."""

import copy
import json

from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from actionstudio.core import keepable
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import READERS, Report, Wanted, detected
from actionstudio.core.specs.readers import openapi as openapi_reader


def read(source, key: str = "", origin: str = "") -> Report:
    """What the reader that knows ``source`` says of it."""
    return READERS[key or detected(source)].read(source, origin)


def written(report: Report) -> dict:
    """The document that the contract makes: valid, and read again it makes the same document."""
    document = openapi.render(report.contract)
    OpenAPIV31SpecValidator(document).validate()
    again = openapi_reader.read(json.loads(openapi.to_json(document))).contract
    assert openapi.render(again) == document
    return document


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def at(report: Report, code: str) -> list[str]:
    """Where the problems of that code are."""
    return [problem.pointer for problem in report.problems if problem.code == code]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    st.sampled_from([
        [], {}, [[]], {"": None}, {"$ref": "#/definitions/Pet"}, {"$ref": 5}, {"key": 1, "value": {}}, "{{x}}",
        {"in": "body"}, {"type": "array"}, {"name": "a", "value": 1}, "//", "http://[", "https://a.example:99999/",
        "https://a.example/%00?a=%00", '{"a": "\\u0000"}',
    ]),
)  # fmt: skip


@st.composite
def bent(draw, source):
    """``source`` with a few of its values replaced by something that does not belong there."""
    out = copy.deepcopy(source)
    for _ in range(draw(st.integers(1, 5))):
        ways = [way for way in _ways(out) if way]
        if not ways:
            break
        way = draw(st.sampled_from(ways))
        node = out
        for step in way[:-1]:
            node = node[step]
        node[way[-1]] = copy.deepcopy(draw(JUNK))  # a shared list would come to hold itself, and outlive the example
    return out


def _ways(node, way=()):
    yield way
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in inner:
        yield from _ways(child, (*way, step))


def survives(key: str, source) -> None:
    """The reader refuses ``source`` with a reason, or reads it to something that can be written."""
    try:
        report = READERS[key].read(source, "https://a.example/x")
    except Refused as refused:
        assert refused.problems
        assert all(len(problem.message) > 20 for problem in refused.problems)
        return
    if isinstance(report, Wanted):
        return
    assert report.operations_kept == len(report.contract.operations) <= report.operations_in
    document = openapi.render(report.contract)
    assert not keepable.faults(document)
    openapi.to_yaml(document)
