"""What the command says and how it ends when something is wrong: one clear line, never content."""
import os
import pty
import select
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (BIN, MALFORMED, NOTICE, WITHOUT_KEYS, CommandTest, expected_lines, line, lines, main,
                             wait_until)

KEY = "0c0ffee0" * 8  # a canary in the form of a key


class Usage(CommandTest):
    def test_a_mistyped_name_is_answered_with_the_nearest_known_one(self):
        for arguments, wrong, right in [
                (["--polcy", "strict"], "--polcy", "--policy"), (["-p", "balancd"], "balancd", "balanced"),
                (["--set", "ip.v44=16"], "ip.v44", "ip.v4"), (["--set", "ip.mode=trunc"], "trunc", "truncate"),
                (["-f", "combind"], "combind", "combined"), (["value", "agnt"], "agnt", "agent"),
                (["--kernel", "scala"], "scala", "scalar"), (["--on-reject", "skeletn"], "skeletn", "skeleton"),
                (["policy", "shw"], "shw", "show"), (["key", "nw"], "nw", "new"),
                (["explain", "--polcy", "x"], "--polcy", "--policy"),
                (["policy", "show", "strct"], "strct", "strict"), (["--output-format", "smae"], "smae", "same")]:
            with self.subTest(arguments):
                said = self.message(*arguments)
                self.assertIn(wrong, said)
                self.assertIn(right, said.split(wrong, 1)[1])
        self.assertIn("nearest: explain", self.message("explian", code=1).split("explian", 1)[1])

    def test_an_unknown_kernel_in_the_environment_is_an_error(self):
        self.environment["ANONLOG_KERNEL"] = "nonsense"
        self.assertIn("scalar", self.message())
        self.environment["ANONLOG_KERNEL"] = "scalar"
        self.output(data=lines(0, 2))

    def test_what_is_not_in_this_version_says_so(self):
        key = self.keyring()
        for arguments in (["-p", "analytics"], ["-p", "share"], ["--set", "ip.mode=det"], ["--set", "ip.mode=pfx"],
                          ["--set", "ip.mode=kanon"], ["--on-reject", "seal"], ["--seal-key", key],
                          ["audit", "x"], ["find", "--ip", "x"], ["erase"], ["export"],
                          ["unseal"],
                          ["key", "rotate"], ["key", "shred"], ["value", "visitor"]):
            with self.subTest(arguments):
                self.assertIn("not in this version", self.message(*arguments))

    def test_a_value_of_an_option_that_cannot_be_is_an_error_that_names_the_option(self):
        for arguments in (["-j", "0"], ["-j", "many"], ["--threads=-1"], ["--max-reject", "all"],
                          ["--max-reject", "101%"],
                          ["--time-zone", "99:99"], ["--now", "yesterday"], ["--set", "ip.v4"], ["--progress=much"],
                          ["--set"],
                          ["--report"]):
            with self.subTest(arguments):
                said = self.message(*arguments)
                self.assertIn(arguments[0].split("=")[0].replace("-j", "--threads"), said)
        self.assertIn("see --help", self.message("-z"))
        self.assertIn("a-z", self.message("--recipient", "Bob!"))
        self.assertIn("-o FILE", self.message("--append"))
        self.assertIn("--rejects FILE", self.message("--on-reject", "skeleton"))
        self.assertIn("CLASS", self.message("value"))
        self.assertIn("new, list", self.message("key"))
        self.assertIn("show, check, diff", self.message("policy"))

    def test_an_empty_value_is_an_error(self):
        for option in ("-k", "-p", "-f", "-o", "--report", "--rejects", "--max-reject", "--now", "--recipient",
                       "--set"):
            with self.subTest(option):
                self.assertIn("must not be empty", self.message(option, ""))
        self.assertIn("must not be empty", self.message(""))

    def test_set_takes_one_value_and_leaves_the_files_alone(self):
        name = self.write("a.log", lines(0, 2))
        self.assertEqual(self.run_command(*WITHOUT_KEYS, name).stdout, expected_lines(0, 2))

    def test_a_bad_policy_file_is_an_error_with_line_and_column(self):
        for text, place in ((b'version = 1\n[ip]\n  v44 = 3\n', ":3:"), (b'[ip]\nmode = "trunc"\n', ":2:8: "),
                            (b"[ip\n", ":1:4: "),
                            (b'preset = "balancd"\n', ":1:10: "), (lines(0, 1), ":1:"), (b"\xff\x00\n", ":1:"),
                            (b"version = 2\n", ":1:11: ")):
            name = self.write("policy.toml", text)
            self.assertIn("policy.toml" + place, self.message("-p", name))
            self.assertIn("policy.toml" + place, self.message("policy", "check", name))
        self.assertIn("nofile.toml: No such file", self.message("-p", self.path("nofile.toml")))
        self.assertIn("accept_weak", self.message("--set", "ip.v4=28"))

    def test_a_keyring_that_others_may_use_is_refused(self):
        keys = self.keyring()
        for mode in (0o640, 0o604, 0o660, 0o610):
            os.chmod(keys, mode)
            self.assertIn("chmod 600", self.message("-k", keys))
        os.chmod(keys, 0o600)
        self.run_command("-k", keys, data=lines(0, 2))
        with open(keys, "rb") as file:
            secret = [word for word in file.read().split() if len(word) == 64][0]
        for damage in (lambda text: text.replace(secret, secret[:-2]), lambda text: text.replace(secret, b"0" * 64),
                       lambda text: text.replace(secret, secret.upper()), lambda text: b"nonsense\n",
                       lambda text: text.replace(secret, secret[1:] + secret[:1])):
            with open(keys, "rb") as file:
                damaged = self.write("damaged", damage(file.read()))
            os.chmod(damaged, 0o600)
            said = self.message("-k", damaged)
            self.assertIn("damaged:", said)
            for start in range(0, 56, 8):
                self.assertNotIn(secret[start:start + 8].decode(), said)

    def test_security_needs_a_keyring(self):
        self.assertIn("anonlog key new", self.message("-p", "security", data=lines(0, 2)))
        self.run_command("-p", "security", "-k", self.keyring(), "--set", "agent.level=major", data=lines(0, 2))

    def test_a_terminal_without_a_file_gets_a_short_help_and_no_wait(self):
        for command, word in (((), "anonlog --help"), (("explain",), "pipe"), (("value", "ip"), "pipe")):
            control, terminal = pty.openpty()
            process = self.start(*command, stdin=terminal)
            os.close(terminal)
            result = self.finish(process, timeout=20)
            os.close(control)
            self.assertEqual(result.returncode, 2)
            self.assertIn(word, result.stderr)
            self.assertLess(result.stderr.count("\n"), 8)


