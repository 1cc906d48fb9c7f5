#!/usr/bin/env python3
"""A real syslog-ng with the module of bindings/syslog-ng and its documented configuration: each message comes out exactly once and
in order, or is counted as rejected; nothing that was planted is in anything that was written, whatever is killed, full, wrong or
hostile. Exit status 77: syslog-ng cannot be had here.
"""
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests"), str(SOURCE / "tests/servers"), str(SOURCE / "tests/shippers")]
import syslog_messages  # noqa: E402
import syslog_ng_support as support  # noqa: E402
from local_servers import free_port, wait_for  # noqa: E402
from planted import findings  # noqa: E402
from syslog_messages import PLANTED, SEQUENCE, line_of  # noqa: E402
from syslog_ng_support import BIN, SyslogNg  # noqa: E402

ADDRESS, USER, MAIL, TOKEN = PLANTED


def fail(what):
    sys.exit(f"syslog-ng: {what}")


def check_nothing_planted(server):
    for path in (path for path in server.written.rglob("*") if path.is_file()):
        found = findings(path.read_bytes().replace(b"\0" * 64, b""))
        if found:
            fail(f"{sorted(found)} in {path.name}")


def check_sequences(server, sent, name="access.log"):
    fault = syslog_messages.fault_in_sequences(server.lines(name), sent)
    if fault:
        fail(f"{server.folder.name}: {fault}")


def wait_for_counts(server, count, seconds=60.0):
    """All messages are through the parser, and those that it passed on are written."""
    def is_done():
        counted = server.counters()
        return counted.get("processed", 0) >= count and len(server.lines()) >= counted["matched"]
    wait_for(f"{count} messages", is_done, seconds)
    time.sleep(0.2)  # for one too many
    counted = server.counters()
    if counted["processed"] != count or counted["matched"] + counted["not_matched"] != count or len(server.lines()) != counted["matched"]:
        fail(f"{count} messages, counted {counted}, {len(server.lines())} lines")
    return counted


def by_the_command(server, lines):
    return subprocess.run([BIN, "-k", server.keyring], input="".join(line + "\n" for line in lines), capture_output=True, text=True, check=True).stdout.splitlines()


def ordinary_traffic(folder, module):
    with SyslogNg(folder, module) as server:
        count = {"a": 30000, "b": 6000, "c": 600}  # each connection has a worker of its own
        senders = [threading.Thread(target=server.send, args=([line_of(name, i) for i in range(count[name])],)) for name in "ab"]
        senders.append(threading.Thread(target=syslog_messages.send_datagrams, args=(server.port, [line_of("c", i) for i in range(count["c"])])))
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        if wait_for_counts(server, sum(count.values()))["not_matched"]:
            fail("ordinary messages were rejected")
        check_sequences(server, count)
        if [line for line in server.lines() if "/seq/a/" in line] != by_the_command(server, [line_of("a", i) for i in range(count["a"])]):
            fail("the command gives other lines")
    check_nothing_planted(server)


def everything_else(server):
    """What else a message holds, and where else it goes: all pairs as JSON, the default template, a disk buffer that nobody empties."""
    return f"""
source s_text {{ network(ip("127.0.0.1") port({server.port}) transport("tcp") flags(store-raw-message) tags("web")); }};
source s_syslog {{ network(ip("127.0.0.1") port({server.syslog_port}) transport("tcp") flags(syslog-protocol, store-raw-message)); }};
parser p_before {{ kv-parser(prefix(".kv.")); }};
rewrite r_before {{ set("{USER}" value(".own.user")); set("{ADDRESS}" value("client")); set("eu-1" value("zone")); }};
filter f_before {{ match("zq([a-z]+)" value("MESSAGE") flags("store-matches")) or match("(.)" value("MESSAGE") flags("store-matches")); }};
parser p_anonlog {{
  anonlog(keyring("{server.keyring}") template("$(if ('$PROGRAM' eq 'app') ${{.own.line}} $MESSAGE)")
          fields("client" => "ip" ".own.user" => "user" "zone" => "keep"));
}};
rewrite r_line {{ set("$MESSAGE" value(".own.line")); }};
template t_all {{ template("$(format-json --scope all-nv-pairs S=$S_ISODATE R=$R_ISODATE P=$P_ISODATE FRACTION=$S_USEC$R_USEC)\\n"); }};
template t_function {{ template("$(anonlog --keyring {server.keyring} user {USER}) $(anonlog ip {ADDRESS}) $(anonlog host {ADDRESS}) <$0$1> $HOST\\n"); }};
destination d_access {{ file("{server.written}/access.log" template("${{MESSAGE}}\\n")); }};
destination d_default {{ file("{server.written}/default.log"); }};
destination d_all {{ file("{server.written}/all.json" template(t_all)); }};
destination d_function {{ file("{server.written}/function.log" template(t_function)); }};
destination d_sdata {{ file("{server.written}/sdata.log" template("<$SDATA> $RAWMSG $1 $TAGS\\n")); }};
destination d_buffer {{
  network("127.0.0.1" port({free_port()}) disk-buffer(disk-buf-size(20000000) reliable(yes) mem-buf-size(10000) dir("{server.written}/spool")));
}};
log {{
  source(s_text); source(s_syslog); filter(f_before); parser(p_before); rewrite(r_before); rewrite(r_line); parser(p_anonlog);
  destination(d_access); destination(d_default); destination(d_all); destination(d_function); destination(d_sdata); destination(d_buffer);
}};
"""


