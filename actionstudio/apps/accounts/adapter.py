"""allauth's policy for the studio: who may sign up, how sign-in is limited and says so."""

import math
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext

from actionstudio.apps.accounts import invitations


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by STUDIO_SIGNUP; a limited sign-in says how long to wait."""

    def is_open_for_signup(self, request) -> bool:
        return settings.STUDIO_SIGNUP == "open" or invitations.carried(request) is not None

    def save_user(self, request, user, form, commit=True):
        saved = super().save_user(request, user, form, commit)
        invitations.use(request, saved)
        return saved

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            minutes = self._minutes_left(request, credentials)
            text = ngettext(
                "Too many failed sign-ins. Try again in %(n)s minute.",
                "Too many failed sign-ins. Try again in %(n)s minutes.",
                minutes,
            )
            raise ValidationError(text % {"n": minutes}, code="too_many_login_attempts") from error

    def _minutes_left(self, request, credentials) -> int:
        """Until the oldest counted failure of the fullest limit is forgotten, in whole minutes."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        seconds = 60.0
        for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
            name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
            history = cache.get(name, [])
            if len(history) >= rate.amount:
                seconds = max(seconds, history[-1] + rate.duration - time.time())
        return max(1, math.ceil(seconds / 60))


class FactorAdapter(DefaultMFAAdapter):
    """allauth's second factors in our words."""

    def generate_authenticator_name(self, user, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(n)s") % {"n": count + 1}
