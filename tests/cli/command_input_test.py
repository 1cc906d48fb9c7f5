"""What the command reads: standard input, files, packed ones; and that every byte of the result is where it belongs."""
import gzip
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import (MALFORMED, WITHOUT_KEYS, CommandTest, expected, expected_lines, line, lines, main,
                             wait_until)


class Inputs(CommandTest):
    def zstd(self, content):
        if shutil.which("zstd") is None:
            self.fail("the program zstd is needed to make the input of this test")
        return subprocess.run(["zstd", "-qc"], input=content, stdout=subprocess.PIPE, check=True).stdout

    def test_reads_standard_input_and_a_dash_and_a_file_alike(self):
        log, want = lines(0, 20), expected_lines(0, 20)
        self.assertEqual(self.output(data=log), want)
        self.assertEqual(self.output("-", data=log), want)
        self.assertEqual(self.output(self.write("a.log", log)), want)
        with open(self.path("a.log"), "rb") as file:
            self.assertEqual(self.output(stdin=file, data=None), want)

    def test_reads_a_fifo_and_what_the_shell_calls_a_file(self):
        os.mkfifo(self.path("fifo"))
        process = self.start(*WITHOUT_KEYS, self.path("fifo"))
        ends = []

        def is_open():  # opening it for good would wait for ever if the run has failed
            try:
                ends.append(os.open(self.path("fifo"), os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                self.assertIsNone(process.poll(), "the run ended before it read the fifo")
            return ends

        wait_until(is_open)
        os.write(ends[0], lines(0, 3))
        os.close(ends[0])
        self.assertEqual(self.finish(process).stdout, expected_lines(0, 3))
        self.assertEqual(self.output("/dev/stdin", data=lines(0, 3)), expected_lines(0, 3))

    def test_reads_several_files_in_their_order_and_a_dash_among_them(self):
        first, second = self.write("b.log", lines(0, 3)), self.write("a.log", lines(3, 3))
        self.assertEqual(self.output(first, second), expected_lines(0, 6))
        self.assertEqual(self.output(second, "-", first, data=lines(9, 2)),
                         expected_lines(3, 3) + expected_lines(9, 2) + expected_lines(0, 3))

    def test_knows_packed_input_by_its_content_not_by_its_name(self):
        log, want = lines(0, 500), expected_lines(0, 500)
        members = gzip.compress(lines(0, 200)) + gzip.compress(b"") + gzip.compress(lines(200, 300))
        frames = self.zstd(lines(0, 200)) + self.zstd(lines(200, 300))
        for name, content in [("a.gz", gzip.compress(log)), ("a.zst", self.zstd(log)),
                              ("plain.txt", gzip.compress(log)),
                              ("wrong.gz", self.zstd(log)), ("wrong.zst", gzip.compress(log)), ("plain.gz", log),
                              ("members.gz", members), ("frames.zst", frames)]:
            with self.subTest(name):
                self.assertEqual(self.output(self.write(name, content)), want)
                self.assertEqual(self.output(data=content), want)
        mixed = [self.write("m1", gzip.compress(lines(0, 2))), self.write("m2", lines(2, 2)),
                 self.write("m3", self.zstd(lines(4, 2)))]
        self.assertEqual(self.output(*mixed), expected_lines(0, 6))

    def test_a_line_cut_between_two_gzip_members_is_one_line(self):
        log = lines(0, 2)
        self.assertEqual(self.output(data=gzip.compress(log[:77]) + gzip.compress(log[77:])), expected_lines(0, 2))

    def test_a_missing_last_newline_stays_missing(self):
        self.assertEqual(self.output(data=line(1)), expected(1))
        self.assertEqual(self.output(data=lines(0, 1) + line(1)), expected_lines(0, 1) + expected(1))

    def test_a_missing_last_newline_joins_no_two_records(self):
        first, second = self.write("a", line(1)), self.write("b", line(2))
        self.assertEqual(self.output(first, second), expected(1) + b"\n" + expected(2))
        empty = self.write("empty", b"")
        self.assertEqual(self.output(first, empty), expected(1))
        target = self.path("out")
        self.output("-o", target, "--append", first)
        self.output("-o", target, "--append", second)
        self.assertEqual(self.read("out"), expected(1) + b"\n" + expected(2))

    def test_carriage_returns_stay(self):
        log = line(1) + b"\r\n" + line(2) + b"\n" + line(3) + b"\r"
        self.assertEqual(self.output(data=log), expected(1) + b"\r\n" + expected(2) + b"\n" + expected(3) + b"\r")

    def test_bytes_that_are_no_text_stop_nothing_and_do_not_come_out(self):
        strange = line(5).replace(b"curl/8.5.0", b"curl/8.5.0\x00\xff\xfe\x80\x1b[31m")
        out = self.output(data=lines(0, 3) + strange + b"\n" + lines(6, 3))
        self.assertEqual(out.splitlines()[:3] + out.splitlines()[-3:],
                         (expected_lines(0, 3) + expected_lines(6, 3)).splitlines())
        self.assertEqual(out.count(b"\n"), 7)
        self.assertTrue(all(0x20 <= byte < 0x7F or byte == 10 for byte in out), "a raw byte came out")

    def test_nothing_in_is_nothing_out(self):
        self.assertEqual(self.run_command().stdout, b"")
        self.assertEqual(self.output(self.write("empty", b"")), b"")
        self.assertEqual(self.output(self.write("empty.gz", gzip.compress(b""))), b"")

    def test_blank_lines_are_rejects(self):
        result = self.run_command(*WITHOUT_KEYS, data=lines(0, 40) + b"   \n\n" + lines(40, 5))
        self.assertEqual(result.stdout, expected_lines(0, 45))
        self.assertIn("2 rejected", result.stderr)

    def test_malformed_lines_are_counted_and_nothing_of_them_comes_out(self):
        for bad in MALFORMED:
            result = self.run_command(*WITHOUT_KEYS, data=lines(0, 15) + bad + b"\n" + lines(15, 5))
            self.assertEqual(result.stdout, expected_lines(0, 20))
            self.assertIn("1 rejected", result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1)

    def test_one_byte_at_a_time_gives_the_same_bytes(self):
        log = lines(0, 4) + MALFORMED[0] + b"\n" + line(4) + b"\r\n" + line(5)
        whole = self.output("--max-reject", "50%", data=log)
        for packed in (log, gzip.compress(log), self.zstd(log)):
            process = self.start(*WITHOUT_KEYS, "--max-reject", "50%", bufsize=0)
            for byte in packed:
                process.stdin.write(bytes([byte]))
            self.assertEqual(self.finish(process).stdout, whole)

    def long_line(self, size):
        room = size - len(line(7))
        return line(7).replace(b"canaryagent", b"canaryagent" + b"c" * room)

    def test_a_line_of_64_kib_passes_and_a_longer_one_is_one_reject(self):
        just, over = self.long_line(65536), self.long_line(65537)
        self.assertEqual((len(just), len(over)), (65536, 65537))
        around = lines(0, 10), lines(10, 10)
        self.assertEqual(self.output(data=around[0] + just + b"\n" + around[1]).count(b"\n"), 21)
        for too_long in (over, self.long_line(1 << 20), self.long_line(3 << 20)):
            result = self.run_command(*WITHOUT_KEYS, data=around[0] + too_long + b"\n" + around[1])
            self.assertEqual(result.stdout, expected_lines(0, 20))
            self.assertIn("1 rejected (1 too_long)", result.stderr)

    def test_the_longest_line_is_set_by_the_policy(self):
        log = lines(0, 10) + self.long_line(3000) + b"\n"
        self.assertEqual(self.output("--set", "limits.line_bytes=2048", data=log), expected_lines(0, 10))
        self.assertEqual(self.output("--set", "limits.line_bytes=1000000",
                                     data=lines(0, 1) + self.long_line(900000)).count(b"\n"), 1)

    def test_a_broken_archive_is_an_error_and_only_whole_lines_are_out(self):
        packed = gzip.compress(lines(0, 20000))
        for content in (packed[:-4], packed[: len(packed) * 2 // 3], packed[:-8] + b"\0" * 8,
                        self.zstd(lines(0, 20000))[:-5]):
            name = self.write("broken.gz", content)
            result = self.run_command(*WITHOUT_KEYS, name, code=1)
            self.assertIn("broken.gz: ", result.stderr)
            self.assertTrue(expected_lines(0, 20000).startswith(result.stdout))
            self.assertTrue(result.stdout == b"" or result.stdout.endswith(b"\n"), "half a line is out")

    def test_what_cannot_be_read_is_an_error_that_names_it(self):
        self.assertIn("missing.log: No such file", self.message(self.path("missing.log"), code=1))
        self.assertIn(self.folder + ": Is a directory", self.message(self.folder, code=1))
        handle = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, handle)
        self.assertIn("standard input: Is a directory", self.message(*WITHOUT_KEYS, stdin=handle, data=None, code=1))

    def test_a_file_without_permission_is_an_error_that_names_it(self):
        name = self.write("secret.log", lines(0, 3))
        os.chmod(name, 0)
        options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        self.assertIn("secret.log: Permission denied", self.message(name, code=1, **options))
        self.assertIn("Input/output error", self.message(*WITHOUT_KEYS, "/proc/self/mem", code=1))

    def test_a_missing_file_is_noticed_before_anything_is_written(self):
        result = self.run_command(self.write("a.log", lines(0, 3)), self.path("missing.log"), code=1)
        self.assertEqual(result.stdout, b"")


if __name__ == "__main__":
    main()