class WithSyslogPort(SyslogNg):
    def __init__(self, *given):
        self.syslog_port = free_port()
        super().__init__(*given)


def all_that_a_message_holds(folder, module):
    server = WithSyslogPort(folder, module, everything_else)
    (server.written / "spool").mkdir()
    with server:
        server.send([line_of("a", i) for i in range(200)])
        # Structured data by which only a name tells; a head that is somebody's.
        sdata = f'[zq@1 {USER}="{MAIL}" ip="{ADDRESS}"]'
        ours, somebodys = f"web1 app 17 ID47 {sdata}", f"{ADDRESS} {MAIL} {TOKEN} {ADDRESS} {sdata}"
        heads = (ours, somebodys, somebodys, ours)
        syslog_messages.send_bytes(server.syslog_port, "".join(f"<134>1 2026-01-15T12:34:56Z {head} {line_of('s', i)}\n" for i, head in enumerate(heads)).encode())
        wait_for_counts(server, 204)
        wait_for("the other files", lambda: all(len(server.lines(name)) == 204 for name in ("default.log", "all.json", "function.log", "sdata.log")))
        check_sequences(server, {"a": 200, "s": 4})
        records = [json.loads(line) for line in server.lines("all.json")]
        # Such a message tells the year, and was sent on the day of its line: the same user has the same pseudonym everywhere.
        record = next(record for record in records if record["HOST"] == "web1")
        pseudonym = re.search(r"u-[a-z2-7]+", by_the_command(server, [line_of("a", 0)])[0])[0]
        if (record["client"], record["zone"], record["_own"]["user"]) != ("203.0.113.0", "eu-1", pseudonym):
            fail(f"fields() gives {record}")
        for record in records:
            more = set(record) - {"MESSAGE", "HOST", "HOST_FROM", "PROGRAM", "PID", "MSGID", "SOURCE", "client", "zone", "_own", "S", "R", "P", "FRACTION"}
            if more or set(record["_own"]) != {"user"}:
                fail(f"other pairs go on: {sorted(more)} {sorted(record['_own'])}")
            if any(not re.search(r":00:00[+-]", record[name]) for name in "SRP") or record["FRACTION"].strip("0"):
                fail(f"times that are not on the grid: {record['S']} {record['R']} {record['P']} {record['FRACTION']}")
        if sum(" web1 app[17]: " in line for line in server.lines("default.log")) != 2:
            fail(f"the operator's own names in the head of syslog are gone: {[line[:60] for line in server.lines('default.log') if ' host web' not in line]}")
        if sum("web,.source.s_text" in line or ".source.s_text,web" in line for line in server.lines("sdata.log")) != 200:
            fail("tags are gone")
        if server.lines("function.log").count(f"{pseudonym} 203.0.113.0 - <> web1") != 2:
            fail(f"the template function gives {server.lines('function.log')[-4:]}")
        spool = list((server.written / "spool").iterdir())
        if not spool or max(path.stat().st_size for path in spool) < 204 * 100:
            fail("the disk buffer holds nothing")
    check_nothing_planted(server)


