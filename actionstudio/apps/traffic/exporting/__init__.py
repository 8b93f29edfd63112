"""Logged calls in other tools' words: curl, HAR, Hurl, Postman, Python. What the log hides is in none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from actionstudio.apps.traffic.exporting import hurl, postman, python, shell
from actionstudio.apps.traffic.exporting.calls import HOP, base_url, came_by, url
from actionstudio.apps.traffic.exporting.har import har, wire
from actionstudio.apps.traffic.exporting.shell import curl
from actionstudio.apps.traffic.models import Exchange

__all__ = ["FORMATS", "HOP", "Format", "base_url", "came_by", "curl", "har", "hurl", "postman", "python", "url", "wire"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. ``title`` is the tool's own name. ``newest_first``: as the log's page; else in order."""

    code: str
    title: str
    suffix: str
    content_type: str
    write: Callable[[Iterable[Exchange]], Iterator[str]]
    newest_first: bool = False


FORMATS = {
    one.code: one
    for one in (
        Format("har", "HAR", "har", "application/json", har, newest_first=True),
        Format("curl", "curl", "sh", "text/x-shellscript; charset=utf-8", shell.script),
        Format("hurl", "Hurl", "hurl", "text/plain; charset=utf-8", hurl.file),
        Format("postman", "Postman", "postman_collection.json", "application/json", postman.file),
        Format("python", "Python (httpx)", "py", "text/x-python; charset=utf-8", python.script),
    )
}
