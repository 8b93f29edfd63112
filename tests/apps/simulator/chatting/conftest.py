"""A chat with two actions' worth of operations, and a model that does as it is told."""

import pytest

from actionstudio.apps.simulator.chatting import means, opening
from actionstudio.apps.simulator.models import Chat
from tests import make
from tests.apps.simulator.chatting.puppet import Puppet


@pytest.fixture
def chat(ann) -> Chat:
    """A chat of ann's with a GPT that can read items and make one."""
    project = make.project("items", ann, make.contract(make.operation(), make.operation("POST")))
    gpt = project.gpts.create(name="Items", instructions="Be brief.")
    gpt.actions.create(address=project.addresses.get())
    return opening.open(gpt, ann)


@pytest.fixture
def model(monkeypatch):
    """``model("text", [wish(…)], …)``: what the model answers from now on."""

    def puppet(*lines) -> Puppet:
        made = Puppet(*lines)
        monkeypatch.setattr(means, "provider", made)
        return made

    return puppet
