"""A provider that is not ours: oauthlib's server behind Python's own HTTP server, on loopback, with faults.

It signs everybody in as mina without asking, so that a test needs no browser.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from oauthlib.oauth2 import RequestValidator, WebApplicationServer
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

FORM = "application/x-www-form-urlencoded"


class Elsewhere:
    """``with Elsewhere(redirect_uri) as other:`` — ``other.url`` is the issuer. ``faults`` may change meanwhile.

    Faults: html, text, kind, error500, redirect, no_expires, expires_text, no_refresh, no_type, no_token, basic_only,
    post_only, json_only, form_only, pkce, state, no_state, iss, no_iss, reuse, downgrade, plain, no_rotation,
    loose_redirect, cacheable, query_token, open_introspection, implicit, no_s256, issuer, no_register, dead, deny,
    open_redirect, framed, password, any_secret, any_redirect, refresh_reuse, keeps_tokens, login, nul.
    """

    def __init__(self, *redirect_uris: str) -> None:
        self.redirect_uris = list(redirect_uris)
        self.client_id, self.client_secret = "acme-client", "acme-secret-0123456789"
        self.clients = {self.client_id: (self.client_secret, self.redirect_uris)}
        self.faults: set[str] = set()
        self.codes: dict[str, SimpleNamespace] = {}
        self.access: dict[str, str] = {}
        self.fresh: dict[str, str] = {}
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.server = WebApplicationServer(Rules(self), token_expires_in=3600)
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.other = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Elsewhere:
        self.thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)

    def has(self, fault: str) -> bool:
        return fault in self.faults

    def asked(self, path: str) -> list[tuple[str, str, dict[str, str], bytes]]:
        """The requests to a path so far."""
        return [one for one in self.seen if urlsplit(one[1]).path == path]


class Rules(RequestValidator):
    """What oauthlib asks: clients, codes and tokens in dictionaries."""

    def __init__(self, other: Elsewhere) -> None:
        super().__init__()
        self.other = other

    def validate_client_id(self, client_id, request, *args, **kwargs):
        request.client = SimpleNamespace(client_id=client_id)
        return client_id in self.other.clients

    def validate_redirect_uri(self, client_id, redirect_uri, request, *args, **kwargs):
        known = self.other.clients[client_id][1]
        if self.other.has("loose_redirect"):
            return any(redirect_uri.startswith(uri.rpartition("/")[0]) for uri in known)
        return redirect_uri in known

    def get_default_redirect_uri(self, client_id, request, *args, **kwargs):
        return self.other.clients[client_id][1][0]

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        return {one for one in scopes if one} <= {"read", "write", "offline_access"}

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        return ["read"]

    def validate_response_type(self, client_id, response_type, client, request, *args, **kwargs):
        return response_type == "code"

    def is_pkce_required(self, client_id, request):
        return self.other.has("pkce")

    def get_code_challenge(self, code, request):
        return self.other.codes[code].challenge

    def get_code_challenge_method(self, code, request):
        return self.other.codes[code].challenge_method

    def save_authorization_code(self, client_id, code, request, *args, **kwargs):
        self.other.codes[code["code"]] = SimpleNamespace(
            client_id=client_id,
            redirect_uri=request.redirect_uri,
            scopes=request.scopes,
            challenge=request.code_challenge,
            challenge_method=request.code_challenge_method,
            used=False,
        )

    def client_authentication_required(self, request, *args, **kwargs):
        return bool(self.other.clients.get(request.client_id or "", ("x", []))[0])

    def authenticate_client(self, request, *args, **kwargs):
        header = request.headers.get("Authorization", "")
        client_id, secret = request.client_id, request.client_secret
        if header.startswith("Basic ") and not self.other.has("post_only"):
            client_id, _colon, secret = base64.b64decode(header[6:]).decode().partition(":")
        elif self.other.has("basic_only"):
            return False
        request.client = SimpleNamespace(client_id=client_id)
        known = self.other.clients.get(client_id or "")
        return bool(known) and bool(known[0]) and (known[0] == secret or self.other.has("any_secret"))

    def authenticate_client_id(self, client_id, request, *args, **kwargs):
        request.client = SimpleNamespace(client_id=client_id)
        return client_id in self.other.clients and not self.other.clients[client_id][0]

    def validate_code(self, client_id, code, client, request, *args, **kwargs):
        kept = self.other.codes.get(code)
        if kept is not None and kept.used and not self.other.has("keeps_tokens"):
            self.other.access.clear()
        if kept is None or kept.client_id != client_id or (kept.used and not self.other.has("reuse")):
            return False
        request.scopes, request.user = kept.scopes, "mina"
        return not (request.code_verifier and not kept.challenge and not self.other.has("downgrade"))

    def confirm_redirect_uri(self, client_id, code, redirect_uri, client, request, *args, **kwargs):
        return self.other.codes[code].redirect_uri == redirect_uri or self.other.has("any_redirect")

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs):
        return grant_type in ("authorization_code", "refresh_token")

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs):
        self.other.codes[code].used = True

    def save_bearer_token(self, token, request, *args, **kwargs):
        self.other.access[token["access_token"]] = token.get("scope", "")
        if "refresh_token" in token:
            self.other.fresh[token["refresh_token"]] = token.get("scope", "")

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        return refresh_token in self.other.fresh

    def get_original_scopes(self, refresh_token, request, *args, **kwargs):
        return self.other.fresh[refresh_token].split()

    def rotate_refresh_token(self, request):
        if not self.other.faults & {"no_rotation", "refresh_reuse"}:
            self.other.fresh.pop(request.refresh_token, None)
        return not self.other.has("no_rotation")

    def revoke_token(self, token, token_type_hint, request, *args, **kwargs):
        self.other.access.clear()
        self.other.fresh.pop(token, None)

    def validate_bearer_token(self, token, scopes, request):
        return token in self.other.access


class Handler(BaseHTTPRequestHandler):
    """The paths of the provider, and a small API beside it."""

    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, *args: Any) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.other: Elsewhere = self.server.other
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.other.seen.append((self.command, self.path, dict(self.headers.items()), body))
        path = urlsplit(self.path).path
        if self.other.has("dead"):
            self.close_connection = True
            self.connection.close()
            return
        known = {
            "/authorize": self._authorize, "/token": self._token, "/revoke": self._revoke, "/api": self._api,
            "/register": self._register, "/introspect": self._introspect,
            "/.well-known/oauth-authorization-server": self._metadata,
            "/.well-known/oauth-protected-resource/api": self._resource,
        }  # fmt: skip
        deed = known.get(path)
        if deed is None:
            self._json(404, {"error": "not_found"})
        else:
            deed(body)

    def _authorize(self, body: bytes) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if query.get("code_challenge_method") == "plain" and not self.other.has("plain"):
            self._back(query, {"error": "invalid_request", "error_description": "Use S256"})
            return
        page = [("Content-Type", "text/html")]
        if not self.other.has("framed"):
            page.append(("Content-Security-Policy", "frame-ancestors 'none'"))
        if self.other.has("open_redirect") and query.get("client_id") not in self.other.clients:
            self._answer(302, [("Location", query.get("redirect_uri", ""))], b"")
            return
        if self.other.has("login"):
            self._answer(200, page, b"<!doctype html><h1>Sign in</h1>")
            return
        if query.get("response_type") == "token" and self.other.has("implicit"):
            self._answer(302, [("Location", f"{query.get('redirect_uri')}#access_token=implicit-token-1")], b"")
            return
        try:
            scopes, facts = self.other.server.validate_authorization_request(self._url(), "GET", None, self._heads())
            if self.other.has("deny"):
                self._back(query, {"error": "access_denied"})
                return
            facts["user"] = "mina"
            heads, _body, status = self.other.server.create_authorization_response(
                self._url(), "GET", None, self._heads(), scopes, facts
            )
            self._answer(status, [("Location", self._bent(heads["Location"]))], b"")
        except FatalClientError as error:
            self._answer(400, page, f"<!doctype html><h1>{error.error}</h1>".encode())
        except OAuth2Error as error:
            self._back(query, dict(error.twotuples))

    def _back(self, query: dict[str, str], more: dict[str, str]) -> None:
        known = self.other.clients.get(query.get("client_id", ""), ("", []))[1]
        if query.get("redirect_uri") not in known:
            self._answer(400, [("Content-Type", "text/html")], b"<h1>no</h1>")
            return
        told = {**more, "state": query.get("state", "")}
        self._answer(302, [("Location", self._bent(f"{query['redirect_uri']}?{urlencode(told)}"))], b"")

    def _bent(self, where: str) -> str:
        """The way back with the faults that are on."""
        head, _mark, query = where.partition("?")
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        if self.other.has("state"):
            pairs["state"] = pairs.get("state", "")[:20]
        if self.other.has("no_state"):
            pairs.pop("state", None)
        if not self.other.has("no_iss"):
            pairs["iss"] = "https://evil.test" if self.other.has("iss") else self.other.url
        return f"{head}?{urlencode(pairs)}"

    def _token(self, body: bytes) -> None:
        other = self.other
        kind = self.headers.get("content-type", "")
        for fault, answer in (
            ("html", (200, [("Content-Type", "text/html")], b"<!doctype html><h1>Sign in</h1>")),
            ("error500", (500, [("Content-Type", "text/plain")], b"oops")),
            ("redirect", (301, [("Location", "/elsewhere")], b"")),
            ("text", (200, [("Content-Type", FORM)], b"access_token=abc&token_type=bearer")),
        ):
            if other.has(fault):
                self._answer(*answer)
                return
        if (other.has("json_only") and "json" not in kind) or (other.has("form_only") and "json" in kind):
            self._json(400, {"error": "invalid_request", "error_description": "cannot read this body"})
            return
        if "json" in kind:
            body = urlencode(json.loads(body)).encode()
        if other.has("password") and b"grant_type=password" in body:
            self._json(400, {"error": "invalid_grant"})
            return
        if other.has("nul"):
            self._json(400, {"error": "odd\0", "error_description": "\0\0"})
            return
        heads = {**self._heads(), "Content-Type": FORM}
        heads, text, status = other.server.create_token_response(self._url(), "POST", body.decode(), heads)
        value = json.loads(text)
        for fault, name in (("no_expires", "expires_in"), ("no_refresh", "refresh_token"), ("no_type", "token_type")):
            if other.has(fault):
                value.pop(name, None)
        if other.has("no_token"):
            value = {"data": value}
        if other.has("expires_text"):
            value["expires_in"] = str(value.get("expires_in"))
        kind = "text/html" if other.has("kind") else "application/json"
        more = [] if other.has("cacheable") else [("Cache-Control", "no-store")]
        self._answer(status, [("Content-Type", kind), *more], json.dumps(value).encode())

    def _revoke(self, body: bytes) -> None:
        heads, text, status = self.other.server.create_revocation_response(
            self._url(), "POST", body.decode(), self._heads()
        )
        self._answer(status, list(heads.items()), (text or "").encode())

    def _introspect(self, body: bytes) -> None:
        if self.other.has("open_introspection"):
            self._json(200, {"active": False})
        else:
            self._json(401, {"error": "invalid_client"})

    def _register(self, body: bytes) -> None:
        if self.other.has("no_register"):
            self._json(403, {"error": "access_denied", "error_description": "Registration is by invitation"})
            return
        asked = json.loads(body)
        client_id = f"dyn-{secrets.token_hex(4)}"
        secret = "" if asked.get("token_endpoint_auth_method") == "none" else secrets.token_hex(16)
        self.other.clients[client_id] = (secret, asked["redirect_uris"])
        self._json(201, {"client_id": client_id, **({"client_secret": secret} if secret else {})})

    def _metadata(self, body: bytes) -> None:
        url = self.other.url
        self._json(
            200,
            {
                "issuer": url + ("/other" if self.other.has("issuer") else ""),
                "authorization_endpoint": f"{url}/authorize",
                "token_endpoint": f"{url}/token",
                "registration_endpoint": f"{url}/register",
                "revocation_endpoint": f"{url}/revoke",
                "introspection_endpoint": f"{url}/introspect",
                "response_types_supported": ["code"] + (["token"] if self.other.has("implicit") else []),
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
                "authorization_response_iss_parameter_supported": True,
            }
            | ({} if self.other.has("no_s256") else {"code_challenge_methods_supported": ["S256"]}),
        )

    def _resource(self, body: bytes) -> None:
        url = self.other.url
        value = {"resource": f"{url}/api", "authorization_servers": [url], "scopes_supported": ["read"]}
        self._json(200, value)

    def _api(self, body: bytes) -> None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        query = dict(parse_qsl(urlsplit(self.path).query))
        if self.other.has("query_token"):
            token = token or query.get("access_token", "")
        if token in self.other.access:
            self._json(200, {"ok": True})
            return
        where = f"{self.other.url}/.well-known/oauth-protected-resource/api"
        challenge = ("WWW-Authenticate", f'Bearer resource_metadata="{where}", scope="read"')
        self._answer(401, [("Content-Type", "application/json"), challenge], b'{"error": "unauthorized"}')

    def _url(self) -> str:
        return f"https://elsewhere.test{self.path}"  # oauthlib wants https

    def _heads(self) -> dict[str, str]:
        return {name.title() if name.islower() else name: value for name, value in self.headers.items()}

    def _json(self, status: int, value: Any) -> None:
        self._answer(status, [("Content-Type", "application/json")], json.dumps(value).encode())

    def _answer(self, status: int, heads: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in heads:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
