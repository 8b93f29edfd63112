"""The bodies of the API: what each resource takes and shows, as serializers that refuse what they do not know."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from actionstudio.apps.api.answer_shapes import AroundField, BehaviourField, MocksShape
from actionstudio.apps.api.fields import (
    Choice,
    Flag,
    JSONObject,
    Line,
    Number,
    Pattern,
    Requirement,
    SchemaObject,
    ServerObject,
    Tag,
    Text,
)
from actionstudio.apps.api.resource import Shape
from actionstudio.apps.library import detecting
from actionstudio.apps.library.starters import STARTERS
from actionstudio.apps.release import sound
from actionstudio.core.auth import AUTH_KINDS
from actionstudio.core.contract import METHODS, VALIDATION_MODES


class AddressShape(Shape):
    """A name under which the project answers. ``pinned`` is a revision's number; null follows the newest."""

    name = serializers.SlugField(max_length=60)
    domain = Text(max_length=253, allow_null=True)
    pinned = Number(min_value=1, allow_null=True, required=False)
    urls = serializers.ListField(child=serializers.URLField(), read_only=True)
    primary = Flag(read_only=True)


class AddressCreate(Shape):
    name = Line(max_length=60)


class AddressPatch(Shape):
    """``pinned``: a revision's number, or null to follow the newest. ``domain``: null for none."""

    domain = Text(max_length=253, allow_null=True)
    pinned = Number(min_value=1, allow_null=True, required=False)


class ManifestShape(Shape):
    """The texts of the legacy ai-plugin.json; empty ones are filled from the project."""

    name_for_human = Text()
    name_for_model = Text()
    description_for_human = Text()
    description_for_model = Text()


