"""What the command writes, and what is left when it is stopped: files replaced or appended to, pipes, full disks."""
import gzip
import os
import resource
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (MALFORMED, WITHOUT_KEYS, CommandTest, expected, expected_lines, line, lines, main,
                             wait_until)


class ReplacedFiles(CommandTest):
    def test_is_written_whole_and_only_at_the_end(self):
        target = self.write("out.log", b"old\n")
        os.chmod(target, 0o640)
        process = self.start(*WITHOUT_KEYS, "-o", target)
        process.stdin.write(lines(0, 5000))
        process.stdin.flush()
        wait_until(lambda: any(name.endswith(".tmp") for name in os.listdir(self.folder)))
        self.assertEqual(self.read("out.log"), b"old\n")
        self.assertEqual(self.finish(process).returncode, 0)
        self.assertEqual(self.read("out.log"), expected_lines(0, 5000))
        self.assertEqual(os.stat(target).st_mode & 0o777, 0o640)
        self.assert_no_temporary_file()

    def test_a_failed_run_leaves_the_old_file_and_no_other(self):
        target = self.write("out.log", b"old\n")
        broken = self.write("broken.gz", gzip.compress(lines(0, 5000))[:-100])
        self.run_command(*WITHOUT_KEYS, "-o", target, broken, code=1)
        self.run_command(*WITHOUT_KEYS, "-o", target, data=MALFORMED[0] * 3, code=3)
        self.assertEqual(self.read("out.log"), b"old\n")
        self.assert_no_temporary_file()

    def test_a_stopped_run_leaves_the_old_file_and_no_other_and_dies_by_the_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            target = self.write("out.log", b"old\n")
            process = self.start(*WITHOUT_KEYS, "-o", target)
            process.stdin.write(lines(0, 5000))
            process.stdin.flush()
            wait_until(lambda: any(name.endswith(".tmp") for name in os.listdir(self.folder)))
            process.send_signal(number)
            result = self.finish(process)
            self.assertEqual(result.returncode, -number)
            self.assertIn("out.log is as it was", result.stderr)
            self.assertEqual(self.read("out.log"), b"old\n")
            self.assert_no_temporary_file()

    def test_the_input_is_never_the_output(self):
        name = self.write("a.log", lines(0, 5))
        os.symlink(name, self.path("link"))
        for arguments in (("-o", name), ("-o", self.path("link")), ("-o", name, "--append"), ("--report", name),
                          ("--rejects", name),
                          ("-o", self.folder)):
            said = self.message(*WITHOUT_KEYS, *arguments, name, code=1)
            self.assertIn("a.log", said)
            self.assertEqual(self.read("a.log"), lines(0, 5))
        with open(name, "ab") as file:
            self.message(*WITHOUT_KEYS, name, stdout=file, code=1)
        self.assertEqual(self.read("a.log"), lines(0, 5))

    def test_rejects_and_the_report_are_never_mixed_with_the_lines(self):
        name = self.write("a.log", lines(0, 5))
        out = self.path("out")
        os.mkdir(self.path("clean"))
        for arguments in (("-o", out, "--rejects", out), ("-o", out, "--report", self.path("./out")),
                          ("--rejects", "-"),
                          ("--report", "/dev/stdout"), ("-o", out, "--append", "--rejects", out),
                          ("--rejects", out, "--report", out),
                          ("-o", self.path("clean"), "--report", self.path("clean/a.log"))):
            with self.subTest(arguments):
                self.assertIn("a place of their own", self.message(*WITHOUT_KEYS, *arguments, name))
        with open(out, "wb") as file:
            self.message(*WITHOUT_KEYS, "--rejects", out, name, stdout=file)
        self.output("-o", "/dev/null", "--report", "/dev/null", "--rejects", "/dev/null", name)

    def test_a_place_is_one_however_it_is_spelled_and_before_it_is_there(self):
        name = self.write("a.log", lines(0, 5))
        os.symlink("w1", self.path("link"))
        os.mkdir(self.path("d"))
        spellings = ("w1", "./w1", self.path("w1"), "d/../w1", self.path("d/..//w1"), "link", self.path("link"))

        def check():
            for one in spellings:
                for other in spellings:
                    for arguments in (("--append", "-o", one, "--metrics", other), ("-o", one, "--report", other), ("--rejects", one, "--metrics", other)):
                        with self.subTest(arguments):
                            self.assertIn("a place of their own", self.message(*WITHOUT_KEYS, *arguments, name))
        check()
        self.assertFalse(os.path.exists(self.path("w1")))
        self.write("w1", b"")
        check()
        self.assertEqual(self.read("w1"), b"")
        self.run_command(*WITHOUT_KEYS, "-o", "w1", "--report", "w2", name)

    def test_a_keyring_and_a_policy_are_never_written_over(self):
        keys, policy = self.keyring(), self.write("p.toml", b"[ip]\nv4 = 8\n")
        before = self.read("keys")
        for option in ("-o", "--report", "--rejects"):
            self.assertIn("written over", self.message("-k", keys, option, keys, data=lines(0, 2), code=1))
            self.assertIn("written over", self.message(*WITHOUT_KEYS, "-p", policy, option, policy, data=lines(0, 2),
                                                       code=1))
        self.assertEqual(self.read("keys"), before)

    def test_a_name_says_how_the_output_is_packed(self):
        self.output("-o", self.path("out.gz"), data=lines(0, 50))
        self.assertEqual(gzip.decompress(self.read("out.gz")), expected_lines(0, 50))
        self.output("-o", self.path("out.zst"), data=lines(0, 50))
        self.assertEqual(self.read("out.zst")[:4], b"\x28\xb5\x2f\xfd")
        self.assertEqual(subprocess.run(["zstd", "-dqc", self.path("out.zst")], stdout=subprocess.PIPE,
                                        check=True).stdout,
                         expected_lines(0, 50))

    def test_a_directory_gets_one_file_for_each_with_name_and_packing(self):
        os.mkdir(self.path("in"))
        os.mkdir(self.path("clean"))
        zstd = subprocess.run(["zstd", "-qc"], input=lines(6, 2), stdout=subprocess.PIPE, check=True).stdout
        content = {"a.log": lines(0, 2), "b.gz": gzip.compress(lines(2, 2)), "packed": gzip.compress(lines(4, 2)),
                   "c.zst": zstd,
                   "plain.gz": lines(8, 2), "empty.log": b"", "open": line(10)}
        names = [self.write("in/" + name, data) for name, data in content.items()]
        self.output("-o", self.path("clean"), *names)
        self.assertEqual(sorted(os.listdir(self.path("clean"))), sorted(content))
        self.assertEqual(self.read("clean/a.log"), expected_lines(0, 2))
        self.assertEqual(gzip.decompress(self.read("clean/b.gz")), expected_lines(2, 2))
        self.assertEqual(gzip.decompress(self.read("clean/packed")), expected_lines(4, 2))
        self.assertEqual(subprocess.run(["zstd", "-dqc"], input=self.read("clean/c.zst"), stdout=subprocess.PIPE,
                                        check=True).stdout,
                         expected_lines(6, 2))
        self.assertEqual(self.read("clean/plain.gz"), expected_lines(8, 2))
        self.assertEqual(self.read("clean/empty.log"), b"")
        self.assertEqual(self.read("clean/open"), expected(10))

    def test_a_directory_is_no_output_for_what_has_no_name_of_its_own(self):
        os.mkdir(self.path("clean"))
        os.mkdir(self.path("b"))
        first, twin = self.write("a.log", lines(0, 2)), self.write("b/a.log", lines(2, 2))
        self.assertIn("directory", self.message("-o", self.path("clean")))
        self.assertIn("directory", self.message("-o", self.path("clean"), "-"))
        self.assertIn("a.log", self.message("-o", self.path("clean"), first, twin))
        self.assertIn("directory", self.message("-o", self.path("clean"), "--append", first))
        self.assertIn("none/: no such directory", self.message("-o", self.path("none/"), first, code=1))
        self.assertEqual(os.listdir(self.path("clean")), [])


