"""New projects whose people sign in with OAuth begin with a client."""

from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "actionstudio.apps.oauth"

    def ready(self):
        from actionstudio.apps.library import creating
        from actionstudio.apps.oauth import registering

        creating.also(registering.begin)
