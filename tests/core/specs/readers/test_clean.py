"""What is read from any format is one repair away from an import in silence: no message, no operation lost."""

import pytest

from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.profile import enabled
from actionstudio.core.specs import openapi
from tests.core.specs.readers import kit, test_curl, test_har, test_json_sample, test_postman, test_swagger2

SOURCES = {
    "swagger2": test_swagger2.STORE,
    "postman": test_postman.SHOP,
    "har": test_har.SHOP,
    "curl": test_curl.CREATE,
    "json-sample": test_json_sample.SAMPLE,
}


@pytest.mark.parametrize("key", SOURCES)
def test_chatgpt_takes_it_without_a_word(key):
    contract = enabled(kit.read(SOURCES[key]).contract, None)
    served = openapi.render(contract, profile="gpt", servers=["https://shop.example"])
    imported = simulate_document(served, root="https://shop.example")
    assert imported.messages == ()
    assert len(imported.operations) == len(contract.operations)
