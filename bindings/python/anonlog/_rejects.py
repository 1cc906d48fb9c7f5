"""_rejects.py: the shapes of lines that fit no format, in a file of their own: what ``--rejects FILE`` is for the command."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Iterator, Union

from . import _core, _files
from ._errors import TooManyRejects


class _Shaped:
    """A session that gives away what it says of rejects, also of those it fails for."""

    def __init__(self, session: _core.Session, write: Callable[[bytes], Any]) -> None:
        self.session, self.write = session, write

    def feed(self, data: _files.Buffer) -> bytes:
        try:
            return self.session.feed(data)
        finally:
            self.write(self.session.take_skeletons())

    def finish(self) -> bytes:
        try:
            return self.session.finish()
        finally:
            self.write(self.session.take_skeletons())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


Session = Union[_core.Session, _Shaped]


@contextlib.contextmanager
def session(engine: _core.Engine, rejects: _files.Target | None, columns: list[str] | None = None, *, makes_columns: bool = False) -> Iterator[Session]:
    """One input, from its first line to its last. ``rejects`` is whole when it ends, and also when there were too many."""
    opened = _core.Session(engine, makes_columns, columns or [], rejects is not None)
    if rejects is None:
        yield opened
        return
    too_many: TooManyRejects | None = None
    with _files.written(rejects, new_mode=0o600) as write:
        try:
            yield _Shaped(opened, write)
        except TooManyRejects as error:  # just what one wants to look at then
            too_many = error
    if too_many is not None:
        raise too_many
