"""How a run ends: what is out when it fails or is stopped, what a stop still takes from a pipe, what a logger says."""
import fcntl
import gzip
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (MALFORMED, WITHOUT_KEYS, CommandTest, expected, expected_lines, line, lines, main,
                             wait_for_sleep, wait_until)


def bad_lines(count):
    return b"".join(MALFORMED[i % len(MALFORMED)] + b"\n" for i in range(count))


class LineEnds(CommandTest):
    """A line that is out without its newline is never joined by another, however the run ends."""

    def test_a_run_that_fails_appends_on_a_line_of_its_own(self):
        target = self.write("out", expected(0))
        log = self.write("a.log", lines(1, 5) + bad_lines(1) + lines(6, 2))
        self.run_command(*WITHOUT_KEYS, "--append", "-o", target, "--on-reject", "fail", log, code=3)
        self.assertEqual(self.read("out"), expected_lines(0, 6))

    def test_a_wrong_format_appends_on_a_line_of_its_own(self):
        target = self.write("out", expected(0))
        log = self.write("a.log", lines(1, 800) + bad_lines(250))
        self.run_command(*WITHOUT_KEYS, "--append", "-o", target, log, code=3)
        self.assertEqual(self.read("out"), expected_lines(0, 801))

    def test_two_files_of_a_run_that_fails_are_not_joined(self):
        first, second = self.write("a", line(0)), self.write("b", lines(1, 2) + bad_lines(1))
        result = self.run_command(*WITHOUT_KEYS, "--on-reject", "fail", first, second, code=3)
        self.assertEqual(result.stdout, expected_lines(0, 3))

    def test_a_stopped_run_appends_on_a_line_of_its_own(self):
        target = self.write("out", expected(0))
        process = self.start(*WITHOUT_KEYS, "--append", "-o", target, bufsize=0)
        wait_for_sleep(process)
        process.send_signal(signal.SIGSTOP)
        process.stdin.write(lines(1, 3) + line(4)[:60])
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
        self.assertEqual(self.read("out"), expected_lines(0, 4))

    def test_a_new_file_after_a_hangup_begins_with_no_blank_line(self):
        target = self.write("out", expected(0))
        process = self.start(*WITHOUT_KEYS, "--append", "-o", target, bufsize=0)
        process.stdin.write(line(1)[:50])
        wait_for_sleep(process)
        os.rename(target, self.path("old"))
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: os.path.exists(target))
        self.assertEqual(self.finish(process, line(1)[50:] + b"\n").returncode, 0)
        self.assertEqual((self.read("old"), self.read("out")), (expected(0), expected_lines(1, 1)))


class Stops(CommandTest):
    """A web server that stops or restarts sends SIGTERM to a logger that has not yet read all that is for it."""

    def stop_with(self, process, give, data):
        """Lets `data` lie in the pipe at the moment the signal is seen."""
        wait_for_sleep(process)
        process.send_signal(signal.SIGSTOP)
        give(data)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)

    def fill(self, process):
        """How many lines its standard input holds, with room for a part of another."""
        wait_for_sleep(process)  # it enlarges the pipe
        return (fcntl.fcntl(process.stdin, fcntl.F_GETPIPE_SZ) - 8192) // (len(line(10000)) + 1)

    def test_what_is_in_the_pipe_comes_out(self):
        process = self.start(*WITHOUT_KEYS, bufsize=0)
        count = self.fill(process)
        self.stop_with(process, process.stdin.write, lines(0, count) + line(count)[:70])
        out, said = process.stdout.read(), process.stderr.read()
        self.assertEqual((process.wait(30), out, said), (-signal.SIGTERM, expected_lines(0, count), b""))

    def test_what_is_in_the_socket_comes_out(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        process = self.start(*WITHOUT_KEYS, stdin=theirs)
        theirs.close()
        self.stop_with(process, ours.sendall, lines(0, 20) + line(20)[:70])
        out = process.stdout.read()
        self.assertEqual((process.wait(30), out), (-signal.SIGTERM, expected_lines(0, 20)))

    def test_what_is_in_the_pipe_is_appended(self):
        for name in ("out", "out.gz"):
            process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path(name), bufsize=0)
            count = self.fill(process)
            self.stop_with(process, process.stdin.write, lines(0, count) + line(count)[:70])
            self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
            got = subprocess.run(["gzip", "-dcf", self.path(name)], stdout=subprocess.PIPE, check=True).stdout
            self.assertEqual(got, expected_lines(0, count))

    def test_what_is_in_a_packed_pipe_comes_out(self):
        process = self.start(*WITHOUT_KEYS, bufsize=0)
        packed = gzip.compress(lines(0, 2000)) + gzip.compress(lines(2000, 2000))
        self.stop_with(process, process.stdin.write, packed[:-100])
        out = process.stdout.read()
        self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertTrue(out.startswith(expected_lines(0, 2000)))
        self.assertTrue(expected_lines(0, 4000).startswith(out) and out.endswith(b"\n"))

    def test_a_line_begun_before_the_stop_is_finished_by_what_is_there(self):
        process = self.start(*WITHOUT_KEYS, bufsize=0)
        process.stdin.write(line(0)[:40])
        self.stop_with(process, process.stdin.write, line(0)[40:] + b"\n" + line(1))
        out = process.stdout.read()
        self.assertEqual((process.wait(30), out), (-signal.SIGTERM, expected_lines(0, 1)))

    def test_rejects_in_the_pipe_get_their_skeletons(self):
        process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path("out"), "--on-reject", "skeleton", "--rejects",
                             self.path("shapes"), bufsize=0)
        self.stop_with(process, process.stdin.write, lines(0, 30) + bad_lines(2))
        self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
        self.assertEqual(self.read("out"), expected_lines(0, 30))
        self.assertEqual(self.read("shapes").count(b"\n"), 2)

    def test_a_writer_that_never_pauses_does_not_hold_us(self):
        writer = subprocess.Popen(["yes", line(0).decode()], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, writer)
        process = self.start(*WITHOUT_KEYS, "--append", "-o", "/dev/null", stdin=writer.stdout)
        writer.stdout.close()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        begin = time.monotonic()
        self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertLess(time.monotonic() - begin, 10)

    def test_a_replaced_file_is_as_it_was_whatever_is_in_the_pipe(self):
        target = self.write("out", b"old\n")
        process = self.start(*WITHOUT_KEYS, "-o", target, bufsize=0)
        self.stop_with(process, process.stdin.write, lines(0, 30))
        self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
        self.assertEqual(self.read("out"), b"old\n")
        self.assert_no_temporary_file()


