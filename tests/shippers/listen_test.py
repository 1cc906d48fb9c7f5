"""anonlog-listen by itself: what comes as datagrams comes out as lines, in order; what goes wrong is counted and never a raw line."""
import os
import re
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "cli")]
import command_support
import metrics_page
from command_support import CommandTest, WITHOUT_KEYS, expected, expected_lines, line, main, wait_until
from shipper_support import LISTEN
from local_servers import free_port  # shipper_support has made its folder known

command_support.THREADS = None
HEAD = b"<190>Nov 26 08:00:00 web1 nginx: "


class ListenTest(CommandTest):
    def begin(self, *arguments, **options):
        """A listener on a Unix socket that is ready, and a socket to send to it."""
        self.place = self.path("s")
        process = self.start_program(LISTEN, "--unix", self.place, *WITHOUT_KEYS, *arguments, **options)
        self.wait_until_ready(process)
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        channel.connect(self.place)
        self.addCleanup(channel.close)
        return process, channel

    def start_program(self, *command, **options):
        for stream in ("stdin", "stdout", "stderr"):
            options.setdefault(stream, subprocess.PIPE)
        process = subprocess.Popen(command, env=self.environment, cwd=self.folder, **options)
        self.addCleanup(self.end, process)
        return process

    def start_with(self, *sockets, arguments=()):
        """A listener that these sockets are handed to, as systemd does it."""
        numbers = [each.fileno() for each in sockets]

        def place():
            for i, number in enumerate(numbers):
                os.dup2(number, 100 + i)
            for i in range(len(numbers)):
                os.dup2(100 + i, 3 + i)
        # The number of the process is known only in it.
        code = "import os,sys; os.environ['LISTEN_PID'] = str(os.getpid()); os.execv(sys.argv[1], sys.argv[1:])"
        self.environment["LISTEN_FDS"] = str(len(numbers))
        return self.start_program(sys.executable, "-c", code, LISTEN, *WITHOUT_KEYS, "-o", self.path("out"), *arguments, preexec_fn=place, close_fds=False)

    def wait_until_ready(self, process):
        def is_ready():
            self.assertIsNone(process.poll(), "it ended by itself")
            return os.path.exists(self.place)
        wait_until(is_ready)
        command_support.wait_for_sleep(process)

    def stop(self, process, code=0):
        process.send_signal(signal.SIGTERM)
        result = self.finish(process, timeout=20)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def refused(self, *arguments, code=2):
        process = self.start_program(LISTEN, *arguments)
        result = self.finish(process, timeout=20)
        self.assertEqual((result.returncode, result.stderr.count("\n"), result.stdout), (code, 1, b""), result.stderr)
        return result.stderr

    def assert_has(self, name, content):
        wait_until(lambda: os.path.exists(self.path(name)) and len(self.read(name)) >= len(content), 20)
        self.assertEqual(self.read(name), content)

    def finish(self, process, data=None, timeout=120):
        out, err = process.communicate(data, timeout=timeout)
        self.assert_no_canary(err or b"", "standard error")
        self.assert_no_canary(out or b"", "standard output")
        said = (err or b"").decode("ascii")
        for each in said.splitlines():
            self.assertTrue(each.startswith("anonlog"), "a message without a name: " + each)
        return subprocess.CompletedProcess(process.args, process.returncode, out or b"", said)


