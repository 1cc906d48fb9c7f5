"""test_equality.py: the same bytes from the command, the C ABI and Python, and the same rows from `read_log` and `jsonl`: on real
logs, and on generated lines of every kind that the kernels write themselves."""

import ctypes
import io
import os
import pathlib
import random

import pytest
from conftest import KEYRING_TEXT, NOW
from test_logs import rows_of, rows_of_command

import anonlog

ARGUMENTS = ["--now", str(NOW), "--max-reject", "100%"]
CORPUS = pathlib.Path(os.environ.get("ANONLOG_CORPUS", "/nowhere"))
MOST_BYTES, MOST_BYTES_OF_ROWS = 1 << 17, 1 << 15  # of each real log


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t)]
    for _name in ("policy", "keyring", "format", "recipient"):
        _fields_ += [(_name, ctypes.c_char_p), (_name + "_size", ctypes.c_size_t)]
    _fields_ += [("has_now", ctypes.c_int), ("now", ctypes.c_int64), ("output_shape", ctypes.c_char_p), ("output_shape_size", ctypes.c_size_t)]


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t), ("pos", ctypes.c_size_t)]


class Room(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("pos", ctypes.c_size_t)]


@pytest.fixture(scope="module")
def c_abi():
    """A log through the C ABI."""
    path = pathlib.Path(os.environ.get("ANONLOG_BUILD_DIR", "/nowhere"), "libanonlog.so")
    if not path.exists():
        pytest.skip("the C library is not built here (ANONLOG_BUILD_DIR)")
    library = ctypes.CDLL(str(path))
    key = KEYRING_TEXT.encode()
    options = Options(struct_size=ctypes.sizeof(Options), keyring=key, keyring_size=len(key), has_now=1, now=NOW)
    plan, message = ctypes.c_void_p(), ctypes.create_string_buffer(500)
    assert library.anonlog_plan_create(ctypes.byref(options), ctypes.byref(plan), message, len(message)) == 0, message.value
    library.anonlog_plan_output_bound.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(library.anonlog_plan_output_bound(plan, ctypes.c_size_t(1 << 20)))

    def run(log):
        stream = ctypes.c_void_p()
        assert library.anonlog_stream_create(plan, ctypes.byref(stream)) == 0
        source, made = Buffer(log, len(log), 0), []
        for step in (lambda to: library.anonlog_stream_feed(stream, ctypes.byref(source), ctypes.byref(to), None),
                     lambda to: library.anonlog_stream_finish(stream, ctypes.byref(to), None)):
            status = 1
            while status == 1:
                to = Room(ctypes.addressof(room), len(room), 0)
                status = step(to)
                made.append(room.raw[: to.pos])
            assert status == 0
        library.anonlog_stream_free(stream)
        return b"".join(made)

    yield run
    library.anonlog_plan_free(plan)


def whole_lines(path, most):
    data = path.read_bytes()
    return data if len(data) <= most else data[: data.rfind(b"\n", 0, most) + 1]


def is_packed(log):
    """The command unpacks what begins so; `.bytes` takes it as it is."""
    return log.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"\x04\x22\x4d\x18"))


@pytest.fixture(scope="module")
def logs(golden):
    files = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.name != "README.md") if CORPUS.is_dir() else []
    return {**golden, **{str(path.relative_to(CORPUS)): whole_lines(path, MOST_BYTES) for path in files}}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus here (ANONLOG_CORPUS)")
def test_bytes_of_real_logs_are_those_of_the_command_and_of_c(command, c_abi, keyring, logs):
    assert len(logs) > 100
    with anonlog.Anonymizer(keyring=keyring, now=NOW, rejects_max="100%") as a:
        for name, log in logs.items():
            if is_packed(log):
                continue
            status, wanted = command(["-k", keyring, *ARGUMENTS], log)
            assert status == 0, name
            assert a.bytes(log) == wanted, name
            assert c_abi(log) == wanted, name


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus here (ANONLOG_CORPUS)")
def test_rows_of_real_logs_are_those_of_the_command(command, keyring, logs):
    for name, log in logs.items():
        log = log[: log.rfind(b"\n", 0, MOST_BYTES_OF_ROWS) + 1]
        if is_packed(log):
            continue
        status, wanted = command(["-k", keyring, *ARGUMENTS, "--output-format", "jsonl"], log)
        assert status == 0, name
        assert rows_of(anonlog.read_log(io.BytesIO(log), keyring=keyring, now=NOW, rejects_max="100%")) == rows_of_command(wanted), name


