"""Sends the log's tables to the log's database."""

from django.conf import settings


class LogRouter:
    """Exchange lives in settings.LOG_DATABASE (a file of its own on SQLite); everything else in the default one."""

    def db_for_read(self, model, **hints):
        return settings.LOG_DATABASE if model._meta.app_label == "traffic" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return db == (settings.LOG_DATABASE if app_label == "traffic" else "default")
