#!/usr/bin/env python
"""Django's command line."""

import os
import sys
from pathlib import Path


def without_database(command: str) -> str:
    """Why ``command`` cannot run, "" when it can. Asked before the settings are read, which make the data folder."""
    if not command.startswith("studio_") or command == "studio_prepare" or {"-h", "--help"} & set(sys.argv):
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
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
