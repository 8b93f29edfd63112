"""A whole project as one file: a zip with its contract, settings and logo. Keys and the log never travel.

The way in trusts nothing: sizes, ratio and names of the entries, the shape of the contract, the image.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.library import carried, kept
from actionstudio.apps.library import logo as logos
from actionstudio.apps.projects.models import Project
from actionstudio.core import answering, codec, keepable
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.shape import misfits

KIND = "action-studio-project"
FORMAT = 1
MEDIA_TYPE = "application/zip"
ENTRIES = ("project.json", "logo.png")
LARGEST = 50 * 1024 * 1024  # unpacked, all entries together
RATIO = 100
SMALL = 1024 * 1024  # below this an entry may be as compressible as it likes


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a file holds: the arguments of :func:`creating.create`."""

    contract: Contract
    name: str = ""
    slug: str = ""
    description: str = ""
    masks: list[str] = field(default_factory=list)
    keeping: dict[str, Any] = field(default_factory=dict)  # what the log hides and keeps: keeping.KEPT
    logo: bytes = b""
    carried: dict[str, Any] = field(default_factory=dict)  # what other apps have in it, by the part's name


def pack(project: Project, contract: Contract) -> bytes:
    """The project as a zip. The same project gives the same bytes."""
    image = project.logos.filter(digest=contract.logo).values_list("image", flat=True).first()
    about = {
        "kind": KIND,
        "format": FORMAT,
        "name": project.name,
        "slug": project.slug,
        "description": project.description,
        "masks": project.masks,
        "keeping": kept.of(project),
        "contract": codec.dump(contract),
        **carried.of(project),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_entry("project.json"), orjson.dumps(about, option=orjson.OPT_INDENT_2))
        if image:
            file.writestr(_entry("logo.png"), bytes(image))
    return out.getvalue()


def looks_like(data: bytes) -> bool:
    """Whether this is a zip at all."""
    return data[:4] == b"PK\x03\x04"


def unpack(data: bytes) -> Bundle:
    """What :func:`pack` wrote. Raises Refused with the reason when it is anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = _checked_names(file)
            about = json.loads(file.read("project.json"), parse_constant=_no_constant)
            image = file.read("logo.png") if "logo.png" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, RecursionError):
            raise _refused(_("The project file is nested too deeply.")) from error
        raise _refused(_("The file is damaged: it is not a readable zip.")) from error
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise _refused(_("project.json in the file is not valid JSON.")) from error
    return _read(about, logos.checked(image) if image else b"")


def _read(about: object, image: bytes) -> Bundle:
    if not isinstance(about, dict) or about.get("kind") != KIND:
        raise _refused(_("This zip is not a project of Action Studio."))
    if not isinstance(about.get("format"), int) or about["format"] > FORMAT:
        raise _refused(_("This file was written by a newer Action Studio. Update this one first."))
    contract = about.get("contract")
    if problems := keepable.faults(contract) or list(misfits(Contract, contract, "/contract"))[:20]:
        raise Refused(*problems)
    masks, loaded = about.get("masks"), _loaded(contract)
    if problems := list(answering.wrong(loaded, "/contract"))[:20]:
        raise Refused(*problems)
    return Bundle(
        contract=loaded,
        name=_text(about, "name"),
        slug=_text(about, "slug"),
        description=_text(about, "description"),
        masks=[item for item in masks if isinstance(item, str)] if isinstance(masks, list) else [],
        keeping=kept.read(about.get("keeping", {})),
        logo=image,
        carried=carried.read(about),
    )


def _loaded(contract: dict) -> Contract:
    try:
        return codec.load(contract)
    except (ValueError, TypeError) as error:
        raise _refused(_("The project in the file cannot be read: %(why)s") % {"why": error}) from error


def _checked_names(file: zipfile.ZipFile) -> set[str]:
    """Only the entries we write, each once, none a bomb."""
    infos = file.infolist()
    names = [info.filename for info in infos]
    if "project.json" not in names:
        raise _refused(_("This zip is not a project of Action Studio: project.json is missing."))
    if set(names) - set(ENTRIES) or len(set(names)) != len(names):
        raise _refused(_("The zip holds files that do not belong to a project."))
    if sum(info.file_size for info in infos) > LARGEST:
        raise _refused(_("The project in the file is larger than 50 MB."))
    if any(info.file_size > max(SMALL, RATIO * info.compress_size) for info in infos):
        raise _refused(_("The zip is packed too tightly to be a project."))
    return set(names)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _text(about: dict, name: str) -> str:
    return about[name] if isinstance(about.get(name), str) else ""


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _refused(message: str) -> Refused:
    return Refused(Problem("/source", message, "bundle"))
