"""The provider of a project and the people who have an account there."""

import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.utils import timezone

from actionstudio.apps.projects.models import Project


class Provider(models.Model):
    """How a project's provider behaves. Scopes are not here: they belong to the contract (core/auth.py OAuth)."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="provider")
    development = models.BooleanField(default=True)  # test users are offered on the login page
    signup = models.BooleanField(default=False)  # people may make an account themselves
    registration = models.BooleanField(default=False)  # clients may register themselves (RFC 7591)
    code_seconds = models.PositiveIntegerField(default=60)
    access_seconds = models.PositiveIntegerField(default=3600)
    refresh_days = models.PositiveIntegerField(default=30)  # without use; 0: no refresh tokens are issued
    colour = models.CharField(max_length=7, blank=True)  # "#rrggbb" of the sign-in pages; "": the studio's own

    def __str__(self):
        return f"provider of {self.project_id}"

    @classmethod
    def of(cls, project: Project) -> "Provider":
        """The project's provider, made when it is first asked for, and the people of drills with it: once."""
        from actionstudio.apps.oauth import people

        if found := cls.objects.filter(project=project).first():
            return found
        with transaction.atomic():
            provider, made = cls.objects.get_or_create(project=project)
            if made:
                people.test_users(project)
        return provider


class EndUser(models.Model):
    """A person with an account at a project. ``sub`` is who they are to clients: it says nothing across projects."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="end_users")
    sub = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=150)  # lower case; what people type to sign in
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=150, blank=True)
    password = models.CharField(max_length=128, blank=True)  # Argon2; "": nobody signs in with a password
    is_active = models.BooleanField(default=True)
    test = models.BooleanField(default=False)  # offered on the login page while the project is in development
    joined = models.BooleanField(default=False)  # they made the account themselves: what it says of them is unproved
    denies = models.BooleanField(default=False)  # a drill: whatever they are asked to allow, the answer is no
    groups = models.JSONField(default=list, blank=True)  # names
    claims = models.JSONField(default=dict, blank=True)  # more claims of userinfo and ID tokens
    created = models.DateTimeField(default=timezone.now)
    last_login = models.DateTimeField(null=True, blank=True)

    is_authenticated = True
    is_anonymous = False

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "username"], name="oauth_username_once")]

    def __str__(self):
        return self.name or self.username

    def get_username(self) -> str:
        return self.username

    @staticmethod
    def drill_over(path: str = "") -> models.Q:
        """Who was a test user that anybody could be while the project was in development, once it is not: they are
        nobody any more. ``path`` leads to the person in the query, as in ``user__``."""
        told = {"test": True, "password": "", "project__provider__development": False}
        return models.Q(**{path + name: value for name, value in told.items()})

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def set_password(self, text: str) -> None:
        self.password = make_password(text)

    def check_password(self, text: str) -> bool:
        return bool(self.password) and check_password(text, self.password)


class EndUserSession(models.Model):
    """A browser in which an end user is signed in. The cookie holds a random text, this row its SHA-256."""

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"session of {self.user_id}"


class UserKey(models.Model):
    """An end user's own key, for callers that know no OAuth (``user_http`` of the plugin manifest). Its text begins
    with PREFIX and is shown once; only its SHA-256 is kept."""

    PREFIX = "asuk_"

    user = models.ForeignKey(EndUser, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    created = models.DateTimeField(default=timezone.now)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name