class AppendedFiles(CommandTest):
    def test_appends(self):
        target = self.write("out.log", b"before\n")
        self.output("--append", "-o", target, data=lines(0, 3))
        self.output("--append", "-o", target, data=lines(3, 3))
        self.assertEqual(self.read("out.log"), b"before\n" + expected_lines(0, 6))
        self.output("--append", "-o", self.path("new.gz"), data=lines(0, 2))
        self.output("--append", "-o", self.path("new.gz"), data=lines(2, 2))
        self.assertEqual(gzip.decompress(self.read("new.gz")), expected_lines(0, 4))

    def test_a_packed_log_can_be_read_whenever_the_writer_pauses(self):
        target = self.path("out.gz")
        process = self.start(*WITHOUT_KEYS, "--append", "-o", target)
        want = b""
        for count in (3, 4000, 1):
            process.stdin.write(lines(0, count))
            process.stdin.flush()
            want += expected_lines(0, count)
            wait_until(lambda: self.is_packed(process, want))
        self.assertEqual(self.finish(process).returncode, 0)

    def is_packed(self, process, want):
        self.assertIsNone(process.poll(), "the run ended by itself")
        try:
            return gzip.decompress(self.read("out.gz")) == want
        except (FileNotFoundError, EOFError, gzip.BadGzipFile):
            return False  # not begun, or in the middle of a write

    def test_a_ctrl_c_that_also_ends_the_writer_leaves_whole_lines(self):
        for _ in range(20):
            process = self.start("-f", '$remote_addr [$time_local] $body_bytes_sent')
            process.stdin.write(b"198.51.100.237 [10/Oct/2025:13:55:36 +0000] 1234\n"
                                b"198.51.100.237 [10/Oct/2025:13:55:36 +0000] 56")
            process.stdin.flush()
            self.assertTrue(select.select([process.stdout], [], [], 10)[0])
            process.send_signal(signal.SIGINT)
            result = self.finish(process)  # closes standard input at once
            self.assertEqual(result.returncode, -signal.SIGINT)
            self.assertEqual(result.stdout, b"198.51.100.0 [10/Oct/2025:13:00:00 +0000] 1234\n")

    def test_goes_on_in_a_new_file_after_a_rename_and_a_hangup(self):
        target = self.path("out.log")
        process = self.start(*WITHOUT_KEYS, "--append", "-o", target)
        process.stdin.write(lines(0, 3) + line(3)[:40])
        process.stdin.flush()
        wait_until(lambda: os.path.exists(target) and self.read("out.log") == expected_lines(0, 3))
        os.rename(target, self.path("out.log.1"))
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: os.path.exists(target))
        process.stdin.write(line(3)[40:] + b"\n" + lines(4, 2))
        result = self.finish(process)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(self.read("out.log.1"), expected_lines(0, 3))
        self.assertEqual(self.read("out.log"), expected_lines(3, 3))

    def test_a_stop_keeps_the_whole_lines(self):
        target = self.path("out.log")
        process = self.start(*WITHOUT_KEYS, "--append", "-o", target)
        process.stdin.write(lines(0, 3) + line(3)[:40])
        process.stdin.flush()
        wait_until(lambda: os.path.exists(target) and self.read("out.log") != b"")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process).returncode, -signal.SIGTERM)
        self.assertEqual(self.read("out.log"), expected_lines(0, 3))


