"""What somebody pasted: a link, a project file, a document of a known format, or something we name and refuse."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.readers import READERS, curl, detected, openapi

AUTO = "auto"
FORMATS = (AUTO, *READERS)
LABELS = {
    AUTO: lazy("Recognised by itself"),
    "openapi": lazy("OpenAPI 3"),
    "swagger2": lazy("Swagger 2.0"),
    "ai-plugin": lazy("Plugin manifest (ai-plugin.json)"),
    "postman": lazy("Postman collection"),
    "curl": lazy("curl commands"),
    "har": lazy("HAR recording"),
    "json-sample": lazy("Sample answer in JSON"),
}
assert set(LABELS) == set(FORMATS)
_LINK = re.compile(r"https?://[^\s<>\"'{}]+", re.IGNORECASE)
_OTHER_CLIENTS = re.compile(r"\$?\s*(wget|http|https|xh|httpie|Invoke-RestMethod|Invoke-WebRequest|irm|iwr)\s", re.I)


def link(text: str) -> str:
    """The URL when the text is nothing else, else ""."""
    text = text.strip()
    return text if _LINK.fullmatch(text) and urlsplit(text).hostname else ""


def refuse_text(text: str) -> None:
    """Raises Refused for texts that are something else than a document or curl commands."""
    start = text.lstrip("\ufeff \t\r\n")[:400]
    if not start:
        raise refused(
            _("Paste an OpenAPI document, curl commands, a sample answer or a link, choose a file, or take an example.")
        )
    if re.match(r"<(!doctype|\?xml|[a-z]+[\s/>])", start, re.IGNORECASE):
        raise refused(_("This is a web page or XML, not a document. Paste the link to its openapi.json or .yaml."))
    if _OTHER_CLIENTS.match(start):
        raise refused(_("Of commands only those of curl are read. Write this one as “curl …” and paste it again."))


def is_text_format(text: str, wanted: str = AUTO) -> bool:
    """Whether ``text`` is to be read as it is, not as JSON or YAML."""
    return READERS[wanted].text if wanted != AUTO else curl.claims(text)


def recognised(document: Any, text: str) -> str:
    """The key of the reader that knows a parsed document; ``text`` is how it begins. Raises Refused, naming what it is.

    A sample answer is recognised in JSON only: any text with a colon in it is YAML.
    """
    found = detected(document)
    if found == "json-sample" and text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        found = ""
    if found:
        return found
    if not isinstance(document, dict):
        raise refused(
            _(
                "This is nothing that can be imported. Paste an OpenAPI or Swagger document, a plugin manifest, a "
                "Postman collection, a HAR recording, curl commands, or a sample answer in JSON."
            )
        )
    if not document:
        raise refused(_("There is nothing in this document: {} says no more than that it is JSON."))
    unknown = _(
        "This is YAML, but no OpenAPI document: the line “openapi: 3.1.0” and “paths” are missing. A sample answer "
        "must be written as JSON."
    )
    raise refused(told(openapi.stranger(document)) or f"{unknown} {accepted()}")


def accepted() -> str:
    """What can be read, in one sentence."""
    return _(
        "What is read: OpenAPI 3 and Swagger 2.0 documents, plugin manifests, Postman collections, HAR recordings, "
        "curl commands, and sample answers in JSON."
    )


def refused(message: str, code: str = "format") -> Refused:
    """A refusal that belongs to the pasted source."""
    return Refused(Problem("/source", message, code))
