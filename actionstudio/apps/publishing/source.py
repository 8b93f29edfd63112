"""Answers runtime.Source from revisions, addresses and keys."""

from urllib.parse import urlsplit

from django.conf import settings

from actionstudio.apps.projects.models import Project
from actionstudio.apps.projects.pooling import give_back
from actionstudio.apps.publishing import secrets, switching
from actionstudio.apps.publishing.models import Address, Key, Revision
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.core.hiding import Masks, Rule, read
from actionstudio.runtime.ports import Hosted
from actionstudio.runtime.ports import Key as HostedKey


def base_urls(name: str, domain: str | None = None) -> tuple[str, ...]:
    """The absolute URLs under which an address answers: custom domain, own host, path form."""
    own = f"{settings.STUDIO_LIVE_SCHEME}://{name}.{settings.STUDIO_LIVE_DOMAIN}"
    path = f"{settings.STUDIO_PUBLIC_URL}/live/{name}"
    return ((f"{settings.STUDIO_LIVE_SCHEME}://{domain}",) if domain else ()) + (own, path)


def is_ours(base: str) -> bool:
    """Whether a URL is the base URL of an address of this studio, by its form: whose project it is does not matter."""
    parts = urlsplit(base)
    if base.startswith(f"{settings.STUDIO_PUBLIC_URL}/live/"):
        return base.count("/") == settings.STUDIO_PUBLIC_URL.count("/") + 2
    if parts.path not in ("", "/"):
        return False
    own = parts.netloc.endswith(f".{settings.STUDIO_LIVE_DOMAIN}")
    return own or Address.objects.filter(domain=parts.hostname or "-").exists()


def first_url(project: Project) -> str:
    """The first URL of the project's first address, "" when it has none."""
    row = project.addresses.first()
    return base_urls(row.name, row.domain)[0] if row else ""


def masks_of(project: Project) -> frozenset[str]:
    """What the project's log hides besides what it always does, and of which operations it keeps no body."""
    rules = (read(rule) for rule in project.hiding)
    return Masks.of(
        (str(name).lower() for name in project.masks),
        (rule for rule in rules if isinstance(rule, Rule)),
        project.keep_bodies,
        project.bodyless,
    )


def kept_days() -> int | None:
    """How many days calls stay in the log; None when nothing deletes them."""
    return settings.STUDIO_RETENTION_DAYS if settings.STUDIO_RETENTION_DAYS > 0 else None


class DatabaseSource:
    """runtime.ports.Source over the control plane's tables."""

    def version(self, address: str) -> int | None:
        if "\0" in address:  # PostgreSQL would not even look
            return None
        return Address.objects.filter(name=address).values_list("version", flat=True).first()

    def address_of_domain(self, host: str) -> str | None:
        return Address.objects.filter(domain=host).values_list("name", flat=True).first()

    def rest(self) -> None:
        give_back()

    def load(self, address: str, revision: int | None = None) -> Hosted | None:
        if "\0" in address:
            return None
        row = Address.objects.select_related("project", "pinned").filter(name=address).first()
        if row is None:
            return None
        revisions = Revision.objects.filter(project=row.project)
        served = row.pinned
        if revision is not None:
            served = revisions.filter(number=revision).first()
        elif served is None:
            served = revisions.first()
        if served is None:
            return None
        contract = served.contract()
        keys = list(row.project.keys.all())
        image = row.project.logos.filter(digest=contract.logo).values_list("image", flat=True).first()
        return Hosted(
            address=row.name,
            project_id=row.project_id,
            project_slug=row.project.slug,
            version=row.version,
            revision=served.number,
            newest=revisions.values_list("number", flat=True).first() or 0,
            contract=contract,
            base_urls=base_urls(row.name, row.domain),
            keys=tuple(_hosted(key) for key in keys if key.revoked is None),
            logo=("image/png", bytes(image)) if image else None,
            switches=switching.hosted(row.project) if revision is None else (),
            masks=masks_of(row.project),
            modified=served.created.timestamp(),
            secrets=secrets.texts(row.project),
            extra={
                "revoked": tuple(_hosted(key) for key in keys if key.revoked is not None),
                "kept_days": kept_days(),
                "private": private_allowed(),
            },
        )


def _hosted(key: Key) -> HostedKey:
    return HostedKey(key.pk, key.name, bytes.fromhex(key.digest))
