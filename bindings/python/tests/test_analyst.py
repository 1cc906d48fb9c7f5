"""test_analyst.py: what an analyst does on an ordinary day, and by mistake: a right answer, or an error that says what is wrong."""

import gzip
import io
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

import anonlog

LINE = b'203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "-" "curl/8.5.0"\n'
REJECT = b"garbage of ada@example.org, 203.0.113.9\n"


def shapes(**more):
    return anonlog.Anonymizer(rejects_action="skeleton", **more)


def test_a_log_is_not_taken_for_a_path():
    a = anonlog.Anonymizer()
    for data in (LINE, LINE.decode(), bytearray(LINE)):
        for run in (a.file, anonlog.read_log, anonlog.scan_log):
            with pytest.raises(TypeError) as caught:
                run(data)
            assert "203.0" not in str(caught.value)
    with pytest.raises(FileNotFoundError):
        a.file("missing.log")
    with pytest.raises(IsADirectoryError):
        anonlog.read_log(os.curdir)
    with pytest.raises(FileNotFoundError):
        a.file(io.BytesIO(LINE), "missing/made.log")


def test_one_text_is_not_taken_for_lines():
    a = anonlog.Anonymizer()
    for text in (LINE, LINE.decode(), bytearray(LINE), memoryview(LINE)):
        with pytest.raises(TypeError, match="splitlines"):
            a.lines(text)
    assert len(list(a.lines([bytearray(LINE), memoryview(LINE)]))) == 2
    for other in (7, None, [LINE]):
        with pytest.raises(TypeError, match="expects text"):
            list(a.lines([LINE, other]))
        with pytest.raises(TypeError, match="expects text"):
            a.value("ip", other)


def test_a_path_object_is_a_policy_file_whatever_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("mine").write_text("version = 1\n[ip]\nv4 = 8\n")
    assert anonlog.Anonymizer(pathlib.Path("mine")).value("ip", "203.0.113.77") == "203.0.0.0"
    with pytest.raises(anonlog.PolicyError, match="balanced"):
        anonlog.Anonymizer("mine")


