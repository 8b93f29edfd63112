"""How an MCP client finds the provider: 401, the resource's metadata, the provider's metadata, and a client to be.

Sources: MCP "Authorization" (2025-11-25); RFC 9728 sections 3 and 5, RFC 8414 section 3, OpenID Connect Discovery 1.0
section 4, RFC 7591 section 3.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from actionstudio.apps.oauth.models import Client
from actionstudio.apps.signin import verdict
from actionstudio.apps.signin.asking import Asking
from actionstudio.apps.signin.profiles.profile import BASIC, NONE, POST
from actionstudio.apps.signin.runs import NAME
from actionstudio.apps.signin.verdict import Verdict
from actionstudio.apps.signin.wire import Heard

_POINTED = re.compile(r'resource_metadata="?([^",\s]+)')
_SCOPE = re.compile(r'\bscope="([^"]*)"')


class Finding:
    """The search of one run. ``search`` fills in the run's setup; it stops at the first leg that fails."""

    def __init__(self, asking: Asking) -> None:
        self.asking, self.run = asking, asking.run
        self.scope = ""

    def search(self) -> Verdict:
        """What came of it: failed when no client could sign in from here."""
        for step in (self._challenge, self._metadata, self._client):
            found = step()
            if found.failed:
                return found
        self.run.change(scope=self.run.setup.scope or self.scope)
        return Verdict()

    def _challenge(self) -> Verdict:
        """From a call without a token to the resource's metadata."""
        setup = self.run.setup
        if setup.server_url:
            headers = [*self.run.profile.headers[:1], ("Accept", "application/json, text/event-stream")]
            found, heard = self.asking.ask("challenge", "GET", setup.server_url, headers, judge=verdict.of_challenge)
            url = setup.server_url
        else:
            found, called = self.asking.call("challenge")
            made = self.asking.called()
            if called is None or made is None:
                return verdict.failed("nothing_to_call")
            heard, url = called, made[1]
        if found.failed:
            return found
        challenge = heard.header("www-authenticate")
        scope = _SCOPE.search(challenge)
        self.scope = scope[1] if scope else ""
        pointed = _POINTED.search(challenge)
        return self._resource(url.partition("?")[0], [pointed[1]] if pointed else resource_urls(url))

    def _resource(self, called: str, urls: list[str]) -> Verdict:
        found = verdict.failed("no_resource_metadata")
        for url in urls:
            found, heard = self._get("resource", url, lambda one: of_resource(one, called))
            value = heard.json or {}
            if found.code != "no_resource_metadata":
                break
        if found.failed:
            return found
        if not self.scope and isinstance(value.get("scopes_supported"), list):
            self.scope = " ".join(str(one) for one in value["scopes_supported"])
        self.run.change(resource=str(value["resource"]), issuer=str(value["authorization_servers"][0]))
        return found

    def _metadata(self) -> Verdict:
        """The provider's metadata at the first of its places that has any."""
        issuer = self.run.setup.issuer
        found = verdict.failed("no_metadata")
        for url in metadata_urls(issuer):
            found, heard = self._get("metadata", url, lambda one: of_metadata(one, issuer))
            if found.code != "no_metadata":
                break
        if found.failed:
            return found
        value = heard.json or {}
        self.run.change(
            authorization_url=str(value["authorization_endpoint"]),
            token_url=str(value["token_endpoint"]),
            registration_url=str(value.get("registration_endpoint") or ""),
            revocation_url=str(value.get("revocation_endpoint") or ""),
            promised=value.get("authorization_response_iss_parameter_supported") is True,
            method=self._method(value),
        )
        if self.run.setup.made and not self.run.setup.registration_url:
            self.run.remark("metadata", "registration_shut")
        return found

    def _method(self, value: dict) -> str:
        """How to send the credentials: as the metadata offers it, in the client's own order of preference."""
        offered = listed(value, "token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not self.run.held.get("secret") and (self.run.setup.client_id or "none" in offered):
            return NONE
        return POST if "client_secret_post" in offered else BASIC

    def _client(self) -> Verdict:
        """The client id from the form, or a registration."""
        setup = self.run.setup
        if setup.client_id:
            return Verdict()
        if not setup.registration_url:
            return verdict.failed("no_registration")
        method = {NONE: "none", POST: "client_secret_post", BASIC: "client_secret_basic"}[setup.method]
        wanted = {
            "client_name": NAME,
            "redirect_uris": [setup.redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": method,
        } | ({"scope": setup.scope or self.scope} if setup.scope or self.scope else {})
        headers = [*self.run.profile.headers, ("Content-Type", "application/json")]
        found, _heard = self.asking.ask(
            "register",
            "POST",
            setup.registration_url,
            headers,
            json.dumps(wanted).encode(),
            of_registration,
            self._registered,
        )
        return found

    def _registered(self, heard: Heard) -> None:
        value = heard.json or {}
        if heard.status in (200, 201) and isinstance(value.get("client_id"), str):
            self.run.change(client_id=value["client_id"])
            secret = value.get("client_secret")
            self.run.held["secret"] = secret if isinstance(secret, str) else ""
            ours = Client.objects.filter(project=self.run.row.project, client_id=value["client_id"]).first()
            self.run.change(client=ours.pk if ours else None)
            if not secret:
                self.run.change(method=NONE)

    def _get(self, kind: str, url: str, judge) -> tuple[Verdict, Heard]:
        return self.asking.ask(kind, "GET", url, list(self.run.profile.headers), judge=judge)


def listed(value: dict, name: str) -> list[str]:
    """What a member of metadata lists; nothing where it is no list."""
    found = value.get(name)
    return [str(one)[:200] for one in found[:100]] if isinstance(found, list) else []


def resource_urls(url: str) -> list[str]:
    """Where the metadata of a protected resource may stand: below the host with its path, then without."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-protected-resource"
    return list(dict.fromkeys([root + parts.path.rstrip("/"), root]))


def metadata_urls(issuer: str) -> list[str]:
    """Where a provider's metadata may stand, in the order in which clients look: inserted, then appended."""
    parts = urlsplit(issuer)
    root, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    urls = [f"{root}/.well-known/{name}{path}" for name in ("oauth-authorization-server", "openid-configuration")]
    return list(dict.fromkeys([*urls, f"{root}{path}/.well-known/openid-configuration"]))


def of_resource(heard: Heard, called: str) -> Verdict:
    """The metadata of a protected resource (RFC 9728, sections 3.2 and 3.3)."""
    if judged := verdict.unheard(heard):
        return judged
    value = heard.json or {}
    servers = value.get("authorization_servers")
    if (
        heard.status != 200
        or not isinstance(value.get("resource"), str)
        or not isinstance(servers, list)
        or not servers
    ):
        return verdict.failed("no_resource_metadata", status=heard.status, kind=heard.kind)
    resource = value["resource"].rstrip("/")
    if called != value["resource"] and not f"{called}/".startswith(f"{resource}/"):
        return verdict.failed("other_resource", came=value["resource"], expected=called)
    return Verdict()


def of_metadata(heard: Heard, issuer: str) -> Verdict:
    """A provider's metadata (RFC 8414, sections 2 and 3.3), as an MCP client takes it."""
    if judged := verdict.unheard(heard):
        return judged
    value = heard.json
    if heard.status != 200 or value is None or "issuer" not in value:
        return verdict.failed("no_metadata", status=heard.status, kind=heard.kind)
    if value["issuer"] != issuer:
        return verdict.failed("metadata_issuer", came=str(value["issuer"]), expected=issuer)
    wanted = ("authorization_endpoint", "token_endpoint")
    if not all(isinstance(value.get(name), str) and value[name].startswith(("http://", "https://")) for name in wanted):
        return verdict.failed("no_endpoints")
    if "S256" not in listed(value, "code_challenge_methods_supported"):
        return verdict.failed("no_s256")
    return Verdict()


def of_registration(heard: Heard) -> Verdict:
    """The answer to a registration (RFC 7591, section 3.2)."""
    if judged := verdict.unheard(heard):
        return judged
    value = heard.json or {}
    if heard.status not in (200, 201) or not isinstance(value.get("client_id"), str):
        error, said = verdict.said_of(value)
        return verdict.failed("register_refused", status=heard.status, error=error, said=said)
    return Verdict()
