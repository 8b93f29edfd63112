"""A strict plugin of 2023 that is not ours: Python's own HTTP server on loopback, with what a test says that it serves.

It refuses what ChatGPT did not send: other headers, a missing credential, bodies that are no JSON.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

NEEDED = {
    "user-agent", "accept", "accept-encoding", "openai-conversation-id", "openai-ephemeral-user-id",
    "openai-subdivision-1-iso-code",
}  # fmt: skip
ALLOWED = NEEDED | {"host", "content-type", "content-length", "authorization"}


class Plugin:
    """``with Plugin() as other:`` — ``other.domain`` is what to find. ``manifest`` and ``document`` may change
    meanwhile; ``moved`` is where a path redirects to; ``key`` is the credential that calls must carry."""

    def __init__(self) -> None:
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.other = self  # type: ignore[attr-defined]
        self.domain = f"127.0.0.1:{self.http.server_port}"
        self.url = f"http://{self.domain}"
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.moved: dict[str, str] = {}
        self.key = ""
        self.manifest: Any = {
            "schema_version": "v1",
            "name_for_human": "To-do list",
            "name_for_model": "todo",
            "description_for_human": "Keeps what you have to do.",
            "description_for_model": "Plugin for managing a to-do list.",
            "auth": {"type": "none"},
            "api": {"type": "openapi", "url": f"{self.url}/openapi.json"},
            "logo_url": f"{self.url}/logo.png",
            "contact_email": "ann@example.com",
            "legal_info_url": f"{self.url}/legal",
        }
        self.document: Any = {
            "openapi": "3.0.1",
            "info": {"title": "To-do", "version": "v1"},
            "servers": [{"url": self.url}],
            "paths": {"/todos": {"get": operation("listTodos"), "post": operation("addTodo", body=True)}},
        }
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Plugin:
        self.thread.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)

    def asked(self, path: str) -> list[tuple[str, str, dict[str, str], bytes]]:
        """The requests to a path so far."""
        return [one for one in self.seen if urlsplit(one[1]).path == path]


def operation(name: str, body: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"operationId": name, "summary": "Does it.", "responses": {"200": {"description": "OK"}}}
    if body:
        schema = {"type": "object", "required": ["todo"], "properties": {"todo": {"type": "string"}}}
        found["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return found


class Handler(BaseHTTPRequestHandler):
    """Serves the two documents, and ``/todos`` for whom it takes for ChatGPT."""

    def do_GET(self) -> None:
        other: Plugin = self.server.other  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        heads = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(heads.get("content-length", "0")))
        other.seen.append((self.command, self.path, heads, body))
        if path in other.moved:
            self._say(302, "", ("Location", other.moved[path]))
        elif path in ("/.well-known/ai-plugin.json", "/elsewhere.json"):
            self._say(200 if other.manifest is not None else 404, other.manifest)
        elif path == "/openapi.json":
            self._say(200 if other.document is not None else 404, other.document)
        elif path == "/todos":
            self._say(*self._todos(other, heads, body))
        else:
            self._say(404, {"error": "not found"})

    do_POST = do_GET

    def _todos(self, other: Plugin, heads: dict[str, str], body: bytes) -> tuple[int, Any]:
        strange = sorted((NEEDED - set(heads)) | (set(heads) - ALLOWED))
        if strange:
            return 400, {"strange": strange}
        if heads.get("authorization", "") != other.key:
            return 401, {"error": "unauthorized"}
        if self.command == "POST":
            return 200, {"added": json.loads(body)["todo"]}
        return 200, {"todos": ["milk"]}

    def _say(self, status: int, value: Any, *heads: tuple[str, str]) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in (("Content-Type", "application/json"), ("Content-Length", str(len(data))), *heads):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""
