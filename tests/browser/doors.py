"""What a filled studio needs besides so that people sign in on one of its addresses, and how they do it."""

from urllib.parse import urlencode

SLUG = "sign-in"
CALLBACK = "https://chatgpt.com/aip/g-" + "fedcba98" * 5 + "/oauth/callback"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
PASSWORD = "correct horse battery"
MADE = f"""
import json
from actionstudio.apps.oauth import people, registering
from actionstudio.apps.oauth.models import Client, Consent, Provider
from actionstudio.apps.projects.models import Project

project = Project.objects.get(slug={SLUG!r})
Provider.objects.filter(project=project).update(signup=True, development=True)
app = project.clients.get(name="Acme Support GPT")
local = registering.register(project, Client.Preset.MCP, name="Desk Assistant", redirect_uris=["http://127.0.0.1/back"])
strange = registering.register(project, Client.Preset.OTHER, name="Order Watch", redirect_uris=["https://watch.test/back"])
Client.objects.filter(pk=strange.pk).update(registration_source="dcr")
for name in ("ada", "ben", "cleo", "dave"):
    people.make(project, name, name=name.title(), email=f"{{name}}@acme.test", password={PASSWORD!r})
half = project.end_users.get(username="ada")
Consent.objects.create(user=half, client=app, scopes=["orders:read"], hosts=["chatgpt.com"])
print(json.dumps({{"app": app.client_id, "local": local.client_id, "strange": strange.client_id}}))
"""


def query(client_id: str, redirect_uri: str = CALLBACK, scope: str = "orders:read orders:write", **other: str) -> str:
    """The query of an authorize request."""
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "scope": scope}
    return urlencode({**asked, "state": "s-1", **other})


def sign_in(page, base: str, username: str, then: str = "/oauth/login") -> None:
    """Signs in on the address, as people do."""
    page.goto(base + then)
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
