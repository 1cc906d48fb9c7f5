"""typed_program.py: every name of the package as a program with types uses it: ``mypy --strict`` reads it, nobody runs it."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any, Iterator

import duckdb
import polars as pl

import anonlog
from anonlog import Anonymizer
from anonlog import spark as anonlog_spark


def settings() -> Anonymizer:
    one = Anonymizer(Path("policy.toml"), keyring=Path("keyring"), recipient="bureau", now=1768478400, ip={"v4": 16}, fields={"x_user": "user"})
    one.close()
    name: str = one.fingerprint
    names: tuple[str, ...] = (*anonlog.CLASSES, *anonlog.PRESETS, anonlog.__version__, anonlog.kernel_name(), name)
    anonlog.new_keyring("keyring")
    anonlog.new_keyring(Path("keyring"))
    return Anonymizer(format="combined", time_grid="1h", session={"cookies": list(names)})


def lines(a: Anonymizer) -> tuple[list[str], list[bytes]]:
    with a as same:
        texts: Iterator[str] = same.lines(["text"], rejects="rejects")
        return list(texts), list(same.lines(io.BytesIO(b"text")))


def files(a: Anonymizer) -> dict[str, int]:
    def told(done: int, total: int | None) -> None:
        print(done, total)

    data: bytes = a.file("in.gz") + a.bytes(b"text") + a.bytes(bytearray(b"text")) + a.bytes(memoryview(b"text"), rejects=io.BytesIO())
    counts: dict[str, int] = a.file(io.BytesIO(data), Path("out.zst"), told, rejects=Path("rejects"))
    with gzip.open("in.gz") as packed, open("out", "wb") as plain, zipfile.ZipFile("logs.zip") as archive, archive.open("access.log") as member:
        a.file(packed, plain, progress=False)
        a.file(member, dst=plain)
    return counts


def values(a: Anonymizer) -> list[str | None]:
    one: str = a.value("ip", "203.0.113.77")
    other: str = a.value("ip", b"203.0.113.77", time=1768478400)
    return [*a.column("ip", [one, other, None]), *a.column("ip", ("203.0.113.77", b"203.0.113.77"), time=0)]


def report(a: Anonymizer) -> int:
    return int(a.report()["lines"]["in"])


def logs() -> tuple[Any, Any]:
    table = anonlog.read_log(Path("access.log.gz"), "strict", keyring="keyring", columns=["client.address"], progress=True, rejects="rejects", rejects_action="skeleton")
    reader = anonlog.scan_log(io.BytesIO(b"text"), batch_rows=1000, time={"grid": "1h"})
    return table.num_rows, reader.schema


def frames(a: Anonymizer) -> tuple[pl.DataFrame, pl.Series]:
    frame: pl.DataFrame = a.frame(pl.DataFrame({"client": ["203.0.113.77"]}), {"client": "ip"}, keep=("hits",))
    column: pl.Series = a.column("ip", frame["client"])
    behind: Anonymizer = anonlog.register(duckdb.connect(), "strict", Path("keyring"), prefix="safe_", ip_v4=16)
    return behind.frame(frame, columns={"client": "ip"}), column


def spark(lines_of: Any) -> tuple[Any, Any]:
    return (anonlog_spark.anonymize_text(lines_of, "balanced", "env:ANONLOG_KEYRING", now=0, ip_v4=16),
            anonlog_spark.anonymize_columns(lines_of, {"client": "ip"}, keyring_ref="keyring", keep=("hits",)))


def mistakes() -> str:
    try:
        Anonymizer("balancd")
    except anonlog.PolicyError as error:
        return f"{error.line}:{error.column}"
    except (anonlog.KeyringError, anonlog.FormatError, anonlog.TooManyRejects, anonlog.UnknownClassError, anonlog.ClosedError) as error:
        known: anonlog.AnonlogError = error
        return str(known)
    return anonlog_spark.keyring_fingerprint(Path("keyring"))


def refused(a: Anonymizer) -> None:
    """Each of these is an error of types; one that were none would be an ignore that nobody needs, which is an error too."""
    a.value("ip", 7)  # type: ignore[arg-type]
    a.value("ip", None)  # type: ignore[arg-type]
    a.bytes("text")  # type: ignore[arg-type]
    a.lines([1])  # type: ignore[type-var]
    a.file(io.StringIO("text"))  # type: ignore[call-overload]
    a.file("in", io.StringIO())  # type: ignore[call-overload]
    a.column("ip", ["203.0.113.77"])[0].upper()  # type: ignore[union-attr]
    a.report().rejected  # type: ignore[attr-defined]
    Anonymizer(now="today")  # type: ignore[arg-type]
    anonlog.new_keyring(7)  # type: ignore[arg-type]
    anonlog.scan_log("access.log", batch_rows="many")  # type: ignore[arg-type]
