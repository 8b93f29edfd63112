"""Trying a model out: one small question with a function to call, and what it tells of the model and its server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actionstudio.apps.simulator.endpoints import keeping
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.faults import Fault
from actionstudio.apps.simulator.providers.provider import Prompt, ProviderError, Reply, Said, Tool
from actionstudio.runtime import outbound
from actionstudio.runtime.outbound import OutboundRefused

SECONDS = 45.0  # a person waits for it
MODELS = 30  # names that are shown
_CITY = {"type": "string", "description": "The city's name"}
TOOL = Tool(
    "getWeather",
    "Tells the weather of a city now.",
    {"type": "object", "properties": {"city": _CITY}, "required": ["city"]},
    "getWeather",
)
QUESTION = "What is the weather in Paris now? Ask getWeather."


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of it. ``error`` and ``code`` say why nothing did. ``calls``: the model asked for the function, with
    arguments that are JSON. ``models`` are those that the server says it has, told when it does not know this one."""

    ok: bool
    code: str = ""
    error: str = ""
    text: str = ""
    calls: bool = False
    streamed: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    dollars: float | None = None
    milliseconds: int = 0
    left_out: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


def test(endpoint: Endpoint) -> Tested:
    """Asks the model once, and keeps when that was and what was wrong. It costs what a small question costs."""
    began = time.monotonic()
    until = began + SECONDS
    prompt = Prompt("You test a connection.", (Said("user", QUESTION),), (TOOL,), language=get_language() or "en")
    try:
        *_texts, reply = table.remote(endpoint).stream(prompt, lambda: time.monotonic() > until)
        tested = _judged(reply)
    except ProviderError as error:
        models = known(endpoint) if error.code == "model" else ()
        ms = int((time.monotonic() - began) * 1000)
        tested = Tested(False, error.code, str(error), models=models, milliseconds=ms)
    endpoint.tested, endpoint.fault = timezone.now(), tested.error[:300]
    Endpoint.objects.filter(pk=endpoint.pk).update(tested=endpoint.tested, fault=endpoint.fault)
    return tested


def _judged(reply: Any) -> Tested:
    assert isinstance(reply, Reply)
    stopped = reply.reason == "stopped"
    late = _("The model was not done after %(n)d seconds. It may be loading: try again.") % {"n": SECONDS}
    return Tested(
        ok=not stopped,
        code="time" if stopped else "",
        error=late if stopped else "",
        text=reply.text[:300],
        calls=any(wish.name == TOOL.name and _is_object(wish.arguments) for wish in reply.wishes),
        streamed=bool(reply.response["streamed"]),
        prompt_tokens=reply.usage.prompt,
        completion_tokens=reply.usage.completion,
        dollars=reply.usage.dollars,
        milliseconds=reply.ms,
        left_out=tuple(reply.why.get("left_out", ())),
    )


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def known(endpoint: Endpoint) -> tuple[str, ...]:
    """The models that the server lists (GET /models), as far as it does."""
    try:
        target = keeping.target(endpoint)
        headers = [("Accept", "application/json")]
        if target.key:
            headers.append(("Authorization", f"Bearer {target.key}"))
        got = outbound.fetch(
            "GET", target.url("models"), headers, timeout=10, allow_private=target.private, redirects=0
        )
        listed = orjson.loads(got.body)["data"] if got.status == 200 else []
        names = [str(one["id"]) for one in listed]
    except (Fault, OutboundRefused, ValueError, TypeError, KeyError):
        return ()
    return tuple(target.clean(name)[:120] for name in sorted(names)[:MODELS])
