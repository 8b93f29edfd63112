"""Models for the pages of a filled studio: one's own, of which the last test failed, one that answered, everybody's."""

from django.utils import timezone

from actionstudio.apps.simulator.endpoints import defining
from actionstudio.apps.simulator.models import Endpoint


def fill(ann) -> int:
    """Adds them; the number of the one whose page is looked at."""
    cloud = {"base_url": "https://api.openai.com/v1", "model": "gpt-5-mini", "price_in": 0.25, "price_out": 2.0}
    own = defining.save(Endpoint(user=ann), {"name": "OpenAI, small", **cloud}, "sk-browser-tests-4f1c9e2b7a6d")
    home = {"name": "On my desk", "base_url": "http://127.0.0.1:11434/v1", "model": "qwen3:8b", "seconds": 300}
    desk = defining.save(Endpoint(user=ann), home)
    defining.save(Endpoint(), {"name": "The house's", **cloud, "protocol": "responses"}, "sk-browser-tests-shared-9a8b")
    fault = "Nothing answers at 127.0.0.1:11434. Is the server running, and is the port right?"
    Endpoint.objects.filter(pk=own.pk).update(tested=timezone.now())
    Endpoint.objects.filter(pk=desk.pk).update(tested=timezone.now(), fault=fault)
    return own.pk