class Skeletons(CommandTest):
    """A format that does not fit is mended by looking at what did not fit it."""

    def test_are_kept_when_the_run_ends_with_too_many(self):
        log = self.write("a.log", lines(0, 80) + bad_lines(40))
        target = self.write("out", b"old\n")
        for number, output in enumerate(([], ["-o", target], ["--append", "-o", self.path("appended")])):
            shapes = self.path("shapes%d" % number)
            self.run_command(*WITHOUT_KEYS, *output, "--on-reject", "skeleton", "--rejects", shapes, log, code=3)
            with open(shapes, "rb") as file:
                text = file.read()
            self.assertEqual(text.count(b"\n"), 40)
            self.assert_no_canary(text, "the file of skeletons")
        self.assertEqual(self.read("out"), b"old\n")
        self.assert_no_temporary_file()

    def test_are_kept_when_the_first_lines_show_a_wrong_format(self):
        log = self.write("a.log", bad_lines(3000))
        for output in ([], ["--append", "-o", self.path("out")]):
            self.run_command(*WITHOUT_KEYS, *output, "--on-reject", "skeleton", "--rejects", self.path("shapes"), log,
                             code=3)
            self.assertGreaterEqual(self.read("shapes").count(b"\n"), 1000)
            os.unlink(self.path("shapes"))

    def test_are_kept_for_every_file_of_a_directory(self):
        os.mkdir(self.path("clean"))
        first = self.write("a.log", lines(0, 50) + bad_lines(1))
        second = self.write("b.log", lines(0, 50) + bad_lines(40))
        self.run_command(*WITHOUT_KEYS, "-o", self.path("clean"), "--on-reject", "skeleton", "--rejects",
                         self.path("shapes"), first, second, code=3)
        self.assertEqual(self.read("shapes").count(b"\n"), 41)

    def test_are_held_back_in_no_packed_file_while_the_writer_pauses(self):
        process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path("out"), "--on-reject", "skeleton", "--rejects",
                             self.path("shapes.gz"), bufsize=0)
        for count in (1, 2):
            process.stdin.write(lines(0, 20) + bad_lines(1))

            def is_packed():
                try:
                    return gzip.decompress(self.read("shapes.gz")).count(b"\n") == count
                except (FileNotFoundError, EOFError, gzip.BadGzipFile):
                    return False  # not begun, or in the middle of a write
            wait_until(is_packed, 20)
        self.assertEqual(self.finish(process).returncode, 0)

    def test_another_failure_leaves_the_old_file(self):
        shapes = self.write("shapes", b"old\n")
        broken = self.write("broken.gz", b"\x1f\x8b\x08\x00nonsense")
        self.run_command(*WITHOUT_KEYS, "--on-reject", "skeleton", "--rejects", shapes, broken, code=1)
        self.assertEqual(self.read("shapes"), b"old\n")
        self.assert_no_temporary_file()

    def test_a_full_disk_is_told_once(self):
        log = self.write("a.log", bad_lines(2000))
        for append in ([], ["--append", "-o", self.path("out")]):
            result = self.run_command(*WITHOUT_KEYS, *append, "--max-reject", "100%", "--on-reject", "skeleton",
                                      "--rejects", "/dev/full", log, code=1)
            self.assertEqual(result.stderr.count("/dev/full: No space left"), 1, result.stderr)


