"""Whose list a call means, where a collection has more than one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from actionstudio.core.call import Call
from actionstudio.core.collections.ids import LONGEST
from actionstudio.runtime.arrived import pairs_of
from actionstudio.runtime.visit import ANY_KEY

if TYPE_CHECKING:
    from actionstudio.runtime.operation import House

CREDENTIALS = frozenset(("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"))


class Caller(Protocol):
    """What is asked of a visit, or of its facts. ``key_id`` is the key that let the call in, ``user`` the end user."""

    @property
    def call(self) -> Call: ...

    @property
    def values(self) -> Mapping[str, str] | None: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def key_id(self) -> int | None: ...

    @property
    def user(self) -> str: ...


def partition_of(partition: str, caller: Caller, house: House) -> str:
    """The name of the list that a call means: "" for the one that all share.

    "path.username", "query.team" and "header.X-Team" name a part of the call, several with commas between them are one
    list for each combination. "user" is whoever signed in: the end user whose token the call carries; where an address
    knows keys only, the key that let the call in, so that two GPTs with keys of their own see two lists. A credential
    never becomes a name: its hash does.
    """
    if not partition:
        return ""
    if partition == "user":
        if caller.user:
            return f"user {caller.user}"
        return f"key {caller.key_id}" if caller.key_id not in (None, ANY_KEY) else ""
    names = [_part(part.strip(), caller, house) for part in partition.split(",")]
    text = "/".join(names) if any(names) else ""
    if len(text) > LONGEST or "\0" in text:
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return text.replace("\0", "")[: LONGEST - 33] + "~" + digest
    return text


def _part(where: str, caller: Caller, house: House) -> str:
    place, _, name = where.partition(".")
    if place == "path":
        return (caller.values or {}).get(name, "")
    value = ""
    if place == "query":
        value = next((text for key, text in pairs_of(caller.call.query) if key == name), "")
    elif place == "header":
        value = caller.headers.get(name.lower(), "")
    secret = name.lower() in CREDENTIALS or name.lower() in house.credentials
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16] if secret and value else value
