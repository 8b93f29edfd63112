"""ai-plugin.json, the manifest of ChatGPT plugins (schema version v1, 2023) -> the texts of a contract, and the address
of the document that holds its operations.

The manifest and its document belong together: what reads the manifest fetches nothing, but says what is to be fetched.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from actionstudio.core.auth import Auth, Declared, NoAuth, OAuth, Scope, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract, Manifest
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.readers import auth as declared
from actionstudio.core.specs.readers.notes import Notes, text
from actionstudio.core.specs.readers.report import Report, Wanted, check_depth
from actionstudio.core.words import said

type JSON = Any

FORMAT = "ai-plugin.json"
_LONGEST = {
    "name_for_human": 50, "name_for_model": 50, "description_for_human": 120, "description_for_model": 8000,
}  # fmt: skip
CONTENT_TYPES = ("application/x-www-form-urlencoded", "application/json")
_NO_CONTACT = "contact-not-given@example.com"


def claims(doc: JSON) -> bool:
    """Whether this is a manifest."""
    return (
        isinstance(doc, dict)
        and "openapi" not in doc
        and ("name_for_model" in doc or ("schema_version" in doc and "api" in doc))
    )


def read(doc: JSON, origin: str = "") -> Wanted:
    """What the manifest says, waiting for the document it names. ``origin`` is the manifest's own address, "" when it
    was pasted. Raises Refused when there is no document to be had."""
    if not claims(doc):
        message = said("This is not a plugin manifest: it has no “name_for_model” and no “api”.")
        raise Refused(Problem("", message, "not-a-manifest"))
    check_depth(doc)
    url = _address(doc, origin)
    notes = Notes()
    rest = dict(doc)
    texts = Manifest(**{name: _text(rest, name, notes) for name in _LONGEST})
    contact = _contact(rest, notes)
    legal = _legal(rest, notes)
    auth = _auth(rest.get("auth"), notes)
    _tell_logo(rest, notes)

    def whole(report: Report) -> Report:
        contract = _with(report.contract, texts, contact, legal, auth)
        problems = (*notes.problems, *report.problems)
        return dataclasses.replace(report, contract=contract, format=f"{FORMAT}, {report.format}", problems=problems)

    return Wanted(url, FORMAT, whole)


def _address(doc: dict[str, JSON], origin: str) -> str:
    api = doc.get("api")
    url = api.get("url") if isinstance(api, dict) else None
    if not isinstance(url, str) or not url.strip():
        message = said("The manifest names no document: “api.url” is missing. Paste the OpenAPI document itself.")
        raise Refused(Problem("/api/url", message, "no-document"))
    try:
        whole = urljoin(origin, url.strip())
        usable = urlsplit(whole).scheme in ("http", "https") and bool(urlsplit(whole).hostname)
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s<>\"{}]", whole):
        message = said(
            "The manifest names its document as “%(url)s”, which is no whole address. Paste the link to the manifest "
            "instead of its text, or the document itself.",
            url=url[:200],
        )
        raise Refused(Problem("/api/url", message, "relative-document"))
    return whole


def _text(rest: dict[str, JSON], name: str, notes: Notes) -> str:
    value = text(rest, name, notes, "").strip()
    if len(value) > _LONGEST[name]:
        message = said("“%(key)s” has at most %(most)s characters; it was cut.", key=name, most=_LONGEST[name])
        notes.add(f"/{name}", message, "long")
    value = value[: _LONGEST[name]].rstrip()
    if name == "name_for_model" and not re.fullmatch(r"\w*", value, re.ASCII):
        fresh = re.sub(r"\W+", "_", value, flags=re.ASCII).strip("_")
        message = said("“name_for_model” was written “%(fresh)s”: letters, digits and _ only.", fresh=fresh)
        notes.add("/name_for_model", message, "renamed")
        return fresh
    return value


def _contact(rest: dict[str, JSON], notes: Notes) -> str:
    value = text(rest, "contact_email", notes, "").strip()
    if not value or value == _NO_CONTACT:
        return ""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) or len(value) > 254:
        notes.add("/contact_email", said("“contact_email” is no e-mail address; it was left out."), "contact")
        return ""
    return value


def _legal(rest: dict[str, JSON], notes: Notes) -> str:
    """The legal page as a text of ours that links to it."""
    value = text(rest, "legal_info_url", notes, "").strip()
    if not value:
        return ""
    if not re.fullmatch(r"https?://[^\s<>()\"]+", value):
        notes.add("/legal_info_url", said("“legal_info_url” is no link; it was left out."), "legal")
        return ""
    return f"The legal information of this service is at <{value}>.\n"


def _tell_logo(rest: dict[str, JSON], notes: Notes) -> None:
    if isinstance(rest.get("logo_url"), str) and rest["logo_url"]:
        message = said(
            "The logo is not fetched. Upload it in the project's settings: %(url)s", url=rest["logo_url"][:300]
        )
        notes.add("/logo_url", message, "logo")


def _auth(raw: JSON, notes: Notes) -> Auth | None:
    """The manifest's ``auth``; None when the document decides."""
    raw = raw if isinstance(raw, dict) else {}
    kind = raw.get("type")
    if kind == "none":
        return NoAuth()
    if kind == "service_http":
        return ServiceHttp(_type(raw, notes), _tokens(raw.get("verification_tokens")))
    if kind == "user_http":
        message = said("Each person has a key of their own. Issue them where the people of the project stand.")
        notes.add("/auth", message, "auth")
        return UserHttp(_type(raw, notes), _tokens(raw.get("verification_tokens")))
    if kind == "oauth":
        return _oauth(raw, notes)
    notes.add("/auth", said("The manifest does not say how callers sign in; the document decides."), "auth")
    return None


