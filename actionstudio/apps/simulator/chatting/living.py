"""Which processes that take turns are alive: each holds the lock of a file, which the system frees however it ends.

A process that is gone leaves its file free: whoever finds it so knows at once, however many processes there are. Of one
on another machine there is no file here, and its beat alone tells.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import re
import secrets
import threading
from functools import cache
from pathlib import Path
from typing import IO

from django.conf import settings

LENGTH = 8  # characters of a process's name, with which the tokens of its turns begin
_NAME = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_lock = threading.Lock()
_held: dict[str, IO[str]] = {}  # the name of this process and the file that it holds
log = logging.getLogger(__name__)


def me() -> str:
    """The name of this process; its file is held from now on."""
    with _lock:
        if not _held:
            name = secrets.token_hex(LENGTH // 2)
            try:
                _held[name] = _hold(_folder(), name)
            except OSError:  # a disk that takes nothing: the beat alone tells then
                log.warning("chats cannot tell others that this process lives", exc_info=True)
                return name
        return next(iter(_held))


def gone(holder: str) -> bool:
    """Whether the process whose token this is has certainly ended."""
    name = holder[:LENGTH]
    return bool(_NAME.fullmatch(name)) and name not in _held and _free(_folder() / name)


def sweep() -> None:
    """Removes the files of processes that are gone. Call it when their turns are marked."""
    for path in _folder().iterdir():
        if _NAME.fullmatch(path.name) and gone(path.name):
            path.unlink(missing_ok=True)


@cache
def _folder() -> Path:
    folder = Path(settings.STUDIO_DATA_DIR) / "chats"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _hold(folder: Path, name: str) -> IO[str]:
    """The file, which bears its name only once it is held: nobody finds it free before."""
    fresh = folder / f"{name}.new"
    file = fresh.open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fresh.rename(folder / name)
    return file


def _free(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open() as file:  # no file, or somebody holds it
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    return False
