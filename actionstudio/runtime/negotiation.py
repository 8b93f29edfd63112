"""What the caller asked for: media types by Accept with q-values, and overrides by Prefer or by query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from actionstudio.core.call import Call


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller of a mock may choose: a status, a named example, generated values. "" and None: not said."""

    code: str = ""
    example: str | None = None
    dynamic: bool | None = None


NOTHING = Wish()


def wish_of(call: Call, prefer: str) -> Wish:
    """``Prefer: code=404, example=dog, dynamic=true`` (RFC 7240), or ``?__code=404&__example=dog&__dynamic=true``."""
    said: dict[str, str] = {}
    for part in prefer.replace(";", ",").split(","):
        key, equals, value = part.partition("=")
        if equals:
            said.setdefault(key.strip().lower(), value.strip().strip('"'))
    if "__" in call.query:
        for key, value in parse_qsl(call.query, keep_blank_values=True):
            if key.startswith("__"):
                said[key[2:].lower()] = value.strip()
    code = said.get("code", "")
    dynamic = said.get("dynamic")
    return Wish(code, said.get("example"), None if dynamic is None else dynamic.lower() not in ("false", "0", "no", ""))


@lru_cache(512)
def ranges(accept: str) -> tuple[tuple[str, str, str, float], ...]:
    """The media ranges of an Accept header: type, subtype, parameters, q (RFC 9110, section 12.5.1)."""
    found = []
    for part in accept.split(","):
        kind, *parameters = part.strip().split(";")
        main, slash, sub = kind.strip().lower().partition("/")
        if not slash:
            if kind.strip() != "*":
                continue
            main, sub = "*", "*"
        quality, kept = 1.0, []
        for parameter in parameters:
            key, _, value = parameter.strip().partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
            elif key:
                kept.append(f"{key.strip().lower()}={value.strip().lower()}")
        found.append((main, sub, ";".join(sorted(kept)), quality))
    return tuple(found)


def choose(accept: str, offered: Sequence[str]) -> int | None:
    """The index of the offered media type the caller likes best, the first of equals; None when it accepts none."""
    if not offered:
        return None
    wanted = ranges(accept) if accept else ()
    if not wanted:
        return 0
    best, quality = None, 0.0
    for index, name in enumerate(offered):
        liked = _quality(name, wanted)
        if liked > quality:
            best, quality = index, liked
    return best


def _quality(name: str, wanted: tuple[tuple[str, str, str, float], ...]) -> float:
    """The q of the most specific range that covers a media type. An offered range is covered by what it covers."""
    kind, *parameters = name.lower().split(";")
    main, _, sub = kind.strip().partition("/")
    said = ";".join(sorted(parameter.strip() for parameter in parameters))
    best, quality = -1, 0.0
    for want_main, want_sub, want_said, q in wanted:
        if want_main not in ("*", main) and main != "*":
            continue
        if want_sub not in ("*", sub) and sub != "*":
            continue
        if want_said and want_said != said:
            continue
        rank = (want_main != "*") + (want_sub != "*") + bool(want_said)
        if rank > best:
            best, quality = rank, q
    return quality


def media_key(content_type: str) -> str:
    """A Content-Type as declared names are compared: lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def find_media(content_type: str, declared: Sequence[str]) -> int | None:
    """Which declared media type or range covers a Content-Type, the most specific first."""
    key = media_key(content_type)
    main, _, sub = key.partition("/")
    best, rank = None, -1
    for index, name in enumerate(declared):
        want_main, _, want_sub = media_key(name).partition("/")
        if want_main not in ("*", main) or want_sub not in ("*", sub):
            continue
        this = (want_main != "*") + (want_sub != "*")
        if this > rank:
            best, rank = index, this
    return best


def is_json(content_type: str) -> bool:
    """Whether bodies of this media type are JSON."""
    key = media_key(content_type)
    return key == "application/json" or key.endswith("+json") or key in ("text/json", "application/x-json")
