"""The process that answers queries, seen from its caller: started, asked, killed at its time limit."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from graph_builder.sparql.frames import Header, read_frame, write_frame

MODULE = "graph_builder.sparql.worker"


class Ended(Exception):
    """The worker ended in the middle; `expired` tells whether because its time was over."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("the worker ended")
        self.expired = expired


class Worker:
    """One process. Not for several threads at once, apart from `close`."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]  # as working folder it is where -m looks first, in a clone and in an installed copy
        window = 0
        if sys.platform == "win32":
            window = subprocess.CREATE_NO_WINDOW
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root, creationflags=window
        )
        self.graphs: tuple[str, ...] = ()

    def load(self, quads: bytes, apart: list[str], most_memory: int, seconds: float) -> None:
        """Give the worker its graph, within so many seconds. Raises Ended."""
        header, _ = self.ask({"apart": apart, "most_memory": most_memory}, quads, seconds)
        self.graphs = tuple(cast("list[str]", header["graphs"]))

    def ask(self, header: Header, body: bytes, seconds: float) -> tuple[Header, bytes]:
        """The worker's reply, within so many seconds. Raises Ended; the worker is then of no use any more."""
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            write_frame(self._stream(self._process.stdin), header, body)
            reply = read_frame(self._stream(self._process.stdout))
        except (EOFError, OSError, ValueError) as error:
            raise Ended(expired=expired.is_set()) from error
        finally:
            timer.cancel()
        if expired.is_set():  # the answer came as the time was over: the process is gone
            raise Ended(expired=True)
        return reply

    def close(self) -> None:
        """Kill the process and wait for its end."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):
                self._stream(stream).close()

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        if stream is None:
            raise EOFError("no stream")
        return stream
