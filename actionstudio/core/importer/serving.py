"""ChatGPT's import of the document that a contract is served as."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from actionstudio.core.contract import Contract
from actionstudio.core.importer.imported import Import
from actionstudio.core.importer.simulate import simulate_document
from actionstudio.core.specs import openapi

type JSON = Any

_KEPT = 4
_known: OrderedDict[tuple[int, str, str], tuple[Contract, Import]] = OrderedDict()


def served(contract: Contract, base: str, profile: str = "gpt") -> Import:
    """The import of the document that ``contract`` is served as under ``base``. The last few are remembered."""
    key = (id(contract), base, profile)
    known = _known.get(key)
    if known is not None and known[0] is contract:
        return known[1]
    made = simulate_document(document(contract, base, profile), root=base)
    _known[key] = (contract, made)
    while len(_known) > _KEPT:
        try:
            _known.popitem(last=False)
        except KeyError:  # another thread was quicker
            break
    return made


def document(contract: Contract, base: str, profile: str = "gpt") -> dict[str, JSON]:
    """The document that ``contract`` is served as under ``base``."""
    return openapi.render(contract, profile=profile, servers=(base,) if base else ())
