"""What every request to a provider's pages and endpoints gets: its language, and who is signed in."""

from django.utils import translation


class AddressMiddleware:
    """Activates the reader's language; ``request.user`` is an end user of the project or None, never a studio user."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = None
        with translation.override(translation.get_language_from_request(request)):
            return self.get_response(request)
