#!/usr/bin/env python
"""Django's command line."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

FREE = ("studio_prepare", "studio_check")  # commands that need no database


def leave_no_trace() -> None:
    """For commands that keep nothing: a data folder that is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="studio-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["STUDIO_DATA_DIR"] = folder


def without_database(command: str) -> str:
    """Why ``command`` cannot run, "" when it can. Asked before the settings are read, which make the data folder."""
    if not command.startswith("studio_") or command in FREE or {"-h", "--help"} & set(sys.argv):
        return ""
    told = os.environ.get("STUDIO_DATA_DIR")  # as settings.py reads it
    folder = Path(told if told is not None else Path(__file__).resolve().parent / "data")
    if os.environ.get("DATABASE_URL") or (folder / "studio.sqlite3").exists():
        return ""
    return f"No database in {told or './data'}. Is STUDIO_DATA_DIR set as for make run?"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")
    if missing := without_database(sys.argv[1] if len(sys.argv) > 1 else ""):
        sys.exit(missing)
    if "studio_check" in sys.argv[1:2]:
        leave_no_trace()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
