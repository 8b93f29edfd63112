"""Documents in, one file a format; the table of all of them stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actionstudio.core.specs.readers import ai_plugin, curl, har, json_sample, openapi, postman, swagger2
from actionstudio.core.specs.readers.report import Report, Wanted
from actionstudio.core.words import said

type JSON = Any

__all__ = ("READERS", "Reader", "Report", "Wanted", "detected")


@dataclass(frozen=True, slots=True)
class Reader:
    """One format. ``claims`` recognises it; ``read`` takes the document and the address it came from ("" when it was
    pasted) and gives a report, or what must be fetched first. It raises Refused, and nothing else.

    ``text``: what it takes is no JSON or YAML, but the text as it is.
    """

    name: str
    claims: Callable[[JSON], bool]
    read: Callable[[JSON, str], Report | Wanted]
    text: bool = False


def _alone(read: Callable[[JSON], Report]) -> Callable[[JSON, str], Report]:
    """A reader to whom it does not matter where the document came from."""
    return lambda doc, _origin: read(doc)


# In the order in which they are asked whether a document is theirs.
READERS: dict[str, Reader] = {
    "curl": Reader(said("curl command"), curl.claims, _alone(curl.read), text=True),
    "openapi": Reader(said("OpenAPI document"), openapi.claims, _alone(openapi.read)),
    "swagger2": Reader(said("Swagger 2.0 document"), swagger2.claims, _alone(swagger2.read)),
    "har": Reader(said("HAR recording"), har.claims, _alone(har.read)),
    "postman": Reader(said("Postman collection"), postman.claims, _alone(postman.read)),
    "ai-plugin": Reader(said("plugin manifest"), ai_plugin.claims, ai_plugin.read),
    "json-sample": Reader(said("sample answer in JSON"), json_sample.claims, _alone(json_sample.read)),
}


def detected(doc: JSON) -> str:
    """The key of the reader that knows ``doc`` (a parsed document, or a text as it is); "" when none does."""
    return next((key for key, reader in READERS.items() if reader.claims(doc)), "")
