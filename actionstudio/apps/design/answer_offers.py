"""What the page "Answer" offers while one types: statuses, examples, names of parameters, places in the body."""

from typing import Any

from actionstudio.core.contract import Contract, Operation
from actionstudio.core.importer.repairs.path_parameters import TEMPLATE
from actionstudio.core.resolve import Resolver
from actionstudio.core.rules.facts import CALLER

DEEPEST = 4
MOST = 60
FAILURES = ("400", "401", "403", "404", "409", "422", "429", "500", "503")


def offers(contract: Contract, op: Operation) -> dict[str, list[str]]:
    """The texts of each datalist, by its name."""
    resolver = Resolver(contract)
    responses, body = resolver.responses(op), resolver.body(op)
    named: dict[str, list[str]] = {"query": [], "path": TEMPLATE.findall(op.path), "header": [], "cookie": []}
    for parameter in resolver.parameters(op):
        if parameter.in_ != "path":
            named.get(parameter.in_, []).append(parameter.name)
    fields = _unique(place for media in (body.content if body else ()) for place in places(media.schema, resolver))
    keys = [example.key for r in responses for media in r.content for example in media.examples if example.key]
    return {
        **named,
        "status": [response.status for response in responses],
        "example": _unique(keys),
        "media": _unique(media.media_type for response in responses for media in response.content),
        "body": fields,
        "collection": [collection.name for collection in contract.collections],
        "caller": list(CALLER),
        "key": [*(f"path.{name}" for name in named["path"]), *(f"query.{name}" for name in named["query"]),
                *(f"body.{place}" for place in fields)],
        "missing": ["keep", *FAILURES],
    }  # fmt: skip


def places(schema: Any, resolver: Resolver, at: str = "", depth: int = 0):
    """JSON Pointers of the fields that a schema declares, those of the first item of a list too."""
    found = resolver.schema(schema) if schema is not None else None
    if not isinstance(found, dict) or depth >= DEEPEST:
        return
    properties = found.get("properties")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        place = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
        yield place
        yield from places(inner, resolver, place, depth + 1)
    if "items" in found:
        yield from places(found["items"], resolver, f"{at}/0", depth + 1)


def _unique(texts) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        found[text] = None
        if len(found) >= MOST:
            break
    return list(found)
