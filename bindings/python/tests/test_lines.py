"""test_lines.py: lines and files come out as the command writes them, whichever way they go in."""

import gzip
import io
import pathlib
import threading

import pytest
from conftest import NOW
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import anonlog

LINE = b'203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "-" "curl/8.5.0"\n'
ARGUMENTS = ["--now", str(NOW), "--max-reject", "100%"]


def anonymizer(keyring, **more):
    return anonlog.Anonymizer(keyring=keyring, now=NOW, rejects_max="100%", **more)


@pytest.mark.parametrize("policy", ["balanced", "strict", "security", "tor"])
def test_bytes_are_those_of_the_command(command, golden, keyring, policy):
    for name, log in golden.items():
        status, wanted = command(["-p", policy, "-k", keyring, *ARGUMENTS], log)
        assert status == 0, name
        with anonymizer(keyring, policy=policy) as a:
            assert a.bytes(log) == wanted, name
            assert b"".join(a.lines(io.BytesIO(log))) == wanted, name


words = st.sampled_from([b"203.0.113.77", b"2001:db8::7", b"ada", b"-", b"[10/Oct/2025:13:55:36 +0000]", b'"GET /a/4711?q=1 HTTP/1.1"', b"200",
                         b"512", b'"-"', b'"curl/8.5.0"', b"\\x31", b"\xff", b"\r", b"{\"remote_addr\":\"203.0.113.9\"}", b"time=1 user=ada"])
generated_lines = st.lists(st.one_of(st.just(LINE[:-1]), st.lists(words, max_size=12).map(b" ".join), st.binary(max_size=60)), max_size=30).map(b"\n".join)


@settings(max_examples=60, deadline=None)
@given(log=generated_lines, cuts=st.lists(st.integers(0, 400), max_size=4))
def test_generated_lines_are_those_of_the_command(command, keyring, log, cuts):
    assume(not log.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")))  # the command unpacks what begins so
    status, wanted = command(["-k", keyring, *ARGUMENTS], log)
    assert status == 0
    with anonymizer(keyring) as a:
        assert a.bytes(log) == wanted
        assert b"".join(a.lines(log.split(b"\n"))) == wanted.replace(b"\n", b"")
        pieces, last = [], 0
        for cut in sorted(cuts):
            pieces.append(log[last:cut])
            last = max(last, cut)
        source = type("pieces", (), {})()
        left = [*filter(None, pieces), log[last:]]
        source.read = lambda size=-1: left.pop(0) if left else b""
        assert a.file(source) == wanted


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])), min_size=1, max_size=20),
       cls=st.sampled_from(anonlog.CLASSES))
def test_generated_values_are_those_of_the_command(command, keyring, values, cls):
    status, wanted = command(["value", cls, "-k", keyring, "--now", str(NOW)], "".join(value + "\n" for value in values).encode())
    assert status == 0
    with anonymizer(keyring) as a:
        expected = wanted.decode().split("\n")[:-1]
        assert a.column(cls, values) == expected
        assert [a.value(cls, value) for value in values] == expected


def test_a_line_that_fits_no_format_does_not_come_out(keyring):
    with anonymizer(keyring) as a:
        [wanted] = a.lines([LINE])
        assert list(a.lines([b"garbage of ada\n", LINE, b"", b"203.0.113.9 ada", LINE])) == [wanted, wanted]
        assert list(a.lines(["garbage of ada"])) == []


def test_lines_come_out_as_they_went_in():
    a = anonlog.Anonymizer()
    line = LINE.decode()
    [made] = a.lines([line])
    assert made.endswith("\n") and made.startswith("203.0.113.0 ")
    assert list(a.lines([line[:-1]])) != [] and not next(a.lines([line[:-1]])).endswith("\n")
    assert isinstance(next(a.lines([LINE])), bytes)


def test_a_line_is_out_before_the_next_is_asked_for():
    asked = []

    def source():
        for i in range(3):
            asked.append(i)
            yield LINE

    lines = anonlog.Anonymizer().lines(source())
    next(lines)
    assert asked == [0]


@pytest.mark.parametrize("pack", ["plain", "gzip", "two gzip members", "zstd"])
def test_packed_files_are_recognised_by_content(tmp_path, keyring, golden, pack):
    log = golden["access.log"]
    if pack == "zstd":
        zstandard = pytest.importorskip("zstandard")
        packed = zstandard.ZstdCompressor().compress(log)
    else:
        packed = {"plain": log, "gzip": gzip.compress(log), "two gzip members": gzip.compress(log[:100]) + gzip.compress(log[100:])}[pack]
    source = tmp_path / "any.name"
    source.write_bytes(packed)
    with anonymizer(keyring) as a:
        wanted = a.bytes(log)
        assert a.file(source) == wanted
        assert a.file(io.BytesIO(packed)) == wanted
        target = tmp_path / "made.gz"
        counts = a.file(str(source), target, progress=False)
        assert gzip.decompress(target.read_bytes()) == wanted and counts["in"] == counts["out"] + counts["rejected"]


def test_a_broken_file_leaves_its_target_as_it_was(tmp_path):
    source, target = tmp_path / "log.gz", tmp_path / "made.log"
    source.write_bytes(gzip.compress(LINE * 1000)[:-20])
    target.write_text("as it was")
    with pytest.raises((EOFError, OSError)):
        anonlog.Anonymizer().file(source, target)
    assert target.read_text() == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"log.gz", "made.log"}
    with pytest.raises(ValueError, match="input file is the output file"):
        anonlog.Anonymizer().file(source, source)


def test_progress_is_told_to_a_function(tmp_path):
    source = tmp_path / "log"
    source.write_bytes(LINE * 20000)
    told = []
    anonlog.Anonymizer().file(source, tmp_path / "made", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(LINE) * 20000,) * 2 and len(told) > 1


def test_eight_threads_share_one_anonymizer(keyring, golden):
    log = golden["access.log"] * 20
    with anonymizer(keyring) as a:
        wanted, wanted_value = a.bytes(log), a.value("user", "ada")
        before = a.report()["lines"]["in"]
        faults = []

        def work(number):
            for turn in range(8):
                if number % 4 == 0 and a.column("user", ["ada", None] * 50) != [wanted_value, None] * 50:
                    faults.append("column")
                if number % 4 == 1 and b"".join(a.lines(log.splitlines(True))) != wanted:
                    faults.append("lines")
                if a.bytes(log) != wanted:
                    faults.append("bytes")
                a.report()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        lines = len(log.splitlines())
        assert a.report()["lines"]["in"] - before == lines * (8 * 8 + 2 * 8)


def test_without_a_keyring_one_person_has_one_pseudonym_in_all_threads_and_calls():
    with anonlog.Anonymizer(user_mode="token") as a:
        made = []
        threads = [threading.Thread(target=lambda: made.append(a.bytes(LINE * 50))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        users = {line.split()[2] for text in made for line in text.splitlines()}
        assert len(made) == 8 and len(users) == 1 and users != {b"ada"} and users != {b"-"}
        a.value("user", "ada")  # of now, which is later: must not take the keys of the lines away
        assert a.bytes(LINE).split()[2] in users
    with anonlog.Anonymizer(user_mode="token") as other:
        assert other.bytes(LINE).split()[2] not in users
