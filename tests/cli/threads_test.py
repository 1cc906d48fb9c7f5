"""The command with several threads: the same bytes, the same report and the same endings as with one."""
import gzip
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (BIN, MALFORMED, WITHOUT_KEYS, CommandTest, expected_lines, line, lines, main, wait_until)

THREADS = ("1", "2", "3", "8")


def zstd(content):
    return subprocess.run(["zstd", "-qc"], input=content, stdout=subprocess.PIPE, check=True).stdout


def mixed_log(seed, count):
    """Users on many days; rejects, lines without a time, CRLF, overlong lines; no newline at the end."""
    chance, made = random.Random(seed), []
    for i in range(count):
        day = b"99" if chance.random() < 0.02 else b"%02d" % (1 + i * 27 // count)
        text = line(i).replace(b"canaryuser", b"canaryuser%d" % chance.randrange(40)).replace(b"[10/", b"[" + day + b"/")
        kind = chance.random()
        if kind < 0.02:
            text = MALFORMED[i % len(MALFORMED)]
        elif kind < 0.05:
            text += b"\r"
        elif kind < 0.0505:
            text = text.replace(b"canaryagent", b"canaryagent" * chance.randrange(5000, 200000))
        made.append(text)
    return b"\n".join(made)


def table_log(seed, count):
    """Rows whose columns change now and then, between lines of other formats."""
    chance, made, turn = random.Random(seed), [], 0
    heads = ("date time c-ip cs-username cs-uri-stem sc-status", "time c-ip sc-status date cs(User-Agent)", "date time sc-status c-ip cs-username")
    for i in range(count):
        if chance.random() < 0.001:
            turn = chance.randrange(len(heads))
        if i == 0 or chance.random() < 0.002:
            made += ["#Software: IIS 10.0", "", f"#Fields: {heads[turn]}"]
        value = {"date": "2026-01-%02d" % (1 + i * 27 // count), "time": "10:%02d:59" % (i % 60), "c-ip": f"203.0.113.{1 + i % 250}",
                 "cs-username": f"canaryuser{chance.randrange(40)}", "cs-uri-stem": f"/u/{i}", "sc-status": "200", "cs(User-Agent)": "curl/8.5.0+x"}
        made.append(" ".join(value[name] for name in heads[turn].split()))
        if chance.random() < 0.01:
            made.append(line(i).decode())
    return "\n".join(made).encode()


class SameBytes(CommandTest):
    def test_come_out_of_tables_whose_columns_change(self):
        keys, log, wanted = self.keyring(), self.write("t.log", table_log(1, 150000)), None
        for threads in THREADS:
            self.run_command("-k", keys, "-j", threads, "--max-reject", "100%", "--report", self.path("report"), "-o", self.path("out"), log)
            got = self.read("out"), json.loads(self.read("report"))["lines"]
            wanted = wanted or got
            self.assertTrue(got == wanted, f"{threads} threads: {got[1]}, not {wanted[1]}, or other bytes")
        self.assert_no_canary(wanted[0], "the output")
        self.assertEqual(wanted[1]["in"], wanted[1]["out"] + wanted[1]["rejected"])
        self.assertGreater(wanted[0].count(b"#Fields"), 100)
        self.assertGreater(wanted[1]["rejected"], 100, "rows of other columns, until the next header")

    def files(self):
        """Some 12 MB in files of every sort."""
        return [self.write("a.log", mixed_log(1, 20000)), self.write("b.gz", gzip.compress(mixed_log(2, 9000), 1)),
                self.write("empty", b""), self.write("c", zstd(mixed_log(3, 9000))), self.write("d.log", lines(0, 3))]

    def test_come_out_for_any_number_of_threads(self):
        keys, files, wanted = self.keyring(), self.files(), None
        for threads in THREADS:
            for option in (("--rejects", self.path("shapes")), ()):
                action = ("--on-reject", "skeleton") if option else ()
                self.run_command("-k", keys, "-j", threads, *action, *option, "--report", self.path("report"),
                                 "-o", self.path("out"), *files)
                got = [self.read("out"), json.loads(self.read("report"))] + [self.read("shapes")] * bool(option)
                wanted = wanted or got
                got[1].pop("policy_fp"), got[1].pop("policy")
                wanted[1].pop("policy_fp", None), wanted[1].pop("policy", None)
                self.assertEqual(got, wanted[:len(got)], threads)
                self.assert_no_canary(got[0], "the output")
        self.assertGreater(wanted[1]["rejects"]["too_long"], 5)
        self.assertGreater(wanted[1]["epochs"]["guessed"], 500)
        self.assertEqual(wanted[1]["lines"]["in"], 38003)

    def test_come_out_in_a_directory(self):
        keys, files = self.keyring(), self.files()
        for threads in THREADS:
            os.mkdir(self.path("clean" + threads))
            self.run_command("-k", keys, "-j", threads, "-o", self.path("clean" + threads), *files)
        for name in ("a.log", "b.gz", "empty", "c", "d.log"):
            for threads in THREADS[1:]:
                self.assertEqual(self.read("clean1/" + name), self.read("clean%s/%s" % (threads, name)))

    def test_come_out_of_a_pipe(self):
        keys, log = self.keyring(), self.write("a.log", mixed_log(4, 15000))
        wanted = self.run_command("-k", keys, "-j", "1", log).stdout
        for threads in THREADS:
            for packed in (log, self.write("a.gz", gzip.compress(self.read("a.log"), 1))):
                with subprocess.Popen(["cat", packed], stdout=subprocess.PIPE) as cat:
                    self.assertEqual(self.run_command("-k", keys, "-j", threads, stdin=cat.stdout, data=None).stdout, wanted)

    def test_come_out_whatever_pays(self):
        log = self.write("a.log", mixed_log(5, 30000))  # enough for several threads, if there are processors
        keys = self.keyring()
        self.assertEqual(self.run_command("-k", keys, log).stdout, self.run_command("-k", keys, "-j", "1", log).stdout)


class EphemeralKeys(CommandTest):
    def test_give_one_user_one_pseudonym_in_an_epoch(self):
        made = []
        for i in range(30000):  # a new day every 700 lines: several in a block, and many blocks
            day = 1 + i // 700 % 28
            month = (b"Jan", b"Feb")[i // 700 // 28]
            made.append(b'198.51.100.237 - canaryuser%d [%02d/%s/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"'
                        % (i % 7, day, month))
        log = self.write("a.log", b"\n".join(made) + b"\n")
        for threads in THREADS:
            result = self.run_command("-j", threads, "--report", self.path("report"), log)
            tokens = {}
            for before, after in zip(made, result.stdout.splitlines()):
                tokens.setdefault((before.split()[2], before.split()[3][:12]), set()).add(after.split()[2])
            self.assertEqual(len(tokens), 7 * 43)
            self.assertEqual({len(found) for found in tokens.values()}, {1})
            self.assertEqual(len(set.union(*tokens.values())), 7 * 43)
            self.assertEqual(json.loads(self.read("report"))["epochs"]["late"], 0)


class Endings(CommandTest):
    """Everything ends as it does with one thread."""

    def test_a_reject_under_fail_stops_at_that_line(self):
        log = self.write("a.log", lines(0, 9000) + MALFORMED[0] + b"\n" + lines(9000, 9000))
        for threads in THREADS:
            result = self.run_command(*WITHOUT_KEYS, "-j", threads, "--on-reject", "fail", log, code=3)
            self.assertEqual(result.stdout, expected_lines(0, 9000))
            self.assertIn("line 9001 ", result.stderr)

    def test_too_many_rejects_in_all_lines(self):
        log = self.write("a.log", lines(0, 5000) + b"".join(MALFORMED[0] + b"\n" for _ in range(2000)) + lines(0, 9000))
        for threads in THREADS:
            said = self.run_command(*WITHOUT_KEYS, "-j", threads, log, code=3).stderr
            self.assertIn("2000 of 16000 lines were rejected", said)
            self.assertIn(" of the last ", said)

    def test_a_wrong_format_is_noticed_in_the_first_thousand_lines(self):
        log = self.write("a.log", MALFORMED[0] + b"\n" + lines(0, 800) + (MALFORMED[0] + b"\n") * 20000)
        for threads in THREADS:
            self.assertIn("200 of the first 1000 lines", self.run_command(*WITHOUT_KEYS, "-j", threads, log, code=3).stderr)

    def test_a_reader_that_goes_away_ends_the_run_quietly(self):
        log = self.write("a.log", lines(0, 60000))
        for threads in THREADS:
            process = self.start(*WITHOUT_KEYS, "-j", threads, log)
            process.stdout.readline()
            process.stdout.close()
            said = process.stderr.read()
            self.assertEqual((process.wait(60), said), (-signal.SIGPIPE, b""))

    def test_a_full_disk_is_an_error_and_nothing_is_left(self):
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000000, 3000000))
        log, target = self.write("a.log", lines(0, 60000)), self.write("out", b"old\n")
        for threads in THREADS:
            said = self.message(*WITHOUT_KEYS, "-j", threads, "-o", target, log, code=1, preexec_fn=limited)
            self.assertIn("/out: File too large", said)
            self.assertEqual(self.read("out"), b"old\n")
            self.assert_no_temporary_file()
            with open("/dev/full", "wb") as full:
                said = self.message(*WITHOUT_KEYS, "-j", threads, log, stdout=full, code=1)
            self.assertIn("standard output: No space left", said)

    def test_a_broken_archive_gives_what_is_before_the_fault(self):
        log = self.write("a.gz", gzip.compress(lines(0, 30000), 1)[:-4])
        wanted = self.run_command(*WITHOUT_KEYS, "-j", "1", log, code=1)
        self.assertGreater(len(wanted.stdout), 1000000)
        for threads in THREADS:
            got = self.run_command(*WITHOUT_KEYS, "-j", threads, log, code=1)
            self.assertEqual((got.stdout, got.stderr), (wanted.stdout, wanted.stderr))

    def test_a_stop_while_the_reader_is_slow_leaves_whole_lines(self):
        log = self.write("a.log", lines(0, 60000))
        for threads in THREADS:
            process = self.start(*WITHOUT_KEYS, "-j", threads, log)
            got = os.read(process.stdout.fileno(), 1000)
            time.sleep(0.2)
            self.assertEqual(len(os.listdir("/proc/%d/task" % process.pid)), int(threads))
            process.send_signal(signal.SIGTERM)
            time.sleep(0.05)
            result = self.finish(process)
            got += result.stdout
            self.assertEqual(result.returncode, -signal.SIGTERM)
            self.assertTrue(expected_lines(0, 60000).startswith(got))
            self.assertTrue(got.endswith(b"\n"), "half a line is out")

    def test_a_stop_takes_what_is_in_the_pipe(self):
        for threads in THREADS:
            process = self.start(*WITHOUT_KEYS, "-j", threads, "--append", "-o", self.path("out" + threads), bufsize=0)
            process.stdin.write(lines(0, 20000) + line(20000)[:70])
            process.send_signal(signal.SIGTERM)
            self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
            self.assertEqual(self.read("out" + threads), expected_lines(0, 20000))

    def test_goes_on_in_a_new_file_after_a_rename_and_a_hangup(self):
        for threads in THREADS:
            target = self.path("out" + threads)
            process = self.start(*WITHOUT_KEYS, "-j", threads, "--append", "-o", target, bufsize=0)
            process.stdin.write(lines(0, 9000) + line(9000)[:40])
            wait_until(lambda: os.path.exists(target) and os.path.getsize(target) == len(expected_lines(0, 9000)))
            os.rename(target, target + ".1")
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: os.path.exists(target))
            process.stdin.write(line(9000)[40:] + b"\n" + lines(9001, 9000))
            self.assertEqual(self.finish(process).returncode, 0)
            self.assertEqual(self.read("out%s.1" % threads), expected_lines(0, 9000))
            self.assertEqual(self.read("out" + threads), expected_lines(9000, 9001))

    def test_a_writer_that_pauses_holds_no_complete_line_back(self):
        for threads in THREADS:
            name = "out%s.gz" % threads
            process = self.start(*WITHOUT_KEYS, "-j", threads, "--append", "-o", self.path(name), bufsize=0)
            sent, begun = 0, 0  # lines, and bytes of the next
            for count in (5000, 1, 7000, 2):
                process.stdin.write(lines(sent, count)[begun:] + line(sent + count)[:30])
                sent, begun = sent + count, 30
                wait_until(lambda: self.unpacked(name) == expected_lines(0, sent))
            self.assertEqual(self.finish(process, line(sent)[30:] + b"\n").returncode, 0)
            self.assertEqual(self.unpacked(name), expected_lines(0, sent + 1))

    def unpacked(self, name):
        try:
            return gzip.decompress(self.read(name))
        except (FileNotFoundError, EOFError, gzip.BadGzipFile):
            return None


class Memory(CommandTest):
    def peak(self, *arguments):
        """Kilobytes that the command had in use at most."""
        program = ("import os, resource, subprocess, sys\n"
                   "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        return int(subprocess.run([sys.executable, "-c", program, BIN, *arguments], stdout=subprocess.PIPE, check=True,
                                  env=self.environment).stdout)

    def test_stays_bounded_for_each_thread(self):
        with open(BIN, "rb") as program:
            if re.search(rb"__[at]san_init", program.read()):
                self.skipTest("sanitizers need memory of their own")
        chance = random.Random(6)
        values = [line(i).replace(b"canaryagent", b"agent%x/%d" % (chance.getrandbits(200), i)) for i in range(60000)]
        logs = {"varied": b"\n".join(values), "long": lines(0, 1200) + (line(1)[:-1] + b'x' * 65000 + b'"\n') * 300,
                "short": lines(0, 1200) + b"?\n" * 3000000}
        for name, content in logs.items():
            log = self.write(name, content)
            for threads in THREADS:
                with self.subTest(name + " with " + threads):
                    most = (64 + 32 * (int(threads) - 1)) << 10
                    self.assertLess(self.peak("--max-reject", "100%", "-j", threads, log), most)


if __name__ == "__main__":
    main()
