"""`explain`, `value`, `formats`, `policy`, `key`; the report, the summary, the progress bar, keys and times."""
import json
import os
import pty
import select
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (BIN, MALFORMED, NOTICE, WITHOUT_KEYS, CommandTest, expected, expected_lines, line, lines,
                             main)


class Reports(CommandTest):
    def report(self, *arguments, data, code=0):
        self.run_command("--report", self.path("report.json"), *arguments, data=data, code=code)
        text = self.read("report.json")
        self.assertTrue(text.endswith(b"}\n"))
        return json.loads(text)

    def test_the_counts_add_up(self):
        report = self.report(data=lines(0, 90) + b"\n".join(MALFORMED[:5]) + b"\n")
        self.assertEqual(report["lines"], {"in": 95, "out": 90, "rejected": 5, "withheld": 0})
        self.assertEqual(sum(report["rejects"].values()), 5)
        self.assertEqual(sum(report["formats"].values()), 90)
        for name in ("ip", "user", "time", "request", "agent", "referrer", "bytes"):
            counts = dict(report["fields"][name])
            self.assertEqual(counts.pop("seen"), 90, name)
            self.assertEqual(sum(counts.values()), 90, name)
        self.assertEqual(report["fields"]["user"]["tokenised"], 90)
        self.assertEqual(report["keys"]["source"], "ephemeral")
        self.assertEqual(report["best_effort"], "text")

    def test_withheld_lines_are_counted(self):
        log = b"".join(b'198.51.100.237 "GET /?q=canary HTTP/1.1" %d\n' % (number % 2) for number in range(40))
        report = self.report("-f", '$remote_addr "$request" $http_dnt', "--set", "signals.dnt=drop", data=log)
        self.assertEqual(report["lines"], {"in": 40, "out": 20, "rejected": 0, "withheld": 20})

    def test_the_fingerprint_is_that_of_the_policy(self):
        for arguments in ([], ["-p", "strict"], ["--set", "ip.v4=16"]):
            shown = self.run_command("policy", "show", *arguments).stdout.decode()
            fingerprint = shown.split("policy_fp ")[1].split()[0]
            self.assertRegex(fingerprint, "^[0-9a-f]{16}$")
            self.assertEqual(self.report(*arguments, data=lines(0, 2))["policy_fp"], fingerprint)

    def test_a_run_that_fails_reports_too(self):
        self.assertEqual(self.report(data=MALFORMED[0] * 2 + b"\n", code=3)["lines"]["rejected"], 1)
        self.assertEqual(self.report(data=b"")["lines"]["in"], 0)

    def test_a_summary_is_said_when_a_line_was_rejected_or_on_request(self):
        self.assertEqual(self.run_command(*WITHOUT_KEYS, data=lines(0, 20)).stderr, "")
        said = self.run_command(*WITHOUT_KEYS, "-v", data=lines(0, 20)).stderr
        self.assertIn("20 lines in, 20 out, 0 rejected", said)
        self.assertEqual(said.count("\n"), 1)
        said = self.run_command(*WITHOUT_KEYS, data=lines(0, 20) + b"canary\n").stderr
        self.assertIn("21 lines in, 20 out, 1 rejected", said)


