#!/usr/bin/env python3
"""The Lua filter for Fluent Bit, in LuaJIT, called as Fluent Bit calls it: the same becomes of a record as of its line of JSON
by the command with the same keyring, nothing planted comes out, and nothing that goes wrong lets a record through."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
sys.path.insert(0, str(SOURCE / "tests"))
from planted import ADDRESSES, NUMBERS, SHAPED, UNSHAPED, WHOLE, WORDS, findings  # noqa: E402

NOW = 1768478461  # 2026-01-15T12:01:01Z
HOUR = NOW - NOW % 3600


def fail(what):
    sys.exit(f"fluent bit: {what}")


def lua(value):
    """A value as Lua writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return {float("inf"): "1/0", float("-inf"): "-1/0"}.get(value, "0/0" if value != value else repr(value))
    if isinstance(value, bytes):
        return '"' + "".join(f"\\{byte:03d}" for byte in value) + '"'
    if isinstance(value, str):
        return lua(value.encode())
    if isinstance(value, list):
        return "{" + ",".join(map(lua, value)) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(f"[{lua(name)}]={lua(element)}" for name, element in value.items()) + "}"
    return "nil" if value is None else value.text


class Lua:
    """What no JSON has."""
    def __init__(self, text):
        self.text = text


class Filter:
    """The example of the README, with paths of a folder of our own."""

    def __init__(self, work):
        self.work = work
        self.keyring = work / "keyring"
        library = pathlib.Path(os.environ["ANONLOG_LIBRARY"]).resolve()
        (work / "libanonlog.so.0").unlink(missing_ok=True)
        (work / "libanonlog.so.0").symlink_to(library)
        self.write()

    def write(self, policy='"balanced"'):
        example = (HERE / "example/filter.lua").read_text()
        for old, new in (("/usr/share/anonlog", str(HERE)), ("/etc/anonlog", str(self.work)), ('"balanced"', policy)):
            if old not in example:
                fail(f"the example has no {old}")
            example = example.replace(old, new)
        (self.work / "filter.lua").write_text(example)

    def run(self, events, before=""):
        """What comes out for each (timestamp, record): {time, record}, None, or "raw"; and standard error."""
        (self.work / "records.lua").write_text(before + "\nlocal events = {}\n" + "".join(
            f'events[#events + 1] = {{"web", {lua(time)}, {lua(record)}}}\n' for time, record in events) + "return events\n")
        done = subprocess.run(["luajit", HERE / "driver.lua", self.work / "filter.lua", self.work / "records.lua"], capture_output=True, timeout=120,
                              check=False, env={**os.environ, "LD_LIBRARY_PATH": str(self.work)})
        if done.returncode != 0:
            return None, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def keep_as_fluent_bit(value):
    """A record of JSON as Lua has it: null is the absence of a member, and in a list `-`."""
    if isinstance(value, dict):
        return {name: keep_as_fluent_bit(element) for name, element in value.items() if element is not None}
    if isinstance(value, list):
        return ["-" if element is None else keep_as_fluent_bit(element) for element in value]
    return value


def a_record(rng, number):
    user = f"user{rng.randrange(50)}"
    address = f"203.0.113.{rng.randrange(256)}"
    return {
        "remote": address, "user": user, "method": rng.choice(["GET", "POST"]), "path": f"/seq/{number}x/users/{rng.randrange(9999)}?token={user}&page={number % 7}",
        "code": rng.choice([200, 404, 500]), "size": rng.randrange(100000), "request_time": rng.choice([0.0123, 1.5, 3]), "agent": f"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/{rng.randrange(90, 120)}.0",
        "referer": f"https://example.com/a?u={user}", "tls": {"resumed": rng.random() < 0.5, "version": 772}, "unknown": user, "number": rng.randrange(10**6),
        "headers": {"X-Forwarded-For": [f"{address}, 10.0.0.1", address], "Cookie": [f"sid={user}"]}, "deep": {"a": [{"user": user}, [1, True, address]]},
        "message": f'{address} - {user} [15/Jan/2026:12:34:56 +0000] "GET /a/{number} HTTP/1.1" 200 5' if number % 3 == 0 else f"{user} came from {address}",
    }


