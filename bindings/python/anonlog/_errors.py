"""_errors.py: what can go wrong. No message holds a byte of a log, a value or a key."""

from __future__ import annotations

import re

__all__ = ["AnonlogError", "PolicyError", "KeyringError", "FormatError", "TooManyRejects", "UnknownClassError", "ClosedError"]


class AnonlogError(Exception):
    """The root of all errors of this package."""


class PolicyError(AnonlogError, ValueError):
    """A policy that cannot be used, or not for this.

    ``line`` and ``column`` say where in a policy file, counted from 1; both are None for overrides.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        place = re.search(r":(\d+):(\d+): ", message)
        self.line: int | None = int(place.group(1)) if place else None
        self.column: int | None = int(place.group(2)) if place else None


class KeyringError(AnonlogError, ValueError):
    """A keyring that is missing, readable by others, damaged, or not the one that was expected."""


class FormatError(AnonlogError, ValueError):
    """An unknown format, or a pattern that cannot be read."""


class TooManyRejects(AnonlogError):
    """More lines than the policy allows fit no format (``rejects.max``, or one of ``rejects.action`` "fail"); none of them was written."""


class UnknownClassError(AnonlogError, ValueError):
    """No class of values has this name."""


class ClosedError(AnonlogError, ValueError):
    """The Anonymizer was closed; its keys are gone."""
