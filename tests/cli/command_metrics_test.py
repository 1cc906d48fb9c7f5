"""--metrics: a page that Prometheus accepts, whole at every moment, true to the report, and without a value of the log."""
import gzip
import json
import os
import pathlib
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "../shippers")]
import metrics_page
from command_support import MALFORMED, WITHOUT_KEYS, CommandTest, line, lines, main, wait_until


class Metrics(CommandTest):
    def page(self, name="m.prom"):
        text = self.read(name)
        self.assert_no_canary(text, "the metrics")
        self.assertEqual(metrics_page.promtool_says(text.decode()), "")
        return metrics_page.parse(text.decode())

    def test_says_what_the_report_says(self):
        data = lines(0, 3000) + b"".join(bad + b"\n" for bad in MALFORMED)
        self.run_command("--metrics", self.path("m.prom"), "--report", self.path("r.json"), "-k", self.keyring(), data=data)
        report, page = json.loads(self.read("r.json")), self.page()
        self.assertEqual(metrics_page.of(page, "anonlog_lines_read_total"), report["lines"]["in"])
        self.assertEqual(metrics_page.of(page, "anonlog_lines_written_total"), 3000)
        for cause, count in report["rejects"].items():
            self.assertEqual(metrics_page.of(page, "anonlog_lines_rejected_total", cause=cause), count)
        self.assertEqual(sum(page["anonlog_lines_rejected_total"].values()), len(MALFORMED))
        self.assertEqual(metrics_page.of(page, "anonlog_bytes_read_total"), len(data))
        self.assertEqual(metrics_page.of(page, "anonlog_bytes_written_total"), report["bytes"]["out"])
        self.assertEqual(metrics_page.of(page, "anonlog_values_total", **{"class": "user", "outcome": "tokenised"}), 3000)
        self.assertEqual(metrics_page.of(page, "anonlog_build_info", version=report["anonlog"], preset="balanced",
                                         policy_fingerprint=report["policy_fp"]), 1)
        # The last record is of 2025-10-10 13:55:36, told as coarsely as the policy tells times: to the hour.
        behind = metrics_page.of(page, "anonlog_seconds_behind")
        self.assertLess(abs(time.time() - behind - 1760104799), 60)
        self.assertLess(abs(time.time() - metrics_page.of(page, "anonlog_start_time_seconds")), 60)
        self.assert_no_temporary_file()

    def test_says_of_which_log_it_is_and_can_be_read_by_others(self):
        old = os.umask(0o027)
        try:
            for name in ("access.prom", "error.prom"):
                self.run_command(*WITHOUT_KEYS, "--metrics", self.path(name), data=lines(0, 3))
        finally:
            os.umask(old)
        samples = [{row.split(b" ")[0] for row in self.read(name).splitlines() if not row.startswith(b"#")} for name in ("access.prom", "error.prom")]
        self.assertEqual(samples[0] & samples[1], set())
        self.assertIn(b'anonlog_lines_read_total{log="access"}', samples[0])
        self.assertEqual(os.stat(self.path("access.prom")).st_mode & 0o777, 0o644)

    def test_is_there_from_the_beginning_and_follows_a_log_that_rests(self):
        process = self.start(*WITHOUT_KEYS, "--metrics", self.path("m.prom"))
        wait_until(lambda: os.path.exists(self.path("m.prom")))
        self.assertEqual(metrics_page.of(self.page(), "anonlog_lines_read_total"), 0)
        self.assertNotIn("anonlog_seconds_behind", self.page())
        process.stdin.write(lines(0, 7) + line(7)[:30])
        process.stdin.flush()
        wait_until(lambda: metrics_page.of(self.page(), "anonlog_lines_written_total") == 7)
        self.assertIsNone(process.poll())
        before = os.stat(self.path("m.prom")).st_mtime
        wait_until(lambda: os.stat(self.path("m.prom")).st_mtime > before)  # nothing has come, and it is told anew
        self.finish(process)
        self.assertEqual(metrics_page.of(self.page(), "anonlog_lines_rejected_total", cause="no_format"), 1)

    def test_follows_a_run_of_several_threads(self):
        # A file never pauses. Eight gigabytes, packed, of which the first five seconds are read.
        log = self.write("log.gz", gzip.compress(lines(0, 4000)) * 9000)
        process = self.start(*WITHOUT_KEYS, "-j", "3", "--metrics", self.path("m.prom"), "-o", "/dev/null", log)
        wait_until(lambda: os.path.exists(self.path("m.prom")) and metrics_page.of(self.page(), "anonlog_lines_read_total") > 0)
        self.assertIsNone(process.poll(), "only told at the end")
        process.terminate()
        self.finish(process)
        page = self.page()
        self.assertEqual(metrics_page.of(page, "anonlog_lines_read_total"), metrics_page.of(page, "anonlog_lines_written_total"))

    def test_is_never_seen_half_written(self):
        process = self.start(*WITHOUT_KEYS, "--metrics", self.path("m.prom"))
        wait_until(lambda: os.path.exists(self.path("m.prom")))
        seen, end = set(), time.monotonic() + 12
        while time.monotonic() < end and len(seen) < 2:
            seen.add(os.stat(self.path("m.prom")).st_ino)
            self.page()
        self.assertGreater(len(seen), 1)
        self.finish(process)

    def test_a_stopped_run_has_told_all(self):
        process = self.start(*WITHOUT_KEYS, "--metrics", self.path("m.prom"))
        process.stdin.write(lines(0, 3))
        process.stdin.flush()
        process.stdout.read(1)
        process.terminate()
        self.finish(process)
        self.assertEqual(metrics_page.of(self.page(), "anonlog_lines_written_total"), 3)

    def test_what_can_not_be_written_is_said_once_and_does_not_end_the_run(self):
        os.mkdir(self.path("d"))
        process = self.start(*WITHOUT_KEYS, "--metrics", self.path("d/m.prom"))
        wait_until(lambda: os.path.exists(self.path("d/m.prom")))
        os.remove(self.path("d/m.prom"))
        os.rmdir(self.path("d"))
        said = self.finish(process, lines(0, 5))
        self.assertEqual((said.returncode, said.stdout.count(b"\n")), (0, 5))
        self.assertEqual(said.stderr.count("d/m.prom: No such file"), 1)

    def test_a_place_that_can_not_be_is_an_error_at_once(self):
        name = self.write("a.log", lines(0, 2))
        for place, code in (("-", 2), ("/dev/null", 1), ("/dev/stdout", 2), (self.folder, 1), (self.path("none/m.prom"), 1), (name, 1)):
            with self.subTest(place):
                self.message(*WITHOUT_KEYS, "--metrics", place, name, code=code)
        self.assertIn("a place of their own", self.message(*WITHOUT_KEYS, "--metrics", self.path("o"), "-o", self.path("o"), name))
        self.assertEqual(pathlib.Path(name).read_bytes(), lines(0, 2))


if __name__ == "__main__":
    main()