def hostile_traffic(folder, module):
    with SyslogNg(folder, module) as server:
        # The very first message a worker sees does not tell what the columns of the others are.
        server.send(["#Fields: sc-status cs-method s-port sc-bytes sc-win32-status cs-version s-sitename time-taken s-computername sc-substatus cs-uri-stem"])
        sent = []
        for i, message in enumerate(syslog_messages.hostile() * 3):
            sent += [message, line_of("a", i)]
        server.send(sent)
        count = len(sent) // 2
        wait_for("all", lambda: any(f"/seq/a/x{count - 1}x" in line for line in server.lines()), 60)
        time.sleep(0.3)
        numbers = [int(match[2]) for match in map(SEQUENCE.search, server.lines()) if match]
        if sorted(set(numbers)) != list(range(count)):
            fail("an ordinary message among hostile ones is missing")
        if server.counters()["not_matched"] < 3 * 10:
            fail("hostile messages were not rejected")
        datagrams = [message for message in syslog_messages.hostile() if len(message) < 60000] + ["two\nlines " + USER, line_of("u", 0) + "\n" + USER, line_of("u", 1)]
        syslog_messages.send_datagrams(server.port, datagrams)
        wait_for("the last datagram", lambda: any("/seq/u/x1x" in line for line in server.lines()))
        if any("/seq/u/x0x" in line for line in server.lines()):
            fail("a message of two lines went on")
    check_nothing_planted(server)


def killed(folder, module):
    """What syslog-ng had in its hands is lost with it: no line twice, none out of order, none raw."""
    server, count = SyslogNg(folder, module), 3000
    for name in "ab":
        server.start()
        wait_for("syslog-ng", server.listens, 30)
        sender = threading.Thread(target=send_until_closed, args=(server, [line_of(name, i) for i in range(count)]))
        sender.start()
        wait_for("some lines", lambda: sum(f"/seq/{name}/" in line for line in server.lines()) > 200)
        server.stop(signal.SIGKILL)
        sender.join()
        # A line that was half written when the disk was left is not one of ours.
        numbers = [int(match[2]) for match in map(SEQUENCE.search, server.lines()) if match and match[1] == name]
        if numbers != list(range(len(numbers))):
            fail("after SIGKILL: a line twice, missing in the middle, or out of order")
    check_nothing_planted(server)


def send_until_closed(server, lines):
    try:
        server.send(lines, 0.0005)
    except OSError:
        pass


def faults_at_the_start(folder, module):
    """syslog-ng does not start, and says what is to be mended."""
    def broken_policy(server):
        (server.folder / "policy.toml").write_text('[ip]\nmode = "trunc"\n')
        return server.documented().replace('"balanced"', f'"{server.folder}/policy.toml"')

    def ending_policy(server):
        (server.folder / "policy.toml").write_text('[rejects]\naction = "fail"\n')
        return server.documented().replace('"balanced"', f'"{server.folder}/policy.toml"')

    def changed(old, new):
        return lambda server: server.documented().replace(old, new)

    def open_keyring(server):
        server.keyring.chmod(0o640)
        return server.documented()

    cases = {
        "policy": (broken_policy, "2:8"), "ending": (ending_policy, "rejects.action"), "preset": (changed('"balanced"', '"balancd"'), "nearest"),
        "absent": (changed('"balanced"', '"/nowhere/policy.toml"'), "/nowhere/policy.toml"), "format": (changed('"auto"', '"combind"'), "combined"),
        "keyring": (open_keyring, "chmod 600"), "folder": (lambda server: server.documented().replace(str(server.keyring), str(server.folder)), "no regular file"),
        "text": (lambda server: server.documented().replace(str(server.keyring), str(server.folder / "syslog-ng.conf")), "keyring"),
        "class": (changed('format("auto")', 'format("auto") fields("client" => "adress")'), "adress"),
        "macro": (changed('format("auto")', 'format("auto") fields("MESSAGE" => "keep")'), "MESSAGE"),
        "function": (changed('"${MESSAGE}', '"$(anonlog adress $HOST)'), "no class"), "arguments": (changed('"${MESSAGE}', '"$(anonlog ip)'), "CLASS VALUE"),
        "of_a_function": (lambda server: server.documented().replace('"${MESSAGE}', f'"$(anonlog --keyring {server.folder} ip $HOST)'), "no regular file"),
    }
    for name, (configuration, expected) in cases.items():
        server = SyslogNg(folder / name, module, configuration)
        if server.keyring.stat().st_mode & 0o77:
            server.keyring.chmod(0o644)
        if name == "text":
            (server.folder / "syslog-ng.conf").chmod(0o600)
        said = server.refuses()
        if said is None or expected not in said:
            fail(f"{name}: syslog-ng starts, or does not say why not: {said}")