class Keys(CommandTest):
    def test_a_run_that_makes_pseudonyms_without_a_keyring_says_so_once(self):
        log = lines(0, 3)
        self.assertEqual(self.run_command(data=log).stderr.count(NOTICE), 1)
        names = [self.write(name, log) for name in ("a", "b", "c")]
        self.assertEqual(self.run_command(*names).stderr.count(NOTICE), 1)
        os.mkdir(self.path("d"))
        self.assertEqual(self.run_command("-o", self.path("d"), *names).stderr.count(NOTICE), 1)
        self.assertEqual(self.run_command("value", "user", data=b"canaryuser\n").stderr.count(NOTICE), 1)
        self.assertEqual(self.run_command("value", "ip", data=b"198.51.100.237\n").stderr, "")
        self.assertEqual(self.run_command("-p", "strict", data=log).stderr, "")
        self.assertEqual(self.run_command("-k", self.keyring(), data=log).stderr, "")

    def test_the_same_keyring_gives_the_same_bytes_and_none_does_not(self):
        log, keys = lines(0, 5), self.keyring()
        first = self.run_command("-k", keys, data=log).stdout
        self.assertEqual(first, self.run_command("-k", keys, data=log).stdout)
        self.environment["ANONLOG_KEYRING"] = keys
        self.assertEqual(first, self.run_command(data=log).stdout)
        other = self.run_command("-k", self.keyring("others"), data=log).stdout
        self.assertNotEqual(first, other)
        del self.environment["ANONLOG_KEYRING"]
        self.assertNotEqual(self.run_command(data=log).stdout, self.run_command(data=log).stdout)
        users = {text.split()[2] for text in first.splitlines()}
        self.assertEqual(len(users), 1)
        self.assertRegex(users.pop().decode(), "^u-[a-z2-7]{16}$")

    def test_receivers_get_pseudonyms_of_their_own(self):
        keys = self.keyring()
        got = {self.run_command("-k", keys, *recipient, data=lines(0, 1)).stdout
               for recipient in ([], ["--recipient", "acme"], ["--recipient", "other.example"])}
        self.assertEqual(len(got), 3)

    def test_a_new_keyring_is_private_and_never_written_over(self):
        keys = self.path("keys")
        made = self.run_command("key", "new", keys, "--era", "2025", "--from", "2025-01-01", "--to",
                                "2026-01-01T00:00:00Z")
        self.assertEqual(os.stat(keys).st_mode & 0o777, 0o600)
        text = self.read("keys")
        self.assertTrue(text.startswith(b"anonlog-keyring 1\n"))
        era = [row.split() for row in text.splitlines() if row.startswith(b"era ")][0]
        self.assertEqual(era[1:4], [b"2025", b"2025-01-01T00:00:00Z", b"2026-01-01T00:00:00Z"])
        self.assertRegex(era[4].decode(), "^[0-9a-f]{64}$")
        self.assertIn("exists already", self.message("key", "new", keys))
        self.assertEqual(self.read("keys"), text)
        listed = self.run_command("key", "list", keys)
        self.assertIn(era[5], listed.stdout)
        self.environment["ANONLOG_KEYRING"] = keys
        self.assertEqual(self.run_command("key", "list").stdout, listed.stdout)
        for said in (made.stdout, listed.stdout):
            self.assertNotIn(era[4][:16], said)
        self.assertEqual(sorted(os.listdir(self.folder)), ["keys"])

    def test_a_time_in_no_era_has_no_pseudonym(self):
        self.run_command("key", "new", self.path("keys"), "--from", "2026-01-01", "--to", "2026-02-01")
        out = self.run_command("-k", self.path("keys"), "-v", data=lines(0, 2))
        self.assertEqual(out.stdout, expected_lines(0, 2))
        self.assertIn("2 in no era", out.stderr)
        self.assertIn("ends before it begins", self.message("key", "new", self.path("k2"), "--from", "2026-02-01",
                                                            "--to", "2026-01-01"))
        self.assertIn("--from", self.message("key", "new", self.path("k2"), "--from", "soon"))


class Values(CommandTest):
    def value(self, *arguments, data):
        return self.run_command("value", *arguments, data=data).stdout

    def test_goes_line_for_line_whatever_the_lines_hold(self):
        for data, want in ((b"198.51.100.237\n\n-\nnonsense\n2001:db8:77:a1::c4f",
                            b"198.51.100.0\n\n-\n-\n2001:db8::"), (b"", b""),
                           (b"\n", b"\n"), (b"198.51.100.237", b"198.51.100.0"), (b"198.51.100.237\r\n", b"-\n"),
                           (b"198.51.100.237\x00\n\x00\n\xff\xfe\n198.51.100.237\n", b"-\n-\n-\n198.51.100.0\n")):
            self.assertEqual(self.value("ip", data=data), want)
        self.assertEqual(self.value("bytes", data=b"x" * 300000 + b"\n512\n"), b"-\n512\n")

    def test_takes_policy_keys_and_time(self):
        self.assertEqual(self.value("ip", "--set", "ip.v4=8", data=b"198.51.100.237\n"), b"198.0.0.0\n")
        self.assertEqual(self.value("ip", "-p", "tor", data=b"198.51.100.237\n"), b"-\n")
        keys = self.keyring()
        at = [self.value("user", "-k", keys, "--now", now, data=b"canaryuser\n")
              for now in ("1768478400", "2026-01-15T12:00:00Z", "2026-01-15T23:59:59Z", "2026-01-16T00:00:00Z")]
        self.assertEqual((at[0], at[1]), (at[2], at[2]))
        self.assertNotEqual(at[2], at[3])
        day = b'198.51.100.237 - canaryuser [15/Jan/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n'
        self.assertIn(at[0].strip(), self.run_command("-k", keys, data=day).stdout)

    def test_a_zone_is_for_stamps_without_one(self):
        arguments = ("-k", self.keyring(), "-f", "$remote_user [$msec]")
        log = b"canaryuser [1768521600.250]\n"  # midnight, 2026-01-16
        utc, east = (self.run_command(*arguments, *zone, data=log).stdout for zone in ([], ["--time-zone", "+05:30"]))
        self.assertIn(b"[1768521600.000]", utc)
        self.assertNotEqual(utc, east)

    def test_a_zone_or_time_may_begin_with_a_minus(self):
        for arguments in (["--time-zone", "-05:00"], ["--time-zone=-18000"], ["--time-zone", "-18000"], ["--now", "-5"],
                          ["--set", "epoch.offset=-3600"]):
            self.assertEqual(self.run_command(*WITHOUT_KEYS, *arguments, data=lines(0, 2)).stdout, expected_lines(0, 2))

    def test_a_writer_that_pauses_holds_no_value_back(self):
        process = self.start("value", "ip", bufsize=0)
        process.stdin.write(b"198.51.100.237\n198.51")
        self.assertTrue(select.select([process.stdout], [], [], 10)[0])
        self.assertEqual(os.read(process.stdout.fileno(), 100), b"198.51.100.0\n")
        self.assertEqual(self.finish(process, b".100.237").stdout, b"198.51.100.0")

    def test_needs_the_keyring_where_the_policy_does(self):
        self.assertIn("keyring", self.message("value", "ip", "-p", "security", data=b"198.51.100.237\n"))


