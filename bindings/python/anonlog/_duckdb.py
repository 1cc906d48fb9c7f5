"""_duckdb.py: the classes of values as functions in DuckDB's SQL, a vector at a time through Arrow."""

from __future__ import annotations

import os
from typing import Any, Callable

from ._anonymizer import Anonymizer
from ._core import class_names


def register(con: Any, policy: str | os.PathLike[str] = "balanced", keyring: str | os.PathLike[str] | None = None, recipient: str | None = None,
             *, prefix: str = "anon_", **overrides: Any) -> Anonymizer:
    """Gives a DuckDB connection one function for each class: ``anon_ip(x)``, ``anon_agent(x)`` ... NULL stays NULL.

    They take and give VARCHAR. ``prefix`` stands before the names of the classes: one for each policy, for DuckDB refuses
    names that it has already. The others are those of :class:`anonlog.Anonymizer`, with its errors. Returns the Anonymizer
    behind them: its report counts what they did, and closing it ends them. Needs pyarrow.

    >>> import duckdb
    >>> con = duckdb.connect()
    >>> anonymizer = register(con)
    >>> con.execute("select anon_ip('203.0.113.77'), anon_ip(null)").fetchall()
    [('203.0.113.0', None)]
    """
    anonymizer = Anonymizer(policy, keyring, recipient=recipient, **overrides)

    def function_of(cls: str) -> Callable[[Any], Any]:
        return lambda data: anonymizer.column(cls, data)

    for cls in class_names():
        con.create_function(prefix + cls, function_of(cls), ["VARCHAR"], "VARCHAR", type="arrow", null_handling="special")
    return anonymizer
