"""What is to be said of an install: its manifest, its document, what it still lacks, and what its model sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from actionstudio.apps.simulator import keeping
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.core.chatgpt.plugin import checks, document, finding, flaw
from actionstudio.core.chatgpt.plugin.flaw import Flaw
from actionstudio.core.chatgpt.plugin.reading import NONE, OAUTH, Manifest
from actionstudio.core.importer import Import
from actionstudio.core.words import said

FLAWED, TOKEN, SECRET = LACKS = ("flawed", "token", "secret")
CREDENTIAL, CLIENT_SECRET = "secret", "client_secret"  # of what an install holds; the former is a token or a key


@dataclass(frozen=True)
class Judged:
    """``flaws`` are those of the manifest and of the servers; what the converter says is in ``imported``."""

    manifest: Manifest
    root: str
    flaws: tuple[Flaw, ...]
    imported: Import
    lacks: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether it cannot be installed as it is."""
        return bool(flaw.fatal(self.flaws)) or self.imported.fatal

    @property
    def error(self) -> str:
        """What ChatGPT showed in a chat, "" when it could read the document."""
        return document.error(self.imported)

    @cached_property
    def namespace(self) -> str:
        return document.namespace(self.imported, self.manifest)


def judged(install: PluginInstall) -> Judged:
    """What is known of an install by its copies; nothing is fetched."""
    manifest = Manifest(install.manifest, install.url)
    root = finding.root(install.url)
    imported, flaws = document.taken(install.document, root, manifest.document or install.url)
    if install.missing:
        imported, flaws = Import(True), (_missing(install.missing),)
    found = Judged(manifest, root, (*checks.check(manifest, root), *flaws), imported)
    return Judged(manifest, root, found.flaws, imported, tuple(_lacks(install, found)))


def _missing(why: str) -> Flaw:
    return Flaw("PL-07", "fatal", "/api/url", said("The document could not be fetched: %(why)s", why=why))


def _lacks(install: PluginInstall, found: Judged):
    """What stands between an install and its use, by LACKS."""
    manifest = found.manifest
    if found.broken:
        yield FLAWED
    if manifest.verified and install.verified is None:
        yield TOKEN
    if manifest.kind == OAUTH:
        secret = bool(install.oauth_client_id)
    else:
        secret = manifest.kind in ("", NONE) or bool(keeping.held(install).get(CREDENTIAL))
    if not secret:
        yield SECRET