@pytest.mark.parametrize("pack", ["gzip", "zstd"])
def test_a_packed_log_that_breaks_off_is_an_error(pack):
    log = b"".join(LINE.replace(b"4711", str(n).encode()) for n in range(60000))
    if pack == "gzip":
        packed = gzip.compress(log)
    else:
        zstandard = pytest.importorskip("zstandard")
        compress = zstandard.ZstdCompressor().compress
        packed = compress(log[: 60 * len(LINE)]) + compress(b"") + compress(log[60 * len(LINE):])  # several frames are one file
    a = anonlog.Anonymizer(keyring=None, user_mode="drop")
    assert a.file(io.BytesIO(packed)) == a.bytes(log)
    for left in (len(packed) - 1, len(packed) // 2, 5):
        with pytest.raises(EOFError):
            a.file(io.BytesIO(packed[:left]))


def test_skeletons_of_rejects_go_to_a_file_of_their_own(tmp_path, command):
    log, rejects = LINE * 20 + REJECT + LINE, tmp_path / "rejects"
    status, _ = command(["--on-reject", "skeleton", "--rejects", str(rejects)], log)
    assert status == 0
    wanted = rejects.read_bytes()
    assert wanted == b"x x x@x.x, x.x.x.x\n"
    rejects.unlink()
    source, target = tmp_path / "log", tmp_path / "made"
    source.write_bytes(log)
    a = shapes()
    assert a.file(source, target, rejects=rejects) == {"in": 22, "out": 21, "rejected": 1}
    assert rejects.read_bytes() == wanted and rejects.stat().st_mode & 0o777 == 0o600
    assert b"x@x" not in target.read_bytes() and target.read_bytes().count(b"\n") == 21
    for run in (lambda to: a.file(source, rejects=to), lambda to: a.bytes(log, rejects=to), lambda to: list(a.lines(io.BytesIO(log), rejects=to)),
                lambda to: anonlog.read_log(source, rejects=to, rejects_action="skeleton"),
                lambda to: list(anonlog.scan_log(source, rejects=to, rejects_action="skeleton"))):
        made = io.BytesIO()
        run(made)
        assert made.getvalue() == wanted
        rejects.write_bytes(b"of another run")
        run(rejects)
        assert rejects.read_bytes() == wanted


def test_too_many_rejects_keep_their_skeletons(tmp_path):
    rejects, target = tmp_path / "rejects", tmp_path / "made"
    for run in (lambda: shapes().file(io.BytesIO(REJECT * 3), target, rejects=rejects), lambda: shapes().bytes(REJECT * 5000, rejects=rejects),
                lambda: list(shapes().lines([REJECT] * 3, rejects=rejects))):
        with pytest.raises(anonlog.TooManyRejects):
            run()
        assert set(rejects.read_bytes().splitlines()) == {b"x x x@x.x, x.x.x.x"} and not target.exists()
        rejects.unlink()
    with pytest.raises(ZeroDivisionError):  # any other failure leaves what was there
        shapes().file(io.BytesIO(LINE * 9 + REJECT), target, lambda done, total: 1 // 0, rejects=rejects)
    assert not list(tmp_path.iterdir())


def test_skeletons_need_a_place_and_a_place_needs_skeletons(tmp_path):
    for run in (lambda: shapes().file(io.BytesIO(LINE)), lambda: shapes().bytes(LINE), lambda: list(shapes().lines([LINE])),
                lambda: anonlog.read_log(io.BytesIO(LINE), rejects_action="skeleton")):
        with pytest.raises(anonlog.PolicyError, match="rejects=PATH"):
            run()
    with pytest.raises(anonlog.PolicyError, match="rejects_action"):
        anonlog.Anonymizer().bytes(LINE, rejects=tmp_path / "rejects")
    source = tmp_path / "log"
    source.write_bytes(LINE)
    for target, rejects in ((tmp_path / "made", source), (tmp_path / "made", tmp_path / "x/../made"), (tmp_path / "made", tmp_path / "made")):
        with pytest.raises(ValueError):
            shapes().file(source, target, rejects=rejects)
    assert source.read_bytes() == LINE and shapes().value("ip", "203.0.113.77") == "203.0.113.0"


def test_what_is_no_regular_file_is_written_to_and_not_replaced(tmp_path):
    """Else a device such as /dev/null would be gone, and the file that a link names as it was."""
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    os.mkfifo(pipe)
    file.write_bytes(b"as it was")
    link.symlink_to(file)
    a = anonlog.Anonymizer(user_mode="drop")
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert a.file(io.BytesIO(LINE), pipe)["out"] == 1
    reader.join(timeout=20)
    assert pipe.is_fifo() and read == [a.bytes(LINE)]
    a.file(io.BytesIO(LINE), link)
    assert link.is_symlink() and file.read_bytes() == read[0]
    with pytest.raises(IsADirectoryError):
        a.file(io.BytesIO(LINE), tmp_path)


class Pieces(io.RawIOBase):
    """A file that takes ten bytes at most, and gives what it is told to."""

    def __init__(self, given=()):
        self.given, self.taken = list(given), b""

    def read(self, size=-1):
        return self.given.pop(0) if self.given else b""

    def write(self, data):
        self.taken += bytes(data[:10])
        return len(data[:10])


def test_files_without_a_buffer_lose_nothing():
    a, target = anonlog.Anonymizer(user_mode="drop"), Pieces()
    assert a.file(Pieces([LINE[:7], LINE[7:], LINE]), target)["out"] == 2 and target.taken == a.bytes(LINE * 2)
    for source, target in ((Pieces([LINE, None, LINE]), io.BytesIO()), (io.BytesIO(LINE), os.fdopen(os.pipe()[1], "wb", buffering=0))):
        if isinstance(target, io.FileIO):
            os.set_blocking(target.fileno(), False)
            source = io.BytesIO(LINE * 100000)  # more than a pipe holds
        with pytest.raises(BlockingIOError):
            a.file(source, target)


def test_errors_about_packed_files_hold_none_of_their_bytes():
    for packed in (gzip.compress(LINE) + LINE, gzip.compress(LINE)[:-8] + b"ada203.0"):
        with pytest.raises(gzip.BadGzipFile) as caught:
            anonlog.Anonymizer().file(io.BytesIO(packed))
        assert "b'" not in str(caught.value) and "0x" not in str(caught.value)


def test_control_c_ends_a_long_run_and_leaves_nothing(tmp_path):
    source = tmp_path / "log"
    source.write_bytes(LINE * 1000)
    child = subprocess.Popen([sys.executable, "-c", """
import itertools, sys, anonlog
class endless:
    def read(self, size=-1): return %r * 9000
def told(done, total, once=[]):
    once or print("at work", flush=True) or once.append(1)
anonlog.Anonymizer().file(endless(), sys.argv[1], told)
""" % LINE, str(tmp_path / "made")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "at work\n"
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=30)
        assert time.monotonic() - begun < 5 and "KeyboardInterrupt" in told
        assert [path.name for path in tmp_path.iterdir()] == ["log"]
    finally:
        child.kill()
        child.wait()


def test_the_index_of_a_frame_comes_out_only_if_it_was_judged():
    pd = pytest.importorskip("pandas")
    a = anonlog.Anonymizer()
    df = pd.DataFrame({"client": ["203.0.113.77", None], "who": ["ada", "bob"], "hits": [3, 1]})
    for indexed in (df.set_index("who"), df.set_index(["who", "hits"]), df.set_index(pd.Index(["ada", "bob"])), df.set_index(pd.Index([4711, 4712], name="id")),
                    df.set_index(pd.Index([15551234567, 3405803853])), df.set_index(pd.RangeIndex(3405803853, 3405803855, name="address")),
                    df.set_index(pd.MultiIndex.from_tuples([(1, 2), (3, 4)]))):
        made = a.frame(indexed, {"client": "ip"})
        assert list(made.index) == [0, 1] and made.index.name is None and list(made.columns) == ["client"]
        assert made["client"].iloc[0] == "203.0.113.0"
    assert list(a.frame(df.set_index("hits"), {"client": "ip"}, keep=["hits"]).index) == [3, 1]
    assert a.frame(df.set_index(["who", "hits"]), {"client": "ip"}, keep=["hits", "who"]).index.names == ["who", "hits"]
    assert list(a.frame(df[df["hits"] == 1], {"client": "ip"}, keep=["hits"]).index) == [0]  # one cannot tell: numbers of rows, or of telephones
    assert list(a.frame(df.iloc[1:], {"client": "ip"}).index) == [0]
    for keep in ((), ["who"]):
        with pytest.raises(KeyError, match="no column 'who'"):
            a.frame(df.set_index("who"), {"client": "ip", "who": "user"}, keep=keep)


def test_a_column_without_a_class_does_not_come_out():
    pd, pl, pa = pytest.importorskip("pandas"), pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    a = anonlog.Anonymizer()
    data = {"client": ["203.0.113.77"], "hits": [1]}
    for frame in (pd.DataFrame(data), pl.DataFrame(data), pa.table(data)):
        for columns in ({"client": None}, {"client": 7}, ["client"], None, "client"):
            with pytest.raises(TypeError, match="class"):
                a.frame(frame, columns)
        with pytest.raises(anonlog.UnknownClassError):
            a.frame(frame, {"client": ""})
        with pytest.raises(TypeError, match="keep: expects a list"):
            a.frame(frame, {"client": "ip"}, keep="hits")
        assert a.frame(frame, {"client": "ip"}, keep=["client"])["client"].to_pandas().tolist() == ["203.0.113.0"] if isinstance(frame, pa.Table) \
            else list(a.frame(frame, {"client": "ip"}, keep=["client"])["client"]) == ["203.0.113.0"]


def test_columns_of_several_levels_stay_so():
    pd = pytest.importorskip("pandas")
    df = pd.DataFrame([["203.0.113.77", 1, "ada"]], columns=pd.MultiIndex.from_tuples([("a", "client"), ("a", "hits"), ("b", "who")], names=["x", "y"]))
    made = anonlog.Anonymizer().frame(df, {("a", "client"): "ip"}, keep=[("a", "hits")])
    assert made.columns.equals(df.columns[:2]) and made.columns.names == ["x", "y"] and made.iloc[0].tolist() == ["203.0.113.0", 1]


def test_columns_of_one_name_are_an_error():
    pd, pa = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    a = anonlog.Anonymizer()
    twice = pd.DataFrame([["203.0.113.77", "203.0.113.78", 1]], columns=["client", "client", "hits"])
    table = pa.Table.from_arrays([pa.array(["203.0.113.77"])] * 2 + [pa.array([1])], names=["client", "client", "hits"])
    for frame in (twice, table):
        for how in ({"columns": {"client": "ip"}}, {"columns": {}, "keep": ["client"]}):
            with pytest.raises(ValueError, match="2 columns have the name 'client'"):
                a.frame(frame, **how)
        assert a.frame(frame, {}, keep=["hits"]).shape == (1, 1)


def test_what_is_no_frame_is_an_error():
    pl, pd, pa = pytest.importorskip("polars"), pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    a = anonlog.Anonymizer()
    for other in (None, 7, {"client": ["203.0.113.77"]}, pl.DataFrame({"client": ["203.0.113.77"]}).lazy(), pd.Series(["203.0.113.77"]), pa.array(["203.0.113.77"])):
        with pytest.raises(TypeError, match="frame: expects"):
            a.frame(other, {"client": "ip"})
    batch = pa.record_batch({"client": ["203.0.113.77"], "who": ["ada"]})
    assert a.frame(batch, {"client": "ip"}).to_pylist() == [{"client": "203.0.113.0"}]


def test_what_is_no_column_is_an_error():
    np, pd, pl, pa = (pytest.importorskip(name) for name in ("numpy", "pandas", "polars", "pyarrow"))
    a = anonlog.Anonymizer()
    for other in (np.array(["203.0.113.77"]), pd.DataFrame({"client": ["203.0.113.77"]}), pl.DataFrame({"client": ["203.0.113.77"]}), pl.col("client"), "203.0.113.77",
                  b"203.0.113.77", {"203.0.113.77"}, iter(["203.0.113.77"]), pd.Index(["203.0.113.77"]), pa.scalar("203.0.113.77"), pa.table({"client": ["203.0.113.77"]}), pa.chunked_array([], pa.int64()), pd.Series([1, 2], dtype="category"),
                  pl.Series([["203.0.113.77"]]), pd.Series([["203.0.113.77"]])):
        with pytest.raises(TypeError, match="column: expects"):
            a.column("ip", other)


def test_columns_of_rare_kinds():
    pd, pa = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    a = anonlog.Anonymizer()
    nothing = pd.Series([None, None], dtype="category", name="client")
    assert a.column("ip", nothing).isna().all() and a.column("ip", nothing).dtype == "category"
    numbered = pd.Series(["203.0.113.77", None], dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())), index=[4, 5], name="client")
    made = a.column("ip", numbered)
    assert made.dtype == numbered.dtype and list(made.index) == [4, 5] and made.name == "client" and made.iloc[0] == "203.0.113.0" and pd.isna(made.iloc[1])
    assert a.column("ip", pa.chunked_array([], pa.binary())).type == pa.string()
    for kind in (pa.string(), pa.dictionary(pa.int8(), pa.large_string()), pa.null()):
        assert a.column("ip", pa.chunked_array([], kind)).type == kind


def test_times_are_whole_seconds():
    np = pytest.importorskip("numpy")
    a = anonlog.Anonymizer(now=np.int64(0), ip_v4=np.int64(8), user_mode="token")
    assert a.value("ip", "203.0.113.77") == "203.0.0.0"
    assert a.value("user", "ada", time=np.int32(0)) == a.value("user", "ada")
    for run in (lambda: anonlog.Anonymizer(now=1.5), lambda: a.value("user", "ada", time="today"), lambda: a.column("user", ["ada"], time=1.5),
                lambda: anonlog.read_log(io.BytesIO(LINE), now=1.5)):
        with pytest.raises(TypeError, match="whole number"):
            run()


def test_wanted_columns_that_are_not_there_are_named():
    for read in (anonlog.read_log, anonlog.scan_log):
        with pytest.warns(UserWarning, match="no line has: client.adress$"):
            read(io.BytesIO(LINE), columns=["client.adress", "url.path"])
        with pytest.raises(TypeError, match="columns: expects a list"):
            read(io.BytesIO(LINE), columns="url.path")


def test_an_unknown_class_is_not_its_own_nearest():
    with pytest.raises(anonlog.UnknownClassError) as caught:
        anonlog.Anonymizer().value("visitor", "x")
    assert "visitor" not in str(caught.value)
