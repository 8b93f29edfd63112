"""Retention runs every day in the process that runs the background worker."""

from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "actionstudio.apps.replay"

    def ready(self):
        from actionstudio.apps.projects.worker import daily
        from actionstudio.apps.replay.pruning import prune

        daily(prune)
