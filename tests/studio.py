"""Starts the real product in a process of its own: fresh data folder, free port, both planes, as `make run` does."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
PATIENCE = 60.0
SPREAD = 0.3  # seconds; runtime/registry.py looks every quarter


class Studio:
    """``with Studio() as studio:`` — ``studio.url`` is the dashboard, ``studio.live("todo")`` an address.

    ``database_url`` is a PostgreSQL server's URL in which a database of its own is made (default SQLite);
    ``env`` adds settings. Nothing outside the temporary folder is touched.
    """

    def __init__(self, workers: int = 1, database_url: str = "", env: dict[str, str] | None = None) -> None:
        self.workers = workers
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._server = database_url
        self._database = ""
        self._extra = env or {}
        self.folder = Path(tempfile.mkdtemp(prefix="studio-"))
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.process: subprocess.Popen | None = None
        self._inside: subprocess.Popen | None = None
        self._made: set[str] = set()
        self._saved = 0.0  # when another process than the server's may last have saved something

    def __enter__(self) -> Studio:
        try:
            self._prepare()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: Any) -> None:
        self.stop()
        if self._inside:
            self._inside.communicate(timeout=20)
        if self._database:
            drop_database(self._server, self._database)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What the process is started with."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("STUDIO_", "DJANGO_"))}
        kept.pop("DATABASE_URL", None)
        kept.pop("REDIS_URL", None)
        own = {
            "PORT": str(self.port),
            "STUDIO_HOST": "127.0.0.1",
            "STUDIO_DATA_DIR": str(self.data),
            "STUDIO_WORKERS": str(self.workers),
            "STUDIO_SECRET_KEY": "only-for-tests-" * 4,
            "DJANGO_SETTINGS_MODULE": "actionstudio.settings",
            "PYTHONUNBUFFERED": "1",
        }
        if self._database:
            own["DATABASE_URL"] = with_name(self._server, self._database)
        return {**kept, **own, **self._extra}

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PYTHON, "manage.py", "studio_serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                if self.get("/healthz/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the studio did not start:\n{self.output()}")

    def stop(self) -> None:
        """Asks the server to end, as an operator would, and waits."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        self.process = None

    def kill9(self) -> None:
        """Ends every process of the server at once, with no chance to write anything."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def age(self) -> None:
        """Lets the time pass after which a killed process is known to be gone: its jobs may be taken over."""
        self.shell(
            "from actionstudio.apps.projects.models import Job\nJob.objects.update(heartbeat='2020-01-01T00:00Z')"
        )

    def output(self) -> str:
        """What the server printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def live(self, address: str) -> str:
        """The base URL of an address on its own host. For clients that resolve \\*.localhost (browsers, curl)."""
        return f"http://{address}.live.localhost:{self.port}"

    def call(self, address: str, method: str, path: str, **options: Any) -> httpx2.Response:
        """One call to an address, with its Host header set by hand, once it serves what ``shell`` saved."""
        if self.workers == 1 and self.process:
            self.settle()
        headers = {"host": f"{address}.live.localhost:{self.port}", **dict(options.pop("headers", {}))}
        return httpx2.request(
            method, f"http://127.0.0.1:{self.port}{path}", headers=headers, trust_env=False, timeout=30, **options
        )

    def settle(self) -> None:
        """Waits until every process serves what another has saved: a quarter of a second at most.

        With one worker only what ``shell`` and ``manage`` did was saved by another.
        """
        time.sleep(SPREAD if self.workers > 1 else max(0.0, self._saved + SPREAD - time.monotonic()))

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """One GET to the dashboard."""
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False, timeout=30, **options)

    def manage(self, *args: str, stdin: str | None = None) -> str:
        """What a management command prints. Raises CalledProcessError (with its stderr) when it fails."""
        done = subprocess.run(
            [PYTHON, "manage.py", *args],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        self._saved = time.monotonic()
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, args, done.stdout, done.stderr + self.output())
        return done.stdout

    def shell(self, code: str) -> str:
        """Runs Python inside the product's own process set-up, in a new process (inside.py); returns what it prints.

        Raises CalledProcessError (with its stderr) when it fails.
        """
        if self._inside is None:
            self._inside = subprocess.Popen(
                [PYTHON, "-m", "tests.inside"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._inside.stdin and self._inside.stdout
        self._inside.stdin.write(json.dumps(code) + "\n")
        self._inside.stdin.flush()
        done = json.loads(self._inside.stdout.readline())
        self._saved = time.monotonic()
        if done["code"]:
            raise subprocess.CalledProcessError(done["code"], code, done["out"], done["error"] + self.output())
        return done["out"].strip()

    def user(self, name: str = "ann", password: str = "correct horse battery") -> str:
        """A confirmed account; returns its name."""
        self._made.add(name)
        self.shell(
            "from actionstudio.apps.accounts.models import User\n"
            "from allauth.account.models import EmailAddress\n"
            "from django.contrib.auth.hashers import make_password\n"
            f"user, made = User.objects.get_or_create(username={name!r}, defaults=dict(email='{name}@example.test'))\n"
            f"user.password = make_password({password!r}); user.save()\n"
            "EmailAddress.objects.get_or_create(user=user, email=user.email, "
            "defaults=dict(verified=True, primary=True))"
        )
        return name

    def session(self, name: str = "ann") -> tuple[str, str]:
        """(name, value) of a cookie that signs ``name`` in; the account is made when it is not there."""
        if name not in self._made:  # a new password would end the sessions there are
            self.user(name)
        out = self.shell(
            "from importlib import import_module\n"
            "from django.conf import settings\n"
            "from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY\n"
            "from actionstudio.apps.accounts.models import User\n"
            f"user = User.objects.get(username={name!r})\n"
            "store = import_module(settings.SESSION_ENGINE).SessionStore()\n"
            "store[SESSION_KEY] = str(user.pk)\n"
            "store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]\n"
            "store[HASH_SESSION_KEY] = user.get_session_auth_hash()\n"
            "store.save()\n"
            "print(settings.SESSION_COOKIE_NAME, store.session_key)"
        )
        cookie, value = out.splitlines()[-1].split()
        return cookie, value

    def client(self, name: str = "ann") -> httpx2.Client:
        """An HTTP client of the dashboard in which ``name`` is signed in."""
        cookie, value = self.session(name)
        client = httpx2.Client(base_url=self.url, trust_env=False, timeout=60, follow_redirects=False)
        client.cookies.set(cookie, value)
        return client

    def _prepare(self) -> None:
        template = prepared_data()
        shutil.copytree(template, self.data)
        if self._server:
            for name in ("studio.sqlite3", "log.sqlite3"):
                (self.data / name).unlink(missing_ok=True)
            self._database = create_database(self._server, template=prepared_database(self._server))


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def prepared_data() -> Path:
    """A migrated data folder with collected static files, made once for each state of the code and then copied."""
    with _alone() as home:
        wanted = home / _state()
        if not wanted.exists():
            _make_template(home, wanted)
    return wanted


def prepared_database(server: str) -> str:
    """The name of a migrated, empty database, made once on each server for each state of the code and then copied."""
    wanted = _state().replace("-", "_")
    with _alone(), _admin(server) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted]).fetchone():
            making = create_database(server)
            environment = _bare(DATABASE_URL=with_name(server, making))
            with tempfile.TemporaryDirectory(prefix="studio-") as folder:
                _manage({**environment, "STUDIO_DATA_DIR": folder}, "migrate", "--no-input")
            connection.execute(f'ALTER DATABASE "{making}" RENAME TO "{wanted}"')
    return wanted


