"""What every template may ask about accounts."""

from django.conf import settings


def signup(request) -> dict:
    """``signup_is_open``: may anybody make an account? ``signup_policy``: open, invite or closed. ``sends_mail``: is
    there a mail server, or is mail printed to the terminal?"""
    return {
        "signup_is_open": settings.STUDIO_SIGNUP == "open",
        "signup_policy": settings.STUDIO_SIGNUP,
        "sends_mail": settings.STUDIO_SENDS_MAIL,
    }
