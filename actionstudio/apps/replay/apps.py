"""Retention runs every day, and suites when they are due, where the background worker runs; replays go with calls that
somebody deletes."""

from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "actionstudio.apps.replay"

    def ready(self):
        from actionstudio.apps.projects.worker import daily, every
        from actionstudio.apps.publishing import sealing
        from actionstudio.apps.publishing.following import follow
        from actionstudio.apps.replay import rehiding
        from actionstudio.apps.replay.pruning import of_erased, prune
        from actionstudio.apps.replay.runs.closing import tidy
        from actionstudio.apps.replay.suites import scheduling, variables
        from actionstudio.apps.traffic import erasing
        from actionstudio.apps.traffic.keeping import deleting
        from actionstudio.apps.traffic.keeping import rehiding as log

        daily(prune)
        erasing.also(of_erased)
        deleting.stays(rehiding.stays)
        log.also(rehiding.again)
        every(scheduling.LOOK, "suites", scheduling.work)
        every(60, "interrupted runs", tidy)
        follow("suites", scheduling.saved)
        if variables.reseal not in sealing.RESEALERS:
            sealing.RESEALERS.append(variables.reseal)
