"""_logs.py: logs straight into Arrow: one row a record, one typed column a field, anonymised on the way."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any, Iterable, Iterator

from . import _core, _files, _keys, _rejects
from ._anonymizer import names_of, policy_of, seconds
from ._arrow import ArrowColumn

if TYPE_CHECKING:
    import pyarrow as pa


def _engine(policy: Any, keyring: Any, format: str, recipient: str | None, now: int | None, overrides: dict[str, Any]) -> _core.Engine:
    text, name, named = policy_of(policy, overrides)
    return _core.Engine(text, name, named, _keys.path_of(keyring), format, recipient or "", seconds("now", now), True)


def _taken(session: _rejects.Session) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.record_batch(ArrowColumn(*session.take_rows()))


def read_log(path: _files.Source, policy: str | os.PathLike[str] = "balanced", format: str = "auto", keyring: str | os.PathLike[str] | None = None,
             recipient: str | None = None, *, columns: Iterable[str] | None = None, progress: _files.Progress = False, now: int | None = None,
             rejects: _files.Target | None = None, **overrides: Any) -> pa.Table:
    """Parses and anonymises a log (plain, gzip, zstd) into a ``pyarrow.Table``, one row a line.

    Columns have the names of ``--output-format jsonl`` (docs/output-formats.md), ``timestamp`` first; what no line has is no
    column. ``timestamp`` is in seconds of UTC, ``http.response.status_code`` int16, other integers int64 (sizes in bytes),
    durations float64 in the unit of the log; texts are dictionaries, ``body`` is text.

    ``path`` (also a file object that gives bytes), ``progress`` and ``rejects`` are as in :meth:`anonlog.Anonymizer.file`.
    ``columns`` names those that are wanted; a warning names what no line has of them. The others are those of
    :class:`anonlog.Anonymizer`; its keys are wiped when this returns.

    >>> import io
    >>> log = io.BytesIO(b'203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512\\n')
    >>> read_log(log).select(["client.address", "http.response.status_code"]).to_pylist()
    [{'client.address': '203.0.113.0', 'http.response.status_code': 200}]

    Raises what :class:`anonlog.Anonymizer` and its ``file`` raise. Needs pyarrow.
    """
    import pyarrow as pa

    wanted = names_of("columns", columns)
    engine = _engine(policy, keyring, format, recipient, now, overrides)
    try:
        with _rejects.session(engine, rejects, wanted, makes_columns=True) as session:
            for block in _files.blocks(path, progress):
                session.feed(block)
            session.finish()
            table = pa.Table.from_batches([_taken(session)])
    finally:
        engine.close()
    _tell_missing(wanted, table.column_names)
    return table


def _tell_missing(wanted: list[str], found: list[str]) -> None:
    if missing := [name for name in wanted if name not in found]:
        warnings.warn("columns that no line has: " + ", ".join(missing), stacklevel=3)


def scan_log(path: _files.Source, policy: str | os.PathLike[str] = "balanced", format: str = "auto", keyring: str | os.PathLike[str] | None = None,
             recipient: str | None = None, *, columns: Iterable[str] | None = None, batch_rows: int = 131072, progress: _files.Progress = False,
             now: int | None = None, rejects: _files.Target | None = None, **overrides: Any) -> pa.RecordBatchReader:
    """As :func:`read_log`, but a stream of record batches, for logs that are larger than memory.

    The first batch decides which columns there are; a column that appears later is left out and named in a warning at the
    end. Each batch holds ``batch_rows`` rows or some more, and dictionaries of its own. Lines are read as batches are asked
    for: TooManyRejects may come after some of them. The keys are wiped with the last batch, or when nobody holds the reader.

    >>> import io
    >>> log = io.BytesIO(b'203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512\\n')
    >>> sum(batch.num_rows for batch in scan_log(log))
    1
    """
    import pyarrow as pa

    engine = _engine(policy, keyring, format, recipient, now, overrides)
    wanted = names_of("columns", columns)
    batches = _batches(engine, path, wanted, batch_rows, progress, rejects)
    first = next(batches)
    _tell_missing(wanted, first.schema.names)

    def all_batches() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    return pa.RecordBatchReader.from_batches(first.schema, all_batches())


def _batches(engine: _core.Engine, path: _files.Source, columns: list[str], batch_rows: int, progress: _files.Progress,
             rejects: _files.Target | None) -> Iterator[pa.RecordBatch]:
    is_first = True
    try:
        with _rejects.session(engine, rejects, columns, makes_columns=True) as session:
            for block in _files.blocks(path, progress):
                session.feed(block)
                if session.rows() < batch_rows:
                    continue
                session.fix_columns()
                is_first = False
                yield _taken(session)
            session.finish()
            if is_first or session.rows():
                yield _taken(session)
            if left_out := session.left_out():
                warnings.warn("columns that came after the first batch were left out: " + ", ".join(left_out), stacklevel=2)
    finally:
        engine.close()