def same_as_the_command(filter_, rng):
    """In order, each record once, as the line of JSON; and what a user is called is what the command calls it."""
    records = [a_record(rng, number) for number in range(1500)]
    given = "".join(json.dumps(record) + "\n" for record in records)
    said = subprocess.run([os.environ["ANONLOG_BIN"], "-k", filter_.keyring, "--now", str(NOW)], input=given, capture_output=True, text=True, check=True)
    expected = [keep_as_fluent_bit(json.loads(line)) for line in said.stdout.splitlines()]
    got, _ = filter_.run([(NOW + 0.25 if number % 2 else {"sec": NOW, "nsec": 5}, record) for number, record in enumerate(records)])
    if len(expected) != len(records) or len(got) != len(records):
        fail(f"{len(records)} records, {len(expected)} lines of the command, {len(got)} of the filter")
    for number, (mine, theirs) in enumerate(zip(got, expected)):
        if mine != {"time": HOUR if number % 2 else {"sec": HOUR, "nsec": 0}, "record": theirs}:
            fail(f"record {number}: {mine}\nis not {theirs}")
    if not any("u-" in record["record"]["user"] for record in got):
        fail("no pseudonym at all")


def arrays_keep_their_shape(filter_):
    """What was null in a list is not there, unless enable_flb_null is set: the list stays one, in its order."""
    lists = [[None, "203.0.113.9", "10.0.0.1"], ["203.0.113.9", None, None, "10.0.0.1"], [None] * 40 + ["203.0.113.9"], [None, {"user": [None, "ada"]}, [None, 1]],
             Lua('{[3]="203.0.113.9",[7]="10.0.0.1"}'), Lua('{[2]="10.0.0.1",[1]="203.0.113.9"}')]
    expected = [["-", "203.0.113.0", "10.0.0.0"], ["203.0.113.0", "-", "-", "10.0.0.0"], ["-"] * 40 + ["203.0.113.0"], ["-", {"user": ["-", "-"]}, ["-", "-"]],
                ["-", "-", "203.0.113.0", "-", "-", "-", "10.0.0.0"], ["203.0.113.0", "10.0.0.0"]]

    got, _ = filter_.run([(NOW, {"user": "ada", "remote_addr": one}) for one in lists])
    for one, made, wanted in zip(lists, got, expected):
        if not isinstance(made, dict) or made["record"]["remote_addr"] != wanted:
            fail(f"{getattr(one, 'text', one)} became {made}, not {wanted}")
    # Names that are no places make it a map, and a list of nothing but holes is nobody's.
    got, _ = filter_.run([(NOW, {"user": "ada", "a": Lua(text)}) for text in ('{[0]="ada"}', '{[1]="x",b="ada"}', '{[1.5]="ada"}', '{[-1]="ada"}', '{[1e9]="ada"}', '{[1/0]="ada"}')])
    if [None if made is None else type(made["record"]["a"]) for made in got] != [dict] * 4 + [None] * 2:
        fail(f"odd names: {got}")


def nothing_planted_comes_out(filter_, rng):
    names = ["remote", "user", "path", "query", "referer", "agent", "cookie", "host", "message", "log", "status", "size", "time", "email", "session", "request", "unknown"]
    spellings = [text for kinds in (ADDRESSES, NUMBERS, SHAPED, UNSHAPED, WHOLE, WORDS) for texts in kinds.values() for text in texts]
    unruled = {text for kinds in (UNSHAPED, WHOLE, WORDS) for texts in kinds.values() for text in texts}  # no rule sees these inside of a path
    addresses = {text for texts in ADDRESSES.values() for text in texts}
    records = []
    for text in spellings:
        # Numbers are sizes, and any name the name of a site (CLI.md, limits of SPEC 3.8).
        unprotected = (["path", "request", "query"] if text in unruled else []) + ["size"] * (not any(map(str.isalpha, text))) + ["host"] * (text not in addresses)
        everywhere = {name: text for name in names if name not in unprotected}
        records.append({**everywhere, "nested": {"list": [text, {"user": text}], "remote": text}})
        if text not in unruled:
            records.append({text: text, "map": {text: {"x": 1}}, f"user.{text}": 1})
        records.append({"path": f"/a?{rng.choice(['q', 'token'])}={text}", "binary": text.encode() + bytes(range(256)), "user": b"\xff\xfe" + text.encode() + b"\0"})
        if text.isdigit():
            records.append({name: int(text) for name in names if name != "size"})
    got, said = filter_.run([(NOW, record) for record in records])
    for record, made in zip(records, got):
        if made == "raw" or made is None:
            fail("a hostile record was not transformed")
        found = findings(json.dumps(made, ensure_ascii=False).encode())
        if found:
            fail(f"{sorted(found)} came out of {record}: {made}")
    if findings(said) or len(got) != len(records):
        fail("planted values in what the filter says, or records are missing")


NEVER = ["function() end", "nil", '"203.0.113.177"', "42", "{}", "io.stdout", "coroutine.create(print)", "{x = print}", "{x = {y = io.stdout}}", "loop", "deep(70)",
         "wide(5000)", '{user = string.rep("zqplanteduser", 6000)}']
