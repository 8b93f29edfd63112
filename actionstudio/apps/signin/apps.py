"""What runs of the client emulator hold is wiped every day in the process that runs the background worker."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "actionstudio.apps.signin"

    def ready(self):
        from actionstudio.apps.projects.worker import daily
        from actionstudio.apps.signin.runs import sweep

        daily(sweep)
