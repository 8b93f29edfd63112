"""Gives database connections back: PostgreSQL has a pool of them, with fewer than there are threads."""

from django.db import connections


def give_back(alias: str = "default") -> None:
    """This thread's connection goes back to the pool, which checks it before its next use.

    Not SQLite's: to open its file again takes longer than the work. Not one inside a transaction: that is the caller's.
    """
    connection = connections[alias]
    if connection.vendor != "sqlite" and not connection.in_atomic_block:
        connection.close()
