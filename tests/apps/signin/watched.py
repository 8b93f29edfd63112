"""A sign-in as the log holds it: rows with the notes of their legs."""

import time

from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth.models import EndUser, SignIn
from tests import make

KEY = "a1b2c3d4e5f6a7b8c9d0"
CALLBACK = "https://chatgpt.com/aip/g-4hJ2k/oauth/callback"
TWIN = "https://chat.openai.com/aip/g-4hJ2k/oauth/callback"
AUTHORIZE = {"client_id": "asc_1", "redirect_uri": CALLBACK}


def client(project, **fields):
    """A GPT's client that knows one of ChatGPT's hosts."""
    return registering.register(project, "gpt", name="Acme GPT", redirect_uris=[TWIN], **fields)


def run(project, client=None, key=KEY, **fields):
    user = EndUser.objects.filter(project=project).first() or EndUser.objects.create(project=project, username="mina")
    fields.setdefault("who", "chatgpt")
    return SignIn.objects.create(project=project, key=key, client=client, user=user, **fields)


def leg(name, outcome="ok", code="", **facts):
    return {"leg": name, "outcome": outcome, "code": code, **facts}


class Log:
    """Writes the rows of a run, one second apart."""

    def __init__(self, project, key=KEY):
        self.project, self.key, self.at = project, key, int(time.time() * 1000) - 60_000

    def row(self, method, path, status, *legs, kind="oauth", **fields):
        self.at += 1000
        notes = {**legs[-1], "legs": list(legs)} if legs else {}
        decisions = {"route": "r", "response": str(status), **({"oauth": notes} if kind == "oauth" else {})}
        return make.exchange(
            self.project, method, path, status, at=self.at, kind=kind, sign_in=self.key, decisions=decisions, **fields
        )

    def until_code(self):
        """Everything up to the code that goes to the callback."""
        self.row("GET", "/oauth/authorize", 302, leg("authorize", "waiting", **AUTHORIZE))
        self.row("GET", "/oauth/login", 200, leg("login", "waiting"))
        self.row("POST", "/oauth/login", 303, leg("signed-in"))
        self.row("GET", "/oauth/authorize", 200, leg("authorize", "waiting"), leg("consent", "waiting"))
        where = [["location", f"{CALLBACK}?code=••••abcd (48 characters)&state=s"]]
        told = leg("allowed", scopes=["orders:read"]), leg("callback", "waiting", host="chatgpt.com")
        self.row("POST", "/oauth/authorize", 303, *told, response_headers=where)

    def token(self):
        """The token request and its answer."""
        said = {"access_token": "••••abcd (48 characters)", "expires_in": 3600}
        self.row("POST", "/oauth/token", 200, leg("token"), leg("answer", expires_in=3600), response_body=said)

    def mismatch(self):
        """A token request with another callback than the sign-in began with."""
        facts = {"sent": CALLBACK, "registered": TWIN, "client_id": "asc_1"}
        said = {"error": "invalid_grant"}
        self.row("POST", "/oauth/token", 400, leg("token", "failed", "redirect_mismatch", **facts), response_body=said)

    def call(self, status=200, auth="ok"):
        self.row("GET", "/items", status, kind="mock", auth=auth, operation_id="getItems")
