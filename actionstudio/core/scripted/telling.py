"""What came of a call, in a few words: the fields and rows of an answer, or what an error means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.core.chatgpt.told import UNMADE
from actionstudio.core.scripted.said import Sentence
from actionstudio.core.scripted.stemming import pieces
from actionstudio.core.scripted.words import terms
from actionstudio.core.words import said, said_n

type JSON = Any
ROWS, FIELDS, LONGEST = 5, 8, 160
_STATUS = re.compile(r"(?:\bHTTP[ /\d.]*|\bstatus(?:[ _]?code)?\"?\s*+(?:[:=]\s*)?|\berror\s+|^)\b([45]\d\d)\b", re.I)
_TITLES = ("name", "title", "subject", "label", "text", "todo", "summary", "topic", "id")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the model was told of one call. ``error``: "" when it went well, else a status as text or a name of
    ChatGPT's; ``data`` is the answer as JSON where it is some, else its text."""

    name: str
    arguments: Mapping[str, JSON]
    told: str
    data: JSON
    error: str = ""


def outcome(name: str, arguments: Mapping[str, JSON], told: str) -> Outcome:
    """Reads what the model was told of a call."""
    text = told.strip()
    if text.startswith(UNMADE):
        return Outcome(name, arguments, told, text.removeprefix(UNMADE), "refused")
    named = re.match(r"\w*(?:Error|TooLarge)\b", text)
    if named:
        return Outcome(name, arguments, told, text, named[0])
    try:
        data = orjson.loads(text) if text else ""
    except orjson.JSONDecodeError:
        data = text
    return Outcome(name, arguments, told, data, _error(data, text))


def _error(data: JSON, text: str) -> str:
    if "declined this action" in text or "denied this action" in text:
        return "declined"
    if "stopped this call" in text or "was interrupted" in text:
        return "stopped"
    if isinstance(data, dict):
        status = next((data[key] for key in ("status", "code", "status_code") if isinstance(data.get(key), int)), 0)
        wrong = [key for key in ("error", "errors", "detail", "message", "title") if data.get(key)]
        if wrong and 400 <= status <= 599:
            return str(status)
        if len(data) <= 3 and ("error" in data or "errors" in data or set(data) == {"detail"}):
            return "error"
        return ""
    match = _STATUS.search(text) if isinstance(data, str) and len(text) < 400 else None
    return match[1] if match else ""


def told_of(result: Outcome, sentence: Sentence) -> list[str]:
    """The answer for people: a line each. ``sentence`` is what they asked: what it names comes first."""
    if result.error:
        return _failed(result)
    data = inner(result.data)
    if isinstance(data, list):
        return _rows(data, sentence, result.data)
    if isinstance(data, dict):
        return _fields(data, sentence) or [said("Done. The service answered with nothing more.")]
    text = _short(data)
    if text.strip().lower() in ("", "null", "none"):
        return [said("Done. The service answered with nothing more.")]
    return [said("Done. The service answered: %(text)s", text=text)]


def _failed(result: Outcome) -> list[str]:
    if result.error == "refused":
        return [said("The call was not made, so nothing was sent: %(text)s", text=_short(result.data))]
    lines: list[str] = [_ERRORS.get(result.error) or _by_status(result.error)]
    detail = _detail(result.data)
    if detail and detail != result.error:
        lines.append(said("ChatGPT's model is told: %(text)s", text=detail))
    return lines


_ERRORS: dict[str, str] = {
    "ClientResponseError": said(
        "The call failed: the service answered with an error, or not at all. ChatGPT's model is told no more than"
        " ClientResponseError; the call's line shows the answer itself."
    ),
    "ResponseTooLarge": said("The answer is too large: ChatGPT takes less than 100,000 characters."),
    "UnrecognizedKwargsError": said("The call was not made: an argument is not one that the action has."),
    "ApiSyntaxError": said("The call was not made: its arguments are not JSON."),
    "declined": said("You declined the call, so nothing was sent."),
    "stopped": said("The call was stopped, so there is no answer to tell of."),
    "error": said("The service answered with an error."),
    "400": said("The service did not take what it was sent (400)."),
    "401": said("The service wants to know who is asking (401): the sign-in or the key of the action is missing."),
    "403": said("The service does not allow this (403): the sign-in or the key of the action is not enough for it."),
    "404": said("The service has nothing of that kind (404)."),
    "409": said("It conflicts with what the service has already (409)."),
    "422": said("The service did not take the values it was sent (422)."),
    "429": said("The service was asked too often (429). Try again in a while."),
}


