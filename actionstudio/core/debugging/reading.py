"""Reads what ChatGPT shows under a tried-out action: "[debug] Calling HTTP endpoint", "[debug] Response received".

What stands there (field reports of 2024 to 2026): after the first line a JSON object with domain, method, path,
operation, operation_hash, is_consequential and params; after the second one with response_data, status_code and
action_id, or http_status, domain, method and path. Where nothing was sent, response_data (or a line of its own) begins
with the name of an error: UnrecognizedKwargsError, ApiSyntaxError, ClientResponseError, ResponseTooLarge. Before
somebody has allowed it: {"message": "The requested action requires approval", ...}.

People copy more and less than that: prose around it, both lines without what is folded behind them, quoted lines, code
fences, objects cut in the middle. What can be understood is; what cannot is told apart (``Block.cut``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from actionstudio.core.debugging.mending import mended

LONGEST = 200_000  # characters
MOST = 200  # calls in one text
EFFORT = 5 * LONGEST  # characters that are looked at to mend objects of one text
LEAST = EFFORT // MOST  # what an object costs of it that cannot be read, however short
ERRORS = (
    "UnrecognizedKwargsError", "ApiSyntaxError", "ClientResponseError", "ResponseTooLarge", "ClientConnectorError",
    "TimeoutError",
)  # fmt: skip
APPROVAL = "requested action requires approval"
CALL, ANSWER = (
    frozenset({"operation", "params", "operation_hash"}),
    frozenset({"response_data", "status_code", "http_status"}),
)
WHERE = frozenset({"domain", "method", "path"})
_MARK = re.compile(r"\[\s*debug\s*\]\s*([^\n{]*)", re.IGNORECASE)
_OPERATION = re.compile(r"^Call the (\S+) API with the (\S+) operation", re.IGNORECASE)
_ERROR = re.compile(rf"\b(?:{'|'.join(ERRORS)})\b.*")
_STATUS = re.compile(r"\b([1-5]\d\d) Status Code", re.IGNORECASE)
_CHROME = re.compile(
    r"^(allow|always allow\b.*|decline|deny|confirm|learn more|privacy policy|starting action"
    r"|.*\bneeds to send this info to\b.*|.*\bwants to talk to\b.*|only allow sites you trust.*)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^(?:\s*>)+ ?")
_DECODER = json.JSONDecoder()
_DECLINED = re.compile(r"^(you declined this action|stopped talking to\b.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """One call as ChatGPT tells it. Empty fields are not told; ``params`` None: the arguments were not copied.

    ``answered`` says that an answer (or error) stands behind it; ``status`` 0: without a number; ``error`` the line of
    the error; ``times`` how often the same call stood there without an answer (it stands there once more each time the
    user is asked); ``cut``: some of it could not be read; ``line`` counts from 1.
    """

    line: int
    domain: str = ""
    method: str = ""
    path: str = ""
    operation: str = ""
    consequential: bool | None = None
    params: dict[str, Any] | None = None
    answered: bool = False
    status: int = 0
    data: Any = None
    error: str = ""
    approval: bool = False
    declined: bool = False
    times: int = 1
    cut: bool = False

    @property
    def unreadable(self) -> bool:
        """Whether something stood there of which not even the endpoint could be read."""
        return self.cut and not (self.operation or self.path or self.method or self.params)


@dataclass
class _State:
    blocks: list[Block] = field(default_factory=list)
    open_: list[int] = field(default_factory=list)  # places of the blocks that wait for an answer
    wants: str = ""  # "call" or "answer" after such a line
    at: int = 1
    domain: str = ""
    operation: str = ""


def read(text: str) -> list[Block]:
    """The calls of a text, in their order; [] when it has none. Reads at most MOST of them."""
    state = _State()
    for line, kind, value, cut in _tokens(_plain(text[:LONGEST])):
        if kind == "mark":
            _mark(state, line, value)
        elif kind == "json":
            _json(state, line, value, cut)
        elif kind == "broken" and state.wants:
            _broken(state)
        else:
            _words(state, line, value)
        if len(state.blocks) >= MOST:
            break
    _leave(state)
    return state.blocks


def _plain(text: str) -> str:
    """The text without what chats and editors add: quote marks at the beginning of lines, fences, odd spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u200b", "")
    return "\n".join(_QUOTED.sub("", line) if line.lstrip().startswith(">") else line for line in text.split("\n"))


