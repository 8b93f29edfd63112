"""Pictures of every page in both themes and sizes: .venv/bin/python tools/shots.py FOLDER [part of a name ...]"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")

import django  # noqa: E402

django.setup()

from tests.browser import doors, kit, pages  # noqa: E402
from tests.studio import Studio  # noqa: E402


def wanted(names: list[str]) -> dict:
    """The pages whose names contain one of ``names``, or all."""
    return {key: page for key, page in pages.reachable().items() if not names or any(name in key for name in names)}


def shoot(studio: Studio, browser, world: dict, folder: Path, chosen: dict) -> None:
    """One picture for each page, theme and size."""
    for size_name, size in (("d", kit.DESKTOP), ("m", kit.PHONE)):
        for theme in ("light", "dark"):
            for user in ("ann", "anonymous"):
                context = kit.context(browser, studio, user if user == "ann" else "", size=size, theme=theme)
                page = context.new_page()
                for name, (who, path) in chosen.items():
                    if who == user:
                        page.goto(path(world), wait_until="load")
                        page.wait_for_timeout(250)
                        page.screenshot(path=folder / f"{name.replace(':', '_')}_{theme}_{size_name}.png")
                context.close()


def shoot_doors(studio: Studio, browser, folder: Path, names: list[str]) -> None:
    """The same of the sign-in pages, which people reach on an address. Their names begin with "address"."""
    made, base = json.loads(studio.shell(doors.MADE).splitlines()[-1]), studio.live(doors.SLUG)
    for size_name, size in (("d", kit.DESKTOP), ("m", kit.PHONE)):
        for theme in ("light", "dark"):
            context = kit.context(browser, studio, size=size, theme=theme)
            page = context.new_page()
            for name, _ in doors.shown(page, base, made):
                called = f"address {name}".replace(" ", "-")
                if not names or any(part in called for part in names):
                    page.wait_for_timeout(250)
                    page.screenshot(path=folder / f"{called}_{theme}_{size_name}.png", full_page=True)
            context.close()


def main() -> None:
    """See the first line of this file."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with Studio() as studio, kit.chromium() as browser:
        world = kit.filled(studio)
        shoot(studio, browser, world, folder, wanted(sys.argv[2:]))
        shoot_doors(studio, browser, folder, sys.argv[2:])
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
