"""What every request to a provider's pages and endpoints gets: its language, its browser, and who is signed in."""

from django.utils import translation

from actionstudio.apps.oauth.address import language
from actionstudio.apps.oauth.sessions import Browser


class AddressMiddleware:
    """Activates the reader's language; ``request.browser`` is where they read (sessions.py), ``request.user`` the end
    user of the project who is signed in there or None, never a studio user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.browser = Browser.of(request)
        request.user = request.browser.user
        with translation.override(language.of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        request.browser.keep(response)
        language.keep(request, response)
        return response