class Lines(ListenTest):
    def test_each_datagram_becomes_one_line_in_order_without_its_head(self):
        process, channel = self.begin("-f", "combined", "-o", self.path("out"))
        for number in range(500):
            channel.send(HEAD + line(number))
        self.assert_has("out", expected_lines(0, 500))
        self.assertEqual(self.stop(process).stderr, "")
        self.assertFalse(os.path.exists(self.place), "the socket was left behind")

    def test_heads_of_every_kind_are_left_out_or_kept(self):
        heads = [HEAD, b"<190>Nov 26 08:00:00 nginx: ", b"<13>1 2026-11-26T08:00:00Z web1 app 4711 - - ", b""]
        process, channel = self.begin("-o", self.path("out"))
        for number, head in enumerate(heads):
            channel.send(head + line(number))
        channel.send(HEAD + line(4) + b"\n")
        channel.send(HEAD + line(5) + b"\0")
        self.assert_has("out", expected_lines(0, 6))
        self.stop(process)
        process, channel = self.begin("--keep-head", "-o", self.path("kept"))
        channel.send(HEAD + line(0))
        self.assert_has("kept", HEAD + expected(0) + b"\n")
        self.stop(process)

    def test_no_datagram_tells_how_another_is_read(self):
        process, channel = self.begin("-o", self.path("out"))
        for message in (b"#Fields: s-port x-event x-event", b"80 canary canary", b"time,client_ip,x_event", b"1,2,canary", line(1)):
            channel.send(HEAD + message)
        self.assert_has("out", expected_lines(1, 1))
        self.stop(process)
        for name in ("w3c", "csv", "tsv", "zeek"):
            self.assertIn("is for files", self.refused("--unix", self.path(name), "-f", name), name)

    def test_udp_of_both_kinds(self):
        for family, address, text in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind((address, 0))
                except OSError:
                    continue  # a machine without IPv6
                port = probe.getsockname()[1]
            process = self.start_program(LISTEN, "--udp", f"{text}:{port}", *WITHOUT_KEYS, "-o", self.path("out" + address))
            command_support.wait_for_sleep(process)
            with socket.socket(family, socket.SOCK_DGRAM) as channel:
                for number in range(200):
                    channel.sendto(HEAD + line(number), (address, port))
            self.assert_has("out" + address, expected_lines(0, 200))
            self.stop(process)

    def test_a_line_feed_inside_would_be_a_second_line_and_is_refused(self):
        process, channel = self.begin("-o", self.path("out"), "--metrics", self.path("m"))
        channel.send(HEAD + line(0))
        channel.send(HEAD + line(1) + b"\n" + line(2))
        channel.send(HEAD + line(1) + b"\n\n")
        channel.send(HEAD + b"\n" + line(1))
        channel.send(HEAD + line(3))
        self.assert_has("out", expected(0) + b"\n" + expected(3) + b"\n")
        self.assertIn("3 refused for a line feed", self.stop(process).stderr)
        page = metrics_page.read(Path(self.path("m")))
        self.assertEqual(metrics_page.of(page, "anonlog_lines_rejected_total", cause="line_feed"), 3)
        self.assertEqual(metrics_page.of(page, "anonlog_lines_read_total"), 5)
        self.assertEqual(metrics_page.promtool_says(self.read("m").decode()), "")

    def test_garbage_and_long_lines_are_counted_rejects_or_safe_lines(self):
        process, channel = self.begin("-o", self.path("out"), "--rejects", self.path("skeletons"), "--on-reject", "skeleton", "--metrics", self.path("m"))
        wild = [os.urandom(size).replace(b"\n", b"") for size in (1, 7, 300, 60000)] + [b"", b"\0", b"<", b"<190>", HEAD, b"canary" * 11000,
                HEAD + b"canary" * 10925, line(1).replace(b"/shop", b"/" + b"canary" * 10800), b'{"user":"canaryuser', b"\xff" * 65000,
                HEAD.replace(b"web1", b"canaryhost-198.51.100.237")]
        for datagram in wild:
            channel.send(datagram)
        channel.send(HEAD + line(9))
        wait_until(lambda: os.path.exists(self.path("out")) and expected(9) in self.read("out"))
        self.stop(process)
        for name in ("out", "skeletons", "m"):
            self.assert_no_canary(self.read(name), name)
            self.assertNotIn(b"\xff", self.read(name))
        page = metrics_page.read(Path(self.path("m")))
        read, written = (metrics_page.of(page, f"anonlog_lines_{what}_total") for what in ("read", "written"))
        rejected = sum(page["anonlog_lines_rejected_total"].values())
        self.assertEqual((read, written + rejected), (len(wild) + 1, len(wild) + 1))
        self.assertEqual(self.read("out").count(b"\n"), written)
        self.assertGreater(metrics_page.of(page, "anonlog_lines_rejected_total", cause="too_long"), 1)

    def test_a_line_of_64_kib_through_udp(self):
        port = free_port()
        process = self.start_program(LISTEN, "--udp", f"127.0.0.1:{port}", *WITHOUT_KEYS, "-f", "combined", "-o", self.path("out"))
        command_support.wait_for_sleep(process)
        long = line(1).replace(b"/shop", b"/shop?" + b"&".join(b"k=canary" for _ in range(7000)))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.sendto(HEAD + long, ("127.0.0.1", port))
            channel.sendto(HEAD + line(2), ("127.0.0.1", port))
        wait_until(lambda: os.path.exists(self.path("out")) and self.read("out").endswith(expected(2) + b"\n"))
        self.stop(process)
        self.assert_no_canary(self.read("out"), "out")
        self.assertEqual(self.read("out").count(b"\n"), 2)


    def test_a_datagram_that_was_cut_is_no_line(self):
        policy = self.write("p.toml", b'version = 1\n[limits]\nline_bytes = 1024\n')
        process, channel = self.begin("-p", policy, "-f", "combined", "-v", "-o", self.path("out"))
        head = b'<13>1 2026-11-26T08:00:00Z web1 app 4711 - [a b="' + b"x" * 1250 + b'"] '
        channel.send(head + line(1).replace(b"8.5.0", b"8" * 8000))
        channel.send(head + line(2))
        self.assert_has("out", expected(2) + b"\n")
        self.assertIn("1 too_long", self.stop(process).stderr)


