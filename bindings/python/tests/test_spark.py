"""test_spark.py: the same tokens on every executor, in separate processes; a killed one changes nothing; no key in the plan or the
event log."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest
from conftest import KEYRING_TEXT, NOW

import anonlog

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed here")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)
if "asan" in os.environ.get("LD_PRELOAD", ""):
    pytest.skip("Java does not start under AddressSanitizer", allow_module_level=True)

from anonlog import spark as anonlog_spark  # noqa: E402

LINE = '203.0.113.%d - user%d [10/Oct/2025:13:55:36 +0000] "GET /users/%d?token=s3cret HTTP/1.1" 200 512 "-" "curl/8.5.0"'
LINES = [LINE % (n % 250, n % 97, n) for n in range(20000)]
SECRET = KEYRING_TEXT.split()[6]


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="module")
def session(events):
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    made = (SparkSession.builder.master("local-cluster[2,1,1024]").appName("anonlog").config("spark.eventLog.enabled", "true")
            .config("spark.eventLog.dir", events.as_uri()).config("spark.eventLog.compress", "false").config("spark.ui.enabled", "false")
            .config("spark.driver.memory", "1g").config("spark.sql.shuffle.partitions", "4").getOrCreate())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def text(session, tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "access.log"
    path.write_text("\n".join(LINES) + "\ngarbage of ada\n")
    return session.read.text(str(path)).repartition(8)


def lines_of(frame):
    return sorted(row[0] for row in frame.collect())


def wanted(keyring):
    with anonlog.Anonymizer(keyring=keyring, now=NOW) as a:
        return sorted(a.lines(LINES))


def test_lines_are_those_of_one_machine(text, keyring):
    assert lines_of(anonlog_spark.anonymize_text(text, keyring_ref=keyring, now=NOW)) == wanted(keyring)


def test_columns_are_those_of_one_machine(session, keyring):
    frame = session.createDataFrame([(f"203.0.113.{n % 250}", f"user{n % 9}", n) for n in range(1000)] + [(None, None, None)], ["ip", "who", "hits"]).repartition(5)
    made = anonlog_spark.anonymize_columns(frame, {"ip": "ip", "who": "user"}, keyring_ref=keyring, now=NOW, keep=("hits",))
    assert made.columns == ["ip", "who", "hits"]
    with anonlog.Anonymizer(keyring=keyring, now=NOW) as a:
        expected = {(a.value("ip", f"203.0.113.{n % 250}"), a.value("user", f"user{n % 9}"), n) for n in range(1000)} | {(None, None, None)}
    assert {tuple(row) for row in made.collect()} == expected
    assert anonlog_spark.anonymize_columns(frame, {"ip": "ip"}).columns == ["ip"]
    with pytest.raises(KeyError):
        anonlog_spark.anonymize_columns(frame, {"missing": "ip"})
    with pytest.raises(anonlog.UnknownClassError):
        anonlog_spark.anonymize_columns(frame, {"ip": "address"})


def test_a_missing_or_different_keyring_is_an_error_before_the_first_row(text, keyring, tmp_path):
    with pytest.raises(anonlog.KeyringError, match="keyring_ref"):
        anonlog_spark.anonymize_text(text)
    other = tmp_path / "other"
    anonlog.new_keyring(str(other))
    with pytest.raises(Exception, match="not the one of the driver"):
        anonlog_spark.anonymize_text(text, keyring_ref=str(other), keyring_fp=anonlog_spark.keyring_fingerprint(keyring)).collect()
    with pytest.raises(Exception, match="keyring"):
        anonlog_spark.anonymize_text(text, keyring_ref="/nowhere/keyring", keyring_fp=anonlog_spark.keyring_fingerprint(keyring)).collect()


def test_a_killed_executor_changes_nothing(session, text, keyring, tmp_path):
    marker = tmp_path / "killed"

    def kill_once(batches):
        import pathlib
        import time

        for batch in batches:
            try:
                pathlib.Path(marker).touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                time.sleep(1)
                os.kill(executor_of(os.getpid()), signal.SIGKILL)
                time.sleep(60)
            yield batch

    def executor_of(process):
        """The Java process above a Python worker."""
        while True:
            if b"CoarseGrainedExecutorBackend" in pathlib.Path(f"/proc/{process}/cmdline").read_bytes():
                return process
            process = int(pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])

    made = anonlog_spark.anonymize_text(text, keyring_ref=keyring, now=NOW).mapInArrow(kill_once, "value string")
    assert lines_of(made) == wanted(keyring)
    assert marker.exists()


def test_neither_the_plan_nor_the_event_log_holds_keys_or_values(text, keyring, events, session):
    made = anonlog_spark.anonymize_text(text, keyring_ref=keyring, now=NOW)
    plan = made._jdf.queryExecution().toString()
    made.count()
    session.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
    logged = b"".join(path.read_bytes() for path in pathlib.Path(events).rglob("*") if path.is_file())
    assert b"SparkListenerTaskEnd" in logged
    raw = bytes.fromhex(SECRET)
    for secret in (SECRET.encode(), raw, b"203.0.113.7", b"user42", b"s3cret"):
        assert secret not in logged and secret not in plan.encode()
