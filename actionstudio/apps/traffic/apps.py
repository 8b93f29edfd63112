"""The log of calls goes with its project."""

from django.apps import AppConfig


class TrafficConfig(AppConfig):
    name = "actionstudio.apps.traffic"

    def ready(self):
        from actionstudio.apps.projects import deleting
        from actionstudio.apps.traffic import pruning

        deleting.also(pruning.forget)
