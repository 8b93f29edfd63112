"""Runs pieces of Python inside the product, each in a process of its own: a copy of this one, which stands ready.

Starting Python and Django takes more than a second of work for each piece; a copy takes none. It is as fresh as a new
process: nothing here has opened a database, and no piece sees what another left in memory.

Standard input has one piece a line, as a JSON string; each is answered by one line, {"code", "out", "error"}.
"""

import atexit
import json
import os
import sys
import tempfile
import threading
import traceback
from typing import NoReturn


def main() -> None:
    import django

    django.setup()
    import actionstudio.runtime.app  # noqa: F401 - what most pieces would load themselves
    from tests import make  # noqa: F401

    assert threading.active_count() == 1, "a copy has one thread: what others do here would stop halfway"
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def answer(code: str) -> dict:
    """What the piece printed, and how its process ended."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        child = os.fork()
        if not child:
            run(code, out.fileno(), error.fileno())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0), error.seek(0)
        printed, said = (file.read().decode(errors="replace") for file in (out, error))
    return {"code": ended, "out": printed, "error": said}


def run(code: str, out: int, error: int) -> NoReturn:
    """In the copy: runs the piece, and what is registered for the end. Memory is not tidied up: that takes longer."""
    os.dup2(out, 1)
    os.dup2(error, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    ended = 0
    try:
        exec(code, {})
        threading._shutdown()  # waits for its threads, as multiprocessing does at the end of a copy
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
        ended = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended)


if __name__ == "__main__":
    main()
