"""New projects whose people sign in with OAuth begin with a client; the first steps say what a sign-in lacks,
and the authentication page what ChatGPT's client is set to."""

from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "actionstudio.apps.oauth"

    def ready(self):
        from actionstudio.apps.library import creating, steps
        from actionstudio.apps.oauth import belongings, entering, needing, registering
        from actionstudio.apps.release import pasting
        from actionstudio.apps.traffic.keeping import selections

        creating.also(registering.begin)
        steps.needs(needing.need)
        steps.needs(needing.trial)
        steps.needs(needing.secret)
        selections.selection("person")(belongings.by_person)
        pasting.usual_client(entering.for_chatgpt)
