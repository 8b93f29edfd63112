"""IgnoreRule: what does not count in answers. Suite, Case: calls kept as tests. SuiteRun, Outcome: how they went."""

import datetime

from django.conf import settings
from django.db import models

from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.replay import packing


class IgnoreRule(models.Model):
    """One thing that no comparison of answers counts: for all operations, one of them, or paths that fit a pattern.

    ``at`` is a place of the answer (``$.items[*].at``, ``header:name``, ``status``), or of the last two the code of a
    kind of noise. ``size`` is how far two numbers may be apart.
    """

    class What(models.TextChoices):
        IGNORE = "ignore"
        UNORDERED = "unordered"
        TOLERANCE = "tolerance"
        NOISE_OFF = "noise-off"
        NOISE_ON = "noise-on"

    project = models.ForeignKey(Project, models.CASCADE, related_name="ignore_rules")
    operation_id = models.TextField(blank=True)
    path = models.CharField(max_length=500, blank=True)
    what = models.CharField(max_length=10, choices=What, default=What.IGNORE)
    at = models.CharField(max_length=300, blank=True)
    size = models.FloatField(null=True)
    note = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["project", "id"], name="ignorerule_project")]

    def __str__(self):
        return f"{self.what} {self.at}"


class Suite(models.Model):
    """Calls kept as tests, in their order. ``variables`` are [{"name", "value", "secret"}]; texts of secret ones are
    sealed together in ``sealed`` and stand nowhere else. ``next_run`` is when the schedule is due: whoever moves it on
    runs the suite, and nobody else does. ``send_refused``: cases leave also when ChatGPT would not make their calls any
    more. ``state`` is that of the last run that is over, of those to ``target``. ``agreed`` are the hosts of others on
    which its calls may change something: a person has said so."""

    class Schedule(models.TextChoices):
        OFF = "off"
        MINUTES = "minutes"
        HOURLY = "hourly"
        DAILY = "daily"

    class State(models.TextChoices):
        NONE = ""
        PASSED = "passed"
        DIFFERS = "differs"
        FAILED = "failed"

    project = models.ForeignKey(Project, models.CASCADE, related_name="suites")
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)
    description = models.TextField(blank=True, max_length=2000)
    target = models.CharField(max_length=2000, default="live")
    variables = models.JSONField(default=list, blank=True)
    sealed = models.BinaryField(null=True)
    schedule = models.CharField(max_length=10, choices=Schedule, default=Schedule.OFF)
    minutes = models.PositiveIntegerField(default=30)
    daily_at = models.TimeField(null=True)
    next_run = models.DateTimeField(null=True, db_index=True)
    on_save = models.BooleanField(default=False)
    stop_first = models.BooleanField(default=False)
    carry = models.BooleanField(default=True)
    send_refused = models.BooleanField(default=False)
    concurrency = models.PositiveSmallIntegerField(default=1)
    agreed = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NONE, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="suite_slug")]
        indexes = [models.Index(fields=["project", "state"], name="suite_state")]

    def __str__(self):
        return self.name


class Case(models.Model):
    """One call and what its answer should be.

    ``headers`` are [[name, value]]; texts may hold ``{{variables}}``. ``credential`` is "none", "good" (counts as a
    good one), a key's id, or a person (oauth.assuming). ``answer`` is a reply as a Replay keeps it; ``whole`` says that
    all of it is expected. ``checks`` are core.expecting.Check as JSON, ``rules`` {"ignore", "unordered", "tolerance",
    "off"} of this case alone, ``extracts`` [{"name", "on"}] for later cases. ``call`` is the logged request as it was:
    what an answer only says back is told by it.
    """

    suite = models.ForeignKey(Suite, models.CASCADE, related_name="cases")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=160)
    enabled = models.BooleanField(default=True)
    operation_id = models.TextField(blank=True)
    method = models.CharField(max_length=16, default="GET")
    path = models.TextField(default="/")
    query = models.TextField(blank=True)
    headers = models.JSONField(default=list, blank=True)
    body = models.BinaryField(default=b"", blank=True)
    credential = models.CharField(max_length=80, default="none")
    whole = models.BooleanField(default=True)
    answer = models.JSONField(null=True)
    checks = models.JSONField(default=list, blank=True)
    rules = models.JSONField(default=dict, blank=True)
    extracts = models.JSONField(default=list, blank=True)
    source = models.BigIntegerField(null=True)
    conversation = models.CharField(max_length=120, blank=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["suite", "position", "id"], name="case_order")]

    def __str__(self):
        return self.name


