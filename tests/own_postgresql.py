"""A PostgreSQL and a PgBouncer of a test's own, which it may restart, freeze and put between.

Skipped by name where a program is missing; neither program runs as root, so root runs them as
`postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_connection, socket
from tempfile import mkdtemp

import psycopg
import pytest

AS_SERVER = "postgres"


def _home() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("the programs of PostgreSQL's server (initdb, pg_ctl) are missing")
    return found[-1].parent


def _may_not_be_root(command: list[str]) -> list[str]:
    return command if os.getuid() else ["setpriv", *_as_server(), *command]


def _as_server() -> list[str]:
    try:
        them = pwd.getpwnam(AS_SERVER)
    except KeyError:
        pytest.skip(f"root may not run PostgreSQL, and there is no user {AS_SERVER}")
    return [f"--reuid={them.pw_uid}", f"--regid={them.pw_gid}", "--clear-groups"]


def _folder() -> Path:
    # Not pytest's own: the server's user may not look into it.
    folder = Path(mkdtemp(prefix="own-postgresql-"))
    if not os.getuid():
        shutil.chown(folder, AS_SERVER)
    return folder


def _free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OwnPostgresql:
    """A running server with trust for everyone on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self._bin = folder, _free_port(), _home()
        self._run("initdb", "-U", AS_SERVER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.start()

    @property
    def url(self) -> str:
        """Of its one database."""
        return f"postgresql+psycopg://{AS_SERVER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        """At once, whoever is connected."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes does anything meanwhile; the kernel still takes what they get."""
        head = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{head}/task/{head}/children").read_text().split()
        every = [head, *map(int, children)]
        for process in every:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(every):
                os.kill(process, signal.SIGCONT)

    def drop_connections(self) -> None:
        """As an administrator does."""
        ours = self.url.replace("+psycopg", "")
        with psycopg.connect(ours, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._bin / program), "-D", f"{self.folder}/data", *options]
        done = subprocess.run(
            _may_not_be_root(command), cwd=self.folder, stdout=subprocess.DEVNULL, timeout=60
        )
        assert done.returncode == 0, f"{program} {options} ended with {done.returncode}"


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    """Gone at the end of the block."""
    folder = _folder()
    server = None
    try:
        server = OwnPostgresql(folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


BOUNCER = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_round_robin = 1
"""


@contextmanager
def own_pgbouncer(server: OwnPostgresql) -> Iterator[str]:
    """Two connections to the server, handed out by the transaction in turn; gives its address."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is missing: apt-get install pgbouncer")
    port = _free_port()
    settings = server.folder / "pgbouncer.ini"
    # A user of `auth_type = any` is named in each database.
    wanted = BOUNCER.format(server=server.port, port=port)
    settings.write_text(wanted.replace("\n[pgbouncer]", f" user={AS_SERVER}\n[pgbouncer]"))
    command = _may_not_be_root([program, "-q", str(settings)])
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield server.url.replace(str(server.port), str(port))
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("pgbouncer did not start")
