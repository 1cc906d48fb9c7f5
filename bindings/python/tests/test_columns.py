"""test_columns.py: columns of every library and layout: the same values, the kind that came in, nulls where nulls were."""

import threading

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

import anonlog

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

GIVEN = ["203.0.113.77", None, "2001:db8:85a3::8a2e:370:7334", "nonsense", "", "203.0.113.1", "127.0.0.1", "198.51.100.254:80", "1.2.3.4"]
WANTED = ["203.0.113.0", None, "2001:db8:8500::", "-", "", "203.0.113.0", "127.0.0.1", "198.51.100.0:0", "1.2.3.0"]


@pytest.fixture(scope="module")
def a():
    return anonlog.Anonymizer()


def test_the_expected_values_are_those_of_single_values(a):
    assert [None if text is None else a.value("ip", text) for text in GIVEN] == WANTED
    assert a.column("ip", GIVEN) == WANTED and a.column("ip", tuple(GIVEN)) == WANTED
    assert a.column("ip", [b"203.0.113.77", None, memoryview(b"1.2.3.4")])[:2] == ["203.0.113.0", None]


LAYOUTS = {
    "utf8": pa.string(), "large": pa.large_string(), "view": pa.string_view(), "binary": pa.binary(), "large binary": pa.large_binary(),
    **{f"dictionary {index}": pa.dictionary(index, pa.string())
       for index in (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64())},
    "dictionary of large": pa.dictionary(pa.int32(), pa.large_string()),
}
TEXT_OF = {pa.binary(): pa.string(), pa.large_binary(): pa.large_string()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_arrow_layout(a, layout):
    kind = LAYOUTS[layout]
    array = pa.array(GIVEN).dictionary_encode().cast(kind) if layout.startswith("dictionary") else pa.array(GIVEN).cast(kind)
    made = a.column("ip", array)
    made.validate(full=True)
    assert made.type == TEXT_OF.get(kind, kind) and made.to_pylist() == WANTED and made.null_count == 1
    for begin, end in ((1, 4), (0, 0), (5, 9), (9, 9), (2, 3)):
        part = a.column("ip", array[begin:end])
        part.validate(full=True)
        assert part.to_pylist() == WANTED[begin:end]
    chunked = a.column("ip", pa.chunked_array([array, array[3:], array[:0]]))
    chunked.validate(full=True)
    assert isinstance(chunked, pa.ChunkedArray) and chunked.to_pylist() == WANTED + WANTED[3:]
    empty = a.column("ip", pa.chunked_array([], type=kind))
    assert len(empty) == 0 and isinstance(empty, pa.ChunkedArray)


def test_a_dictionary_comes_out_with_distinct_words_and_no_order(a):
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 0], pa.int8()), pa.array(["203.0.113.1", "203.0.113.2", None]), ordered=True)
    made = a.column("ip", array)
    made.validate(full=True)
    assert made.to_pylist() == ["203.0.113.0", "203.0.113.0", None, None, "203.0.113.0"]
    assert made.dictionary.to_pylist() == ["203.0.113.0"] and not made.type.ordered


def test_all_null(a):
    assert a.column("ip", pa.nulls(3)).to_pylist() == [None] * 3
    assert a.column("ip", pa.nulls(3, pa.string())).to_pylist() == [None] * 3
    assert a.column("ip", [None]) == [None]
    assert a.column("ip", pl.Series([None, None])).to_list() == [None, None]


@settings(max_examples=80, deadline=None)
@given(texts=st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])), st.ip_addresses().map(str),
                                st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", fullmatch=True)), max_size=40),
       offset=st.integers(0, 8), cls=st.sampled_from(["ip", "user", "agent", "target", "text"]))
def test_every_layout_gives_the_values_of_single_values(texts, offset, cls, keyring):
    with anonlog.Anonymizer(keyring=keyring, now=NOW) as a:
        wanted = [None if text is None else a.value(cls, text) for text in texts][offset:]
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            made = a.column(cls, pa.array(texts, kind)[offset:])
            made.validate(full=True)
            assert made.to_pylist() == wanted
        assert a.column(cls, pa.array(texts, pa.string()).dictionary_encode()[offset:]).to_pylist() == wanted
        assert a.column(cls, pl.Series(texts, dtype=pl.String)[offset:]).to_list() == wanted
        assert a.column(cls, pd.Series(texts, dtype=object)[offset:]).tolist() == wanted
        assert a.column(cls, texts[offset:]) == wanted


octets = st.one_of(st.integers(0, 255).map(str), st.sampled_from(["256", "999", "00", "01", "", "1 ", "0x1", "\u0663", "1\n", "4294967296"]))
hostile_addresses = st.one_of(
    st.ip_addresses(v=4).map(str), st.lists(octets, min_size=2, max_size=6).map(".".join), st.ip_addresses(v=6).map(str), st.none(), st.just(""),
    st.ip_addresses(v=4).map(lambda x: f"{x}:80"), st.ip_addresses(v=4).map(lambda x: f" {x}"), st.ip_addresses(v=4).map(lambda x: f"::ffff:{x}"))


