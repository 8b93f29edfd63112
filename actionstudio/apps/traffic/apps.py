"""The log of calls goes with its project; conversations and bytes are counted in the background."""

from django.apps import AppConfig


class TrafficConfig(AppConfig):
    name = "actionstudio.apps.traffic"

    def ready(self):
        from actionstudio.apps.accounts import leaving
        from actionstudio.apps.projects import deleting, worker
        from actionstudio.apps.traffic import pruning, storing
        from actionstudio.apps.traffic.conversations import feeding
        from actionstudio.apps.traffic.words import feeding as words

        deleting.also(pruning.forget)
        leaving.also(pruning.leave)
        worker.every(feeding.EVERY, feeding.NAME, feeding.work)
        worker.every(storing.EVERY, storing.NAME, storing.work)
        worker.every(words.EVERY, words.NAME, words.work)
