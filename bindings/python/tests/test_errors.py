"""test_errors.py: what cannot be done is an error that says how to mend it, and never holds what it was about."""

import os
import pathlib
import subprocess
import sys

import pytest

import anonlog

LINE = b'203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512\n'


def test_a_policy_error_has_line_and_column(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text('version = 1\n[ip]\nmode = "trunc"\n')
    with pytest.raises(anonlog.PolicyError, match="truncate") as caught:
        anonlog.Anonymizer(path)
    assert (caught.value.line, caught.value.column) == (3, 8)
    for wrong in ({"policy": "balancd"}, {"ip_v5": 3}, {"ip": {"v4": 99}}, {"rejects_action": "shape"}):
        with pytest.raises(anonlog.PolicyError) as caught:
            anonlog.Anonymizer(**wrong)
        assert caught.value.line is None
    with pytest.raises(FileNotFoundError):
        anonlog.Anonymizer(tmp_path / "missing.toml")
    with pytest.raises(TypeError):
        anonlog.Anonymizer(ip_v4=object())


def test_a_keyring_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "keyring"
    anonlog.new_keyring(str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(anonlog.KeyringError, match="chmod 600"):
        anonlog.Anonymizer(keyring=path)
    with pytest.raises(anonlog.KeyringError):
        anonlog.Anonymizer(keyring=tmp_path / "none")
    with pytest.raises(anonlog.KeyringError):
        anonlog.new_keyring(str(path))
    with pytest.raises(anonlog.KeyringError):
        anonlog.Anonymizer(recipient="No Such!")


def test_an_unknown_format_or_class_names_the_nearest():
    with pytest.raises(anonlog.FormatError, match="combined"):
        anonlog.Anonymizer(format="combind")
    with pytest.raises(anonlog.UnknownClassError, match="agent"):
        anonlog.Anonymizer().value("agnet", "x")
    with pytest.raises(anonlog.UnknownClassError) as caught:
        anonlog.Anonymizer().value("203.0.113.77 ada", "ip")
    assert "203" not in str(caught.value)
    for kind in (anonlog.PolicyError, anonlog.KeyringError, anonlog.FormatError, anonlog.TooManyRejects, anonlog.UnknownClassError, anonlog.ClosedError):
        assert issubclass(kind, anonlog.AnonlogError)


def test_too_many_rejects_are_an_error_without_their_text(tmp_path):
    bad = b"ada was here\n" * 2000
    a = anonlog.Anonymizer()
    target = tmp_path / "made"
    for run in (lambda: a.bytes(bad), lambda: list(a.lines(bad.splitlines(True))), lambda: a.bytes(b"ada\n"), lambda: list(a.lines(["ada"])),
                lambda: anonlog.read_log(__import__("io").BytesIO(bad)), lambda: a.file(__import__("io").BytesIO(bad), target)):
        with pytest.raises(anonlog.TooManyRejects) as caught:
            run()
        assert "ada" not in str(caught.value)
    assert not target.exists()
    assert a.bytes(LINE * 20 + b"ada\n").count(b"\n") == 20
    assert anonlog.Anonymizer(rejects_max="100%").bytes(bad) == b""
    with pytest.raises(anonlog.TooManyRejects, match="line 2 "):
        anonlog.Anonymizer(rejects_action="fail").bytes(LINE + b"ada\n")


def test_a_closed_anonymizer_does_nothing_more_but_report():
    with anonlog.Anonymizer() as a:
        a.bytes(LINE)
        lines = a.lines([LINE, LINE])
        next(lines)
    for run in (lambda: a.bytes(LINE), lambda: a.value("ip", "x"), lambda: a.column("ip", ["x"]), lambda: next(lines), lambda: a.fingerprint):
        with pytest.raises(anonlog.ClosedError):
            run()
    assert a.report()["lines"]["in"] == 2
    a.close()


def test_errors_of_unicode_hold_no_value():
    a = anonlog.Anonymizer()
    assert a.value("ip", "\ud800 ada") == "-"
    assert a.column("ip", ["\udc80", "203.0.113.7"]) == ["-", "203.0.113.0"]


def test_text_files_are_refused():
    with pytest.raises(TypeError, match="binary"):
        anonlog.Anonymizer().file(open(__file__, encoding="utf-8"))


CHILD = """
import sys, anonlog
a = anonlog.Anonymizer(keyring=sys.argv[1], user_mode="token")
a.value("user", "ada"); a.bytes(%r)
session = a.lines([%r] * 2); next(session)
print("open", flush=True); sys.stdin.readline()
a.close()
print("closed", flush=True); sys.stdin.readline()
""" % (LINE, LINE)


def places_of(needle, process):
    """How often a process has these bytes in its memory."""
    found = 0
    with open(f"/proc/{process}/maps", encoding="ascii") as maps, open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in maps:
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            try:
                memory.seek(begin)
                found += memory.read(end - begin).count(needle)
            except (OSError, ValueError, OverflowError):
                continue  # a page that nobody can read
    return found


def test_keys_are_gone_from_memory_when_the_anonymizer_closes(tmp_path):
    if not pathlib.Path("/proc/self/mem").exists():
        pytest.skip("no /proc/self/mem here")
    if "libasan" in os.environ.get("LD_PRELOAD", ""):
        pytest.skip("AddressSanitizer keeps terabytes of maps that would be searched")
    keyring = str(tmp_path / "keyring")
    anonlog.new_keyring(keyring)
    [era] = [line for line in pathlib.Path(keyring).read_text().splitlines() if line.startswith("era ")]
    secret = bytes.fromhex(era.split()[4])
    child = subprocess.Popen([sys.executable, "-c", CHILD, keyring], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert child.stdout.readline() == "open\n"
        if not places_of(secret, child.pid):
            pytest.fail("the search does not see the key while it is there")
        child.stdin.write("\n")
        child.stdin.flush()
        assert child.stdout.readline() == "closed\n"
        assert places_of(secret, child.pid) == 0
        assert places_of(secret.hex().encode(), child.pid) == 0
    finally:
        child.stdin.close()
        child.wait(timeout=30)
