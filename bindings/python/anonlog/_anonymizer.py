"""_anonymizer.py: a policy and keys, ready to work on lines, files, values, columns and frames."""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import operator
import os
from typing import Any, Iterable, Iterator, Mapping, TypeVar, Union, overload

from . import _arrow, _core, _files, _keys, _paths, _rejects

Line = TypeVar("Line", str, bytes)
Frame = TypeVar("Frame")
Override = Union[str, int, bool, float, "list[str]"]

_SECTIONS = {"agent", "bytes", "cookie", "duration", "email", "epoch", "fields", "ip", "limits", "path", "query", "referrer", "rejects",
             "server", "session", "signals", "time", "token", "user", "vhost", "visitor"}


def policy_of(policy: str | os.PathLike[str], overrides: Mapping[str, Any]) -> tuple[str, str, list[tuple[str, Override]]]:
    """The text of a policy, the name of its file (none: a preset), and the overrides by their names in the file."""
    text, name = os.fspath(policy), ""
    if isinstance(policy, os.PathLike) or "/" in text or "." in text:
        name = _paths.old_path(text)
        with open(name, encoding="utf-8", errors="replace") as file:
            text = file.read()
    named: list[tuple[str, Override]] = []
    for key, value in overrides.items():
        if isinstance(value, Mapping):
            named += [(f"{key}.{inner}", plain(given)) for inner, given in value.items()]
            continue
        section, _, rest = key.partition("_")
        named.append((f"{section}.{rest}" if rest and section in _SECTIONS else key, plain(value)))
    return text, name, named


def plain(value: Any) -> Override:
    """A value as a policy knows them."""
    if isinstance(value, (str, bool, int, float)):
        return value
    if hasattr(value, "__index__"):  # a whole number of numpy
        return operator.index(value)
    if isinstance(value, Iterable):
        return [str(item) for item in value]
    raise TypeError(f"a setting is a text, a number, True, False or a list of texts, not {type(value).__name__}")


def names_of(name: str, given: Iterable[str] | None) -> list[str]:
    """Names of columns, and not the letters of one."""
    if isinstance(given, str):
        raise TypeError(f"{name}: expects a list of names of columns")
    return [] if given is None else list(given)


def seconds(name: str, value: Any) -> int | None:
    """A time as the engine takes it."""
    try:
        return None if value is None else operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expects Unix seconds, a whole number, not {type(value).__name__}") from None


