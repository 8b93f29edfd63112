"""A number of its own for every process that writes the log, so that no two of them make the same row id."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

SLOTS = 64  # six bits of an id
_held: list[IO[str]] = []


def claim(folder: Path) -> int:
    """The lowest number that no living process holds. It is given back when this process ends, however it ends.

    With all of them taken, or with workers on several machines, the process id decides: a clash is then unlikely, not
    impossible.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(SLOTS):
        file = (folder / str(number)).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            continue
        _held.append(file)
        return number
    return os.getpid() % SLOTS
