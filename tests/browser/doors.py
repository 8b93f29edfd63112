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


def shown(page, base, made):
    """Every page, one after the other: (name, the answer where there was one of its own)."""
    asked = query(made["app"])
    yield "login", page.goto(f"{base}/oauth/login?{asked}")
    yield "signup", page.goto(f"{base}/oauth/signup?{asked}")
    other = CALLBACK.replace("fedcba98", "0")
    yield "trouble", page.goto(f"{base}/oauth/authorize?{query(made['app'], other)}")
    yield "missing", page.goto(f"{base}/oauth/nothing")
    page.goto(f"{base}/oauth/login")
    page.get_by_label("Username or e-mail").fill("nobody")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    yield "login refused", None
    sign_in(page, base, "ada", f"/oauth/login?{asked}")
    page.get_by_role("button", name="Allow").wait_for()
    yield "consent", None
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    stranger = query(made["strange"], "https://watch.test/back", **pkce)
    yield "consent of a stranger", page.goto(f"{base}/oauth/authorize?{stranger}")
    yield "login of who is signed in", page.goto(f"{base}/oauth/login?{asked}")
    yield "connected", page.goto(f"{base}/connected")
    yield "logout", page.goto(f"{base}/oauth/logout")