class Explanations(CommandTest):
    def test_shows_every_part_with_class_and_rule(self):
        keys = self.keyring()
        told = self.run_command("explain", "-k", keys, line(7).decode()).stdout.decode()
        for words in ("combined", "%h", "ip.v4 = 24", "198.51.100.0", "time.grid = 3600", "query.level", "reduced",
                      "tokenised"):
            self.assertIn(words, told)
        output = [row for row in told.splitlines() if row.startswith("output")][0].split(None, 1)[1]
        self.assertEqual(output.encode() + b"\n", self.run_command("-k", keys, data=line(7) + b"\n").stdout)
        for data in (line(7), line(7) + b"\n", line(7) + b"\r\n", line(7) + b"\n" + MALFORMED[0]):
            self.assertEqual(self.run_command("explain", "-k", keys, data=data).stdout.decode(), told)

    def test_reads_no_further_than_the_first_line(self):
        process = self.start("explain", *WITHOUT_KEYS)
        process.stdin.write(line(7) + b"\n")
        process.stdin.flush()  # and it stays open
        self.assertEqual(process.wait(30), 0)
        self.finish(process)

    def test_a_line_that_does_not_fit_is_told_with_a_reason(self):
        for sample in MALFORMED + [b"", b"   ", b"\x00"]:
            result = self.run_command("explain", data=sample + b"\n", code=3)
            self.assertIn(b"reject", result.stdout)
            self.assertEqual(result.stderr, "")
        self.assertIn(b"combined: ", self.run_command("explain", "canary canary", code=3).stdout)

    def test_a_line_that_fits_and_would_yet_not_come_out_is_told(self):
        strange = line(1).replace(b"10/Oct/2025:13:55:36 +0000", b"canary day")
        self.assertIn(b"time", self.run_command("explain", "-p", "strict", data=strange, code=3).stdout)
        self.assertIn(b"line_bytes", self.run_command("explain", "--set", "limits.line_bytes=1024",
                                                      data=line(1)[:-1] + b"c" * 1024 + b'"', code=3).stdout)
        told = self.run_command("explain", "-f", '$remote_addr "$request" $http_dnt', "--set", "signals.dnt=drop",
                                data=b'198.51.100.237 "GET / HTTP/1.1" 1').stdout
        self.assertIn(b"withholds", told)
        told = self.run_command("explain", "-f", '$remote_addr "$request" $http_dnt',
                                data=b'198.51.100.237 "GET / HTTP/1.1" 1').stdout
        self.assertIn(b"strict overlay", told)
        self.assertIn(b"198.51.0.0", told)

    def test_formats_shows_each_with_a_line_before_and_after(self):
        shown = self.run_command("formats")
        self.assertEqual(shown.stderr, "")
        text = shown.stdout.decode()
        for name in ("combined", "common", "vhost_combined"):
            self.assertIn("\n" + name + "\n", "\n" + text)
        name, befores, afters = "", [], []
        for row in text.replace("\n" + 11 * " ", "\x00").split("\n"):
            if row and not row.startswith(" "):
                name = row
            elif row.startswith("  before"):
                befores.append((name, row.split(None, 1)[1]))
            elif row.startswith("  after"):
                afters.append(row.split(None, 1)[1])
        self.assertTrue(befores and len(befores) == len(afters))
        for (name, before), after in zip(befores, afters):
            self.assertNotEqual(before, after)
            self.run_command("-f", name, data=before.replace("\x00", "\n").encode() + b"\n")  # some are found by their name only


