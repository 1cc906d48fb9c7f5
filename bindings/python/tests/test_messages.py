"""test_messages.py: no error holds a value, a column name that is a line, or a line that was taken for a path: not in its text, and not in
what it carries or came from."""

import codecs
import io
import sys
import tempfile
import types

import pytest

import anonlog

LINE = '203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?token=s3cret HTTP/1.1" 200 512'
PLAIN_LINE = "2025-10-10 13:55:36 203.0.113.77 ada GET /a 200"
SIGNS = ("ada", "203.0", "s3cret")


def told_by(run, kind):
    """The text of the error of a call, after a search of all that the error holds."""
    with pytest.raises(kind) as caught:
        run()
    errors = [caught.value]
    while errors:
        error = errors.pop()
        held = [str(error), repr(error), *map(repr, vars(error).values())]
        held += [repr(getattr(error, name, None)) for name in ("object", "filename", "filename2")]
        assert not [sign for sign in SIGNS for text in held if sign in text]
        errors += [other for other in (error.__cause__, error.__context__) if other is not None]
    return str(caught.value)


@pytest.fixture(scope="module")
def a():
    return anonlog.Anonymizer()


def test_a_log_without_a_header_does_not_show_its_first_line(a):
    pd, pl, pa = pytest.importorskip("pandas"), pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    read = pd.read_csv(io.StringIO(f"{LINE}\n{LINE}\n"), sep=" ")
    for frame in (read, pl.from_pandas(read), pa.Table.from_pandas(read)):
        for more in ({}, {"keep": ["client"]}):
            told = told_by(lambda frame=frame, more=more: a.frame(frame, {} if more else {"client": "ip"}, **more), KeyError)
            assert "'client'" in told and "8 columns" in told


def test_a_missing_column_of_spark_does_not_show_the_others(monkeypatch):
    """With as much of Spark as this needs."""
    spark = pytest.importorskip("anonlog.spark")

    class AnalysisException(Exception):
        pass

    asked = []

    def select(name):
        asked.append(name)
        raise AnalysisException(f"no {name}; did you mean {LINE}?")

    errors = types.ModuleType("pyspark.errors")
    errors.AnalysisException = AnalysisException
    for name, module in (("pyspark", types.ModuleType("pyspark")), ("pyspark.errors", errors)):
        monkeypatch.setitem(sys.modules, name, module)
    fields = [types.SimpleNamespace(name=name) for name in LINE.split(" ")]
    frame = types.SimpleNamespace(schema=types.SimpleNamespace(fields=fields), columns=[field.name for field in fields], select=select)
    assert "10 columns" in told_by(lambda: spark.anonymize_columns(frame, {"client": "ip"}), KeyError)
    assert "10 columns" in told_by(lambda: spark.anonymize_text(frame), KeyError)
    assert not asked  # it would log them
    fields[0].name = frame.columns[0] = "Value"
    assert "10 columns" in told_by(lambda: spark.anonymize_text(frame, column="value.line"), KeyError)
    assert asked == ["value.line"]


def test_columns_of_mixed_types_do_not_show_a_value(a):
    pd = pytest.importorskip("pandas")
    for mixed in (["203.0.113.77", 1], [1, "ada"], ["ada", 1.5], [b"ada", 7, None]):
        for kind in ("category", object):
            assert "expects text" in told_by(lambda mixed=mixed, kind=kind: a.column("ip", pd.Series(mixed, dtype=kind)), TypeError)
    for numbers in ([1, 2], [1.5], [True], pd.to_datetime(["2025-10-10"])):
        told_by(lambda numbers=numbers: a.column("ip", pd.Series(numbers, dtype="category")), TypeError)


@pytest.mark.parametrize("kind", ["category", "str", "string", "string[python]", object])
def test_columns_with_characters_that_are_none_are_transformed(a, kind):
    pd = pytest.importorskip("pandas")
    texts = ["ada \ud800", "203.0.113.77", None]
    try:
        given = pd.Categorical.from_codes([0, 1, -1], pd.Index(texts[:2], dtype=object)) if kind == "category" else texts
        series = pd.Series(given, dtype=kind, index=[4, 5, 6], name="client")
    except UnicodeError:
        pytest.skip("this pandas has no column of them")
    made = a.column("ip", series)
    assert made.tolist()[:2] == ["-", "203.0.113.0"] and pd.isna(made.iloc[2]) and list(made.index) == [4, 5, 6] and made.name == "client"
    assert made.dtype == series.dtype or kind == "category"