class SuiteRun(models.Model):
    """A suite run once. ``sealed`` holds what its answers have brought for later cases; it goes when the run is over.

    ``beat`` is a sign of life of a run that no job drives (CI). ``counts`` are outcomes by verdict, kept at the end.
    """

    class Cause(models.TextChoices):
        HAND = "hand"
        SAVE = "save"
        SCHEDULE = "schedule"
        CI = "ci"
        API = "api"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    suite = models.ForeignKey(Suite, models.CASCADE, related_name="runs")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.HAND)
    target = models.CharField(max_length=2000, default="live")
    revision = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    begun = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    beat = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    took_us = models.BigIntegerField(default=0)
    sealed = models.BinaryField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["suite"],
                condition=models.Q(state="waiting", cause__in=("save", "schedule")),
                name="suite_one_waits",
            )
        ]
        indexes = [models.Index(fields=["suite", "-id"], name="suiterun_newest")]

    def __str__(self):
        return f"suite run {self.pk}"

    @property
    def over(self) -> bool:
        """Whether nothing more will be sent."""
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def lasted(self) -> datetime.timedelta:
        """From its begin to its end. What its answers take as callers get them (``took_us``) is another time: a latency
        that a mock simulates is counted there, and nobody waits for it here."""
        return self.finished - self.begun if self.finished and self.begun else datetime.timedelta()

    @property
    def answered(self) -> bool:
        """Whether any case got an answer that was compared."""
        verdict = Outcome.Verdict
        return not {verdict.PASSED, verdict.CHANGED, verdict.BROKEN}.isdisjoint(self.counts)

    @property
    def passed(self) -> bool:
        """Whether all of it went as expected."""
        return self.state == self.State.DONE and set(self.counts) <= {Outcome.Verdict.PASSED}

    @property
    def public_id(self) -> str:
        return f"srun_{self.pk}"


class Outcome(models.Model):
    """What became of one case of a run, kept as a Replay keeps it (packed). ``state`` goes ready, sent, done; sent is
    written before the call leaves, so that nobody sends it blindly again after a kill. ``refusal`` is why ChatGPT would
    not make a call that was sent all the same."""

    class State(models.TextChoices):
        READY = "ready"
        SENT = "sent"
        DONE = "done"

    class Verdict(models.TextChoices):
        PASSED = "passed"
        CHANGED = "changed"
        BROKEN = "broken"
        REFUSED = "refused"
        ERROR = "error"
        SKIPPED = "skipped"

    run = models.ForeignKey(SuiteRun, models.CASCADE, related_name="outcomes")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="outcomes")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    operation_id = models.TextField(blank=True)
    method = models.CharField(max_length=16)
    path = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    reasons = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    refusal = models.TextField(blank=True)
    noise = models.JSONField(default=dict)
    took_us = models.BigIntegerField(default=0)
    accepted = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    ignore = models.JSONField(default=list)
    call = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    again = models.JSONField(null=True)
    packed = models.BinaryField(null=True)
    result_exchange_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "n"]
        constraints = [models.UniqueConstraint(fields=["run", "n"], name="outcome_once")]
        indexes = [models.Index(fields=["case", "-run"], name="outcome_case")]

    def __str__(self):
        return f"{self.name}: {self.verdict or self.state}"

    @property
    def project(self) -> Project:
        """Whose it is, as a Replay says it."""
        return self.run.suite.project

    @property
    def target(self) -> str:
        """Where it went, as a Replay says it."""
        return self.run.target

    @property
    def good(self) -> bool:
        return self.verdict == self.Verdict.PASSED

    def keep(self, **found) -> dict:
        """The columns of what came back, packed, with ``found``."""
        whole = packing.pack(self)
        names = ("call", "before", "after", "again", "packed", "facts", "ignore", "result_exchange_id", "error")
        kept = {name: getattr(self, name) for name in names}
        packing.restore(self, whole)
        return kept | found

    @classmethod
    def from_db(cls, *args, **options):
        row = super().from_db(*args, **options)
        if row.__dict__.get("packed"):
            packing.unpack(row)
        return row