class Pipes(CommandTest):
    def read_for(self, pipe, seconds):
        end, got = time.monotonic() + seconds, b""
        while (left := end - time.monotonic()) > 0:
            if select.select([pipe], [], [], left)[0]:
                piece = os.read(pipe.fileno(), 1 << 20)
                if not piece:
                    break
                got += piece
        return got

    def read_until(self, pipe, size, seconds=10):
        end, got = time.monotonic() + seconds, b""
        while len(got) < size and time.monotonic() < end:
            if select.select([pipe], [], [], 0.1)[0]:
                got += os.read(pipe.fileno(), 1 << 20)
        return got

    def test_a_writer_that_pauses_holds_no_complete_line_back(self):
        process = self.start(*WITHOUT_KEYS, bufsize=0)
        process.stdin.write(lines(0, 3) + line(3)[:50])
        self.assertEqual(self.read_until(process.stdout, len(expected_lines(0, 3))), expected_lines(0, 3))
        self.assertEqual(self.read_for(process.stdout, 0.3), b"", "a line that is not complete came out")
        for number in range(3, 6):
            process.stdin.write(line(number)[50 if number == 3 else 0:] + b"\n")
            self.assertEqual(self.read_until(process.stdout, len(expected(number)) + 1), expected(number) + b"\n")
        self.finish(process)

    def test_a_packed_pipe_that_pauses_holds_nothing_back(self):
        process = self.start(*WITHOUT_KEYS, bufsize=0)
        for number in range(3):
            process.stdin.write(gzip.compress(line(number) + b"\n"))
            self.assertEqual(self.read_until(process.stdout, len(expected(number)) + 1), expected(number) + b"\n")
        self.finish(process)

    def test_line_buffered_gives_the_same_bytes(self):
        self.assertEqual(self.output("--line-buffered", data=lines(0, 2000)), expected_lines(0, 2000))

    def test_a_reader_that_goes_away_ends_the_run_quietly(self):
        name = self.write("a.log", lines(0, 60000))
        process = self.start(*WITHOUT_KEYS, name)
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        self.assertEqual(process.wait(60), -signal.SIGPIPE)
        self.assertEqual(said, b"")
        process.stderr.close()
        process.stdin.close()
        for command in (("formats",), ("policy", "show"), ("explain", line(1).decode()), ("--help",)):
            read_end, write_end = os.pipe()
            os.close(read_end)
            result = self.finish(self.start(*command, stdout=write_end))
            os.close(write_end)
            self.assertEqual((result.returncode, result.stderr), (-signal.SIGPIPE, ""), command)

    def test_a_stop_while_the_reader_is_slow_leaves_whole_lines(self):
        name = self.write("a.log", lines(0, 60000))
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start(*WITHOUT_KEYS, name)
            got = os.read(process.stdout.fileno(), 1000)
            time.sleep(0.2)
            process.send_signal(number)
            time.sleep(0.05)
            result = self.finish(process)
            got += result.stdout
            self.assertEqual(result.returncode, -number)
            self.assertTrue(expected_lines(0, 60000).startswith(got))
            self.assertTrue(got.endswith(b"\n"), "half a line is out")


    def test_a_signal_that_the_parent_ignores_stays_ignored(self):
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            process = self.start(*WITHOUT_KEYS, preexec_fn=lambda: signal.signal(number, signal.SIG_IGN))
            process.stdin.write(lines(0, 1))
            process.stdin.flush()
            self.assertTrue(select.select([process.stdout], [], [], 10)[0])
            process.send_signal(number)
            result = self.finish(process, lines(1, 1))
            self.assertEqual((result.returncode, result.stdout), (0, expected_lines(0, 2)))


