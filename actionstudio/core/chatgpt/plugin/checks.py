"""The rules of 2023 over a manifest, one function a rule or two; ``check`` runs them all.

Source: OpenAI, "Plugin manifest" and "Plugins in production" (2023); docs/chatgpt-rules.md, "Plugins of 2023".
ChatGPT's own words are known of fetching alone (finding.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from actionstudio.core import limits
from actionstudio.core.chatgpt.plugin.flaw import LEVELS, Flaw
from actionstudio.core.chatgpt.plugin.reading import AUTHS, FORM, JSON_BODY, OAUTH, SERVICE, USER, Manifest
from actionstudio.core.lint import hosts
from actionstudio.core.specs.manifest import NO_CONTACT
from actionstudio.core.words import either, said

type JSON = Any
type Check = Callable[[Manifest, str], Iterator[Flaw]]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TOKEN = re.compile(r"[0-9a-fA-F]{32}")
_MAIL = re.compile(r"[^@\s]++@[^@\s][^@\s.]*+\.[^@\s]+")
_STORE = {"name_for_human": 20, "description_for_human": 100}  # later in 2023, for the store alone
_TEXTS = (
    ("name_for_human", "PL-02", limits.NAME_FOR_HUMAN),
    ("name_for_model", "PL-03", limits.NAME_FOR_MODEL),
    ("description_for_human", "PL-04", limits.DESCRIPTION_FOR_HUMAN),
    ("description_for_model", "PL-05", limits.DESCRIPTION_FOR_MODEL),
)


def check(manifest: Manifest, root: str) -> tuple[Flaw, ...]:
    """What is wrong with a manifest whose root domain is ``root``, the worst first. Never raises."""
    found = [flaw for one in CHECKS for flaw in one(manifest, root)]
    return tuple(sorted(found, key=lambda flaw: LEVELS.index(flaw.level)))


def is_token(text: str) -> bool:
    """Whether a text has the form of a verification token: 32 hexadecimal digits (PL-14)."""
    return _TOKEN.fullmatch(text) is not None


def unverified(manifest: Manifest, token: str) -> Flaw | None:
    """What "Verify tokens" finds: None when the manifest has the token that the install was given (PL-14)."""
    found = manifest.token
    if found == token:
        return None
    if not found:
        told = said("The manifest has no verification token for “openai” yet: paste the one above, and publish it.")
    elif not is_token(found):
        told = said("The manifest's verification token is no 32 hexadecimal digits: paste the one above as it is.")
    else:
        told = said("The manifest has another verification token than this install: paste the one above.")
    return Flaw("PL-14", "fatal", "/auth/verification_tokens/openai", told)


def _version(manifest: Manifest, _root: str) -> Iterator[Flaw]:
    if manifest.raw.get("schema_version") != "v1":
        yield Flaw("PL-01", "fatal", "/schema_version", said("“schema_version” must be “v1”: there is no other."))


def _texts(manifest: Manifest, _root: str) -> Iterator[Flaw]:
    for name, rule, most in _TEXTS:
        text = manifest.text(name)
        if not text.strip():
            yield Flaw(rule, "fatal", f"/{name}", said("“%(name)s” is missing. Write it as a text.", name=name))
        elif len(text) > most:
            message = said(
                "“%(name)s” has %(length)s characters; %(most)s are allowed. Shorten it.",
                name=name,
                length=len(text),
                most=most,
            )
            yield Flaw(rule, "fatal", f"/{name}", message)
        elif len(text) > _STORE.get(name, most):
            message = said(
                "“%(name)s” has %(length)s characters; later in 2023 the store took %(most)s. Shorten it.",
                name=name,
                length=len(text),
                most=_STORE[name],
            )
            yield Flaw(rule, "publish", f"/{name}", message)


def _model_name(manifest: Manifest, _root: str) -> Iterator[Flaw]:
    name = manifest.text("name_for_model").strip()
    if name and not _NAME.fullmatch(name):
        message = said(
            "“%(name)s” is the model's name for the plugin, one word: use letters, digits and _ only.", name=name[:60]
        )
        yield Flaw("PL-03", "fatal", "/name_for_model", message)


def _auth(manifest: Manifest, _root: str) -> Iterator[Flaw]:
    kind = manifest.kind
    if not kind:
        message = said("“auth.type” says how callers sign in: use %(names)s.", names=either([*AUTHS]))
        yield Flaw("PL-06", "fatal", "/auth/type", message)
    elif kind in (USER, SERVICE):
        scheme = manifest.auth.get("authorization_type")
        if scheme not in ("bearer", "basic"):
            message = said("“auth.authorization_type” says how the token is sent: use bearer or basic.")
            yield Flaw("PL-06", "fatal", "/auth/authorization_type", message)
    elif kind == OAUTH:
        yield from _oauth(manifest)


def _oauth(manifest: Manifest) -> Iterator[Flaw]:
    for name, what in (
        ("client_url", said("where people sign in")),
        ("authorization_url", said("where the code becomes a token")),
    ):
        parts = _whole(manifest.auth.get(name))
        if parts is None:
            message = said("“auth.%(name)s” must be the whole address %(what)s.", name=name, what=what)
            yield Flaw("PL-06", "fatal", f"/auth/{name}", message)
        elif parts.scheme != "https" and not hosts.is_local(parts.hostname or ""):
            message = said("“auth.%(name)s” is not https: ChatGPT signs in over https only.", name=name)
            yield Flaw("PL-11", "fatal", f"/auth/{name}", message)
    kind = manifest.auth.get("authorization_content_type")
    if kind not in (FORM, JSON_BODY):
        message = said("“auth.authorization_content_type” is the form of the token request: use %(one)s or %(other)s.",
                       one=JSON_BODY, other=FORM)  # fmt: skip
        yield Flaw("PL-06", "degrades", "/auth/authorization_content_type", message)
    if not isinstance(manifest.auth.get("scope", ""), str):
        yield Flaw("PL-06", "degrades", "/auth/scope", said("“auth.scope” is one text: scopes with spaces between."))


def _tokens(manifest: Manifest, _root: str) -> Iterator[Flaw]:
    if manifest.verified and manifest.token and not is_token(manifest.token):
        message = said("“auth.verification_tokens.openai” must be 32 hexadecimal digits, as ChatGPT gives them.")
        yield Flaw("PL-14", "degrades", "/auth/verification_tokens/openai", message)


def _api(manifest: Manifest, root: str) -> Iterator[Flaw]:
    api = manifest.raw.get("api")
    api = api if isinstance(api, dict) else {}
    if api.get("type") != "openapi":
        yield Flaw("PL-07", "fatal", "/api/type", said("“api.type” must be “openapi”: there is no other."))
    parts = _whole(api.get("url"))
    if parts is None:
        message = said("“api.url” must be the whole address of the OpenAPI document, as in https://…/openapi.yaml.")
        yield Flaw("PL-07", "fatal", "/api/url", message)
        return
    host = parts.hostname or ""
    if not hosts.under(host, root):
        message = said(
            "“api.url” is at %(host)s, which is neither %(root)s nor below it. Serve the document there.",
            host=host[:100],
            root=root,
        )
        yield Flaw("PL-07", "fatal", "/api/url", message)
    if parts.scheme != "https" and not hosts.is_local(host):
        message = said("“api.url” is not https: http is for localhost only.")
        yield Flaw("PL-11", "fatal", "/api/url", message)


def _people(manifest: Manifest, root: str) -> Iterator[Flaw]:
    """What people are shown. On this machine's own names no domain can be compared."""
    if _whole(manifest.raw.get("logo_url")) is None:
        yield Flaw("PL-08", "fatal", "/logo_url", said("“logo_url” must be the whole address of an image."))
    mail, legal = manifest.text("contact_email").strip(), _whole(manifest.raw.get("legal_info_url"))
    if not _MAIL.fullmatch(mail):
        yield Flaw("PL-08", "fatal", "/contact_email", said("“contact_email” must be an e-mail address."))
    elif mail == NO_CONTACT:
        message = said("“contact_email” is a placeholder (%(value)s): write an address that is read.", value=mail[:100])
        yield Flaw("PL-12", "publish", "/contact_email", message)
    elif domain := _elsewhere(mail.rpartition("@")[2], root):
        yield _stranger("contact_email", mail, domain)
    if legal is None:
        message = said("“legal_info_url” must be the whole address of a page; an e-mail address is none.")
        yield Flaw("PL-08", "fatal", "/legal_info_url", message)
    elif domain := _elsewhere(legal.hostname or "", root):
        yield _stranger("legal_info_url", legal.hostname or "", domain)


def _elsewhere(host: str, root: str) -> str:
    """The second-level domain of the root when ``host`` has another one, else ""."""
    domain = hosts.second_level(root)
    return "" if hosts.is_local(root) or hosts.second_level(host) == domain else domain


def _stranger(name: str, value: str, domain: str) -> Flaw:
    message = said(
        "“%(name)s” is at %(value)s; it must be in %(domain)s, the plugin's own domain.",
        name=name,
        value=value[:100],
        domain=domain,
    )
    return Flaw("PL-12", "publish", f"/{name}", message)


def _whole(url: JSON):
    """The parts of a whole web address, or None."""
    if not isinstance(url, str) or re.search(r"[\s<>\"{}]", url.strip()):
        return None
    return hosts.parsed(url)


CHECKS: tuple[Check, ...] = (_version, _texts, _model_name, _auth, _tokens, _api, _people)
