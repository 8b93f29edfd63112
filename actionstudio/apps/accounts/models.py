"""User, personal API tokens, invitations."""

import hashlib
import secrets

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actionstudio.apps.accounts import leaving

TOKEN_PREFIX = "ast_"


class User(AbstractUser):
    """A person who builds with the studio. Signs in with the e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=5, blank=True)  # "", light, dark
    timezone = models.CharField(max_length=64, blank=True)
    shortcuts = models.BooleanField(default=True)  # single-letter keyboard shortcuts (WCAG 2.1.4)

    def delete(self, *args, **kwargs):
        """Removes the account with its projects, and then what other databases keep of them."""
        former = self.pk, list(self.projects.values_list("pk", flat=True))
        removed = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: leaving.gone(*former))
        return removed


class ApiToken(models.Model):
    """A personal token for the studio's API: 256 random bits, kept as SHA-256, shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self):
        return self.name

    @classmethod
    def mint(cls, user: User, name: str, expires=None) -> tuple["ApiToken", str]:
        """A new token's row and its text; the text is never kept."""
        text = TOKEN_PREFIX + secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name, digest=cls.hash(text), last4=text[-4:], expires=expires), text

    @staticmethod
    def hash(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def is_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()


class Invitation(models.Model):
    """A link that lets one person sign up while STUDIO_SIGNUP is ``invite``. The link's text is kept as a hash."""

    by = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    used_by = models.OneToOneField(User, models.SET_NULL, null=True, related_name="invited_with")
    used = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self):
        return self.email or f"invitation {self.pk}"

    def is_open(self) -> bool:
        return self.used is None and self.expires > timezone.now()
