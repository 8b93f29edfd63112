"""New projects whose people sign in with OAuth begin with a client; the first steps say what a sign-in lacks."""

from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "actionstudio.apps.oauth"

    def ready(self):
        from actionstudio.apps.library import creating, steps
        from actionstudio.apps.oauth import needing, registering

        creating.also(registering.begin)
        steps.needs(needing.need)
