"""What somebody pasted: a link, a project file, an OpenAPI document, or something we name and refuse."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.core.problem import Problem, Refused

_LINK = re.compile(r"https?://[^\s<>\"'{}]+", re.IGNORECASE)


def link(text: str) -> str:
    """The URL when the text is nothing else, else ""."""
    text = text.strip()
    return text if _LINK.fullmatch(text) and urlsplit(text).hostname else ""


def refuse_text(text: str) -> None:
    """Raises Refused for texts that are something else than a document."""
    start = text.lstrip("\ufeff \t\r\n")[:400]
    if not start:
        raise refused(_("Paste an OpenAPI document or a link to one, choose a file, or take an example below."))
    if re.match(r"\$?\s*curl\s", start):
        raise refused(_("This is a curl command. Take “Blank” below and add the endpoint in the form."))
    if re.match(r"<(!doctype|\?xml|[a-z]+[\s/>])", start, re.IGNORECASE):
        raise refused(_("This is a web page or XML, not a document. Paste the link to its openapi.json or .yaml."))


def refuse_document(document: Any) -> None:
    """Raises Refused, naming what it is, for parsed documents that are not OpenAPI 3."""
    if not isinstance(document, dict):
        raise refused(_("This is not an OpenAPI document: it must be an object with “openapi”, “info” and “paths”."))
    if "openapi" in document:
        return
    for test, message in _OTHERS:
        if test(document):
            raise refused(message(document))
    message = _("This is JSON or YAML, but no OpenAPI document: the line “openapi: 3.1.0” and “paths” are missing.")
    raise refused(message)


def refused(message: str, code: str = "format") -> Refused:
    """A refusal that belongs to the pasted source."""
    return Refused(Problem("/source", message, code))


def _manifest(document: dict) -> str:
    api = document.get("api")
    url = api.get("url") if isinstance(api, dict) else None
    if isinstance(url, str) and link(url):
        return _("This is a plugin manifest. Paste the address of its document instead: %(url)s") % {"url": url}
    return _("This is a plugin manifest. Paste the OpenAPI document it names instead.")


_OTHERS = (
    (
        lambda d: "swagger" in d,
        lambda d: (
            _("This is Swagger %(v)s. Convert it to OpenAPI 3 first, for example at converter.swagger.io.")
            % {"v": str(d["swagger"])[:10]}
        ),
    ),
    (lambda d: "schema_version" in d and "api" in d, _manifest),
    (
        lambda d: isinstance(d.get("log"), dict) and "entries" in d["log"],
        lambda d: _("This is a HAR recording, which cannot be imported yet. Paste the OpenAPI document instead."),
    ),
    (
        lambda d: isinstance(d.get("info"), dict) and ("_postman_id" in d["info"] or "item" in d),
        lambda d: _("This is a Postman collection. Export it as OpenAPI and paste that."),
    ),
    (
        lambda d: "asyncapi" in d,
        lambda d: _("This is an AsyncAPI document; ChatGPT calls HTTP operations, which OpenAPI describes."),
    ),
)