class Secrets(CommandTest):
    """SPEC 4.1 P10. run_command looks for the canaries in all that is said; here are the ways they might get there."""

    def test_a_log_line_in_the_wrong_place_is_not_quoted(self):
        whole = line(1).decode()
        for arguments in ([whole], ["-p", whole], ["-f", whole], ["--set", whole], ["-k", whole], ["value", whole],
                          ["--kernel", whole],
                          ["value", "ip", whole], ["explain", whole, whole], ["policy", whole],
                          ["policy", "show", whole], ["key", whole],
                          ["-j", whole], ["--now", whole], ["--time-zone", whole], ["--recipient", whole],
                          ["--on-reject", whole],
                          ["--max-reject", whole], ["--output-format", whole], ["policy", "diff", whole, "strict"],
                          ["--" + whole],
                          ["key", "list", whole], whole.split(), ["explain", *whole.split()],
                          ["value", "198.51.100.237"],
                          ["--progress=" + whole], ["-p", "198.51.100.237"], ["--set", "ip.mode=" + whole],
                          ["--seal-key", whole]):
            with self.subTest(arguments):
                result = self.finish(self.start(*arguments), b"")
                self.assertIn(result.returncode, (1, 2))
                self.assertNotIn(NOTICE, result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)

    def test_a_key_in_the_wrong_place_is_not_quoted(self):
        for arguments in (["-k", KEY], ["key", "new", KEY], ["key", "list", KEY], [KEY], ["-p", KEY],
                          ["--kernel", KEY], ["value", KEY],
                          ["--seal-key", KEY], ["key", KEY], ["--recipient", KEY + KEY]):
            with self.subTest(arguments):
                result = self.finish(self.start(*arguments), b"")
                self.assertNotEqual(result.returncode, 0)
                self.assertNotIn("0c0ffee0", result.stderr)
                self.assertFalse(os.path.exists(self.path(KEY)))
        self.environment["ANONLOG_KEYRING"] = KEY
        self.assertNotIn("0c0ffee0", self.message())

    def test_reports_and_skeletons_hold_counts_and_shapes_only(self):
        bad = b"\n".join(MALFORMED) + b"\n"
        for arguments in (["-v"], ["--on-reject", "skeleton", "--rejects", self.path("shapes")], ["-p", "strict"],
                          ["-k", self.keyring(), "-p", "security", "--set", "agent.level=major"]):
            self.run_command("--max-reject", "100%", "--report", self.path("report"), *arguments,
                             data=lines(0, 30) + bad)
            self.assert_no_canary(self.read("report"), "the report")
        self.assert_no_canary(self.read("shapes"), "the file of skeletons")
        self.assertEqual(self.read("shapes").count(b"\n"), bad.count(b"\n"))

    def test_explaining_a_line_never_quotes_it(self):
        for sample in [line(1)] + MALFORMED:
            for arguments in ((), ("-f", "combined"), ("-f", '$remote_addr "$request" $status')):
                result = self.finish(self.start("explain", *arguments), sample + b"\n")
                self.assertIn(result.returncode, (0, 3))

    def test_a_file_name_cannot_forge_a_message(self):
        result = self.finish(self.start(self.path("x\nanonlog: all is well\x1b[2J")), b"")
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertNotIn("\x1b", result.stderr)

    def test_there_is_no_core_dump(self):
        process = self.start(*WITHOUT_KEYS)
        process.stdin.write(lines(0, 1))
        process.stdin.flush()
        self.assertTrue(select.select([process.stdout], [], [], 10)[0])
        with open("/proc/%d/limits" % process.pid, encoding="ascii") as file:
            limits = [text.split() for text in file if text.startswith("Max core file size")]
        self.assertEqual(limits[0][4:6], ["0", "0"])
        self.finish(process)


