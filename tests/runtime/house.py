"""A house without a database for the data plane's tests: contracts from memory, the log in a list."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from actionstudio.core.call import Call
from actionstudio.core.contract import Contract
from actionstudio.runtime.app import Answer, Frontdoor
from actionstudio.runtime.memory import MemoryStore
from actionstudio.runtime.ports import Hosted, Key, Record, Store, Tokens


class Memory:
    """runtime.ports.Source: one address "todo" by default."""

    def __init__(self, contract: Contract, **fields: Any) -> None:
        self.contracts = {"todo": contract}
        self.fields = fields
        self.versions = {"todo": 1}
        self.asked = 0
        self.loaded = 0
        self.rested = 0

    def save(self, contract: Contract, address: str = "todo") -> None:
        self.contracts[address] = contract
        self.versions[address] = self.versions.get(address, 0) + 1

    def version(self, address: str) -> int | None:
        self.asked += 1
        return self.versions.get(address)

    def address_of_domain(self, host: str) -> str | None:
        return "todo" if host == "api.example.com" else None

    def rest(self) -> None:
        self.rested += 1

    def load(self, address: str, revision: int | None = None) -> Hosted | None:
        self.loaded += 1
        if address not in self.contracts or revision is not None and revision > 3:
            return None
        version = self.versions[address]
        given = {"keys": (), "masks": frozenset(), "extra": {}, **self.fields}
        base = (f"http://{address}.live.localhost:8000", f"http://localhost:8000/live/{address}")
        number = version if revision is None else revision
        return Hosted(
            address, 7, "todo", version, number, version, self.contracts[address], base, modified=1e9, **given
        )


class Kept:
    """runtime.ports.Sink: a list."""

    inline = True

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.writes: list[int] = []

    def write(self, records: Sequence[Record]) -> None:
        self.records.extend(records)
        self.writes.append(len(records))


def key(text: str, number: int = 1, name: str = "GPT") -> Key:
    return Key(number, name, sha256(text.encode()).digest())


def front(contract: Contract, store: Store | None = None, tokens: Tokens | None = None, **fields: Any) -> Frontdoor:
    """A front door with a store of its own (``front.store``), which forgets with it."""
    return Frontdoor(Memory(contract, **fields), Kept(), store or MemoryStore(), worker=1, tokens=tokens)


def ask(
    door: Frontdoor | Contract, method: str, url: str, body: bytes = b"", assume: int | None = None, **headers: str
) -> Answer:
    """One call: header names are written with underscores."""
    if isinstance(door, Contract):
        door = front(door)
    path, _, query = url.partition("?")
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return door.call_blocking("todo", Call(method, path, query, pairs, body), source="client", key_id=assume)
