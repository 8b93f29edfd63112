"""What a check may ask of the provider under test: a bounded number of requests, each remembered."""

from __future__ import annotations

import secrets
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

from actionstudio.apps.signin import allowing, legs
from actionstudio.apps.signin.asking import Asking
from actionstudio.apps.signin.finding import listed, metadata_urls
from actionstudio.apps.signin.runs import SAFE, Run
from actionstudio.apps.signin.wire import Heard

MOST = 60  # requests of one review
SECONDS = 10.0
SPENT = Heard(refused="budget", detail="no more requests")


class Look:
    """The provider of one run, under test. ``run`` tells who the client is, and holds what its sign-in brought."""

    def __init__(self, run: Run) -> None:
        self.run, self.setup, self.held = run, run.setup, run.held
        self.asking = Asking(run)
        self.state = secrets.token_urlsafe(24)
        self.asked = 0
        self.asks: set[tuple[str, str]] = set()  # client and state of every authorization request
        self._known: dict[tuple, Heard] = {}

    def get(self, url: str, headers: tuple[tuple[str, str], ...] = (("Accept", "*/*"),)) -> Heard:
        """One GET, without credentials unless ``headers`` hold some."""
        key = ("GET", url, headers)
        if key not in self._known:
            self._known[key] = self._send("GET", url, headers)
        return self._known[key]

    def post(self, url: str, params: dict[str, str], headers: tuple[tuple[str, str], ...] = ()) -> Heard:
        """One form, never remembered: a second one may be answered otherwise."""
        kind = ("Content-Type", "application/x-www-form-urlencoded")
        return self._send("POST", url, (("Accept", "application/json"), kind, *headers), urlencode(params).encode())

    def authorize(self, **changes: str | None) -> Heard:
        """The authorization request with changes; None leaves a parameter out."""
        values = self.run.values() | {"state": self.state}
        told = {name: values[name] for name in self.run.profile.authorize if values.get(name)}
        told |= {name: value for name, value in changes.items() if value is not None}
        told = {name: value for name, value in told.items() if changes.get(name, "") is not None}
        self.asks.add((told.get("client_id", ""), told.get("state", "")))
        mark = "&" if "?" in self.setup.authorization_url else "?"
        return self.get(f"{self.setup.authorization_url}{mark}{urlencode(told)}")

    def back(self, heard: Heard, uri: str = "") -> dict[str, str] | None:
        """The parameters with which an answer sends the browser to ``uri`` (the callback); None when it does not."""
        where = heard.header("location")
        if not 300 <= heard.status < 400 or where.partition("?")[0].partition("#")[0] != (uri or self.callback):
            return None
        parts = urlsplit(where)
        return {name: values[0] for name, values in parse_qs(f"{parts.query}&{parts.fragment}").items()}

    @property
    def callback(self) -> str:
        return self.setup.redirect_uri.partition("?")[0]

    @cached_property
    def usual(self) -> Heard:
        """The answer to the request as the client sends it, from a browser in which nobody is signed in."""
        return self.authorize()

    @property
    def login_first(self) -> bool:
        """Whether the provider asks people to sign in before it decides: then a GET alone does not tell much."""
        return self.back(self.usual) is None

    def fresh_code(self, **changes: str | None) -> str:
        """A code, where the provider gives one without asking anybody, or is the project's own and would go on to ask;
        else ""."""
        heard = self.authorize(state=f"{self.state}.{secrets.token_urlsafe(4)}", **changes)
        back = self.back(heard)
        if back is None and not heard.refused and heard.status < 400:
            told = self.run.values() if self.run.profile.pkce else {}
            return allowing.code(self.run, changes.get("code_challenge", told.get("code_challenge")) or "")
        return (back or {}).get("code", "")

    def refuses(self, heard: Heard) -> bool:
        """Whether an authorization request was refused, there or by what it sends back."""
        return heard.status >= 400 or "error" in (self.back(heard) or {})

    def token(self, **params: str) -> Heard:
        """A request to the token endpoint with the client's own credentials, and these parameters beside them."""
        profile, method = self.run.profile, self.setup.method
        values = dict.fromkeys(self.run.values(), "") | self._credentials() | params
        names = tuple(dict.fromkeys(("grant_type", "client_id", "client_secret", *params)))
        kind = self.asking.content_type
        headers = profile.sent(values, method, kind)
        return self._send("POST", self.setup.token_url, tuple(headers), profile.body(names, values, method, kind))

    def redeem(self, code: str, **params: str) -> Heard:
        """A code for a token, as the client does it unless ``params`` say otherwise."""
        usual = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.setup.redirect_uri}
        if self.run.profile.pkce:
            usual["code_verifier"] = self.held.get("verifier", "")
        return self.token(**{name: value for name, value in (usual | params).items() if value})

    def call(self, token: str, in_query: bool = False) -> Heard | None:
        """The API with a token, in the header or in the query; None when nothing was chosen to be called that changes
        nothing."""
        made = self.asking.called()
        if made is None or made[0] not in SAFE:
            return None
        method, url, headers, body = made
        if in_query:
            url += ("&" if "?" in url else "?") + urlencode({"access_token": token})
        else:
            headers = [*headers, ("Authorization", f"Bearer {token}")]
        return self._send(method, url, tuple(headers), body)

    @cached_property
    def metadata(self) -> dict | None:
        """The provider's metadata from the first of its usual places, None when it has none."""
        parts = urlsplit(self.setup.authorization_url)
        for url in metadata_urls(self.setup.issuer or f"{parts.scheme}://{parts.netloc}"):
            heard = self.get(url)
            value = heard.json
            if heard.status == 200 and value and "issuer" in value:
                return value
        return None

    def listed(self, name: str) -> list[str]:
        """What a member of the metadata lists."""
        return listed(self.metadata or {}, name)

    def leg(self, kind: str) -> legs.Leg | None:
        """The last leg of that kind of the run's own sign-in."""
        return next((one for one in reversed(self.run.row.legs) if one["kind"] == kind and one["response"]), None)

    @property
    def public(self) -> bool:
        return self.setup.method == "none"

    def _credentials(self) -> dict[str, str]:
        return {"client_id": self.setup.client_id, "client_secret": self.held.get("secret", "")}

    def _send(self, method: str, url: str, headers: tuple[tuple[str, str], ...], body: bytes = b"") -> Heard:
        if self.asked >= MOST:
            return SPENT
        self.asked += 1
        return self.asking.wire.send(method, url, headers, body, SECONDS)
