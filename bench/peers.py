"""Other mock servers on the same small document, to measure beside ours: Prism, Mockoon CLI and WireMock, from npm.

They are installed once into ``.cache/peers`` (never committed). A peer that cannot be installed or started is left out,
and the report says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "peers"
PACKAGES = ("node@24", "@stoplight/prism-cli@5.16.0", "@mockoon/cli@9.9.0", "wiremock@3.13.2")

PET = {"id": 7, "name": "Rex", "tag": "dog"}
PET_SCHEMA = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer", "format": "int64"}, "name": {"type": "string"}, "tag": {"type": "string"}},
}
NEW_PET_SCHEMA = {
    "type": "object",
    "required": ["name", "price"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "tag": {"type": "string"},
        "price": {"type": "number", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
    },
}
NEW_PET = {"name": "Rex", "tag": "dog", "price": 12.5, "tags": ["small", "brown"]}
BAD_PET = {"tag": "dog", "price": "cheap"}


def document(server: str = "http://localhost") -> dict:
    """The document that every server under test gets: one plain GET, one validated POST, one guarded GET."""
    answer = {"description": "OK", "content": {"application/json": {"schema": PET_SCHEMA, "example": PET}}}
    body = {"required": True, "content": {"application/json": {"schema": NEW_PET_SCHEMA}}}
    pet_id = {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1.0.0"},
        "servers": [{"url": server}],
        "paths": {
            "/pets/{petId}": {
                "get": {
                    "operationId": "showPetById",
                    "parameters": [pet_id],
                    "responses": {"200": answer},
                }
            },
            "/pets": {"post": {"operationId": "createPet", "requestBody": body, "responses": {"201": answer}}},
            "/mine": {
                "get": {
                    "operationId": "listMine",
                    "security": [{"bearer": []}],
                    "responses": {"200": answer, "401": {"description": "Unauthorized"}},
                }
            },
        },
        "components": {"schemas": {}, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


@dataclass(frozen=True)
class Peer:
    """``command(folder, port)`` writes what the server reads into ``folder`` and says how to start it."""

    name: str
    validates: bool
    command: Callable[[Path, int], list[str]]


def install() -> str:
    """Installs the peers once. Returns why it could not, or ""."""
    if not shutil.which("npm"):
        return "npm is not installed"
    if (CACHE / "node_modules" / "wiremock").exists():
        return ""
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "package.json").write_text('{"private": true}')
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--force", *PACKAGES], cwd=CACHE, capture_output=True, text=True
    )
    return "" if done.returncode == 0 else done.stderr.strip()[-300:]


def _node() -> str:
    return str(CACHE / "node_modules" / ".bin" / "node")


def _prism(folder: Path, port: int) -> list[str]:
    path = folder / "prism.json"
    path.write_text(json.dumps(document()))
    script = CACHE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    return [_node(), str(script), "mock", "-h", "127.0.0.1", "-p", str(port), "-v", "silent", str(path)]


def _mockoon(folder: Path, port: int) -> list[str]:
    path = folder / "mockoon.json"
    path.write_text(json.dumps(document()))
    script = CACHE / "node_modules" / "@mockoon" / "cli" / "bin" / "run.js"
    return [
        *[_node(), str(script), "start", "--data", str(path), "--port", str(port), "--hostname", "127.0.0.1"],
        "--disable-log-to-file",
    ]


def _wiremock(folder: Path, port: int) -> list[str]:
    mappings = folder / "wiremock" / "mappings"
    mappings.mkdir(parents=True, exist_ok=True)
    ok = {"status": 200, "jsonBody": PET, "headers": {"Content-Type": "application/json"}}
    bearer = {"Authorization": {"matches": "Bearer .+"}}
    rules = {
        "get": {"request": {"method": "GET", "urlPathPattern": "/pets/[0-9]+"}, "response": ok},
        "post": {"request": {"method": "POST", "urlPath": "/pets"}, "response": {**ok, "status": 201}},
        "mine": {"request": {"method": "GET", "urlPath": "/mine", "headers": bearer}, "response": ok},
    }
    for name, rule in rules.items():
        (mappings / f"{name}.json").write_text(json.dumps(rule))
    jar = next((CACHE / "node_modules" / "wiremock" / "build").glob("*.jar"))
    return [
        *["java", "-jar", str(jar), "--bind-address", "127.0.0.1", "--port", str(port)],
        *["--root-dir", str(folder / "wiremock"), "--no-request-journal", "--disable-banner"],
        *["--async-response-enabled", "true", "--container-threads", "50"],
    ]


PEERS = (
    Peer("Prism 5.16 (quiet)", True, _prism),
    Peer("Mockoon CLI 9.9", False, _mockoon),
    Peer("WireMock 3.13 (no journal)", False, _wiremock),
)
