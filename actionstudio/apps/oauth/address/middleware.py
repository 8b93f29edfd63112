"""What every request to a provider's pages and endpoints gets: its language, its browser, and who is signed in."""

from django.http import Http404
from django.utils import translation

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.address import language
from actionstudio.apps.oauth.sessions import Browser

APPS = frozenset(("token", "revoke", "introspect", "userinfo"))  # authorize and register say so themselves


class AddressMiddleware:
    """Activates the reader's language; ``request.browser`` is where they read (sessions.py), ``request.user`` the end
    user of the project who is signed in there or None, never a studio user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def process_view(self, request, view, args, kwargs):
        """Where each person has a key of their own no app signs in: what apps ask is not there."""
        if request.resolver_match.url_name in APPS and not request.tenant.offered:
            request.tenant.tell(outcome="failed", code=codes.NO_APPS)
            raise Http404

    def __call__(self, request):
        request.browser = Browser.of(request)
        request.user = request.browser.user
        with translation.override(language.of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        request.browser.keep(response)
        language.keep(request, response)
        return response
