"""Foreign JSON is looked at before it becomes a contract."""

import pytest

from actionstudio.core import codec
from actionstudio.core.contract import Contract
from actionstudio.core.shape import misfits
from tests import make


def test_what_the_codec_wrote_fits():
    assert not list(misfits(Contract, codec.dump(make.contract())))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "/: must be an object"),
        ({"title": 5}, "/title: must be text"),
        ({"operations": {}}, "/operations: must be a list"),
        ({"operations": [{"method": "GET"}]}, "/operations/0: path is missing"),
        ({"operations": [{"method": "GET", "path": "/", "deprecated": 1}]}, "/operations/0/deprecated: must be true"),
        ({"auth": {"kind": "magic"}}, "/auth: unknown kind 'magic'"),
        ({"auth": None}, "/auth: unknown kind None"),
        ({"extra": []}, "/extra: must be an object"),
        ({"security": [["a"]]}, "/security/0: must be an object"),
    ],
)
def test_what_does_not_fit_is_named(data, says):
    assert next(misfits(Contract, data)).message.startswith(says)