class FullDisks(CommandTest):
    def limited(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

    def test_a_full_device_is_an_error_that_names_it(self):
        for command in (WITHOUT_KEYS, ("formats",), ("policy", "show"), ("--version",), ("value", "bytes")):
            with open("/dev/full", "wb") as full:
                said = self.message(*command, data=lines(0, 3), stdout=full, code=1)
            self.assertIn("standard output: No space left on device", said)
        self.assertIn("/dev/full: No space left", self.message(*WITHOUT_KEYS, "-o", "/dev/full", data=lines(0, 3),
                                                               code=1))
        self.assertIn("/dev/full: No space left", self.message(*WITHOUT_KEYS, "--report", "/dev/full", data=lines(0,
                3), code=1))

    def test_a_limit_on_the_size_of_files_leaves_whole_lines_or_the_old_file(self):
        target = self.write("out.log", b"old\n")
        said = self.message(*WITHOUT_KEYS, "-o", target, data=lines(0, 5000), preexec_fn=self.limited, code=1)
        self.assertIn("out.log: File too large", said)
        self.assertEqual(self.read("out.log"), b"old\n")
        self.assert_no_temporary_file()
        said = self.message(*WITHOUT_KEYS, "--append", "-o", self.path("log"), data=lines(0, 5000),
                            preexec_fn=self.limited, code=1)
        self.assertIn("log: File too large", said)
        with open(self.path("shell"), "wb") as file:
            said = self.message(*WITHOUT_KEYS, stdout=file, data=lines(0, 5000), preexec_fn=self.limited, code=1)
        self.assertIn("standard output: File too large", said)
        for name in ("log", "shell"):
            self.assertTrue(self.read(name).endswith(b"\n"), name + " ends in half a line")
            self.assertTrue(expected_lines(0, 5000).startswith(self.read(name)))
            self.assertGreater(len(self.read(name)), 50000)

    def test_a_closed_output_is_an_error(self):
        result = self.run_command(*WITHOUT_KEYS, data=lines(0, 3), preexec_fn=lambda: os.close(1), code=1)
        self.assertIn("standard output: ", result.stderr)

    def test_what_cannot_be_written_is_said_before_anything_is_read(self):
        nowhere = self.path("none/file")
        for option in ("-o", "--report", "--rejects"):
            result = self.run_command(*WITHOUT_KEYS, option, nowhere, data=lines(0, 3), code=1)
            self.assertIn("none/file: No such file or directory", result.stderr)
            self.assertEqual(result.stdout, b"")


if __name__ == "__main__":
    main()