class Rejects(CommandTest):
    def bad(self, count):
        return b"".join(MALFORMED[i % len(MALFORMED)] + b"\n" for i in range(count))

    def test_a_wrong_format_is_noticed_within_the_first_thousand_lines(self):
        process = self.start(*WITHOUT_KEYS)
        process.stdin.write(lines(0, 800) + self.bad(200))
        process.stdin.flush()  # and it stays open: the run must end by itself
        out, said = process.stdout.read(), process.stderr.read().decode()
        self.assertEqual(process.wait(30), 3)
        self.assertIn("200 of the first 1000 lines", said)
        self.assertIn("-f", said)
        self.assertTrue(expected_lines(0, 800).startswith(out))
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()

    def test_a_tenth_of_rejects_passes_and_more_does_not(self):
        self.assertEqual(self.run_command(*WITHOUT_KEYS, data=lines(0, 90) + self.bad(10)).stdout,
                         expected_lines(0, 90))
        result = self.run_command(*WITHOUT_KEYS, data=lines(0, 89) + self.bad(11), code=3)
        self.assertIn("11 of 100 lines", result.stderr)
        result = self.run_command(*WITHOUT_KEYS, data=lines(0, 1500) + self.bad(400), code=3)
        self.assertIn("400 of 1900 lines", result.stderr)
        self.run_command(*WITHOUT_KEYS, data=self.bad(100) + lines(0, 900))
        self.run_command(*WITHOUT_KEYS, data=self.bad(101) + lines(0, 899), code=3)
        self.run_command(*WITHOUT_KEYS, data=self.bad(101) + lines(0, 2000), code=3)

    def test_the_share_can_be_set(self):
        log = lines(0, 98) + self.bad(2)
        self.run_command(*WITHOUT_KEYS, "--max-reject", "2%", data=log)
        self.run_command(*WITHOUT_KEYS, "--max-reject", "1%", data=log, code=3)
        self.run_command(*WITHOUT_KEYS, "--max-reject", "1.5%", data=log, code=3)
        self.run_command(*WITHOUT_KEYS, "--max-reject", "0", data=log, code=3)
        self.run_command(*WITHOUT_KEYS, "--max-reject", "100%", data=self.bad(50))

    def test_fail_stops_at_the_first_reject(self):
        result = self.run_command(*WITHOUT_KEYS, "--on-reject", "fail", data=lines(0, 30) + self.bad(1) + lines(30, 5),
                                  code=3)
        self.assertEqual(result.stdout, expected_lines(0, 30))
        self.assertIn("line 31", result.stderr)


if __name__ == "__main__":
    main()
