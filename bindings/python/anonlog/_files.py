"""_files.py: logs in files: plain, gzip or zstd by their content; results under their names only when they are whole."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sys
import tempfile
from typing import Any, BinaryIO, Callable, Iterator, Protocol, Union

from . import _paths


class Readable(Protocol):
    """A file object that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


class Writable(Protocol):
    """A file object that takes bytes."""

    def write(self, data: bytes, /) -> Any: ...


Buffer = Union[bytes, bytearray, memoryview]
Source = Union[str, "os.PathLike[str]", Readable]
Target = Union[str, "os.PathLike[str]", Writable]
Progress = Union[bool, Callable[[int, "int | None"], None]]

BLOCK_BYTES = 1 << 20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_TEXT = "a log is bytes: open the file in binary mode, 'rb'"


def _read(source: Any, wanted: int) -> Any:
    """What a file object gives, if it is no text: an error about characters would hold bytes of the log."""
    with contextlib.suppress(UnicodeError):
        data = source.read(wanted)
        if not isinstance(data, str):
            return data
    raise TypeError(_TEXT)


class _Counted(io.RawIOBase):
    """Passes reads on, counts what was read, and gives the first bytes once more."""

    def __init__(self, source: Any, first: bytes) -> None:
        self.source, self.first, self.bytes_read = source, first, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer)
        data = self.first[:wanted] if self.first else _read(self.source, wanted)
        if self.first:
            self.first = self.first[wanted:]
        if data is None:  # taken for the end, it would cut the log off
            raise BlockingIOError("a log is read from files that wait for what comes, and this one does not")
        buffer[: len(data)] = data
        self.bytes_read += len(data)
        return len(data)


class _ZstdFrames:
    """Unpacks zstd frames by ``zstandard``, whose own reader says nothing of a file that breaks off."""

    def __init__(self, source: io.BufferedReader, new_frame: Callable[[], Any]) -> None:
        self.source, self.new_frame, self.frame, self.packed = source, new_frame, None, b""

    def read(self, wanted: int) -> bytes:
        made: list[bytes] = []
        size = 0
        while size < wanted:
            self.packed = self.packed or self.source.read(4096)  # few: they may be a hundred megabytes
            if not self.packed and self.frame is None:
                break
            if not self.packed:
                raise EOFError("the file ends within a zstd frame")
            frame: Any = self.frame or self.new_frame()
            made.append(frame.decompress(self.packed))
            size += len(made[-1])
            self.frame, self.packed = (None, frame.unused_data) if frame.eof else (frame, b"")
        return b"".join(made)


def _zstd_reader(source: io.BufferedReader) -> Any:
    """A reader of zstd frames, by whichever package is there."""
    with contextlib.suppress(ImportError):
        from compression import zstd  # CPython 3.14

        return zstd.ZstdFile(source, "rb")
    with contextlib.suppress(ImportError):
        import zstandard

        return _ZstdFrames(source, zstandard.ZstdDecompressor().decompressobj)
    raise ImportError("reading zstd needs a package: pip install zstandard")


def _first_bytes(source: Any, wanted: int = 4) -> bytes:
    first = b""
    while len(first) < wanted:
        piece = _read(source, wanted - len(first))
        if not piece:
            break
        first += piece
    return first


@contextlib.contextmanager
def opened(source: Source) -> Iterator[tuple[Any, Callable[[], int], int | None]]:
    """The unpacked bytes of a source, a function that counts the packed bytes read so far, and how many there are if known."""
    with contextlib.ExitStack() as stack:
        raw: Any = source
        total = None
        if not hasattr(source, "read"):
            raw = stack.enter_context(open(_paths.old_path(source), "rb", buffering=0))
            total = os.fstat(raw.fileno()).st_size or None
        if isinstance(raw, io.TextIOBase):
            raise TypeError(_TEXT)
        counted = _Counted(raw, _first_bytes(raw))
        reader: Any = counted
        if counted.first[:2] == _GZIP:
            reader = stack.enter_context(gzip.GzipFile(fileobj=io.BufferedReader(counted, BLOCK_BYTES)))
        elif counted.first == _ZSTD:
            reader = _zstd_reader(io.BufferedReader(counted, BLOCK_BYTES))
        yield reader, lambda: counted.bytes_read, total


