"""What every template may ask about accounts."""

from django.conf import settings


def signup(request) -> dict:
    """``signup_is_open``: may anybody make an account? ``signup_policy``: open, invite or closed."""
    return {"signup_is_open": settings.STUDIO_SIGNUP == "open", "signup_policy": settings.STUDIO_SIGNUP}
