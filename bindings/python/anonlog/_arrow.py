"""_arrow.py: columns on their way through the engine, in the Arrow C data interface.

Nothing here needs pyarrow, pandas or polars until a value of theirs comes in.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping


def encoded(text: str | bytes | bytearray | memoryview) -> bytes:
    """The bytes of a text. Never an error about its characters: those of Unicode hold the text."""
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        try:
            return memoryview(text).tobytes()
        except TypeError:
            raise TypeError(f"expects text: str or bytes, not {type(text).__name__}") from None
    try:
        return text.encode("utf-8", "surrogateescape")  # bytes that were no UTF-8 are themselves again
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


class ArrowColumn:
    """A column that any library with the Arrow PyCapsule protocol takes. Its memory goes to the first that takes it."""

    def __init__(self, schema: Any, array: Any) -> None:
        self._pair = schema, array

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        return self._pair


def _is_from(module: str, data: Any) -> bool:
    return type(data).__module__.split(".")[0] == module


def _through_array(engine: Any, cls: str, data: Any, time: int | None) -> ArrowColumn:
    schema, array = data.__arrow_c_array__()
    return ArrowColumn(*engine.column(cls, schema, array, time))


def _pyarrow_chunks(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    import pyarrow as pa

    given = data.chunks or [pa.nulls(0, data.type)]  # which is of a type, too
    return pa.chunked_array([pa.array(ArrowColumn(*pair)) for chunk in given for pair in engine.parts(cls, *chunk.__arrow_c_array__(), time)])


def _polars(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    import polars as pl

    if data.dtype in (pl.Categorical, pl.Enum):
        return _polars(engine, cls, data.cast(pl.String), time).cast(pl.Categorical)
    if data.dtype == pl.Null:
        return data
    if data.dtype not in (pl.String, pl.Binary):
        raise TypeError("column: expects text; cast the column to a string first")
    pairs = engine.chunks(cls, data.__arrow_c_stream__(), time)
    parts = [pl.Series(ArrowColumn(*pair)).alias(data.name) for pair in pairs]
    if not parts:
        return pl.Series(data.name, [], dtype=pl.String)
    return pl.concat(parts, rechunk=False) if len(parts) > 1 else parts[0]


def no_column(name: Any, count: int) -> KeyError:
    """The error for a column that is not there. It names no other: those of a log without a header are its first line."""
    return KeyError(f"no column {name!r} among {count} columns")


def _objects(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    """A column of Python objects: read and made one by one, for Arrow would copy every text twice."""
    import numpy as np
    import pandas as pd

    made = np.empty(len(data), dtype=object)
    engine.objects(cls, np.ascontiguousarray(data.to_numpy(dtype=object)), made, [pd.NA, pd.NaT], time)
    return made


def _pandas_categories(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    """Every category once. Through objects, for Arrow tells values where categories are of several types."""
    import numpy as np
    import pandas as pd

    words = data.cat.categories
    if not len(words):  # of no type, then, and all is null
        return data.copy()
    places, distinct = pd.factorize(_objects(engine, cls, words, time))
    codes = data.cat.codes.to_numpy()
    places = places.astype(codes.dtype)  # they are no more than before
    values = pd.Categorical.from_codes(np.where(codes < 0, codes, places[codes]), pd.Index(distinct))
    return pd.Series(values, index=data.index, name=data.name)


def _pandas_arrow(data: Any) -> Any:
    """The values as Arrow has them; None: they hold characters that are none in Unicode."""
    import pyarrow as pa

    try:
        given = pa.array(data, from_pandas=True)
    except (pa.ArrowException, UnicodeError):
        return None
    return given if isinstance(given, pa.ChunkedArray) else pa.chunked_array([given])


def _pandas(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    import pandas as pd

    if isinstance(data.dtype, pd.CategoricalDtype):
        return _pandas_categories(engine, cls, data, time)
    given = None if data.dtype == object else _pandas_arrow(data)
    if given is None:
        return pd.Series(_objects(engine, cls, data, time), index=data.index, name=data.name, dtype=data.dtype)
    made = _pyarrow_chunks(engine, cls, given, time)
    if type(data.dtype).__name__ == "ArrowDtype":  # of another type than before where that was binary
        return pd.Series(pd.arrays.ArrowExtensionArray(made), index=data.index, name=data.name)
    return pd.Series(type(data.array)._from_sequence(made, dtype=data.dtype), index=data.index, name=data.name)


def column(engine: Any, cls: str, data: Any, time: int | None) -> Any:
    """What :meth:`anonlog.Anonymizer.column` does."""
    if isinstance(data, (list, tuple)):
        return engine.values(cls, data, time)
    if _is_from("pandas", data) and hasattr(data, "array") and hasattr(data, "index"):
        if hasattr(data, "cat") or hasattr(data, "str") or data.dtype == object or type(data.dtype).__name__ == "ArrowDtype":
            return _pandas(engine, cls, data, time)
        raise TypeError("column: expects text; cast the column to a string first")
    if _is_from("polars", data) and hasattr(data, "dtype"):
        return _polars(engine, cls, data, time)
    if _is_from("pyarrow", data):
        import pyarrow as pa

        if isinstance(data, pa.ChunkedArray):
            return _pyarrow_chunks(engine, cls, data, time)
        if isinstance(data, pa.Array):
            return pa.array(_through_array(engine, cls, data, time))
    elif hasattr(data, "__arrow_c_array__"):
        return _through_array(engine, cls, data, time)
    raise TypeError("column: expects a list, a pandas or polars Series, or something with the Arrow PyCapsule protocol")


def _index_that_stays(df: Any, keep: list[str]) -> Any:
    """Of a pandas frame: what ``keep`` names. None: rows are numbered anew.

    Integers without a name may be addresses, and so may a RangeIndex: pandas makes one of any integers that are as far apart.
    """
    return df.index if all(name is not None and name in keep for name in df.index.names) else None


def frame(df: Any, columns: Mapping[str, str], keep: list[str], column_of: Callable[[str, Any], Any]) -> Any:
    """What :meth:`anonlog.Anonymizer.frame` does."""
    is_table = _is_from("pyarrow", df) and hasattr(df, "from_pydict")
    is_polars = _is_from("polars", df) and hasattr(df, "get_column")
    is_pandas = not _is_from("polars", df) and hasattr(df, "columns") and hasattr(df, "index")
    if not is_table and not is_polars and not is_pandas:
        raise TypeError("frame: expects a DataFrame of pandas or polars (a LazyFrame is collected first), or a pyarrow Table")
    if not isinstance(columns, Mapping):
        raise TypeError('frame: columns says which column is of which class, such as {"client": "ip"}')
    keep = [name for name in keep if name not in columns]
    names = list(df.schema.names if is_table else df.columns)
    index = _index_that_stays(df, keep) if is_pandas else None
    for name in (*columns, *keep):
        if name not in names and not (name in keep and index is not None and name in index.names):
            raise no_column(name, len(names))
        if names.count(name) > 1:
            raise ValueError(f"{names.count(name)} columns have the name {name!r}")
    for name, cls in columns.items():
        if not isinstance(cls, str):
            raise TypeError(f"frame: expects the class of column {name!r} (keep=[...] leaves columns as they are)")
    made = {name: df[name] if name not in columns else column_of(columns[name], df[name]) for name in names if name in columns or name in keep}
    if is_table:
        return type(df).from_pydict(made)
    if is_polars:
        return df.select([made[name].alias(name) for name in made])
    changed = type(df)(made, index=df.index, columns=list(made))
    changed.columns = df.columns[[name in made for name in names]]
    return changed if index is not None else changed.reset_index(drop=True)