@contextmanager
def _alone():
    """The folder of what is kept between runs, while no other run changes it."""
    home = Path(tempfile.gettempdir()) / f"action-studio-tests-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


def _make_template(home: Path, wanted: Path) -> None:
    for old in sorted(home.glob("data-*"), key=lambda path: path.stat().st_mtime)[:-3]:
        shutil.rmtree(old, ignore_errors=True)
    making = home / f"making-{uuid.uuid4().hex}"
    environment = _bare(STUDIO_DATA_DIR=str(making))
    for name in ("default", "log"):
        _manage(environment, "migrate", "--no-input", "--database", name)
    try:
        _manage(environment, "collectstatic", "--no-input", "--clear")
    except RuntimeError as problem:
        warnings.warn(f"static files could not be collected:\n{problem}", stacklevel=2)
    making.rename(wanted)


def _bare(**more: str) -> dict[str, str]:
    """The environment without the databases it names."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "DJANGO_SETTINGS_MODULE": "actionstudio.settings", **more}


def _manage(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [PYTHON, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _state() -> str:
    """Changes whenever a migration or a static file does."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("actionstudio/apps/*/migrations/*.py"), *ROOT.glob("requirements/*.txt")]
    files += [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    for path in sorted(files):
        stat = path.stat()
        digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return "data-" + digest.hexdigest()[:16]


def with_name(url: str, name: str) -> str:
    """A database URL that names another database."""
    return urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()


def create_database(server: str, template: str = "template1") -> str:
    name = f"studio_{uuid.uuid4().hex[:12]}"
    with _admin(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def drop_database(server: str, name: str) -> None:
    with _admin(server) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _admin(server: str):
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        yield connection
