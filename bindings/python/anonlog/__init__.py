"""anonlog takes the people out of access logs and leaves what analysts need.

What it does not understand does not come out. A line in, the same line out, without the person:

>>> import anonlog
>>> with anonlog.Anonymizer() as anonymizer:
...     anonymizer.value("ip", "203.0.113.77")
'203.0.113.0'

Classes of values are those of ``anonlog value`` (:data:`CLASSES`), policies those of ``anonlog policy`` (:data:`PRESETS`).
pandas, polars, pyarrow and DuckDB are used when values of theirs come, and needed only then.
"""

from __future__ import annotations

from ._anonymizer import Anonymizer
from ._core import class_names, kernel_name, preset_names, version
from ._duckdb import register
from ._errors import AnonlogError, ClosedError, FormatError, KeyringError, PolicyError, TooManyRejects, UnknownClassError
from ._keys import new_keyring
from ._logs import read_log, scan_log

__version__: str = version
CLASSES: tuple[str, ...] = tuple(class_names())
PRESETS: tuple[str, ...] = tuple(preset_names())

__all__ = [
    "Anonymizer", "read_log", "scan_log", "register", "new_keyring", "kernel_name", "CLASSES", "PRESETS",
    "AnonlogError", "PolicyError", "KeyringError", "FormatError", "TooManyRejects", "UnknownClassError", "ClosedError",
]