@settings(max_examples=120, deadline=None)
@given(texts=st.lists(hostile_addresses, max_size=30), times=st.integers(1, 4), offset=st.integers(0, 9), v4=st.sampled_from([24, 20, 16, 8, 0]))
def test_hostile_addresses_among_many_usual_ones(texts, times, offset, v4):
    """Runs of usual addresses are done many at a time; what stands between them is not."""
    usual = [f"203.0.{n % 7}.{n * 37 % 251}" for n in range(20)]
    texts = (usual + texts + usual[:9]) * times
    with anonlog.Anonymizer(ip_v4=v4) as a:
        wanted = [None if text is None else a.value("ip", text) for text in texts]
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            made = a.column("ip", pa.array(texts, kind)[offset:])
            made.validate(full=True)
            assert made.to_pylist() == wanted[offset:]
        assert a.column("ip", pd.Series(texts, dtype=object)).tolist() == wanted
        assert a.column("ip", texts) == wanted


def test_objects_that_are_no_text(a):
    missing = [None, float("nan"), pd.NA, pd.NaT]
    made = a.column("ip", pd.Series(["203.0.113.77", *missing, b"203.0.113.78", "\udcff", "caf\u00e9"] * 3, dtype=object)).tolist()
    assert made[0] == made[5] == "203.0.113.0" and made[6:8] == ["-", "-"]
    for before, after in zip(missing, made[1:5]):
        assert after is before or (before != before and after != after)
    assert made[8] is made[0]  # one object for each distinct text
    for other in (1, 1.5, ["203.0.113.7"], object()):
        with pytest.raises(TypeError, match="expects text"):
            a.column("ip", pd.Series(["203.0.113.77"] * 20 + [other], dtype=object))
    frame = pd.DataFrame({"a": ["203.0.113.77"] * 3, "b": ["198.51.100.7"] * 3}, dtype=object)
    assert a.column("ip", frame.iloc[::2, 1]).tolist() == ["198.51.100.0"] * 2
    assert a.column("ip", frame["b"][::-1]).tolist() == ["198.51.100.0"] * 3


def test_objects_of_threads_are_their_own(a):
    given = pd.Series([f"203.0.{n % 250}.{n % 199}" for n in range(100_000)], dtype=object)
    wanted, made = [f"203.0.{n % 250}.0" for n in range(100_000)], [None] * 8
    threads = [threading.Thread(target=lambda i=i: made.__setitem__(i, a.column("ip", given))) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(other.tolist() == wanted for other in made)


def test_long_and_many_views(a):
    texts = [f"Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0" + " x" * n for n in range(3000)] + ["y" * 3_000_000, None]
    assert a.column("agent", pa.array(texts[:3000])).to_pylist() == [a.value("agent", text) for text in texts[:3000]]
    made = a.column("agent", pa.array(texts, pa.string_view()))
    made.validate(full=True)
    assert made.to_pylist() == a.column("agent", pa.array(texts, pa.large_string())).to_pylist()
    assert made[128].as_py() == "Firefox/128 (Linux)"


@pytest.mark.parametrize("kind", [object, "str", "string", "category", "string[pyarrow]", pd.ArrowDtype(pa.string()), "no nulls"])
def test_a_pandas_series_keeps_type_index_and_name(a, kind):
    given, wanted = GIVEN, WANTED
    if kind == "no nulls":
        given, wanted, kind = [t for t in GIVEN if t is not None], [t for t in WANTED if t is not None], object
    series = pd.Series(given, dtype=kind, index=range(10, 10 + len(given)), name="client")
    made = a.column("ip", series)
    assert type(made) is pd.Series and made.name == "client" and list(made.index) == list(series.index)
    assert made.dtype == series.dtype or kind == "category"
    assert isinstance(made.dtype, pd.CategoricalDtype) == (kind == "category")
    assert [None if pd.isna(value) else value for value in made] == wanted
    assert len(a.column("ip", series[:0])) == 0


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.binary())])
def test_binary_columns_of_pandas_become_text(a, kind):
    """As those of polars and pyarrow do."""
    given = [None if text is None else text.encode() for text in GIVEN] + [b"\xff ada"]
    array = pa.array(given).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(given, kind)
    series = pd.Series(pd.arrays.ArrowExtensionArray(array), index=range(10, 10 + len(given)), name="client")
    made = a.column("ip", series)
    text = pa.dictionary(pa.int32(), pa.string()) if pa.types.is_dictionary(kind) else pa.string() if kind == pa.binary() else pa.large_string()
    assert made.dtype == pd.ArrowDtype(text) and made.name == "client" and list(made.index) == list(series.index)
    assert [None if pd.isna(value) else value for value in made] == [*WANTED, "-"]
    assert a.column("ip", series[:0]).dtype == made.dtype
    for other in (given, pd.Series(given, dtype="category")):
        made = a.column("ip", pd.Series(other) if other is given else other)
        assert [None if pd.isna(value) else value for value in made] == [*WANTED, "-"]


