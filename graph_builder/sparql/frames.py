"""Messages between a process and the worker that answers its queries: a JSON header and bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import IO, TypeAlias

_LENGTHS = struct.Struct(">IQ")

Header: TypeAlias = Mapping[str, object]


def write_frame(stream: IO[bytes], header: Header, body: bytes = b"") -> None:
    """Write one message and flush. Raises OSError when nobody reads any more."""
    head = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(head), len(body)))
    stream.write(head)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Header, bytes]:
    """The next message. Raises EOFError when the other side ended, also in the middle of a message."""
    size, length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    header: Header = json.loads(_exactly(stream, size))
    return header, _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the other side ended")
    return data