SAFE = ['{[1] = "203.0.113.177", [2] = "zqplanteduser"}', '{[1.5] = "zqplanteduser", [true] = 1, [print] = 2}', '{[""] = "zqplanteduser"}', "{size = 1/0, status = 0/0, user = -1e300}",
        "deep(60)", "{x = {[3] = 'zqplanteduser', y = 'zqplanteduser'}}", '{user = string.rep("zqplanteduser", 4000)}', "{unknown = 42}", '{user = "\\0zqplanteduser"}', "{x = {}}"]
HELPERS = """
local loop = {}; loop.loop = loop
local function deep(levels) local t = {user = "zqplanteduser"}; for _ = 2, levels do t = {t = t} end return t end
local function wide(count) local t = {}; for i = 1, count do t["n" .. i] = "zqplanteduser" end return t end
"""


def nothing_wrong_lets_a_record_through(filter_):
    events = [(NOW, Lua(text)) for text in NEVER] + [(Lua(time), {"user": "zqplanteduser"}) for time in ("nil", "'now'", "{}", "1/0", "0/0", "{sec = 'x'}")]
    got, said = filter_.run(events, HELPERS)
    if got != [None] * len(events):
        fail(f"not dropped: {[event[1] for event, made in zip(events, got) if made is not None]}")
    if b"16 of 16 records were dropped" not in said or findings(said):
        fail(f"dropped records are not told of: {said!r}")
    got, said = filter_.run([(NOW, Lua(text)) for text in SAFE], HELPERS)
    for text, made in zip(SAFE, got):
        if made in (None, "raw") or findings(json.dumps(made).encode()):
            fail(f"{text} became {made}")


def nothing_starts_that_is_set_up_wrong(filter_):
    """Fluent Bit does not start when its script defines no function; then nothing is passed on."""
    def refuses(what, expected):
        got, said = filter_.run([(NOW, {"user": "x"})])
        if got is not None or expected not in said or b"1a0aa810" in said:
            fail(f"{what}: {got} {said!r}")

    filter_.write('"balanze"')
    refuses("an unknown preset", b"balanced")
    (filter_.work / "policy.toml").write_text('[ip]\nmode = "trunc"\n')
    filter_.write(f'"{filter_.work}/policy.toml"')
    refuses("a policy with an error", b"truncate")
    filter_.write(f'"{filter_.work}/none.toml"')
    refuses("a policy that is not there", b"No such file")
    filter_.write()
    for mode in (0o640, 0o604, 0o660):
        filter_.keyring.chmod(mode)
        refuses(f"a keyring of mode {mode:o}", b"chmod 600")
    filter_.keyring.chmod(0o600)
    text = filter_.keyring.read_text()
    filter_.keyring.write_text(text.replace("era", "aera"))
    refuses("a broken keyring", b"anonlog: ")
    filter_.keyring.unlink()
    refuses("no keyring", b"cannot be opened")
    filter_.keyring.mkdir()
    refuses("a folder as keyring", b"no regular file")
    filter_.keyring.rmdir()
    (filter_.work / "libanonlog.so.0").unlink()
    (filter_.work / "libanonlog.so.0").symlink_to("/nowhere")
    refuses("no library", b"libanonlog.so.0")


def declarations_are_those_of_the_header():
    declared = subprocess.run([SOURCE / "scripts/ffi-declarations"], capture_output=True, text=True, check=True).stdout
    if f"ffi.cdef[[\n{declared}]]\n" not in (HERE / "anonlog.lua").read_text():
        fail("other declarations than the header's; scripts/ffi-declarations --into bindings/fluent-bit/anonlog.lua")


def page_shows_what_is_tested():
    page = (HERE / "README.md").read_text()
    for name in ("filter.lua", "fluent-bit.conf"):
        if (HERE / "example" / name).read_text() not in page:
            fail(f"README.md does not show example/{name}")


def main():
    if shutil.which("luajit") is None:
        print("skipped: no luajit")
        return 77
    if not os.environ.get("ANONLOG_LIBRARY"):
        print("skipped: no shared library was built")
        return 77
    declarations_are_those_of_the_header()
    page_shows_what_is_tested()
    with tempfile.TemporaryDirectory() as made:
        filter_ = Filter(pathlib.Path(made))
        subprocess.run([os.environ["ANONLOG_BIN"], "key", "new", filter_.keyring], check=True, capture_output=True)
        rng = random.Random(6)
        same_as_the_command(filter_, rng)
        arrays_keep_their_shape(filter_)
        nothing_planted_comes_out(filter_, rng)
        nothing_wrong_lets_a_record_through(filter_)
        nothing_starts_that_is_set_up_wrong(filter_)
    print("fluent bit: as the command, and never as it came")
    return 0


if __name__ == "__main__":
    sys.exit(main())
