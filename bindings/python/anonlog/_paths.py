"""_paths.py: the paths that callers give. A log that stands where a path should is not repeated in an error."""

from __future__ import annotations

import errno
import os
from typing import Any


def path_of(given: Any) -> str:
    """A path, and not the log itself: what cannot be opened is named in an error."""
    path = os.fspath(given)
    if not isinstance(path, str) or "\n" in path:
        raise TypeError("expects a path or a file object; a log in memory is for Anonymizer.bytes, or for io.BytesIO")
    return path


def may_be_line(path: str) -> bool:
    """True for what may be a line of a log rather than the name of a file: there is no such file, and it has blanks or quotes."""
    return any(sign in path for sign in ' \t"') and not os.path.exists(path)


def old_path(given: Any) -> str:
    """The path of a file that should be there. FileNotFoundError without its name if it may be a line; else opening it tells."""
    path = path_of(given)
    if may_be_line(path):
        raise FileNotFoundError(errno.ENOENT, "no such file; its name is not repeated, for it may be a line of a log")
    return path


def new_path(given: Any) -> str:
    """The path of a file that will be written. FileNotFoundError without its name if there is no folder for it and it may be a line."""
    path = path_of(given)
    if may_be_line(path) and not os.path.isdir(os.path.dirname(path) or "."):
        raise FileNotFoundError(errno.ENOENT, "no folder for this file; its name is not repeated, for it may be a line of a log")
    return path
