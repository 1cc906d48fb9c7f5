"""_keys.py: keys that last longer than an Anonymizer."""

from __future__ import annotations

import os

from . import _core, _paths
from ._errors import KeyringError


def path_of(keyring: str | os.PathLike[str] | None) -> str:
    """The path of a keyring, and not a line of a log, which an error would repeat. None: empty."""
    path = "" if keyring is None else _paths.path_of(keyring)
    if path and _paths.may_be_line(path):
        raise KeyringError("no such keyring; its name is not repeated, for it may be a line of a log")
    return path


def new_keyring(path: str | os.PathLike[str]) -> None:
    """Makes a keyring with fresh keys, as ``anonlog key new`` does: a file that only you may read.

    Who has it can tell who is behind a pseudonym by trying names; who loses it, never again. Keep it where the logs are not.

    >>> import anonlog, os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "keyring")
    >>> anonlog.new_keyring(path)
    >>> with anonlog.Anonymizer(keyring=path) as today, anonlog.Anonymizer(keyring=path) as tomorrow:
    ...     today.value("user", "ada", time=0) == tomorrow.value("user", "ada", time=0)
    True

    Raises KeyringError if the file is there already, or cannot be written.
    """
    name = _paths.path_of(path)
    if _paths.may_be_line(name) and not os.path.isdir(os.path.dirname(name) or "."):
        raise KeyringError("no folder for this keyring; its name is not repeated, for it may be a line of a log")
    _core.new_keyring(name)
