"""Sends the log's tables, and the state of mocks, to the log's database."""

from django.conf import settings

LOGGED = ("traffic", "mocking")


class LogRouter:
    """Exchange and what mocks remember live in settings.LOG_DATABASE (a file of its own on SQLite), because they are
    committed together; everything else in the default one."""

    def db_for_read(self, model, **hints):
        return settings.LOG_DATABASE if model._meta.app_label in LOGGED else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return db == (settings.LOG_DATABASE if app_label in LOGGED else "default")
