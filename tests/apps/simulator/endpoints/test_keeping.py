"""Keys of models: sealed for one server, sealed anew with a new encryption key, and nowhere else in the studio."""

import logging
import re

import pytest
from django.apps import apps
from django.core.management import call_command

from actionstudio.apps.publishing import sealing
from actionstudio.apps.simulator.endpoints import defining, keeping, testing
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.provider import ProviderError
from tests import make, openai_server
from tests.openai_server import KEY

pytestmark = pytest.mark.django_db
SAID = {"name": "Mine", "base_url": "https://api.example.com/v1", "model": "gpt-test"}


def endpoint(ann, **said) -> Endpoint:
    return defining.save(Endpoint(user=ann), SAID | said, KEY)


def test_each_protocol_has_its_dialect():
    assert set(table.DIALECTS) == set(Endpoint.Protocol.values)


def test_a_key_opens_for_its_own_row_and_server_alone(ann, eve):
    mine, other = endpoint(ann), endpoint(eve, name="Other")
    other.sealed = mine.sealed
    with pytest.raises(ProviderError, match="cannot be opened") as failed:
        table.remote(other)
    assert failed.value.code == "key"


def test_a_new_encryption_key_takes_the_keys_over(ann, settings):
    row = endpoint(ann)
    old = settings.STUDIO_ENCRYPTION_KEYS
    settings.STUDIO_ENCRYPTION_KEYS = ["brand new", *old]
    assert keeping.reseal in sealing.RESEALERS
    call_command("studio_reseal")
    settings.STUDIO_ENCRYPTION_KEYS = ["brand new"]
    row.refresh_from_db()
    assert keeping.target(row).key == KEY
    settings.STUDIO_ENCRYPTION_KEYS = ["another"]
    assert keeping.reseal() == (0, 1)
    with pytest.raises(ProviderError, match="Type it again"):
        table.remote(row)


def test_of_a_short_key_no_end_is_shown(ann):
    assert defining.save(Endpoint(user=ann), SAID, "sk-12345").last4 == ""


def test_the_operators_server_may_be_private_and_anybody_elses_not(ann, settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS, settings.STUDIO_PUBLIC_URL = False, "https://studio.example"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:11434/v1"
    assert keeping.target(Endpoint(environment=True, name="House", model="m")).private
    assert not keeping.target(endpoint(ann, base_url="http://127.0.0.1:11434/v1")).private


def test_a_model_of_the_environment_that_is_gone_says_so(settings):
    with pytest.raises(ProviderError, match="OPENAI_API_KEY"):
        table.remote(Endpoint(environment=True, name="House", model="m"))


def test_the_key_stands_in_no_row_no_log_and_no_error(ann, settings, caplog):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    caplog.set_level(logging.DEBUG)
    project = make.project("items", ann)
    with openai_server.serving() as server:
        row = endpoint(ann, base_url=server.base_url)
        said = [testing.test(row)]
        server.turns = [openai_server.Turn(status=500, body=f"no {KEY} here".encode())]
        said += [testing.test(row), project]
    assert said[0].ok and not said[1].ok
    for model in apps.get_models():
        for kept in model._default_manager.all():
            texts = [bytes(value) if isinstance(value, memoryview) else value for value in vars(kept).values()]
            assert KEY not in repr(texts), model
    assert KEY not in caplog.text and KEY not in repr(said) and KEY not in repr(keeping.target(row))
    assert re.search(rb"^1", bytes(row.sealed)) and KEY.encode() not in bytes(row.sealed)
