"""How long the simulation of ChatGPT's import takes for a document of one megabyte, parsing included.

    python bench/importer.py [rounds]

Three documents: one that imports in silence, one full of faults, and one that is all in its shared schemas.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from actionstudio.core.importer import simulate  # noqa: E402

GOAL = 300  # ms
SIZE = 1_000_000  # characters

type JSON = Any


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for name, took, messages in measured(rounds):
        print(f"{name}: {took:.0f} ms (goal < {GOAL} ms), {messages} messages")


def measured(rounds: int = 7) -> list[tuple[str, float, int]]:
    """Name of the document, milliseconds of the fastest round (what else runs only adds to it), number of messages."""
    rows = []
    for name, make in DOCUMENTS.items():
        text = grown(make)
        simulate(text)  # the first one loads the models
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            result = simulate(text)
            times.append((time.perf_counter() - start) * 1000)
        rows.append((name, min(times), len(result.messages) + result.more))
    return rows


def grown(make: Any) -> str:
    """The text of the document with as many parts as make it a megabyte."""
    one = len(json.dumps(make(20))) / 20
    return json.dumps(make(int(SIZE / one)))


def clean(parts: int) -> JSON:
    """Nothing is wrong with it but the number of its operations."""
    paths = {f"/things{number}/{{id}}": {"get": operation(number)} for number in range(parts)}
    return document(paths, {f"Thing{number}": schema(number) for number in range(parts)})


def spoiled(parts: int) -> JSON:
    """Every part has faults that both layers tell."""
    doc = clean(parts)
    for number, item in enumerate(doc["paths"].values()):
        item["get"]["parameters"].append({"$ref": "#/components/parameters/page"})
        item["parameters"] = []
        doc["components"]["schemas"][f"Thing{number}"]["properties"]["bad"] = {"type": "object", "required": True}
    return doc


def shared(parts: int) -> JSON:
    """All of it is shared schemas that refer to each other."""
    schemas = {f"Thing{number}": schema(number) for number in range(parts)}
    return document({"/things/{id}": {"get": operation(0)}}, schemas)


def operation(number: int) -> JSON:
    ref = {"$ref": f"#/components/schemas/Thing{number}"}
    return {
        "operationId": f"getThing{number}",
        "summary": "Get a thing",
        "description": "Gives the thing of that number with all that belongs to it.",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "description": "Number", "schema": {"type": "integer"}},
            {"name": "q", "in": "query", "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": ref}}},
            "404": {"description": "Not there"},
        },
    }


def schema(number: int) -> JSON:
    other = {"$ref": f"#/components/schemas/Thing{number - 1}"} if number else {"type": "string"}
    return {
        "type": "object",
        "description": f"A thing of some kind, number {number}",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "integer", "format": "int64", "description": "The number of the thing"},
            "name": {"type": "string", "maxLength": 200, "description": "What the thing is called by people"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "parent": other,
            "status": {"type": "string", "enum": ["open", "closed", "gone"]},
            "size": {"type": "object", "properties": {"width": {"type": "number"}, "height": {"type": "number"}}},
        },
    }


def document(paths: JSON, schemas: JSON) -> JSON:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


DOCUMENTS = {"clean": clean, "spoiled": spoiled, "shared": shared}

if __name__ == "__main__":
    main()
