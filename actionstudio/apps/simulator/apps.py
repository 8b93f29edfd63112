"""What the simulator asks of the house when it starts."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "actionstudio.apps.simulator"

    def ready(self):
        from actionstudio.apps.library import carried
        from actionstudio.apps.projects.worker import daily, every
        from actionstudio.apps.publishing import sealing
        from actionstudio.apps.simulator import keeping, scripting, signing
        from actionstudio.apps.simulator.calling import filing
        from actionstudio.apps.simulator.chatting import forgetting, holding, turning
        from actionstudio.apps.simulator.chatting import pruning as chats
        from actionstudio.apps.simulator.endpoints import keeping as endpoints
        from actionstudio.apps.simulator.prompts import closing, pruning
        from actionstudio.apps.traffic import erasing
        from actionstudio.apps.traffic import pruning as log
        from actionstudio.apps.traffic.keeping import rehiding

        for keeper in (
            log.Keeper("chats", chats.prune, chats.due),
            log.Keeper("runs of prompts", pruning.prune, pruning.due),
        ):
            log.also(keeper)
            daily(keeper.prune)
        daily(filing.prune)
        carried.also(carried.Part("scripts", scripting.plain, scripting.read, scripting.put))
        erasing.also(pruning.forget)
        erasing.also(forgetting.forget)
        rehiding.also(forgetting.again)
        every(60, "interrupted prompt runs", closing.tidy)

        for reseal in (keeping.reseal, endpoints.reseal):
            if reseal not in sealing.RESEALERS:
                sealing.RESEALERS.append(reseal)
        every(holding.REAP, "chats", holding.reap)
        signing.follow("chats", turning.returned)