def _type(raw: dict[str, JSON], notes: Notes) -> str:
    scheme = str(raw.get("authorization_type") or "bearer").lower()
    if scheme not in ("bearer", "basic"):
        message = said("The “authorization_type” is bearer or basic; bearer was taken.")
        notes.add("/auth/authorization_type", message, "auth")
        return "bearer"
    return scheme


def _oauth(raw: dict[str, JSON], notes: Notes) -> OAuth:
    """``client_url`` is where people sign in, ``authorization_url`` where a code becomes a token. What is no
    address gives way to the project's own provider."""
    scope, content_type = raw.get("scope"), raw.get("authorization_content_type")
    names = dict.fromkeys(scope.split() if isinstance(scope, str) else ())
    found = OAuth(
        tuple(Scope(name) for name in names),
        content_type=content_type if content_type in CONTENT_TYPES else CONTENT_TYPES[0],
        verification_tokens=_tokens(raw.get("verification_tokens")),
    )
    if content_type not in (None, *CONTENT_TYPES):
        message = said("The “authorization_content_type” is a form or JSON; a form was taken.")
        notes.add("/auth/authorization_content_type", message, "auth")
    urls = [str(raw.get(name) or "").strip() for name in ("client_url", "authorization_url")]
    if not all(map(_usable, urls)):
        message = said("The manifest has no whole addresses for OAuth: people sign in at the project's own address.")
        notes.add("/auth", message, "auth")
        return found
    message = said(
        "People sign in at %(host)s, as the manifest says. On the authentication page one choice lets them sign in at "
        "the project's own address.",
        host=urlsplit(urls[0]).hostname or "",
    )
    notes.add("/auth", message, "auth")
    return dataclasses.replace(found, authorization_url=urls[0], token_url=urls[1])


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"{}#@]", url)
    except ValueError:
        return False


def _tokens(raw: JSON) -> Mapping[str, str]:
    """Verification tokens prove to a client whose manifest this is; they are published in it and no secret."""
    return {
        key: value
        for key, value in (raw.items() if isinstance(raw, dict) else ())
        if isinstance(value, str) and len(value) <= 500
    }


def _like_document(auth: OAuth, contract: Contract) -> OAuth:
    """The manifest's OAuth under the name that the document has for it, with the document's sentences."""
    told = contract.auth if isinstance(contract.auth, OAuth) else declared.offered(contract)
    if told is None:
        return auth
    names = dict.fromkeys([*(one.name for one in told.scopes), *(one.name for one in auth.scopes)])
    sentences = {one.name: one.sentence for one in told.scopes}
    scopes = tuple(Scope(name, sentences.get(name, "")) for name in names)
    return dataclasses.replace(auth, scopes=scopes, scheme_name=told.scheme_name)


def _with(contract: Contract, texts: Manifest, contact: str, legal: str, auth: Auth | None) -> Contract:
    """The document's contract with what the manifest says. ``none`` yields to a document that asks for something."""
    kept = _like_document(auth, contract) if isinstance(auth, OAuth) else auth
    if auth is None or (isinstance(auth, NoAuth) and contract.security):
        kept = contract.auth
    return dataclasses.replace(
        contract,
        operations=declared.saying(contract.operations, declared.inherited(kept, contract.security)),
        manifest=texts,
        contact_email=contact or contract.contact_email,
        legal=legal or contract.legal,
        auth=kept if kept is not None else Declared(),
    )