def reload_with_a_fault(folder, module):
    """The old configuration goes on, with the same keys, and the error is told."""
    with SyslogNg(folder, module) as server:
        def one_more(number):
            server.send([line_of("a", number)])
            wait_for("a line", lambda: len(server.lines()) == number + 1)

        def reload(text, expected):
            server.configure(text)
            done = server.control("reload")
            wait_for("the error", lambda: expected in server.said())
            if done.returncode == 0:
                fail(f"a reload succeeds: {expected}")
        one_more(0)
        reload(server.documented().replace('"balanced"', '"balancd"'), "nearest")
        one_more(1)
        server.keyring.chmod(0o644)
        reload(server.documented(), "chmod 600")
        one_more(2)
        # Another part fails when it begins: syslog-ng goes back to what it had stopped, and the keyring is still not fit to be read.
        key = server.keyring.read_bytes()
        server.keyring.write_bytes(b"")
        server.keyring.chmod(0o600)
        server.configure(server.documented())
        if server.control("reload").returncode == 0:
            fail("a reload with an empty keyring succeeds")
        (server.folder / "other").write_bytes(key)
        (server.folder / "other").chmod(0o600)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            more = f'log {{ source {{ network(ip("127.0.0.1") port({taken.getsockname()[1]})); }}; }};\n'
            server.configure(server.documented().replace(str(server.keyring), str(server.folder / "other")) + more)
            if server.control("reload").returncode == 0 or "reverting to old config" not in server.said():
                fail(f"no configuration was reverted: {server.said()[-500:]}")
        wait_for("syslog-ng", server.listens)
        one_more(3)
        server.keyring.write_bytes(key)
        server.configure(server.documented().replace('"auto"', '"combined"'))
        if server.control("reload").returncode != 0:
            fail("the mended configuration is not read")
        wait_for("syslog-ng", server.listens)
        one_more(4)
        if server.lines() != by_the_command(server, [line_of("a", i) for i in range(5)]):
            fail("after a reload lines are other ones")
    check_nothing_planted(server)


def full_disk(folder, module):
    with SyslogNg(folder, module, lambda server: server.documented().replace(f"{server.written}/access.log", "/dev/full")) as server:
        server.send([line_of("a", i) for i in range(200)])
        wait_for("the suspended destination", lambda: "/dev/full" in server.said() or "No space left" in server.said(), 30)
        if server.process.poll() is not None:
            fail("a full disk ends syslog-ng")
    check_nothing_planted(server)


def skeletons(folder, module):
    """rejects.action = "skeleton": what a reject looked like goes on in its place, marked."""
    def configuration(server):
        (server.folder / "policy.toml").write_text('[rejects]\naction = "skeleton"\n')
        return server.documented().replace('"balanced"', f'"{server.folder}/policy.toml"').replace("${MESSAGE}", "${.anonlog.status}|${MESSAGE}")
    with SyslogNg(folder, module, configuration) as server:
        server.send([line_of("a", 0), f"{USER} came from {ADDRESS} as {MAIL}", line_of("a", 1)])
        wait_for("three lines", lambda: len(server.lines()) == 3)
        marks = [line.split("|", 1)[0] for line in server.lines()]
        if marks != ["", "rejected", ""] or server.counters()["not_matched"] != 1:
            fail(f"skeletons are marked {marks}, counted {server.counters()}")
    check_nothing_planted(server)


def load(folder, module):
    """The program that measures works, and loses nothing; its figures are not looked at."""
    folder.mkdir()
    done = subprocess.run([SOURCE / "scripts/load-syslog-ng", "--pairs", "1", "--messages", "4000", "--connections", "2", "--module", module, "--output", folder / "results.txt"],
                          capture_output=True, text=True)
    if done.returncode != 0 or "with anonlog()" not in (folder / "results.txt").read_text():
        fail(f"load-syslog-ng: {done.stdout}{done.stderr}")


def main():
    lacking = support.missing()
    if lacking:
        print(f"skipped: {lacking}")
        return 77
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        folder.chmod(0o755)
        began = time.monotonic()
        module = support.build_module(folder / "module")
        built = time.monotonic()
        ordinary_traffic(folder / "ordinary", module)
        all_that_a_message_holds(folder / "all", module)
        hostile_traffic(folder / "hostile", module)
        killed(folder / "killed", module)
        faults_at_the_start(folder / "faults", module)
        reload_with_a_fault(folder / "reload", module)
        full_disk(folder / "full", module)
        skeletons(folder / "skeletons", module)
        load(folder / "load", module)
        print(f"syslog-ng: each message once, nothing planted anywhere; built in {built - began:.0f} s, tested in {time.monotonic() - built:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
