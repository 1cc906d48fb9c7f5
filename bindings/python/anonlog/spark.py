"""spark.py: the same policy over a data lake, on Apache Spark: through ``mapInArrow``, in the executors' Python workers.

The policy travels with the job as text. The keyring does not: each executor reads it from a path on its own machine, or from a
file that an environment variable names, and its fingerprint must be the one that the driver expects. A partition that is
computed again gives the same bytes, for they depend on nothing but the policy, the keys and the values.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from . import _core, _keys
from ._anonymizer import policy_of
from ._arrow import no_column
from ._errors import KeyringError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["anonymize_text", "anonymize_columns", "keyring_fingerprint"]


def keyring_fingerprint(keyring: str | os.PathLike[str]) -> str:
    """The fingerprint of a keyring: of the ids and fingerprints of its eras. It says nothing about the keys.

    Compare it before a job: executors whose keyring has another one refuse to work.
    """
    return _core.keyring_fingerprint(_keys.path_of(keyring))


def _path_of(reference: str) -> str:
    """The path that a reference names: a path, or ``env:NAME`` for a path in an environment variable."""
    if not reference.startswith("env:"):
        return reference
    path = os.environ.get(reference[4:])
    if not path:
        raise KeyringError(f"keyring_ref: the environment variable {reference[4:]} is not set here")
    return path


class _Job:
    """What travels to the executors. No key, and nothing of the data."""

    def __init__(self, policy: Any, keyring_ref: str | None, keyring_fp: str | None, format: str, recipient: str | None, now: int | None,
                 overrides: Mapping[str, Any], classes: tuple[str, ...] | None = None) -> None:
        self.policy, self.policy_name, self.overrides = policy_of(policy, overrides)
        self.keyring_ref, self.format, self.recipient, self.now = keyring_ref, format, recipient or "", now
        self.fingerprint = keyring_fp
        if keyring_ref is not None and keyring_fp is None:
            self.fingerprint = keyring_fingerprint(_path_of(keyring_ref))
        if keyring_ref is None:
            self._refuse_pseudonyms(classes)

    def _refuse_pseudonyms(self, classes: tuple[str, ...] | None) -> None:
        """Executors that draw keys of their own disagree about everybody."""
        engine = _core.Engine(self.policy, self.policy_name, self.overrides, "", self.format, self.recipient, self.now, False)
        try:
            if engine.uses_keys() if classes is None else any(engine.is_keyed(cls) for cls in classes):
                raise KeyringError("this policy makes pseudonyms: name a keyring that every executor has (keyring_ref), or a policy without them")
        finally:
            engine.close()

    def engine(self) -> Any:
        path = ""
        if self.keyring_ref is not None:
            path = _path_of(self.keyring_ref)
            if keyring_fingerprint(path) != self.fingerprint:
                raise KeyringError("the keyring on this machine is not the one of the driver")
        return _core.Engine(self.policy, self.policy_name, self.overrides, path, self.format, self.recipient, self.now, False)


def anonymize_text(df: DataFrame, policy: str | os.PathLike[str] = "balanced", keyring_ref: str | None = None, *, keyring_fp: str | None = None,
                   format: str = "auto", recipient: str | None = None, now: int | None = None, column: str = "value", **overrides: Any) -> DataFrame:
    """Anonymises the lines of ``spark.read.text(...)``: a frame with one column of lines, as :meth:`anonlog.Anonymizer.lines`.

    ``keyring_ref``: a path that is good on every executor, or ``env:NAME``; ``keyring_fp``: its fingerprint, if the driver has
    no keyring itself (else it reads its own). Lines that fit no format do not come out. Lines without a time of their own need
    ``now``, or partitions would disagree: the time of the job is taken when the job is made.

    Raises KeyError for a column that is not there, KeyringError before a row is written where the keyring is missing or another
    one, and TooManyRejects per partition.
    """
    import time

    from pyspark.errors import AnalysisException

    lines = None
    outermost = column.partition(".")[0].strip("`").lower()
    if any(name.lower() in (column.lower(), outermost) for name in df.columns):  # else Spark itself would log the names of others
        with contextlib.suppress(AnalysisException):  # which names them, too
            lines = df.select(column)
    if lines is None:
        raise no_column(column, len(df.columns))
    job = _Job(policy, keyring_ref, keyring_fp, format, recipient, int(time.time()) if now is None else now, overrides)

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        engine = job.engine()
        try:
            session = _core.Session(engine, False, [], False)
            for batch in batches:
                yield pa.record_batch([_lines_of(session.feed(_bytes_of(batch.column(0))))], names=[column])
            session.finish()
        finally:
            engine.close()

    return lines.mapInArrow(work, f"`{column}` string")


def _bytes_of(lines: pa.Array) -> Any:
    """Lines with an end each, from a column without; a line feed inside a value does not make two lines of it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    clean = pc.replace_substring(pc.fill_null(lines.cast(pa.large_string()), ""), "\n", " ")
    joined = pc.binary_join_element_wise(clean, pa.scalar("", pa.large_string()), pa.scalar("\n", pa.large_string()))
    _, offsets, data = joined.buffers()
    if data is None or not len(joined):
        return b""
    first, last = memoryview(offsets).cast("q")[joined.offset], memoryview(offsets).cast("q")[joined.offset + len(joined)]
    return memoryview(data)[first:last]


def _lines_of(text: bytes) -> pa.Array:
    """The lines, without their ends; no Python object for each."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not text.isascii():  # what comes out of lines is
        text = text.decode("ascii", "replace").encode()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    with_ends = pa.Array.from_buffers(pa.string(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(text)])
    return pc.ascii_rtrim(with_ends, "\n")


def anonymize_columns(df: DataFrame, columns: Mapping[str, str], policy: str | os.PathLike[str] = "balanced", keyring_ref: str | None = None, *,
                      keyring_fp: str | None = None, keep: tuple[str, ...] = (), recipient: str | None = None, now: int | None = None,
                      **overrides: Any) -> DataFrame:
    """A frame with columns transformed by their classes, as :meth:`anonlog.Anonymizer.frame`; others only if ``keep`` names them.

    The parameters are those of :func:`anonymize_text`. Raises UnknownClassError, KeyError for a column that is not there.
    """
    import time

    known = {field.name: field for field in df.schema.fields}
    for name in (*columns, *keep):
        if name not in known:
            raise no_column(name, len(known))

    from pyspark.sql.types import StringType, StructField, StructType

    job = _Job(policy, keyring_ref, keyring_fp, "auto", recipient, int(time.time()) if now is None else now, overrides, tuple(columns.values()))
    names = [name for name in known if name in columns or name in keep]
    schema = StructType([StructField(name, StringType()) if name in columns else known[name] for name in names])
    classes = [columns.get(name) for name in names]

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from ._arrow import column

        engine = job.engine()
        try:
            for batch in batches:
                arrays = [array if cls is None else column(engine, cls, array, None) for array, cls in zip(batch.columns, classes)]
                yield pa.record_batch(arrays, names=names)
        finally:
            engine.close()

    return df.select(names).mapInArrow(work, schema)
