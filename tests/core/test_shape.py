"""Foreign JSON is looked at before it becomes a contract."""

import pytest

from actionstudio.core import codec
from actionstudio.core.contract import Contract
from actionstudio.core.shape import faults, misfits
from tests import make


def test_what_the_codec_wrote_fits():
    assert not list(misfits(Contract, codec.dump(make.contract())))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "/: must be an object"),
        ({"title": 5}, "/title: must be text"),
        ({"operations": {}}, "/operations: must be a list"),
        ({"operations": [{"method": "GET"}]}, "/operations/0/path: is missing"),
        ({"operations": [{"method": "GET", "path": "/", "deprecated": 1}]}, "/operations/0/deprecated: must be true"),
        ({"auth": {"kind": "magic"}}, "/auth/kind: must be one of: "),
        ({"auth": None}, "/auth: must be an object"),
        ({"upstreams": [{"name": "a", "headers": [["only"]]}]}, "/upstreams/0/headers/0: must be a list of 2 texts"),
        ({"extra": []}, "/extra: must be an object"),
        ({"security": [["a"]]}, "/security/0: must be an object"),
    ],
)
def test_what_does_not_fit_is_named(data, says):
    assert next(misfits(Contract, data)).message.startswith(says)


def test_a_strict_look_names_unknown_fields_too():
    data = {**codec.dump(make.contract()), "operatoins": []}
    assert {problem.pointer for problem in faults(Contract, data)} == {"/format", "/operatoins"}
    assert not list(misfits(Contract, data))