FORMATS = {
    "auto": '{client} - {user} [{time}] "{request}" {status} {size} "{referrer}" "{agent}"',
    "common": '{client} - {user} [{time}] "{request}" {status} {size}',
    "nginx_main": '{client} - {user} [{time}] "{request}" {status} {size} "{referrer}" "{agent}" "{forwarded}"',
    '$remote_addr|$remote_user|[$time_local]|"$request"|"$http_referer"|"$http_user_agent"': '{client}|{user}|[{time}]|"{request}"|"{referrer}"|"{agent}"',
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $bytes_sent "$http_user_agent" "$http_user_agent"':
        '{client} - {user} [{time}] "{request}" {status} {size} {size} "{agent}" "{agent}"',
    '$remote_addr - - [$time_local] "$request" $status $request_length "$host" "$upstream_addr" "$http_referer" "$http_x_request_id"':
        '{client} - - [{time}] "{request}" {status} {size} "shop.example:8080" "10.0.0.{status}:80" "{referrer}" "{user}-{size}"',
}
POLICIES = [("balanced", {}), ("strict", {}), ("security", {}), ("balanced", {"ip_mode": "token"}), ("balanced", {"time_grid": "1m"}), ("balanced", {"time_grid": "1s"}),
            ("balanced", {"ip_v4": 20}), ("balanced", {"referrer_level": "full", "accept_weak": True}), ("balanced", {"path_level": "keep", "accept_weak": True}),
            ("balanced", {"ip_mode": "drop"}), ("balanced", {"agent_level": "full", "accept_weak": True}), ("balanced", {"bytes_digits": 1})]


def generated(chance, pattern):
    """Mostly plain lines, with a few of every other kind among them."""
    choice = chance.choice
    client = choice(["203.0.113.%d" % chance.randrange(300), "198.51.100.7", "2001:db8:%x::7" % chance.randrange(4), "127.0.0.1", "10.1.2.3", "host.example"])
    path = choice(["/", "/users/%d" % chance.randrange(50), "/a?token=s3cret&page=%d" % chance.randrange(9), "/%22x%20y?q=%22", "http://other.example:81/x?y=1", "/caf\xe9", "*", "/a#b"])
    request = choice(["GET %s HTTP/1.1" % path] * 8 + ["POST %s HTTP/2.0" % path, "-", "GET " + path, "\\x16\\x03", "BREW %s HTTP/1.1" % path, "GET /a b HTTP/1.1"])
    line = pattern.format(client=client, user=choice(["-"] * 6 + ["ada", "x%20y", "-x", "\xfc"]), request=request, status=choice(["200", "200", "404", "-", "20"]),
                          size=choice(["0", "512", "007", "-", "123456789", "9" * 16, "1" * 19]), time="%02d/Oct/2025:%02d:%02d:%02d %s" % (chance.randrange(8, 12), chance.randrange(13, 15), chance.randrange(60), chance.randrange(60), choice(["+0000"] * 9 + ["+0230"])),
                          referrer=choice(["-", "https://search.example/", "https://www.shop.example/users/77?q=ada", "android-app://x/", "x"]),
                          agent=choice(["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "-", "%22ada%22 x", "a\\x22b"]), forwarded=choice(["-", "203.0.113.9, 10.0.0.1", "unknown"]))
    end = choice(["\n"] * 30 + ["\r\n"])
    return choice([line + end] * 40 + ["garbage of ada" + end, line[:30] + end, '{"remote_addr":"203.0.113.9","status":404}' + end])


@pytest.mark.parametrize("policy, settings", POLICIES, ids=str)
def test_rows_of_generated_lines_are_those_of_the_command(command, keyring, policy, settings):
    for seed, (name, pattern) in enumerate(FORMATS.items()):
        chance = random.Random(seed)
        log = "".join(generated(chance, pattern) for _ in range(700)).encode("latin-1")
        options = [part for key, value in settings.items() for part in ("--set", f"{key.replace('_', '.', 1) if key != 'accept_weak' else key}={str(value).lower()}")]
        status, wanted = command(["-p", policy, "-k", keyring, "-f", name, *options, *ARGUMENTS, "--output-format", "jsonl"], log)
        assert status == 0, (name, options)
        how = {"keyring": keyring, "now": NOW, "rejects_max": "100%", "format": name, **settings}
        table = anonlog.read_log(io.BytesIO(log), policy, **how)
        table.validate(full=True)
        expected = rows_of_command(wanted)
        assert len(expected) > 100 and rows_of(table) == expected, name
        wanted_only = {"client.address", "url.query", "http.response.status_code"}
        some = anonlog.read_log(io.BytesIO(log), policy, columns=wanted_only, **how)
        assert rows_of(some) == [{key: value for key, value in row.items() if key in wanted_only} for row in expected], name