class ProjectShape(Shape):
    """A project and the texts of its document."""

    slug = serializers.SlugField(max_length=60, required=False)
    name = Line(max_length=120)
    description = Text(max_length=300)
    masks = serializers.ListField(
        child=Line(max_length=100),
        required=False,
        help_text="Names of headers, query, form and JSON keys whose values the log hides.",
    )
    addresses = AddressShape(many=True, read_only=True)
    operations = Number(read_only=True)
    revision = Number(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    updated = serializers.DateTimeField(read_only=True)


class ProjectWhole(ProjectShape, MocksShape):
    """One project, with what its operations share to answer."""


class ProjectPatch(MocksShape):
    """What can be changed of a project. Lists are whole: what they leave out goes."""

    name = Line(max_length=120, required=False)
    description = Text(max_length=300)
    masks = serializers.ListField(child=Line(max_length=100), required=False, max_length=200)


class ProjectCreate(Shape):
    """``template`` is one of the starters; without it the project begins blank."""

    name = Line(max_length=120)
    slug = Text(max_length=60)
    template = Choice(choices=[starter.key for starter in STARTERS], required=False)


class DocumentShape(Shape):
    """What the document says about itself, and the hosted texts."""

    title = Text(max_length=500)
    version = Text(max_length=100)
    description = Text()
    validation = Choice(choices=VALIDATION_MODES, required=False)
    manifest = ManifestShape(required=False)
    privacy = Text()
    legal = Text()
    contact_email = serializers.EmailField(allow_blank=True, required=False)
    security = serializers.ListField(child=Requirement(), allow_null=True, required=False)
    servers = serializers.ListField(child=ServerObject(), required=False)
    tags = serializers.ListField(child=Tag(), required=False)
    revision = Number(read_only=True)


class DocumentPatch(DocumentShape):
    """Any of the document's fields; those left out stay."""


class ExampleShape(Shape):
    """One example of a response: what the mock can answer. An empty name is the single ``example``."""

    status = Line(max_length=7)
    media_type = Line(max_length=200)
    name = Text(max_length=200)
    summary = Text()
    value = serializers.JSONField(allow_null=True)


class OperationShape(Shape):
    """One operation. ``parameters``, ``request_body`` and ``responses`` are OpenAPI 3.1 objects."""

    operation_id = Line(max_length=500, help_text="Its name; unique in the project.")
    method = Choice(choices=METHODS)
    path = Line(max_length=2000, help_text="Begins with a slash; parameters in braces.")
    summary = Text()
    description = Text()
    tags = serializers.ListField(child=Line(max_length=200), required=False)
    deprecated = Flag(required=False)
    consequential = Flag(allow_null=True, required=False, help_text="x-openai-isConsequential.")
    exposed = Flag(required=False, help_text="Whether GPT sees it.")
    parameters = serializers.ListField(child=JSONObject(), required=False)
    request_body = JSONObject(allow_null=True, required=False)
    responses = JSONObject(required=False, help_text="By status: 200, 2XX or default.")
    security = serializers.ListField(
        child=Requirement(), allow_null=True, required=False, help_text="null inherits; [] needs no credential."
    )
    behaviour = BehaviourField(required=False, help_text="How the mock answers.")
    around = AroundField(required=False, help_text="Latency, a rate limit, faults and callbacks around it.")
    validation = Choice(choices=VALIDATION_MODES, allow_null=True, required=False)
    examples = ExampleShape(
        many=True, required=False, help_text="The examples of all responses, flat. When given, they replace those."
    )
    extra = JSONObject(required=False, help_text="Everything else of the OpenAPI operation: x-…, externalDocs, …")


class OperationPatch(OperationShape):
    """Any of an operation's fields; those left out stay. Objects inside are whole."""

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class ComponentShape(Shape):
    """One shared schema (an entry of components.schemas), JSON Schema 2020-12."""

    name = Pattern(r"^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$")
    schema = SchemaObject()
    used_by = serializers.ListField(child=Line(), read_only=True)


class ComponentPut(Shape):
    schema = SchemaObject()


class KeyShape(Shape):
    """A named credential of callers. ``text`` is shown once, in the answer to the request that made it."""

    id = Number(read_only=True)
    name = Line(max_length=80)
    last4 = Line(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    revoked = serializers.DateTimeField(read_only=True, allow_null=True)
    text = Text(max_length=500, write_only=True, help_text="A text of your own; without it a random one is made.")


class KeyMinted(KeyShape):
    text = Line(read_only=True)


class ScopeShape(Shape):
    """What people can allow: ``name`` travels, ``sentence`` is read, ``changes`` says that something can change."""

    name = Line(max_length=sound.SCOPE_LONGEST)
    sentence = Text(max_length=sound.SENTENCE_LONGEST)
    changes = Flag(required=False)


class AuthShape(Shape):
    """How callers prove who they are. Each kind has fields of its own.

    ``oauth``: people sign in on the project's own address while ``authorization_url`` and ``token_url`` are empty; what
    an operation asks for stands in its ``security``, under ``scheme_name``.
    """

    kind = Choice(choices=sorted(AUTH_KINDS))
    scheme = Choice(choices=["bearer", "basic", "header"], required=False)
    header = Text(max_length=100)
    scheme_name = Pattern(r"^[A-Za-z0-9._-]+$", max_length=100, required=False)
    authorization_type = Choice(choices=["bearer", "basic"], required=False)
    verification_tokens = serializers.DictField(child=Line(max_length=500), required=False)
    scopes = ScopeShape(many=True, required=False)
    authorization_url = Text(max_length=sound.URL_LONGEST)
    token_url = Text(max_length=sound.URL_LONGEST)
    token_exchange = Choice(choices=sound.EXCHANGES, required=False)
    content_type = Choice(choices=sound.CONTENT_TYPES, required=False)
    keys = KeyShape(many=True, read_only=True)


class ChangeShape(Shape):
    kind = Text()
    pointer = Text()
    label = Text()


class RevisionShape(Shape):
    """One save. The list leaves ``contract`` out."""

    number = Number()
    author = serializers.EmailField(allow_null=True)
    created = serializers.DateTimeField()
    note = Text()
    changes = ChangeShape(many=True)


class RevisionWhole(RevisionShape):
    document = JSONObject(help_text="The full OpenAPI document of this revision.")


class SourceShape(Shape):
    """Exactly one of ``source`` (any text) and ``url`` (a link to one)."""

    source = Text()
    url = serializers.URLField(max_length=2000, required=False)

    def validate(self, data):
        if bool(data.get("source")) == bool(data.get("url")):
            raise serializers.ValidationError(_("Give exactly one of “source” and “url”."), code="source-or-url")
        return data


class ImportShape(SourceShape):
    """Exactly one of ``source`` (the document's text) and ``url``. ``dry_run`` reports and creates nothing."""

    format = Choice(choices=[*detecting.FORMATS], required=False)
    slug = Text(max_length=60)
    name = Text(max_length=120)
    dry_run = Flag(required=False)


class ImportFindingShape(Shape):
    """What the reader noticed, or the checks say of what it kept. ``repair`` is there when one mends it."""

    code = Text()
    level = Text()
    pointer = Text()
    message = Text()
    repair = Text(required=False)


class ReportShape(Shape):
    """``format`` is what was read, in words; ``reader`` is its key among those of the request. ``findings`` are the
    first 500 of ``findings_count``."""

    format = Text()
    reader = Text()
    operations_in = Number()
    operations_kept = Number()
    findings = ImportFindingShape(many=True)
    findings_count = Number()


class ImportedShape(Shape):
    """``project`` is null in a dry run."""

    project = ProjectShape(allow_null=True)
    report = ReportShape()
