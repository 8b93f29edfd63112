"""How an endpoint is added and changed, by pages and the API alike: what it may say, and where its key may go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.endpoints import keeping
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime.dialing import OutboundRefused
from actionstudio.runtime.outbound import checked_url

MOST = 100  # models of one person
OPTIONS = ("temperature", "max_tokens", "seconds", "stream")
RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "max_tokens": (1, 1_000_000),
    "seconds": (1, 600),
    "price_in": (0, 100_000),
    "price_out": (0, 100_000),
}
USUAL: dict[str, Any] = {
    "name": "", "base_url": "", "protocol": "chat", "model": "", "temperature": None, "max_tokens": None,
    "seconds": 60, "stream": True, "price_in": None, "price_out": None,
}  # fmt: skip
_PATHS = re.compile(r"/(chat/completions|completions|responses|models)/*\Z")


def values(endpoint: Endpoint) -> dict[str, Any]:
    """What an endpoint says, by the names of forms and of the API."""
    plain = {name: getattr(endpoint, name) for name in USUAL if name not in OPTIONS}
    if endpoint.environment:
        plain["base_url"] = keeping.bare(endpoint).base_url
    return plain | {name: endpoint.options.get(name, USUAL[name]) for name in OPTIONS}


def save(endpoint: Endpoint, wanted: Mapping[str, Any], key: str | None = None) -> Endpoint:
    """Saves an endpoint as ``wanted`` (names of USUAL; what is missing stays). ``key``: None keeps the one there is, ""
    forgets it. Raises Refused with pointers to the names, and then nothing has changed."""
    said = values(endpoint) | dict(wanted)
    said["base_url"] = tidy(said["base_url"])
    key = key if key is None else key.strip()
    if found := [*problems(endpoint, said, key)]:
        raise Refused(*found)
    for name in USUAL:
        if name not in OPTIONS and not (endpoint.environment and name == "base_url"):
            setattr(endpoint, name, said[name])
    endpoint.options = {name: said[name] for name in OPTIONS if said[name] is not None}
    try:
        with transaction.atomic():
            endpoint.save()
            if key is not None and not endpoint.environment:
                keeping.keep(endpoint, key)
    except IntegrityError:
        raise Refused(Problem("/name", _("There is a model of that name already."), "twice")) from None
    return endpoint


def tidy(base_url: str) -> str:
    """The base URL that somebody means who has copied the URL of a request."""
    return _PATHS.sub("", base_url.strip().rstrip("/")).rstrip("/")


def problems(endpoint: Endpoint, said: Mapping[str, Any], key: str | None) -> Iterator[Problem]:
    """What is wrong with an endpoint that says this (all names of USUAL), each with a pointer to its name."""
    for name, most in (("name", 80), ("model", 120)):
        text = said[name]
        if not text.strip():
            yield Problem(f"/{name}", _("This is needed."), "required")
        elif len(text) > most:
            yield Problem(f"/{name}", _("Use at most %(n)d characters.") % {"n": most}, "long")
    for name, (least, most) in RANGES.items():
        if said[name] is not None and not least <= said[name] <= most:
            told = _("Use a number from %(least)g to %(most)g.") % {"least": least, "most": most}
            yield Problem(f"/{name}", told, "range")
    if (said["price_in"] is None) != (said["price_out"] is None):
        lacking = "price_in" if said["price_in"] is None else "price_out"
        yield Problem(f"/{lacking}", _("Give both prices, or none: one alone tells no cost."), "pair")
    same = Endpoint.objects.filter(user=endpoint.user_id, name=said["name"]).exclude(pk=endpoint.pk)
    if same.exists():
        yield Problem("/name", _("There is a model of that name already."), "twice")
    if endpoint.pk is None and Endpoint.objects.filter(user=endpoint.user_id).count() >= MOST:
        yield Problem("", _("There are %(n)d models already, which is the most.") % {"n": MOST}, "many")
    if endpoint.environment:
        yield from _of_environment(endpoint, said, key)
    else:
        yield from _of_server(endpoint, said["base_url"], key)


def _of_server(endpoint: Endpoint, base_url: str, key: str | None) -> Iterator[Problem]:
    if base_url and "://" not in base_url:
        told = _("Write the whole URL: is it http://%(url)s, or https://?") % {"url": base_url[:200]}
        yield Problem("/base_url", told, "url")
        return
    try:
        checked_url(base_url)
    except OutboundRefused as refused:
        yield Problem("/base_url", str(refused), "url")
        return
    if len(base_url) > 500 or "#" in base_url:
        yield Problem("/base_url", _("Use at most 500 characters, and no “#”."), "url")
    if key and not re.fullmatch(r"[!-~]{1,2000}", key):
        told = _(
            "A key has letters, digits and signs of ASCII alone, and no spaces. Was all of it copied, and no more?"
        )
        yield Problem("/key", told, "key")
    if key is None and endpoint.sealed and keeping.origin(base_url) != keeping.origin(endpoint.base_url):
        told = _("Type the key again: it was given for another server, and is not sent to this one by itself.")
        yield Problem("/key", told, "again")


def _of_environment(endpoint: Endpoint, said: Mapping[str, Any], key: str | None) -> Iterator[Problem]:
    told = _("The operator has set this in the environment: OPENAI_BASE_URL and OPENAI_API_KEY.")
    if said["base_url"] != tidy(keeping.bare(endpoint).base_url):
        yield Problem("/base_url", told, "environment")
    if key is not None:
        yield Problem("/key", told, "environment")
