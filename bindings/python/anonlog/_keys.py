"""_keys.py: keys that last longer than an Anonymizer."""

from __future__ import annotations

import os

from . import _core


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
    _core.new_keyring(os.fspath(path))