class Loggers(CommandTest):
    """A logger that runs for months has nobody who looks at its exit code."""

    def said_so_far(self, process, words):
        end, said = time.monotonic() + 20, b""
        while words not in said and time.monotonic() < end:
            if select.select([process.stderr], [], [], 0.1)[0]:
                said += os.read(process.stderr.fileno(), 65536)
        self.assertIn(words, said)
        self.assert_no_canary(said, "standard error")
        return said

    def test_rejects_among_the_first_lines_are_told_before_there_are_a_thousand(self):
        process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path("out"), bufsize=0)
        process.stdin.write(lines(0, 2) + bad_lines(10))
        said = self.said_so_far(process, b"10 of the first 12 lines were rejected")
        self.assertIn(b"-f", said)
        process.stdin.write(bad_lines(20))
        result = self.finish(process)
        self.assertEqual(result.returncode, 3)
        self.assertNotIn("of the first", result.stderr)

    def test_few_rejects_are_not_told(self):
        process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path("out"), bufsize=0)
        process.stdin.write(lines(0, 95) + bad_lines(10))
        wait_until(lambda: os.path.exists(self.path("out")) and self.read("out").count(b"\n") == 95)
        process.stdin.write(lines(0, 3))
        wait_until(lambda: self.read("out").count(b"\n") == 98)
        self.assertNotIn("of the first", self.finish(process).stderr)

    def test_a_file_is_judged_at_its_end_only(self):
        log = self.write("a.log", bad_lines(60))
        self.assertNotIn("of the first", self.run_command(*WITHOUT_KEYS, log, code=3).stderr)

    def test_rejects_after_the_first_thousand_lines_are_told_and_not_again_at_once(self):
        process = self.start(*WITHOUT_KEYS, "--append", "-o", self.path("out"), bufsize=0)
        process.stdin.write(lines(0, 3000))
        wait_until(lambda: os.path.exists(self.path("out")) and self.read("out").count(b"\n") == 3000)
        process.stdin.write(bad_lines(3000))
        said = self.said_so_far(process, b" lines were rejected")
        self.assertRegex(said.decode(), r"^anonlog: \d+ of the last \d+ lines were rejected")
        process.stdin.write(bad_lines(5000) + lines(3000, 1))
        wait_until(lambda: self.read("out").count(b"\n") == 3001)
        self.assertIsNone(process.poll())
        result = self.finish(process)
        self.assertEqual(result.returncode, 3)
        self.assertNotIn("of the last", result.stderr)


class LongValues(CommandTest):
    def test_take_no_memory(self):
        with open(os.environ["ANONLOG_BIN"], "rb") as program:
            if b"__asan_init" in program.read():
                self.skipTest("AddressSanitizer needs more address space than this allows")

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (160 << 20, 160 << 20))
        for cls in ("bytes", "text"):
            result = self.run_command("value", cls, data=b"1\n" + b"x" * 40_000_000 + b"\n2\n" + b"y" * 20_000_000,
                                      preexec_fn=limit)
            self.assertEqual(result.stdout, b"1\n-\n2\n-")

    def test_are_values_up_to_the_longest_line(self):
        for size, option in ((65536, ()), (1024, ("--set", "limits.line_bytes=1024"))):
            for end in (b"", b"\n"):
                just = self.run_command("value", "agent", *option, data=b"curl/8".ljust(size, b"x") + end).stdout
                over = self.run_command("value", "agent", *option, data=b"curl/8".ljust(size + 1, b"x") + end).stdout
                self.assertNotEqual(just, b"-" + end)
                self.assertTrue(just.endswith(end))
                self.assertEqual(over, b"-" + end)

    def test_many_short_ones_come_out_whole(self):
        data = b"198.51.100.237\n" * 200000
        self.assertEqual(self.run_command("value", "ip", data=data).stdout, b"198.51.100.0\n" * 200000)


class ExitCodes(CommandTest):
    def test_a_keyring_that_cannot_be_made_is_a_failure_of_the_system(self):
        self.assertIn("No such file", self.message("key", "new", self.path("none/keys"), code=1))
        with open(self.path("file"), "wb"):
            pass
        self.message("key", "new", self.path("file/keys"), code=1)

    def test_a_keyring_that_cannot_be_read_is_a_keyring_error(self):
        self.message("-k", self.path("none/keys"), data=lines(0, 1), code=2)
        self.message("key", "list", self.path("none/keys"), code=2)

    def test_a_keyring_that_is_there_already_or_an_odd_era_is_a_mistake_of_use(self):
        self.message("key", "new", self.keyring(), code=2)
        self.message("key", "new", self.path("k2"), "--era", "a b", code=2)
        self.message("key", "new", self.path("k2"), "--from", "2026-02-01", "--to", "2026-01-01", code=2)
        self.message("key", "new", self.path("none/k2"), "--era", "a b", code=2)

    def test_an_output_that_cannot_be_made_is_a_failure_of_the_system(self):
        for options in (["-o"], ["--append", "-o"]):
            self.assertIn("No such file", self.message(*WITHOUT_KEYS, *options, self.path("none/out"),
                                                       data=lines(0, 1), code=1))


if __name__ == "__main__":
    main()