def _tokens(text: str) -> Iterator[tuple[int, str, Any, bool]]:
    """(line, kind, value, cut): marks with what they say, JSON objects, beginnings of some that cannot be read, and
    other lines.

    Time grows with the text alone: what was looked through for a mark is not looked through again, and what cannot be
    read is mended as long as ``EFFORT`` lasts.
    """
    at, line, effort = 0, 1, EFFORT
    end, found = -1, None
    while at < len(text):
        if at > end or (found and found.start() < at):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found = _MARK.search(text, at, end)
        brace = text.find("{", at, end)
        if found and (brace < 0 or found.start() < brace):
            yield line, "mark", found[1].strip(), False
            at = found.end()
            if _is_empty(text, at, end):
                at, line = end + 1, line + 1
            continue
        if brace >= 0 and not text[at:brace].strip(" \t`\"'"):
            value, length, cut, spent = _object(text, brace, effort)
            effort -= spent
            if value is not None:
                yield line, "json", value, cut
                line += text.count("\n", at, brace + length)
                at = brace + length
                continue
            yield line, "broken", text[at:end].strip(), True
            at, line = end + 1, line + 1
            continue
        if text[at:end].strip(" \t`"):
            yield line, "words", text[at:end].strip(), False
        at, line = end + 1, line + 1


def _is_empty(text: str, at: int, end: int) -> bool:
    while at < end and text[at].isspace():
        at += 1
    return at >= end


def _object(text: str, start: int, effort: int) -> tuple[dict[str, Any] | None, int, bool, int]:
    """The JSON object at a place of a text, how long it is, whether something of it is missing, and what it cost to
    mend it. Nothing is read any more when no ``effort`` is left."""
    if effort <= 0:
        return None, 0, True, 0
    try:
        value, end = _DECODER.raw_decode(text, start)
        return (value if isinstance(value, dict) else None), end - start, False, 0
    except (ValueError, RecursionError):
        pass
    following = _MARK.search(text, start)
    piece = text[start : following.start()] if following else text[start:]
    value, length, whole = mended(piece)
    return (value or None), length, not whole, max(LEAST, len(piece))


def _mark(state: _State, line: int, said: str) -> None:
    """A line of ChatGPT's. In languages in which it says something else, the object behind it tells what it is."""
    _leave(state)
    low, state.at = said.lower(), line
    state.wants = "answer" if low.startswith("response") else "call" if low.startswith("calling") else ""
    if state.wants == "answer":
        _open(state, line)


def _open(state: _State, line: int) -> None:
    """An answer is told of: there must be a call that waits for one, if need be one of which nothing is known."""
    last = state.blocks[-1] if state.blocks else None
    if not state.open_:
        if last is None or last.answered or last.declined:
            state.blocks.append(Block(line, state.domain, operation=state.operation))
        state.open_.append(len(state.blocks) - 1)
    place = state.open_[0]
    state.blocks[place] = replace(state.blocks[place], answered=True)


def _leave(state: _State) -> None:
    """The line "Calling…" came without what is folded behind it: a call all the same."""
    if state.wants == "call":
        state.blocks.append(Block(state.at, state.domain, operation=state.operation))
        state.open_.append(len(state.blocks) - 1)
    elif state.wants == "answer" and state.open_:
        state.open_.pop(0)
    state.wants = ""


def _json(state: _State, line: int, value: dict[str, Any], cut: bool) -> None:
    if APPROVAL in str(value.get("message", "")):
        _approval(state, line, value)
    elif state.wants == "answer" or (ANSWER & value.keys() and not CALL & value.keys()):
        _answer(state, line, value, cut)
    elif CALL & value.keys() or (state.wants == "call" and WHERE & value.keys()) or value.keys() >= WHERE:
        _call(state, line, value, cut)
    elif state.wants == "call":
        _leave(state)
        place = state.open_[-1]
        state.blocks[place] = replace(state.blocks[place], params=value, cut=cut)
    elif state.open_ and state.blocks[state.open_[-1]].params is None:
        block = state.blocks[state.open_[-1]]
        state.blocks[state.open_[-1]] = replace(block, params=value, cut=block.cut or cut)