def blocks(source: Source, progress: Progress = False) -> Iterator[bytes]:
    """The unpacked blocks of a source."""
    with opened(source) as (reader, bytes_read, total), _shown(progress) as show:
        while True:
            block = None
            with contextlib.suppress(gzip.BadGzipFile):  # which names bytes of the file
                block = reader.read(BLOCK_BYTES)
            if block is None:
                raise gzip.BadGzipFile("the gzip data are damaged, or something else follows them")
            if not block:
                return
            yield block
            show(bytes_read(), total)


@contextlib.contextmanager
def _shown(progress: Progress) -> Iterator[Callable[[int, int | None], None]]:
    """Tells how far it is: to a function, or as a bar on standard error where that is a terminal."""
    if callable(progress):
        yield progress
        return
    if not progress or not hasattr(sys.stderr, "isatty") or not sys.stderr.isatty():
        yield lambda done, total: None
        return

    def bar(done: int, total: int | None) -> None:
        if total:
            share = min(done / total, 1.0)
            sys.stderr.write(f"\r[{'#' * int(40 * share):<40}] {share:4.0%}")
            sys.stderr.flush()

    try:
        yield bar
    finally:
        sys.stderr.write("\r" + " " * 48 + "\r")


class _Packer:
    """Writes to `target`, packed as its name says."""

    def __init__(self, target: BinaryIO, name: str) -> None:
        self.target: Any = target
        self.packed: Any = target
        if name.endswith(".gz"):
            self.packed = gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0)
        elif name.endswith(".zst"):
            try:
                import zstandard
            except ImportError:
                raise ImportError("writing zstd needs a package: pip install zstandard") from None
            self.packed = zstandard.ZstdCompressor().stream_writer(target, closefd=False)

    def write(self, data: bytes) -> None:
        self.packed.write(data)

    def end(self) -> None:
        if self.packed is not self.target:
            self.packed.close()


def _write_all(file: io.RawIOBase, data: bytes) -> None:
    """Files without a buffer may take a part of what they are given."""
    while data:
        count = file.write(data)
        if not count:
            raise BlockingIOError("lines are written to files that wait until they can take them, and this one does not")
        data = data[count:]


@contextlib.contextmanager
def written(target: Target, new_mode: int = 0o666) -> Iterator[Callable[[bytes], Any]]:
    """A function that writes to a target. A path has its old content until the new one is whole and on the disk.

    What is no regular file is written to, as the command does it: a pipe, or /dev/null, which must stay what it is.
    """
    if isinstance(target, io.RawIOBase):
        yield lambda data: _write_all(target, data)
        return
    if isinstance(target, io.TextIOBase):
        raise TypeError("what is written is bytes: open the file in binary mode, 'wb'")
    if not isinstance(target, (str, os.PathLike)):
        yield target.write
        return
    path = os.path.realpath(_paths.new_path(target))
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as stream:
            packer = _Packer(stream, path)
            yield packer.write
            packer.end()
        return
    number, temporary = tempfile.mkstemp(prefix=".anonlog-", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(number, "wb") as file:
            packer = _Packer(file, path)
            yield packer.write
            packer.end()
            file.flush()
            with contextlib.suppress(OSError):
                os.fchmod(file.fileno(), os.stat(path).st_mode & 0o777 if os.path.exists(path) else new_mode & ~_umask())
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def same_file(one: Source | Target, other: Source | Target | None) -> bool:
    """True for two paths of one file: it would be read while it is replaced, or replaced twice."""
    if not isinstance(one, (str, os.PathLike)) or not isinstance(other, (str, os.PathLike)):
        return False
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