class Policies(CommandTest):
    def test_what_is_shown_is_a_policy_with_the_same_fingerprint(self):
        for arguments in (["balanced"], ["strict"], ["security"], ["google"], ["cnil"], ["german"], ["tor"],
                          ["-p", "tor"],
                          ["strict", "--set", "ip.v4=8", "--set", "fields.x_id=drop", "--set", 'name="a \\"name\\""'],
                          []):
            with self.subTest(arguments):
                shown = self.run_command("policy", "show", *arguments).stdout
                again = self.run_command("policy", "show", self.write("shown.toml", shown)).stdout
                self.assertEqual(shown, again)
                self.assertIn(shown.split()[2], self.run_command("policy", "check", self.path("shown.toml")).stdout)

    def test_a_file_changes_what_comes_out(self):
        name = self.write("my.toml",
                          b'version = 1\npreset = "balanced"\n[ip]\nv4 = 8\n'
                          b'[user]\nmode = "drop"\n[email]\nmode = "drop"\n')
        self.assertEqual(self.run_command("-p", name, data=line(1)).stdout,
                         expected(1).replace(b"198.51.100.0", b"198.0.0.0"))
        self.assertEqual(self.run_command("-p", name, "--set", "ip.v4=24", data=line(1)).stdout, expected(1))
        self.assertEqual(self.run_command("policy", "diff", "balanced", name).stdout.decode().splitlines(),
                         ["email.mode: token -> drop", "ip.v4: 24 -> 8", "user.mode: token -> drop"])
        self.assertEqual(self.run_command("policy", "diff", "strict", "strict").stdout, b"")

    def test_a_preset_needs_no_file_and_a_file_of_that_name_does_not_replace_it(self):
        self.write("strict", b"[ip]\nv4 = 24\n")
        self.assertIn(b"198.51.0.0", self.run_command("-p", "strict", data=line(1)).stdout)
        self.write("mine", b"[ip]\nv4 = 24\n")
        self.assertIn("./mine", self.message("-p", "mine"))


class Terminals(CommandTest):
    def on_terminal(self, *arguments, environment=()):
        """What a run with standard error on a terminal says."""
        control, terminal = pty.openpty()
        process = self.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal,
                             env={**self.environment, "TERM": "xterm", **dict(environment)}, start_new_session=True,
                             preexec_fn=lambda: os.close(os.open(os.ttyname(2), os.O_RDWR)))
        os.close(terminal)
        said = b""
        try:
            while piece := os.read(control, 65536):
                said += piece
        except OSError:
            pass  # the terminal's other end is closed
        os.close(control)
        self.assertEqual(process.wait(60), 0)
        self.assert_no_canary(said, "the terminal")
        return said

    def test_a_bar_is_drawn_for_files_at_a_terminal_and_removed(self):
        name = self.write("a.log", lines(0, 100000))
        said = self.on_terminal(*WITHOUT_KEYS, "--progress", name)
        self.assertIn(b"%", said)
        self.assertIn(b" of ", said)
        self.assertTrue(said.endswith(b"\r"), "the bar is still there")
        self.assertNotIn(b"\n", said)
        self.assertEqual(self.on_terminal(*WITHOUT_KEYS, "--no-progress", name), b"")
        self.assertEqual(self.run_command(*WITHOUT_KEYS, name).stderr, "")

    def test_version_and_help(self):
        self.assertRegex(self.run_command("--version").stdout.decode(), r"^anonlog \d+\.\d+\.\d+ \(kernel [a-z0-9]+\)\n$")
        for arguments in (["--help"], ["-h"], ["explain", "--help"], ["key", "new", "--help"],
                          ["policy", "show", "--help"]):
            text = self.run_command(*arguments).stdout.decode()
            self.assertIn("Usage: ", text)
            self.assertLess(text.count("\n"), 60)
            self.assertTrue(all(len(row) <= 120 for row in text.splitlines()))
        text = self.run_command("--help").stdout.decode()
        for word in ("--format", "--policy", "--set", "--keyring", "--recipient", "--output", "--append", "--threads",
                     "--on-reject",
                     "--rejects", "--max-reject", "--report", "--progress", "--no-progress", "--line-buffered",
                     "--time-zone", "--now",
                     "--kernel", "--version", "explain", "value", "formats", "policy", "key", "shipper", "Exit codes"):
            self.assertIn(word, text)
        self.assertIn("for a piped log use --append", text)
        self.assertIn("same bytes for any number", text)


if __name__ == "__main__":
    main()
