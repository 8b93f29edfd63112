"""What a model is told of a call that is not made: the answer that the document gives as an example, or a made-up one.

It is what a model needs to go on, and no more: the same each time, so that two runs differ by the model alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from actionstudio.core.contract import Contract, Media
from actionstudio.core.importer import Import, ImportedOperation
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.sample import Unsatisfiable, compile_sampler
from actionstudio.core.schemas.validate import SchemaError

type JSON = Any

NOTHING = "{}"
LONGEST = 4_000  # characters; an example is no page of a thousand rows
_SEED = 1


def answers(imported: Import, contract: Contract | None = None) -> dict[str, str]:
    """The example of each operation that was imported, as text. ``contract`` is where the import comes from, when that
    is known: examples do not travel in the document that ChatGPT takes."""
    known = _written(contract) if contract is not None else {}
    return {op.operation_id: known.get(op.operation_id) or _made(imported, op) for op in imported.kept}


def _written(contract: Contract) -> dict[str, str]:
    resolver = Resolver(contract)
    found: dict[str, str] = {}
    for op in contract.operations:
        for response in resolver.responses(op):
            media = next((one for one in response.content if _is_json(one.media_type)), None)
            if op.operation_id and response.status.startswith("2") and media is not None:
                text = _of_media(media, resolver.components)
                if text:
                    found.setdefault(op.operation_id, text)
    return found


def _of_media(media: Media, components: Mapping[str, JSON]) -> str:
    for example in media.examples:
        if example.value is not None and len(text := _text(example.value)) <= LONGEST:
            return text
    return _sampled(media.schema, components)


def _made(imported: Import, op: ImportedOperation) -> str:
    raw = imported.sources.get(op.pointer, {})
    answers = raw.get("responses") if isinstance(raw, dict) else None
    for status, answer in answers.items() if isinstance(answers, dict) else ():
        content = answer.get("content") if isinstance(answer, dict) and str(status).startswith("2") else None
        for kind, item in content.items() if isinstance(content, dict) else ():
            if isinstance(item, dict) and _is_json(str(kind)):
                return _sampled(item.get("schema"), imported.schemas) or NOTHING
    return NOTHING


def _sampled(schema: JSON, components: Mapping[str, JSON]) -> str:
    if schema is None:
        return ""
    try:
        text = _text(compile_sampler(schema, components).sample(_SEED))
    except (SchemaError, Unsatisfiable, RecursionError):
        return ""
    return text if len(text) <= LONGEST else ""


def _is_json(kind: str) -> bool:
    plain = kind.partition(";")[0].strip().lower()
    return plain == "application/json" or plain.endswith("+json") or plain == "*/*"


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False)