def test_a_polars_series_keeps_type_and_name(a):
    for kind in (pl.String, pl.Categorical):
        made = a.column("ip", pl.Series("client", GIVEN, dtype=kind))
        assert made.dtype == kind and made.name == "client" and made.to_list() == WANTED
    many = pl.concat([pl.Series("client", GIVEN)] * 3, rechunk=False)
    assert a.column("ip", many).to_list() == WANTED * 3
    assert a.column("ip", pl.Series("client", [], dtype=pl.String)).dtype == pl.String


@pytest.mark.parametrize("data", [pa.array([1, 2]), pd.Series([1, 2]), pl.Series([1, 2]), pd.Series([1.5]), 7, pa.chunked_array([[1]]), [1], pa.array([["a"]]),
                                  pa.array([1]).dictionary_encode()])
def test_what_is_no_text_is_an_error(a, data):
    with pytest.raises((TypeError, pa.ArrowInvalid)):
        a.column("ip", data)


def test_anything_with_the_protocol(a):
    class other:
        def __arrow_c_array__(self, requested_schema=None):
            return pa.array(GIVEN).__arrow_c_array__()

    assert pa.array(a.column("ip", other())).to_pylist() == WANTED
    a.column("ip", other())  # nobody takes it: freed once


def test_long_columns_are_done_in_parts_in_their_order(a):
    texts = [f"203.{n % 251}.{n % 250}.{n % 199}" if n % 7 else None for n in range(700_000)]
    wanted = a.column("ip", texts)
    for data in (pa.chunked_array([texts]), pd.Series(texts), pl.Series(texts), pa.chunked_array([pa.array(texts, pa.string_view())]), pa.array(texts)):
        made = a.column("ip", data)
        assert [None if value is None or value != value else value for value in (made.to_list() if hasattr(made, "to_list") else made.to_pylist())] == wanted


def test_columns_of_eight_threads(keyring):
    with anonlog.Anonymizer(keyring=keyring, now=NOW, ip_mode="token") as a:
        array = pa.array([f"203.0.{n % 250}.{n % 199}" for n in range(20000)])
        wanted = a.column("ip", array)
        made = [None] * 8
        threads = [threading.Thread(target=lambda i=i: made.__setitem__(i, a.column("ip", array))) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(other.equals(wanted) for other in made)
        seen = a.report()["fields"]["ip"]["seen"]
        assert seen == 9 * 20000


def test_the_report_counts_columns_as_single_values():
    one, other = anonlog.Anonymizer(), anonlog.Anonymizer()
    one.column("ip", pa.array(GIVEN))
    for text in GIVEN:
        if text is not None:
            other.value("ip", text)
    assert one.report() == other.report()


def test_frames_hold_only_what_was_judged(a):
    data = {"client": ["203.0.113.77", None], "note": ["ada", "bob"], "hits": [1, 2]}
    for frame in (pd.DataFrame(data, index=[7, 8]), pl.DataFrame(data), pa.table(data)):
        made = a.frame(frame, {"client": "ip"}, keep=["hits"])
        assert type(made) is type(frame)
        names = made.column_names if isinstance(made, pa.Table) else list(made.columns)
        assert names == ["client", "hits"]
        rows = made.to_pylist() if isinstance(made, pa.Table) else made.to_dict("records") if isinstance(made, pd.DataFrame) else made.to_dicts()
        assert rows[0] == {"client": "203.0.113.0", "hits": 1} and rows[1]["hits"] == 2
        with pytest.raises(KeyError):
            a.frame(frame, {"missing": "ip"})
        assert a.frame(frame, {"client": "ip"}).shape[1] == 1
    for index in ([7, 8], pd.RangeIndex(7, 9), None):
        assert a.frame(pd.DataFrame(data, index=index), {"client": "ip"}).index.equals(pd.RangeIndex(2))


def test_duckdb_functions_are_those_of_columns():
    duckdb = pytest.importorskip("duckdb")
    con = duckdb.connect()
    with anonlog.register(con, ip_v4=16) as a:
        con.execute("create table t as select unnest(?) as x", [GIVEN])
        rows = [row[0] for row in con.execute("select anon_ip(x) from t").fetchall()]
        assert rows == a.column("ip", GIVEN)
        assert con.execute("select anon_agent('curl/8.5.0'), anon_path('/users/4711')").fetchone() == (a.value("agent", "curl/8.5.0"), a.value("path", "/users/4711"))
    with pytest.raises(Exception, match="closed"):
        con.execute("select anon_ip(x) from t").fetchall()