def _broken(state: _State) -> None:
    """What stands behind a line of ChatGPT's cannot be read: a call all the same, or the answer to one."""
    place = state.open_[0] if state.wants == "answer" and state.open_ else len(state.blocks)
    _leave(state)
    state.blocks[place] = replace(state.blocks[place], cut=True)


def _call(state: _State, line: int, value: dict[str, Any], cut: bool) -> None:
    params = value.get("params")
    made = Block(
        line if state.wants != "call" else state.at,
        _text(value, "domain").lower() or state.domain,
        _text(value, "method").upper(),
        _text(value, "path"),
        _text(value, "operation") or state.operation,
        value.get("is_consequential") if isinstance(value.get("is_consequential"), bool) else None,
        params if isinstance(params, dict) else ({} if "params" in value and not cut else None),
        cut=cut,
    )
    state.wants = ""
    for place in {*state.open_, len(state.blocks) - 1} - {-1}:
        if _same(state.blocks[place], made):
            state.blocks[place] = replace(state.blocks[place], times=state.blocks[place].times + 1)
            return
    state.blocks.append(made)
    state.open_.append(len(state.blocks) - 1)


def _answer(state: _State, line: int, value: dict[str, Any], cut: bool) -> None:
    _open(state, line)
    place = state.open_.pop(0)
    known = ANSWER & value.keys() or "action_id" in value
    data = value.get("response_data") if "response_data" in value else (None if known else value)
    status = next((value[name] for name in ("status_code", "http_status") if _is_status(value.get(name))), 0)
    error = data if isinstance(data, str) and _ERROR.match(data) else ""
    block = state.blocks[place]
    state.blocks[place] = replace(
        block,
        domain=block.domain or _text(value, "domain").lower(),
        method=block.method or _text(value, "method").upper(),
        path=block.path or _text(value, "path"),
        answered=True, status=status, data=data, error=error, cut=block.cut or cut,
    )  # fmt: skip
    state.wants = ""


def _approval(state: _State, line: int, value: dict[str, Any]) -> None:
    """The placeholder that stands where an answer will, until somebody has allowed the call."""
    state.wants = "" if state.wants == "answer" else state.wants
    if state.wants == "call":
        _leave(state)
    _open(state, line)
    place = state.open_.pop(0)
    block = state.blocks[place]
    state.blocks[place] = replace(
        block,
        domain=block.domain or _text(value, "domain").lower(),
        operation=block.operation or _text(value, "function_name"),
        approval=True, answered=True,
    )  # fmt: skip


def _words(state: _State, line: int, text: str) -> None:
    if found := _OPERATION.match(text):
        _leave(state)
        state.domain, state.operation = found[1].lower(), found[2]
    elif found := _ERROR.search(text):
        _error(state, line, found[0])
    elif found := _STATUS.search(text):
        if state.blocks and not state.blocks[-1].status:
            state.blocks[-1] = replace(state.blocks[-1], answered=True, status=int(found[1]))
    elif _DECLINED.match(text):
        _leave(state)
        if state.open_:
            place = state.open_.pop()
            state.blocks[place] = replace(state.blocks[place], declined=True)
    elif not _CHROME.match(text):
        _leave(state)
        state.open_.clear()  # prose: of several calls that wait, none but the last is answered by what comes now
        state.domain = state.operation = ""


def _error(state: _State, line: int, text: str) -> None:
    """An error in a line of its own, behind the call that it ended."""
    if state.wants == "call":
        _leave(state)
    if state.open_:
        place = state.open_.pop(0)
    elif state.blocks and not state.blocks[-1].error:
        place = len(state.blocks) - 1
    else:
        return  # somebody's sentence about an error
    state.blocks[place] = replace(state.blocks[place], answered=True, error=text.strip()[:2000])
    state.wants = ""


def _same(one: Block, other: Block) -> bool:
    """Whether it is the same call once more, still without an answer: ChatGPT shows it again once it is allowed."""
    what = ("domain", "method", "path", "operation", "params")
    return not one.answered and all(getattr(one, name) == getattr(other, name) for name in what)


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found.strip()[:2000] if isinstance(found, str) else ""


def _is_status(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599
