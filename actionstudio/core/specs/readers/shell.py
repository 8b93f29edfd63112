"""A text of shell commands -> their words, as a POSIX shell or the Windows prompt would take them apart. Nothing runs.

Quotes, escapes, line continuations and comments are known (POSIX.1-2017, Shell Command Language, 2.2 and 2.3), and
``$'…'`` of bash, which browsers write. Variables stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "", "e": "\x1b"}
_HEX = re.compile(r"x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})")
_ENDS = frozenset(";|&\n")
_PROMPT = re.compile(r"(?m)^[ \t]*(?:[$%>]|PS [^\n>]*>|[A-Z]:\\[^\n>]*>)[ \t]+(?=curl\b)")
_WINDOWS = re.compile(r"(?:\^\r?\n)|\^\"")
_CARET = re.compile(r"\^(\r?\n[ \t]*|.)", re.DOTALL)
_POWERSHELL = re.compile(r"`\r?\n")


def commands(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each command of the text: the line it begins on (from 1), and its words."""
    text = _PROMPT.sub("", text.replace("\r\n", "\n"))
    if _WINDOWS.search(text):
        text = _without_carets(text)
    text = _POWERSHELL.sub(" ", text)
    yield from _Reader(text).commands()


def _without_carets(text: str) -> str:
    """What the Windows prompt makes of a line: ``^`` takes the meaning from the next character, or joins two lines."""
    return _CARET.sub(lambda found: " " if found[1].strip() == "" and "\n" in found[1] else found[1], text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def commands(self) -> Iterator[tuple[int, list[str]]]:
        words: list[str] = []
        began = 1
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in _ENDS:
                if words:
                    yield began, words
                words = []
                self._step()
            elif character.isspace():
                self._step()
            elif self._text.startswith("\\\n", self._at):
                self._step(2)
            elif character == "#":
                end = self._text.find("\n", self._at)
                self._step((len(self._text) if end < 0 else end) - self._at)
            else:
                began = began if words else self._line
                words.append(self._word())
        if words:
            yield began, words

    def _step(self, count: int = 1) -> str:
        passed = self._text[self._at : self._at + count]
        self._line += passed.count("\n")
        self._at += count
        return passed

    def _word(self) -> str:
        parts: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if character.isspace() or (character in _ENDS and not (character == "&" and self._in_url(parts))):
                break
            if character == "\\":
                self._step()
                following = self._step()
                parts.append("" if following == "\n" else following)
            elif character == "'":
                self._step()
                parts.append(self._until("'"))
            elif character == '"':
                self._step()
                parts.append(self._double())
            elif self._text.startswith("$'", self._at):
                self._step(2)
                parts.append(self._ansi())
            else:
                parts.append(self._step())
        return "".join(parts)

    def _in_url(self, parts: list[str]) -> bool:
        """A URL without quotes, as people write it: its ``&`` would end the command, but is not meant so."""
        word = "".join(parts)
        following = self._text[self._at + 1 : self._at + 2]
        return "://" in word and "?" in word and following.isalnum()

    def _until(self, end: str) -> str:
        close = self._text.find(end, self._at)
        close = len(self._text) if close < 0 else close
        passed = self._step(close - self._at)
        self._step()
        return passed

    def _double(self) -> str:
        parts: list[str] = []
        while self._at < len(self._text):
            character = self._step()
            if character == '"':
                break
            if character != "\\":
                parts.append(character)
                continue
            following = self._step()
            if following == "\n":
                continue
            parts.append(following if following in '$`"\\' else f"\\{following}")
        return "".join(parts)

    def _ansi(self) -> str:
        parts: list[str] = []
        while self._at < len(self._text):
            character = self._step()
            if character == "'":
                break
            if character != "\\":
                parts.append(character)
                continue
            if found := _HEX.match(self._text, self._at):
                self._step(found.end() - self._at)
                code = int(next(digits for digits in found.groups() if digits), 16)
                parts.append(chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd")
                continue
            following = self._step()
            parts.append(_ANSI.get(following, following))
        return "".join(parts)
