"""What can go wrong when a model is asked: found in the answer, or in why there is none, and told in people's words."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.translation import override

from actionstudio.apps.simulator.providers.provider import ProviderError
from actionstudio.apps.simulator.providers.target import Target
from actionstudio.apps.simulator.providers.wording import WORDS
from actionstudio.core.call import Headers
from actionstudio.runtime.dialing import OutboundRefused

LONGEST = 300  # characters of the server's own words
_QUOTA = re.compile(r"insufficient.?(quota|balance|credit|fund)|billing|exceeded your current quota|payment", re.I)
_CONTEXT = re.compile(
    r"context.?(length|window|size)|maximum (prompt|context)|too many (input )?tokens|(prompt|input|request) (is )?too "
    r"(long|large)|string_above_max_length|exceeds? the (available|maximum|max) ",
    re.I,
)
_MODEL = re.compile(
    r"model.{0,120}(not (be )?found|does ?n[o']t exist|not exist|unknown|not (a )?valid|not supported|not loaded)"
    r"|(no such|unknown|invalid|not a valid) model|try pulling|model_not_found",
    re.I | re.S,
)
_TOOLS = re.compile(r"(does not|doesn't|not) support (tools?|functions?|tool.?(use|call))|tool.?call.?parser", re.I)
_BY_REFUSAL = {
    "private": ("private", "refused"),
    "never": ("never", "refused"),
    "name": ("name", "unreachable"),
    "time": ("time", "time"),
    "tls": ("tls", "unreachable"),
    "connect": ("connect", "unreachable"),
    "cut": ("cut", "broken"),
    "protocol": ("protocol", "broken"),
    "large": ("large", "broken"),
}


class Fault(Exception):
    """Why no answer came: which ``words`` (of WORDS) tell it, and for programs ``code`` (of ProviderError). ``said`` is
    what the server said itself. ``param`` is the member of the request that it does not want, as far as it says."""

    def __init__(
        self,
        words: str,
        code: str,
        *,
        status: int = 0,
        said: str = "",
        param: str = "",
        wait: float | None = None,
        **values: Any,
    ) -> None:
        super().__init__(words)
        self.words, self.code, self.status = words, code, status
        self.said, self.param, self.wait, self.values = said, param, wait, values

    def told(self, target: Target, language: str) -> ProviderError:
        """The error for people, in their language."""
        with override(language):
            known = {"host": target.host, "model": target.model, "status": self.status, "wait": self.wait or 0}
            text = str(WORDS[self.words]) % {**known, "seconds": target.seconds, **self.values}
            if self.said:
                text = str(WORDS["said"]) % {"text": text, "said": cut(target.clean(self.said))}
        return ProviderError(text, self.code, self.status, self.wait)


def of_refusal(refused: OutboundRefused) -> Fault:
    """Why the one door to other servers gave no answer."""
    words, code = _BY_REFUSAL.get(refused.reason, ("failed", "unreachable"))
    return Fault(words, code, said=str(refused) if words in ("failed", "tls", "protocol") else "")


def of_answer(status: int, headers: Headers, body: bytes, target: Target) -> Fault:
    """What an answer other than 200 means."""
    named = dict(reversed(headers))
    if 300 <= status < 400:
        return Fault("redirect", "broken", status=status, to=named.get("location", "")[:200])
    error = error_of(body)
    said, told = error["message"], f"{error['code']} {error['type']} {error['message']}"
    wait = retry_after(named)
    if is_page(named.get("content-type", ""), body) and status not in (401, 403, 429):
        return Fault("page" if status < 500 else "page_failed", "broken" if status < 500 else "server", status=status)
    if status in (401, 403):
        words = "no_key" if status == 401 and not target.key else "key" if status == 401 else "forbidden"
        return Fault(words, "key", status=status, said=said)
    if status == 402 or (status in (403, 429) and _QUOTA.search(told)):
        return Fault("quota", "quota", status=status, said=said)
    if status == 429:
        return Fault("limit" if wait is None else "limit_wait", "limit", status=status, said=said, wait=wait)
    if status == 413 or (status < 500 and _CONTEXT.search(told)):
        return Fault("context", "context", status=status, said=said)
    if status in (404, 400, 422) and _MODEL.search(told):
        return Fault("model", "model", status=status, said=said)
    if status in (404, 405):
        return Fault("path", "broken", status=status, said=said)
    if status in (408, 504):
        return Fault("time", "time", status=status, said=said)
    if status >= 500:
        return Fault("failed_there" if wait is None else "failed_wait", "server", status=status, said=said, wait=wait)
    words = "tools" if _TOOLS.search(told) else "request"
    return Fault(words, "bad-request", status=status, said=said, param=error["param"])


def of_event(error: Any) -> Fault:
    """An error that came in the middle of a stream, or in an answer with 200."""
    found = error_of(orjson.dumps({"error": error}))
    told = f"{found['code']} {found['type']} {found['message']}"
    for pattern, words, code in ((_QUOTA, "quota", "quota"), (_CONTEXT, "context", "context")):
        if pattern.search(told):
            return Fault(words, code, said=found["message"])
    if "rate_limit" in told:
        return Fault("limit", "limit", said=found["message"])
    return Fault("gave_up", "server", said=found["message"])


def error_of(body: bytes) -> dict[str, str]:
    """Code, type, param and message of an error body. OpenAI's shape is {"error": {...}}; others say {"error": "…"},
    {"message": …}, {"detail": …}, or wrap it in a list."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = {}
    if isinstance(value, list) and value:
        value = value[0]
    error = value.get("error", value) if isinstance(value, Mapping) else {}
    if isinstance(error, str):
        error = {"message": error}
    if not isinstance(error, Mapping):
        error = {}
    message = error.get("message") or error.get("detail") or error.get("msg") or ""
    if not isinstance(message, str):
        message = orjson.dumps(message).decode()
    return {name: str(error.get(name) or "") for name in ("code", "type", "param")} | {"message": message}


def is_page(kind: str, body: bytes) -> bool:
    """Whether an answer is a page for people."""
    start = body[:300].lstrip().lower()
    return "html" in kind or start.startswith((b"<!doctype", b"<html"))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from Retry-After (RFC 9110, section 10.2.3: seconds or a date); None when it does not say."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
        if until.tzinfo is None:
            until = until.replace(tzinfo=datetime.UTC)
        return max(0.0, round((until - datetime.datetime.now(datetime.UTC)).total_seconds()))
    except ValueError:
        return None


def cut(text: str) -> str:
    """The server's words, on one line and not too many of them."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