class Anonymizer:
    """Anonymises by one policy, with one set of keys.

    Parameters
    ----------
    policy
        A preset (:data:`anonlog.PRESETS`) or the path of a policy file: a text with a dot or slash, or any ``pathlib.Path``.
    keyring
        The path of a keyring (:func:`anonlog.new_keyring`): pseudonyms are then the same in every run and in the command.
        None: fresh keys that nobody ever sees, one for each epoch; they go when the lines have moved two epochs past them,
        and at the latest when this closes. (The environment's ANONLOG_KEYRING is for the command only.)
    format
        ``"auto"``, a name of ``anonlog formats``, an nginx ``log_format`` or an Apache ``LogFormat``.
    recipient
        Gives one receiver pseudonyms of their own; up to 64 of ``a-z 0-9 . _ -``.
    now
        Unix seconds: the time of values, and of lines that have none. None: the clock.
    overrides
        Settings of the policy, by their names in its file: ``ip_v4=16`` or ``ip={"v4": 16}`` for ``ip.v4``,
        ``fields={"x_user": "user"}``; a text, a number, True, False or a list of texts.

    Raises
    ------
    PolicyError, KeyringError, FormatError
        With what to mend; a policy file's with line and column. OSError for a policy file that cannot be read.

    May be shared by threads: every call has its own state, long calls let other threads run, and each input's lines stay in
    their order. As a context manager it wipes its keys at the end.

    >>> with Anonymizer("strict", ip={"v4": 8}) as a:
    ...     a.bytes(b'203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512\\n')
    b'203.0.0.0 - - [10/Oct/2025:13:00:00 +0000] "GET /a HTTP/1.1" 200 500\\n'
    """

    def __init__(self, policy: str | os.PathLike[str] = "balanced", keyring: str | os.PathLike[str] | None = None, format: str = "auto",
                 recipient: str | None = None, *, now: int | None = None, **overrides: Any) -> None:
        text, name, named = policy_of(policy, overrides)
        self._engine = _core.Engine(text, name, named, _keys.path_of(keyring), format, recipient or "", seconds("now", now), False)

    def __enter__(self) -> Anonymizer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Waits for calls that run, then wipes every key. Later calls raise ClosedError; :meth:`report` still works.

        In the handler of a signal it does not wait for columns of Python objects that the same thread is at: they end with
        ClosedError. Raises RuntimeError where it would wait for its own thread: in what Python runs in the middle of such a call.
        """
        self._engine.close()

    @property
    def fingerprint(self) -> str:
        """The 16 hexadecimal digits that identify the policy."""
        return self._engine.fingerprint()

    def bytes(self, data: _files.Buffer, *, rejects: _files.Target | None = None) -> bytes:
        """Anonymises a log held in memory: whole lines in, whole lines out, in their order.

        >>> Anonymizer(time={"grid": "1d"}).bytes(b'198.51.100.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5\\n')
        b'198.51.100.0 - - [10/Oct/2025:00:00:00 +0000] "GET / HTTP/1.1" 200 5\\n'

        ``rejects`` is as in :meth:`file`. Raises TooManyRejects if more lines fit no format than the policy allows
        (``rejects.max``, 10 %), TypeError if ``data`` is no bytes.
        """
        with self._session(rejects) as session:
            made = session.feed(data)
            last = session.finish()
        return made + last if last else made

    def lines(self, lines: Iterable[Line], *, rejects: _files.Target | None = None) -> Iterator[Line]:
        """Anonymises lines as they come; what a line becomes is out before the next is asked for.

        Lines may be str or bytes, with or without their newline; they come out the same way. A line that fits no format does
        not come out. A str goes through UTF-8.

        >>> list(Anonymizer().lines(['203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512']))
        ['203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] "GET /a HTTP/1.1" 200 512']

        ``rejects`` is as in :meth:`file`. Raises TooManyRejects as :meth:`bytes` does: after 1,000 lines, or at the end;
        TypeError for one text instead of many (``text.splitlines()`` makes them), and for what is no text.
        """
        if isinstance(lines, (str, bytes, bytearray, memoryview)):
            raise TypeError("lines: expects lines one by one, not one text (text.splitlines() makes them)")
        return self._lines(lines, rejects)

    def _lines(self, lines: Iterable[Line], rejects: _files.Target | None) -> Iterator[Line]:
        with self._session(rejects) as session:
            for line in lines:
                data = _arrow.encoded(line)
                has_end = data.endswith(b"\n")
                made = session.feed(data if has_end else data + b"\n")
                if not made:
                    continue
                made = made if has_end else made[:-1]
                yield made.decode("ascii", "replace") if isinstance(line, str) else made
            session.finish()

    @overload
    def file(self, src: _files.Source, dst: None = None, progress: _files.Progress = True, *, rejects: _files.Target | None = None) -> builtins.bytes: ...
    @overload
    def file(self, src: _files.Source, dst: _files.Target, progress: _files.Progress = True, *, rejects: _files.Target | None = None) -> dict[str, int]: ...
    def file(self, src: _files.Source, dst: _files.Target | None = None, progress: _files.Progress = True, *,
             rejects: _files.Target | None = None) -> dict[str, int] | builtins.bytes:
        """Anonymises a file, as ``anonlog FILE`` does: the same bytes.

        Parameters
        ----------
        src
            A path, or a file object that gives bytes, from where it is; it stays open. gzip and zstd are recognised by content
            (zstd needs ``zstandard``).
        dst
            A path (packed if it ends in .gz or .zst; it keeps its old content until the new one is whole and on the disk), or a
            file object that takes bytes. None: the result is returned as bytes.
        progress
            True: a bar on standard error, where that is a terminal. Or a function of the bytes read and of all bytes, if known
            (packed ones, if the file is).
        rejects
            With ``rejects_action="skeleton"``: a path (that only you may read, if it is new) or a file object for the shapes of
            the lines that fit no format: punctuation stays, any word is an ``x``. A path is written also when TooManyRejects is
            raised, to see why.

        Returns the counts of lines ``in``, ``out`` and ``rejected``; without ``dst`` the bytes. Raises TooManyRejects as
        :meth:`bytes` does, PolicyError if only one of ``rejects`` and the policy wants skeletons, OSError for what cannot be
        read or written, EOFError for a packed file that breaks off, and what its package raises for one that is damaged.
        After any error, and after Ctrl-C, which is heard between blocks of a mebibyte, a path ``dst`` is as it was.

        >>> import io
        >>> a = Anonymizer()
        >>> a.file(io.BytesIO(b'203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512\\n'), io.BytesIO())
        {'in': 1, 'out': 1, 'rejected': 0}
        """
        if dst is None:
            made = io.BytesIO()
            self.file(src, made, progress, rejects=rejects)
            return made.getvalue()
        if _files.same_file(src, dst) or _files.same_file(src, rejects):
            raise ValueError("the input file is the output file")
        if _files.same_file(dst, rejects):
            raise ValueError("rejects need a file of their own")
        with self._session(rejects) as session, _files.written(dst) as write:
            for block in _files.blocks(src, progress):
                write(session.feed(block))
            write(session.finish())
        return dict(zip(("in", "out", "rejected"), session.lines()))

    def value(self, cls: str, text: str | builtins.bytes, time: int | None = None) -> str:
        """Transforms one value of a class (:data:`anonlog.CLASSES`), as ``anonlog value`` does. What cannot be read is ``"-"``.

        ``time`` (Unix seconds) chooses the epoch of a pseudonym; None: now.

        >>> Anonymizer().value("agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
        'Firefox/128 (Linux)'

        Raises UnknownClassError.
        """
        return self._engine.value(cls, _arrow.encoded(text), seconds("time", time))

    @overload
    def column(self, cls: str, data: list[Any] | tuple[Any, ...], time: int | None = None) -> list[str | None]: ...
    @overload
    def column(self, cls: str, data: Any, time: int | None = None) -> Any: ...
    def column(self, cls: str, data: Any, time: int | None = None) -> Any:
        """Transforms a column of values of one class; the kind that comes in comes out.

        ``data``: a pandas Series (its index and name stay, whatever they say), a polars Series, a pyarrow Array or ChunkedArray,
        a list of str and None, or anything with ``__arrow_c_array__``. Nulls stay null; binary columns become text, also those
        of pandas, where the dtype changes from ``binary[pyarrow]`` to ``string[pyarrow]``. Of a dictionary (categories) each
        distinct value is transformed once; the values that come out are distinct too, and have no order. Numbers are no text:
        ``series.astype("string")`` first. ``time`` is as in :meth:`value`, one for all.

        >>> Anonymizer().column("ip", ["203.0.113.77", None, "2001:db8:85a3::8a2e:370:7334", "nonsense"])
        ['203.0.113.0', None, '2001:db8:8500::', '-']

        Raises UnknownClassError, TypeError if the column is not text.
        """
        return _arrow.column(self._engine, cls, data, seconds("time", time))

    def frame(self, df: Frame, columns: Mapping[str, str], keep: Iterable[str] | None = None) -> Frame:
        """A copy of a frame of pandas, polars or a pyarrow Table, with columns transformed by their classes.

        ``columns``: which column is of which class. Any other column is left out, unless ``keep`` names it: what nobody has
        judged does not come out. So with the index of pandas: it stays only if ``keep`` has its names; else rows are
        numbered from 0 by a ``RangeIndex``, for whole numbers without a name may be telephone numbers as well as those of rows
        (``df.reset_index()`` makes columns of an index, which can be named here).

        >>> import pandas as pd
        >>> df = pd.DataFrame({"client": ["203.0.113.77"], "hits": [3], "note": ["ada's laptop"]})
        >>> Anonymizer().frame(df, {"client": "ip"}, keep=["hits"])
                client  hits
        0  203.0.113.0     3

        Raises KeyError for a column that is not there (it names no others: those of a log without a header are a line of it),
        ValueError for a name that several have, UnknownClassError, and TypeError for a column that is not text and for what is
        no frame.
        """
        return _arrow.frame(df, columns, names_of("keep", keep), self.column)  # type: ignore[no-any-return]

    def report(self) -> dict[str, Any]:
        """What was counted so far, by all threads, as ``anonlog --report`` writes it. No values.

        ``lines`` (``in``, ``out``, ``rejected``, ``withheld``), ``rejects`` by cause, ``bytes``, ``formats`` in lines of each,
        ``fields`` by class and outcome, ``policy``, ``keys`` by fingerprint, ``epochs``, and more.

        >>> a = Anonymizer()
        >>> _ = a.value("ip", "203.0.113.77")
        >>> a.report()["fields"]["ip"]["reduced"]
        1
        """
        counts: dict[str, Any] = json.loads(self._engine.report())
        return counts

    def _session(self, rejects: _files.Target | None) -> contextlib.AbstractContextManager[_rejects.Session]:
        return _rejects.session(self._engine, rejects)