class Endings(ListenTest):
    def test_a_stop_takes_what_the_socket_holds_and_ends_well(self):
        port = free_port()
        process = self.start_program(LISTEN, "--udp", f"127.0.0.1:{port}", *WITHOUT_KEYS, "-o", self.path("out"))
        command_support.wait_for_sleep(process)
        process.send_signal(signal.SIGSTOP)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            for number in range(1000):
                channel.sendto(HEAD + line(number), ("127.0.0.1", port))
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(self.finish(process).returncode, 0)
        self.assertEqual(self.read("out"), expected_lines(0, 1000))

    def test_what_the_kernel_drops_is_counted(self):
        port = free_port()
        process = self.start_program(LISTEN, "--udp", f"127.0.0.1:{port}", *WITHOUT_KEYS, "-o", self.path("out"), "--metrics", self.path("m"))
        command_support.wait_for_sleep(process)
        process.send_signal(signal.SIGSTOP)
        sent = 60000
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            for number in range(sent):
                channel.sendto(HEAD + line(number), ("127.0.0.1", port))
        process.send_signal(signal.SIGCONT)
        wait_until(lambda: os.path.exists(self.path("out")))
        self.assertIn("dropped by the kernel", self.stop(process).stderr)
        page = metrics_page.read(Path(self.path("m")))
        dropped = metrics_page.of(page, "anonlog_datagrams_dropped_total")
        self.assertGreater(dropped, 0)
        self.assertEqual(dropped + metrics_page.of(page, "anonlog_datagrams_received_total"), sent)
        self.assertEqual(self.read("out").count(b"\n"), sent - dropped)

    def test_a_kill_loses_at_most_what_was_in_hand_and_its_socket_is_taken_over(self):
        process, channel = self.begin("-o", self.path("out"))
        for number in range(100):
            channel.send(HEAD + line(number))
        self.assert_has("out", expected_lines(0, 100))
        process.kill()
        process.wait()
        process, channel = self.begin("-o", self.path("out"))
        channel.send(HEAD + line(100))
        self.assert_has("out", expected_lines(0, 101))
        self.stop(process)

    def test_a_socket_in_use_and_a_file_are_left_alone(self):
        process, channel = self.begin("-o", self.path("out"))
        self.assertIn("in use", self.refused("--unix", self.place))
        self.write("file", b"mine\n")
        self.assertIn("in use", self.refused("--unix", self.path("file")))
        self.assertEqual(self.read("file"), b"mine\n")
        channel.send(HEAD + line(0))
        self.assert_has("out", expected_lines(0, 1))
        self.stop(process)

    def test_a_full_disk_costs_counted_lines_and_no_more(self):
        os.symlink("/dev/full", self.path("out"))
        process, channel = self.begin("-o", self.path("out"), "--metrics", self.path("m"))
        for number in range(20):
            channel.send(HEAD + line(number))
        page = metrics_page.wait_for(Path(self.path("m")), lambda page: metrics_page.of(page, "anonlog_lines_lost_total") == 20)
        self.assertEqual(metrics_page.of(page, "anonlog_lines_written_total"), 20)
        os.remove(self.path("out"))  # room again
        wait_until(lambda: channel.send(HEAD + line(20)) and os.path.exists(self.path("out")) and expected(20) in self.read("out"))
        said = self.stop(process).stderr
        self.assertIn("No space left", said)
        self.assertLess(said.count("No space left"), 8)
        self.assertRegex(said, r"[1-9]\d* lines lost")
        for arguments in ((), ("-o", "-")):
            with open("/dev/full", "wb") as full:
                process, channel = self.begin(*arguments, stdout=full)
                channel.send(HEAD + line(0))
                self.assertEqual(self.finish(process).returncode, 1)
        self.assertNotIn("standard output", os.listdir(self.folder))

    def lost(self, metrics, received):
        """What came in is in the counts: written or lost, and nothing beside."""
        page = metrics_page.read(Path(metrics))
        self.assertEqual(metrics_page.of(page, "anonlog_datagrams_received_total"), received)
        return metrics_page.of(page, "anonlog_lines_lost_total")

    def test_a_reader_that_goes_away_ends_it_and_costs_counted_lines(self):
        process, channel = self.begin("--metrics", self.path("m"))
        channel.send(HEAD + line(0))
        self.assertEqual(process.stdout.readline(), expected(0) + b"\n")
        process.send_signal(signal.SIGSTOP)
        for number in range(1, 9):
            channel.send(HEAD + line(number))
        process.stdout.close()
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(20), 1)
        said = process.stderr.read().decode()
        self.assertIn("the reader of standard output is gone", said)
        self.assertIn("8 lines lost", said)
        self.assertEqual(self.lost(self.path("m"), 9), 8)

    def test_a_reader_that_takes_no_more_does_not_hold_up_a_stop_and_costs_counted_lines(self):
        port = free_port()
        process = self.start_program(LISTEN, "--udp", f"127.0.0.1:{port}", *WITHOUT_KEYS, "-f", "combined", "--metrics", self.path("m"))
        command_support.wait_for_sleep(process)
        sent = 13000
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            for number in range(sent):
                channel.sendto(HEAD + line(number % 1000), ("127.0.0.1", port))
                if number % 100 == 0:
                    time.sleep(0.002)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(3)
        result = self.finish(process, timeout=20)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("took no more before the end", result.stderr)
        page = metrics_page.read(Path(self.path("m")))
        dropped = metrics_page.of(page, "anonlog_datagrams_dropped_total")
        lost = self.lost(self.path("m"), sent - dropped)
        self.assertGreater(lost, 0)
        self.assertEqual(result.stdout.count(b"\n") + lost + dropped, sent)  # half a line may be the last: it is lost

    def test_a_stop_by_the_policy_counts_what_it_costs(self):
        process, channel = self.begin("-f", "combined", "--on-reject", "fail", "-o", self.path("out"), "--metrics", self.path("m"))
        process.send_signal(signal.SIGSTOP)
        for message in (line(0), b"canary", line(1), line(2), line(3)):
            channel.send(HEAD + message)
        process.send_signal(signal.SIGCONT)
        result = self.finish(process, timeout=20)
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(self.read("out"), expected_lines(0, 1))
        self.assertIn("3 lines lost", result.stderr)
        self.assertEqual(self.lost(self.path("m"), 5), 3)

    def test_what_a_socket_of_somebody_else_holds_is_left_for_the_next_run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            udp.bind(("127.0.0.1", 0))
            for message in (b"canary", *map(line, range(40))):
                channel.sendto(HEAD + message, udp.getsockname())
            result = self.finish(self.start_with(udp, arguments=("-f", "combined", "--on-reject", "fail")), timeout=20)
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertIn(" 31 lines lost", result.stderr)  # those that came with the reject in one call
            process = self.start_with(udp)
            self.assert_has("out", expected_lines(31, 9))
            self.stop(process)

    def test_a_socket_that_was_shut_down_is_left_alone_and_costs_no_time(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            udp.bind(("127.0.0.1", 0))
            local.bind(self.path("local"))
            process = self.start_with(udp, local)
            channel.sendto(HEAD + line(0), udp.getsockname())
            self.assert_has("out", expected_lines(0, 1))
            local.shutdown(socket.SHUT_RDWR)
            time.sleep(0.3)

            def seconds():
                with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
                    return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")
            before = seconds()
            time.sleep(1)
            self.assertLess(seconds() - before, 0.3)
            channel.sendto(HEAD + line(1), udp.getsockname())
            self.assert_has("out", expected_lines(0, 2))
            try:
                udp.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is done, and says that nobody is connected
            result = self.finish(process, timeout=20)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertEqual(result.stderr.count("was shut down; it is not read any more"), 2)
            self.assertIn("no socket is left", result.stderr)


class Reloads(ListenTest):
    def test_a_hangup_opens_the_files_anew_and_loses_nothing(self):
        process, channel = self.begin("-o", self.path("out"))
        for number in range(300):
            channel.send(HEAD + line(number))
            if number % 100 == 50:
                os.rename(self.path("out"), self.path(f"out.{number}")) if os.path.exists(self.path("out")) else None
                process.send_signal(signal.SIGHUP)
                wait_until(lambda: os.path.exists(self.path("out")))
        wait_until(lambda: expected(299) in self.read("out"))
        self.stop(process)
        parts = [self.read(f"out.{number}") for number in (50, 150, 250) if os.path.exists(self.path(f"out.{number}"))]
        self.assertEqual(b"".join(parts) + self.read("out"), expected_lines(0, 300))
        self.assertGreater(len(parts), 1)

    def test_a_changed_policy_is_taken_over_and_one_with_an_error_is_not(self):
        policy = self.write("p.toml", b"version = 1\n[ip]\nv4 = 24\n")
        process, channel = self.begin("-p", policy, "-o", self.path("out"), "--metrics", self.path("m"))
        channel.send(HEAD + line(0))
        self.assert_has("out", expected_lines(0, 1))

        def change(text, wanted):
            self.write("p.toml", text)
            process.send_signal(signal.SIGHUP)
            metrics_page.wait_for(Path(self.path("m")), wanted)

        fingerprint = lambda page: dict(next(iter(page["anonlog_build_info"])))["policy_fingerprint"]
        first = fingerprint(metrics_page.read(Path(self.path("m"))))
        change(b"version = 1\n[ip]\nv4 = 8\n", lambda page: fingerprint(page) != first)
        channel.send(HEAD + line(1))
        wider = expected(1).replace(b"198.51.100.0", b"198.0.0.0") + b"\n"
        self.assert_has("out", expected_lines(0, 1) + wider)
        change(b"version = 1\n[ip]\nv4 = \"canary\"\n", lambda page: metrics_page.of(page, "anonlog_failed_reloads_total") == 1)
        channel.send(HEAD + line(1))
        self.assert_has("out", expected_lines(0, 1) + wider * 2)
        said = self.stop(process).stderr
        self.assertIn("p.toml:3", said)
        self.assertIn("going on with the old policy", said)
        page = metrics_page.read(Path(self.path("m")))
        self.assertEqual(metrics_page.of(page, "anonlog_lines_read_total"), 3)  # of all policies together

    def test_a_reload_takes_over_no_policy_that_a_start_would_refuse_or_that_would_end_it(self):
        policy = self.write("p.toml", b"version = 1\n")
        process, channel = self.begin("-f", "combined", "-p", policy, "-o", self.path("out"), "--metrics", self.path("m"))
        for number, action in enumerate((b"fail", b"skeleton")):
            self.write("p.toml", b'version = 1\n[rejects]\naction = "%s"\n' % action)
            process.send_signal(signal.SIGHUP)
            metrics_page.wait_for(Path(self.path("m")), lambda page: metrics_page.of(page, "anonlog_failed_reloads_total") == number + 1)
            channel.send(HEAD + b"canary")
            channel.send(HEAD + line(number))
            self.assert_has("out", expected_lines(0, number + 1))
        said = self.stop(process).stderr
        self.assertIn("by a restart only", said)
        self.assertIn("needs --rejects FILE", said)

    def test_without_a_change_the_forgotten_keys_stay(self):
        self.place = self.path("s")
        process = self.start_program(LISTEN, "--unix", self.place, "-o", self.path("out"))
        self.wait_until_ready(process)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.connect(self.place)
            for _ in range(2):
                channel.send(HEAD + line(0))
                wait_until(lambda: os.path.exists(self.path("out")) and self.read("out").endswith(b"\n"))
                size = len(self.read("out"))
                process.send_signal(signal.SIGHUP)
                time.sleep(0.2)
            wait_until(lambda: len(self.read("out")) > size or self.read("out").count(b"\n") == 2)
        self.stop(process)
        users = re.findall(rb"u-[a-z2-7]{16}", self.read("out"))
        self.assertEqual((len(users), len(set(users))), (2, 1))


class Beginnings(ListenTest):
    def test_only_this_machine_may_send(self):
        for address in ("0.0.0.0:5140", "192.0.2.1:5140", "[::]:5140", "[2001:db8::1]:5140", "localhost:5140", "127.0.0.1", "127.0.0.1:0",
                        "127.0.0.1:99999", "127.0.0.1:5140x", "[::ffff:127.0.0.1]:5140", ":5140", "198.51.100.237"):
            self.assertIn("loopback address and a port", self.refused("--udp", address), address)

    def test_says_what_it_needs(self):
        self.assertIn("needs --udp", self.refused())
        self.assertIn("unknown option --udq", self.refused("--udq", "127.0.0.1:5140"))
        self.assertIn("takes options only", self.refused("198.51.100.237 - canaryuser"))
        self.assertIn("needs --rejects", self.refused("--unix", self.path("s"), "--on-reject", "skeleton"))
        os.symlink(self.path("a"), self.path("link"))
        for one, other in ((self.path("a"), self.path("a")), ("a", "./a"), (self.path("a"), "a"), ("./x/../a", "a"), (self.path("link"), "a")):
            self.assertIn("place of their own", self.refused("--unix", self.path("s"), "-o", one, "--metrics", other), (one, other))
            self.assertIn("place of their own", self.refused("--unix", self.path("s"), "--rejects", one, "--metrics", other), (one, other))
        self.write("a", b"")
        self.assertIn("place of their own", self.refused("--unix", self.path("s"), "-o", "a", "--rejects", self.path("link")))
        self.assertFalse(os.path.exists(self.path("s")))

    def test_refuses_a_keyring_that_others_could_read(self):
        keys = self.keyring()
        os.chmod(keys, 0o644)
        self.assertIn("keys", self.refused("--unix", self.path("s"), "-k", keys, "-o", self.path("out")))
        self.assertFalse(os.path.exists(self.path("out")))
        self.assertFalse(os.path.exists(self.path("s")))

    def test_a_policy_and_a_keyring_are_never_written_over(self):
        keys, policy = self.keyring(), self.write("p.toml", b"version = 1\n")
        for option in ("-o", "--rejects", "--metrics"):
            for read in (keys, policy):
                self.assertIn("written over", self.refused("--unix", self.path("s"), "-k", keys, "-p", policy, option, read, code=1))

    def test_takes_sockets_that_are_handed_over_and_only_such(self):
        start = self.start_with
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
            udp.bind(("127.0.0.1", 0))
            local.bind(self.path("local"))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
                channel.sendto(HEAD + line(0), udp.getsockname())  # before it starts: kept by the socket
            process = start(udp, local)
            self.assert_has("out", expected_lines(0, 1))
            process.kill()
            process.wait()
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.sendto(HEAD + line(1), self.path("local"))  # while it is away
            process = start(udp, local)
            self.assert_has("out", expected_lines(0, 2))
            self.assertEqual(self.stop(process).returncode, 0)
            self.assertTrue(os.path.exists(self.path("local")), "a socket of somebody else was removed")
        for kind, address in ((socket.SOCK_STREAM, "127.0.0.1"), (socket.SOCK_DGRAM, "0.0.0.0")):
            with socket.socket(socket.AF_INET, kind) as wrong:
                wrong.bind((address, 0))
                result = self.finish(start(wrong), timeout=20)
                self.assertEqual(result.returncode, 2)
                self.assertIn("LISTEN_FDS", result.stderr)


if __name__ == "__main__":
    if not os.access(LISTEN, os.X_OK):
        raise SystemExit(f"no program at {LISTEN}: build it first")
    main()