def text_files(path):
    path.write_bytes(b"\xff ada 203.0.113.77\n")
    yield io.TextIOWrapper(io.BytesIO(path.read_bytes()), encoding="utf-8")
    yield open(path, encoding="ascii")
    yield codecs.open(str(path), encoding="utf-8") if sys.version_info < (3, 14) else io.StringIO("ada")
    wrapped = tempfile.NamedTemporaryFile("w+", encoding="ascii")  # no TextIOBase itself
    wrapped.file.buffer.write(path.read_bytes())
    wrapped.file.buffer.seek(0)
    yield wrapped
    late = path.with_name("late")
    late.write_bytes(b"x" * (1 << 16) + path.read_bytes())
    yield codecs.open(str(late), encoding="utf-8") if sys.version_info < (3, 14) else io.StringIO("ada")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_files_of_text_are_refused_before_they_are_read(a, tmp_path):
    for run in (a.file, anonlog.read_log, anonlog.scan_log):
        for file in text_files(tmp_path / "log"):
            assert "binary" in told_by(lambda run=run, file=file: run(file), TypeError)
    unread = io.StringIO("ada\n")
    shapes = anonlog.Anonymizer(rejects_action="skeleton")
    for run in (lambda: a.file(unread), lambda: a.file(io.BytesIO(b"ada\n"), unread), lambda: shapes.bytes(b"ada\n", rejects=unread)):
        assert "binary" in told_by(run, TypeError)
    assert unread.tell() == 0


def test_values_in_the_place_of_a_class_are_not_repeated(a):
    for run in (lambda: a.value("ada", "user"), lambda: a.value(LINE, "ip"), lambda: a.column("ada", ["user"]), lambda: a._engine.is_keyed("ada")):
        assert "known: " in told_by(run, anonlog.UnknownClassError)
    pd = pytest.importorskip("pandas")
    told_by(lambda: a.frame(pd.DataFrame({"client": ["x"]}), {"client": "ada"}), anonlog.UnknownClassError)
    assert "nearest: agent" in told_by(lambda: a.value("agnet", "x"), anonlog.UnknownClassError)


def test_a_line_in_the_place_of_a_path_is_not_repeated(a, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    log = LINE.encode() + b"\n"
    for line in (LINE, PLAIN_LINE):
        for run in (lambda text: a.file(text), anonlog.read_log, anonlog.scan_log, lambda text: a.file(io.BytesIO(log), text),
                    lambda text: anonlog.Anonymizer(rejects_action="skeleton").bytes(log, rejects=text), anonlog.Anonymizer,
                    lambda text: anonlog.read_log(io.BytesIO(log), text)):
            assert "line of a log" in told_by(lambda run=run, line=line: run(line), FileNotFoundError)
        for run in (lambda text: anonlog.Anonymizer(keyring=text), anonlog.new_keyring, lambda text: anonlog.read_log(io.BytesIO(log), keyring=text)):
            assert "line of a log" in told_by(lambda run=run, line=line: run(line), anonlog.KeyringError)
    for run in (lambda text: a.file(io.BytesIO(log), text), anonlog.Anonymizer, a.file):
        told_by(lambda run=run: run(LINE + "\n"), TypeError)
    assert not list(tmp_path.iterdir())


def test_names_with_blanks_are_names(a, tmp_path):
    (tmp_path / "my log").write_bytes(LINE.encode() + b"\n")
    a.file(tmp_path / "my log", tmp_path / "my result")
    assert (tmp_path / "my result").stat().st_size
    (tmp_path / "my policy.toml").write_text("version = 1\n")
    anonlog.new_keyring(tmp_path / "my keys")
    anonlog.Anonymizer(tmp_path / "my policy.toml", keyring=tmp_path / "my keys")
    with pytest.raises(FileNotFoundError, match="missing.log"):
        a.file("missing.log")
