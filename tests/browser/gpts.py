"""Simulated GPTs for the pages of a filled studio: one that is shared, with an action of each kind."""

from django.utils import timezone

from actionstudio.apps.simulator import dialog, keeping, setting
from actionstudio.apps.simulator.models import Action, Grant
from tests.apps.simulator.test_actions import spec


def fill(project, by) -> dict[str, str]:
    """What the addresses of the GPT's pages are made of."""
    told = {"name": "Acme helper", "instructions": "Be brief.", "starters": ["Where is my order?"], "public": True}
    gpt = setting.make(project, told)
    copied = Action(gpt=gpt, position=1, url="https://pets.example.com/openapi.json", document=spec())
    copied.fetched, copied.auth = timezone.now(), dialog.key(dialog.BASIC)
    copied.changes = [
        {"kind": "added", "name": "listPets", "parts": []},
        {"kind": "changed", "name": "addPet", "parts": ["words", "arguments"]},
        {"kind": "removed", "name": "killPet", "parts": []},
    ]
    keeping.put_secrets(copied, {keeping.KEY: "a-key-of-somebody"})
    copied.save()
    twin = Action(gpt=gpt, position=2, url="https://pets.example.com/v2.json", document=spec(), fetched=timezone.now())
    twin.auth = dialog.oauth("https://id.example.com/a", "https://id.example.com/t", "read", client_id="acme")
    twin.save()
    Grant.objects.create(action=twin, user=by, state=Grant.State.FAILED, fault="Denied: access_denied")
    return {"gpt": gpt.key, "action_own": gpt.actions.first().key, "action_copy": copied.key, "action_oauth": twin.key}