def _by_status(error: str) -> str:
    if error.startswith("5"):
        return said("The service failed (%(status)s). Try again in a while.", status=error)
    return said("The call failed: %(error)s.", error=error)


def _detail(data: JSON) -> str:
    if isinstance(data, str):
        return _short(data)
    if isinstance(data, dict):
        for key in ("detail", "message", "error", "title", "errors"):
            value = data.get(key)
            if isinstance(value, dict):
                return _detail(value)
            if value:
                return _short(value)
    return ""


def inner(data: JSON) -> JSON:
    """The list inside an envelope ({"data": [...], "total": 3}), or the object that alone is in one. An envelope that
    is the only row of another one says nothing of its own: the answer is what it holds."""
    if isinstance(data, list):
        held = _listed(data[0]) if len(data) == 1 else None
        return data if held is None else inner(held)
    held = _listed(data)
    if held is not None:
        return inner(held)
    if isinstance(data, dict) and len(data) == 1:
        only = next(iter(data.values()))
        return only if isinstance(only, dict) else data
    return data


def _listed(data: JSON) -> list[JSON] | None:
    """The one list that an object without a name of its own holds; None for any other value."""
    if not isinstance(data, dict) or len(data) > 5:
        return None
    lists = [value for value in data.values() if isinstance(value, list)]
    own = any(
        key.lower() in ("id", "name", "title") for key, value in data.items() if not isinstance(value, list | dict)
    )
    return lists[0] if len(lists) == 1 and not own else None


def _rows(rows: Sequence[JSON], sentence: Sentence, whole: JSON) -> list[str]:
    total = len(rows)
    for key in ("total", "count", "total_count"):
        if isinstance(whole, dict) and isinstance(whole.get(key), int):
            total = max(total, whole[key])
    if not rows:
        return [said("Nothing was found: the list is empty.")]
    lines: list[str] = [said_n("There is %(n)s:", "There are %(n)s:", total)]
    lines += [f"{n}. {_row(row, sentence)}" for n, row in enumerate(rows[:ROWS], 1)]
    if total > ROWS:
        lines.append(said("… and %(n)s more.", n=total - ROWS))
    return lines


def _row(row: JSON, sentence: Sentence) -> str:
    if not isinstance(row, dict):
        return _short(row)
    only = inner(row) if len(row) == 1 else row
    row = only if isinstance(only, dict) else row
    title = next((key for key in _TITLES if row.get(key) not in (None, "", [], {})), "")
    shown = [key for key, value in row.items() if key != title and _plain(value)]
    shown = sorted(shown, key=lambda key: (-_asked(key, sentence), key not in ("id",)))[:4]
    rest = ", ".join(f"{label(key)} {_short(row[key], 60)}" for key in shown)
    if title:
        return f"{_short(row[title])} ({rest})" if rest else _short(row[title])
    below = "; ".join(_row(one, sentence) for one in (_listed(row) or [])[:ROWS])
    return ": ".join(part for part in (rest, below) if part) or _short(row)


def _fields(data: Mapping[str, JSON], sentence: Sentence) -> list[str]:
    keys = sorted(data, key=lambda key: -_asked(key, sentence))
    lines = []
    for key in keys[:FIELDS]:
        value = data[key]
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list):
            shown = "; ".join(_row(one, sentence) for one in value[:ROWS])
            more = f"; … ({len(value)})" if len(value) > ROWS else ""
            lines.append(f"- {label(key)}: {shown}{more}")
        elif isinstance(value, dict):
            lines.append(f"- {label(key)}: {_row(value, sentence)}")
        else:
            lines.append(f"- {label(key)}: {_short(value)}")
    if not lines:
        return []
    if len(keys) > FIELDS:
        lines.append("- …")
    return [said("Here is what came back:"), *lines]


def _asked(key: str, sentence: Sentence) -> int:
    """How many words of a field's name the sentence has."""
    mine = set(terms(key))
    theirs = {term for one in sentence.tokens if one.says for term in (*one.terms, *(f"={c}" for c in one.concepts))}
    return len(mine & theirs)


def label(key: str) -> str:
    """A field's name for people: wind_kmh -> wind kmh."""
    return " ".join(pieces(key)).lower() if key.isascii() else key


def _plain(value: JSON) -> bool:
    return value is not None and not isinstance(value, list | dict) and value != ""


def _short(value: JSON, most: int = LONGEST) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
