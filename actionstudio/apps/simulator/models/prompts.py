"""PromptSuite, PromptCase: what is said to a model and what it should call. PromptRun, PromptOutcome: what it did."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.simulator.models.gpts import Gpt
from actionstudio.core.prompting import case, fields, scoring

SCRIPTED = "scripted"  # how a suite names the scripted model; others by the number of their Endpoint


class PromptSuite(models.Model):
    """Prompts kept as tests. ``gpt`` is whose instructions and actions the models get; None: the project's own action
    and no instructions. ``asks`` are the models that it asks when nobody says otherwise: "scripted", or an Endpoint's
    number as text. ``state`` is how its last run went; ``fail_under`` is the share that has to pass."""

    class State(models.TextChoices):
        NONE = ""
        PASSED = "passed"
        BELOW = "below"
        FAILED = "failed"

    class Mode(models.TextChoices):
        SELECT = "select"  # nothing is called: a model is told the operation's example
        MOCK = "mock"  # calls are made, at this project's own address

    project = models.ForeignKey(Project, models.CASCADE, related_name="prompt_suites")
    gpt = models.ForeignKey(Gpt, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)
    description = models.TextField(blank=True, max_length=2000)
    asks = models.JSONField(default=list, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.SELECT)
    repeat = models.PositiveSmallIntegerField(default=1)
    concurrency = models.PositiveSmallIntegerField(default=2)
    rate = models.FloatField(default=5.0)  # requests a second
    temperature = models.FloatField(null=True, blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    fail_under = models.FloatField(default=1.0)
    state = models.CharField(max_length=10, choices=State, default=State.NONE, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="promptsuite_slug")]

    def __str__(self):
        return self.name


class PromptCase(models.Model):
    """One prompt. The columns from ``turns`` to ``consent`` are core.prompting.Case as JSON. ``origin`` says where it
    comes from: hand, starter, log (``source`` is the call), import."""

    FIELDS = ("turns", "calls", "kind", "language", "ordered", "never", "others", "closed", "consent")

    suite = models.ForeignKey(PromptSuite, models.CASCADE, related_name="cases")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=160)
    enabled = models.BooleanField(default=True)
    turns = models.JSONField(default=list)
    calls = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=10, default="direct")
    language = models.CharField(max_length=35, default="en")
    ordered = models.BooleanField(default=False)
    never = models.JSONField(default=list, blank=True)
    others = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    consent = models.BooleanField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=10, default="hand")
    source = models.BigIntegerField(null=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["suite", "position", "id"], name="promptcase_order")]

    def __str__(self):
        return self.name

    @property
    def value(self) -> case.Case:
        """The case as a value."""
        return case.load({name: getattr(self, name) for name in self.FIELDS})

    @value.setter
    def value(self, made: case.Case) -> None:
        for name, one in case.dump(made).items():
            setattr(self, name, one)


class PromptRun(models.Model):
    """A suite asked of one or several models, ``repeat`` times each.

    ``asks`` are [{"model": "scripted" or an Endpoint's number, "label"}] in their order. ``revision`` is the version
    of the contract whose tools were offered, ``tools_hash`` names all that the models read; ``sheet`` is that itself,
    packed once for all outcomes. ``base`` and ``only``: a run of only the cases that a change of these operations
    touches; the others are carried over from ``base``. ``counts`` are outcomes by verdict, kept at the end. ``beat`` is
    a sign of life of a run that no job drives.
    """

    class Cause(models.TextChoices):
        HAND = "hand"
        API = "api"
        CI = "ci"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    suite = models.ForeignKey(PromptSuite, models.CASCADE, related_name="runs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    base = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    only = models.JSONField(default=list, blank=True)
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.HAND)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asks = models.JSONField(default=list)
    mode = models.CharField(max_length=10, default=PromptSuite.Mode.SELECT)
    revision = models.PositiveIntegerField(null=True)
    repeat = models.PositiveSmallIntegerField(default=1)
    concurrency = models.PositiveSmallIntegerField(default=2)
    rate = models.FloatField(default=5.0)
    temperature = models.FloatField(null=True)
    seed = models.BigIntegerField(null=True)
    fail_under = models.FloatField(default=1.0)
    tools_hash = models.CharField(max_length=16, blank=True)
    sheet = models.BinaryField(null=True)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    begun = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    beat = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["suite", "-id"], name="promptrun_newest")]

    def __str__(self):
        return f"prompt run {self.pk}"

    @property
    def over(self) -> bool:
        """Whether nobody is asked any more."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def public_id(self) -> str:
        return f"prun_{self.pk}"

    @property
    def share(self) -> float | None:
        """The part of what was asked that passed; what got no answer did not. None before the end."""
        of = sum(n for verdict, n in self.counts.items() if verdict != PromptOutcome.Verdict.SKIPPED)
        return self.counts.get(PromptOutcome.Verdict.PASSED, 0) / of if of else None

    @property
    def passed(self) -> bool:
        """Whether enough of it passed."""
        return self.state == self.State.DONE and self.share is not None and self.share >= self.fail_under

    @property
    def sheets(self) -> list[fields.Sheet]:
        """What the models read of each operation."""
        return [fields.load(one) for one in unpacked(self.sheet).get("tools", ())]

    @property
    def instructions(self) -> str:
        """The instructions that the models got."""
        return str(unpacked(self.sheet).get("instructions", ""))


class PromptOutcome(models.Model):
    """What one model did with one case, once.

    ``n`` is the case's place in the run, ``model`` that of the model in ``run.asks``, ``time`` the repetition, all
    from 0. ``state`` goes ready, asked, done. ``expected`` is the case as it was; ``called`` are [{"operation",
    "arguments" (text), "consent", "unknown"}], ``score`` is core.prompting.scoring.Score as JSON. ``packed`` holds what
    travelled without tools and keys: see ``trace``. ``carried``: taken from the run before.
    """

    class State(models.TextChoices):
        READY = "ready"
        ASKED = "asked"
        DONE = "done"

    class Verdict(models.TextChoices):
        PASSED = "passed"
        FAILED = "failed"
        ERROR = "error"  # no answer came
        SKIPPED = "skipped"

    run = models.ForeignKey(PromptRun, models.CASCADE, related_name="outcomes")
    case = models.ForeignKey(PromptCase, models.SET_NULL, null=True, related_name="outcomes")
    n = models.PositiveIntegerField()
    model = models.PositiveSmallIntegerField(default=0)
    time = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, default="direct")
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    expected = models.JSONField(default=dict)
    called = models.JSONField(default=list)
    score = models.JSONField(null=True)
    text = models.TextField(blank=True)
    why = models.JSONField(default=dict)
    tools_hash = models.CharField(max_length=16, blank=True)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    dollars = models.FloatField(null=True)
    ms = models.PositiveIntegerField(default=0)
    carried = models.BooleanField(default=False)
    packed = models.BinaryField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "n", "model", "time"]
        constraints = [models.UniqueConstraint(fields=["run", "n", "model", "time"], name="promptoutcome_once")]
        indexes = [models.Index(fields=["run", "verdict"], name="promptoutcome_verdict")]

    def __str__(self):
        return f"{self.name}: {self.verdict or self.state}"

    @property
    def value(self) -> case.Case:
        """What was expected."""
        return case.load(self.expected)

    @property
    def judged(self) -> scoring.Score | None:
        """How it was judged; None when no answer came."""
        return scoring.read(self.score) if self.score else None

    @property
    def calls(self) -> list[scoring.Called]:
        """What the model asked for."""
        return [scoring.Called(**one) for one in self.called]

    @property
    def trace(self) -> list[dict[str, Any]]:
        """What travelled: [{"request", "response", "told"}] in its order; long texts are cut."""
        return unpacked(self.packed).get("trace", [])


def packed(value: dict[str, Any]) -> bytes:
    """JSON, small."""
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), 6)


def unpacked(data: bytes | memoryview | None) -> dict[str, Any]:
    """What :func:`packed` wrote; nothing of nothing."""
    return json.loads(zlib.decompress(bytes(data)).decode("utf-8", "surrogatepass")) if data else {}
