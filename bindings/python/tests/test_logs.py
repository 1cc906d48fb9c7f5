"""test_logs.py: logs as columns say what `--output-format jsonl` says, line by line."""

import datetime
import io
import json
import warnings

import pytest
from conftest import NOW

import anonlog

pa = pytest.importorskip("pyarrow")
LINE = b'203.0.113.77 - ada [10/Oct/2025:13:55:36 +0200] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "-" "curl/8.5.0"\n'
JSON = (b'{"time":"2025-10-10T13:55:36+00:00","remote_addr":"203.0.113.77","status":404,"request_time":0.25,"user_agent":"curl/8.5.0"}\n'
        b'{"time":"2025-10-10T14:55:36+00:00","remote_addr":"203.0.113.9","body_bytes_sent":7}\n')
ARGUMENTS = ["--now", str(NOW), "--max-reject", "100%", "--output-format", "jsonl"]


def rows_of(table):
    """As JSON has them: without what is absent, times in seconds."""
    rows = []
    for row in table.to_pylist():
        made = {name: value for name, value in row.items() if value is not None}
        if "timestamp" in made:
            made["timestamp"] = int(made["timestamp"].timestamp())
        rows.append(made)
    return rows


def rows_of_command(text):
    rows = []
    for line in text.splitlines():
        row = json.loads(line)
        if "timestamp" in row:
            row["timestamp"] = int(datetime.datetime.fromisoformat(row["timestamp"].replace("Z", "+00:00")).timestamp())
        rows.append(row)
    return rows


@pytest.mark.parametrize("policy", ["balanced", "strict", "security"])
def test_columns_are_those_of_json_lines(command, golden, keyring, policy):
    logs = {**golden, "json": JSON, "mixed": LINE + JSON + b"garbage\n" + LINE[:-1]}
    for name, log in logs.items():
        status, wanted = command(["-p", policy, "-k", keyring, *ARGUMENTS], log)
        if status != 0:
            pytest.skip("this command has no --output-format jsonl")
        expected = rows_of_command(wanted)
        table = anonlog.read_log(io.BytesIO(log), policy, keyring=keyring, now=NOW, rejects_max="100%")
        table.validate(full=True)
        assert rows_of(table) == expected, name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            batches = list(anonlog.scan_log(io.BytesIO(log), policy, keyring=keyring, now=NOW, rejects_max="100%"))
        assert rows_of(pa.Table.from_batches(batches)) == expected, name


def test_columns_have_types():
    schema = anonlog.read_log(io.BytesIO(LINE + JSON)).schema
    kinds = {field.name: field.type for field in schema}
    assert schema.names[0] == "timestamp" and kinds["timestamp"] == pa.timestamp("s", "UTC")
    assert kinds["http.response.status_code"] == pa.int16() and kinds["http.response.body.size"] == pa.int64()
    assert kinds["http.server.request.duration"] == pa.float64()
    assert kinds["client.address"] == pa.dictionary(pa.int32(), pa.large_string())


def test_wanted_columns_only():
    table = anonlog.read_log(io.BytesIO(LINE * 3), columns=["client.address", "url.path"])
    assert set(table.column_names) == {"client.address", "url.path"} and table.num_rows == 3
    assert table["url.path"].to_pylist() == ["/users/:num"] * 3


def test_an_empty_log_is_an_empty_table():
    table = anonlog.read_log(io.BytesIO(b""))
    assert table.num_rows == 0 and table.column_names == ["timestamp"]
    assert [batch.num_rows for batch in anonlog.scan_log(io.BytesIO(b""))] == [0]


def test_late_columns_are_named_in_a_warning(monkeypatch):
    log = LINE * 40000 + JSON
    with pytest.warns(UserWarning, match="http.server.request.duration"):
        batches = list(anonlog.scan_log(io.BytesIO(log), batch_rows=1000))
    assert len(batches) > 1 and sum(batch.num_rows for batch in batches) == 40002
    assert len({batch.schema for batch in map(lambda b: b, batches)}) == 1 or all(batch.schema == batches[0].schema for batch in batches)


def test_batches_are_the_table():
    log = LINE * 30000 + LINE.replace(b"13:55", b"15:55").replace(b"4711", b"4712/x") * 30000
    whole = anonlog.read_log(io.BytesIO(log))
    parts = pa.Table.from_batches(list(anonlog.scan_log(io.BytesIO(log), batch_rows=5000)))
    assert parts.drop_columns("user.name").to_pylist() == whole.drop_columns("user.name").to_pylist()
    assert parts.num_rows == 60000


def test_nothing_of_a_person_is_in_the_columns():
    text = repr(anonlog.read_log(io.BytesIO(LINE)).to_pylist())
    for secret in ("203.0.113.77", "ada", "4711", "s3cret", "13:55"):
        assert secret not in text
