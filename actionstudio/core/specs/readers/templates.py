"""The path of a call -> a path template: what names one thing among many becomes a parameter.

Written places (``{id}``, ``{{id}}``, ``:id``, ``<id>``, ``$ID``) keep their names; numbers, UUIDs and long mixed texts
are recognised, and named after the word before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import re2

_WRITTEN = re.compile(r"\{\{([^{}/]+)\}\}|\$?\{([^{}/]+)\}")
_WHOLE = re.compile(r":([A-Za-z_][\w-]*)|<([A-Za-z_][\w-]*)>|%3C([A-Za-z_][\w-]*)%3E|\$([A-Za-z_]\w*)")
_NUMBER = re.compile(r"[0-9]{1,19}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{12,}")
_PREFIXED = re.compile(r"[A-Za-z]{1,10}_(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{6,}|[A-Z]{1,6}-[0-9]+")  # cus_9x…, A-1001
_MIXED = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_:-]{20,}={0,2}")  # bot17:AAH… is a key
_EMAIL = re.compile(r"[^@/]+(?:@|%40)[^@/]+\.[^@/]+")
_VERSIONED = re.compile(r"api|rest|v|version|ver", re.IGNORECASE)  # /rest/api/2/issue: the number is no id
_VERSION = re.compile(r"(?:api|v\d+(?:\.\d+)*|rest|\d{4}-\d\d(?:-\d\d)?)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:/(?:[^/{}?#\s]|\{[\w.-]+\})*)+")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Template:
    """A path with its parameters: ``values`` are those of this call, "" where only a name was written."""

    path: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> str:
        """The path without its parameters' names: two paths of one shape are the same path (OpenAPI 3.1, 4.8.8.2)."""
        return re.sub(r"\{[^{}]*\}", "{}", self.path)


def template(path: str) -> Template:
    """The template of one path."""
    out: list[str] = []
    values: list[tuple[str, str]] = []
    segments = [segment for segment in path.split("/") if segment]
    for index, segment in enumerate(segments):
        before = next((word for word in reversed(out) if "{" not in word), "")
        if _WRITTEN.search(segment):
            out.append(_WRITTEN.sub(lambda found: _place(found[1] or found[2], "", values), _without_braces(segment)))
        elif written := _WHOLE.fullmatch(segment):
            out.append(_place(next(name for name in written.groups() if name), "", values))
        elif _is_id(segment, segments[index - 1] if index else ""):
            out.append(_place(_named_after(before), segment, values))
        else:
            out.append(re.sub(r"[{}\x00-\x20\x7f]", lambda found: f"%{ord(found[0]):02X}", segment))
    ending = "/" if path.endswith("/") and out else ""
    return Template("/" + "/".join(out) + ending, tuple(values))


def ending(path: str, known: str) -> Template | None:
    """The template of a path of which somebody says how it ends; None when it does not end so."""
    names = re.findall(r"\{([^{}]*)\}", known)
    if len(known) > _LONGEST or not _PLAIN.fullmatch(known) or len({*names}) < len(names):
        return None
    parts = [re2.escape(part) for part in re.split(r"\{[^{}]*\}", known)]
    try:
        found = re2.fullmatch("([^{}]*?)" + "([^/]+)".join(parts), path)
    except re2.error:  # too large
        return None
    return Template(found[1] + known, tuple(zip(names, found.groups()[1:], strict=True))) if found else None


def renamed(found: Template, path: str) -> Template:
    """The same call under ``path``, which has the same shape and maybe other names."""
    names = re.findall(r"\{([^{}]*)\}", path)
    return Template(path, tuple(zip(names, (value for _name, value in found.values), strict=False)))


def made_name(method: str, path: str) -> str:
    """A name for an operation: ``get_orders_by_order_id``. Prefixes such as /api/v1 say nothing and are left out."""
    segments = [segment for segment in path.split("/") if segment]
    while len(segments) > 1 and _VERSION.fullmatch(segments[0]):
        segments = segments[1:]
    words = [word for segment in segments if "{" not in segment for word in re.findall(r"[A-Za-z0-9]+", segment)]
    if segments and "{" in segments[-1]:
        words += ["by", *re.findall(r"[A-Za-z0-9]+", segments[-1])]
    return "_".join([method.lower(), *words])[:60].rstrip("_")


def _is_id(segment: str, before: str) -> bool:
    if _NUMBER.fullmatch(segment):
        return bool(before) and not (len(segment) == 1 and _VERSIONED.fullmatch(before))
    return any(form.fullmatch(segment) for form in (_UUID, _HEX, _PREFIXED, _MIXED, _EMAIL))


def _without_braces(segment: str) -> str:
    """Braces that open no parameter, away: what remains is what ``_WRITTEN`` understands."""
    kept = [found.span() for found in _WRITTEN.finditer(segment)]
    return "".join(
        character
        for index, character in enumerate(segment)
        if character not in "{}" or any(start <= index < end for start, end in kept)
    )


def _place(name: str, value: str, values: list[tuple[str, str]]) -> str:
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("_.-") or "id"
    taken = {name for name, _value in values}
    fresh, number = stem, 2
    while fresh in taken:
        fresh, number = f"{stem}_{number}", number + 1
    values.append((fresh, value))
    return "{" + fresh + "}"


def _named_after(word: str) -> str:
    """``orders`` -> ``order_id``."""
    flat = "_".join(re.findall(r"[A-Za-z0-9]+", word)).lower()
    for ending, single in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if flat.endswith(ending) and len(flat) > len(ending) + 1 and not flat.endswith(("ss", "us", "is")):
            flat = flat[: -len(ending)] + single
            break
    return f"{flat}_id" if flat else "id"
