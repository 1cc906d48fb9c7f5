"""What the tests of the command share: log lines full of canaries, and runs whose messages are searched for them.

Every run goes through CommandTest.run_command, which asserts SPEC 4.1 P10: no canary on standard error; and, as every
identifier of the lines is one, none on standard output either.
"""
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BIN = os.environ.get("ANONLOG_BIN")
if not BIN:
    raise SystemExit("command tests: ANONLOG_BIN names no program to test")
THREADS = os.environ.get("ANONLOG_TEST_THREADS")  # for the main job, where a test does not say how many
COMMANDS = ("explain", "value", "formats", "policy", "key", "shipper", "audit", "erase", "export", "find", "unseal")

CANARIES = [b"198.51.100.237", b"2001:db8:77:a1::c4f", b"canary", b"0c0ffee0c0ffee0c"]
NOTICE = "no keyring"  # said once by a run that makes pseudonyms without one

# Signals that whoever started the tests ignores (nohup, a shell's background job) would be ignored by the command too.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)

# No keys are needed where users are dropped: the output is then known to the byte.
WITHOUT_KEYS = ("--set", "user.mode=drop", "--set", "email.mode=drop", "--set", "session.mode=drop")


def line(number):
    """A log line in which everything that could identify is a canary; `number` tells the lines apart."""
    return (b'198.51.100.237 - canaryuser [10/Oct/2025:13:55:36 +0000] '
            b'"GET /shop?token=canarytoken&q=canaryvalue HTTP/1.1" 200 %d '
            b'"https://www.example.com/canaryreferrer?x=1" "curl/8.5.0-canaryagent"' % number)


def expected(number):
    return (b'198.51.100.0 - - [10/Oct/2025:13:00:00 +0000] "GET /shop?token=*&q=* HTTP/1.1"'
            b' 200 %d "https://www.example.com/" "curl/8 (tool)"' % number)


def lines(first, count):
    return b"".join(line(number) + b"\n" for number in range(first, first + count))


def expected_lines(first, count):
    return b"".join(expected(number) + b"\n" for number in range(first, first + count))


# Lines of no format, each with canaries.
MALFORMED = [
    b"198.51.100.237 canaryuser canarytoken",
    b'198.51.100.237 - canaryuser [10/Oct/2025:13:55:36 +0000] "GET /?token=canarytoken',
    b'{"remote_ip":"198.51.100.237","user":"canaryuser"',
    b"2001:db8:77:a1::c4f \xff\xfe canary\x00user",
    b"canary" * 40,
    b'198.51.100.237 - canaryuser [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" canary 1 "-" "-" canarytoken',
]


def wait_until(condition, seconds=60):  # a machine may be busy
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited %d s in vain" % seconds)
        time.sleep(0.01)


def wait_for_sleep(process):
    """Until the command has installed its handlers and waits for its input."""
    def is_asleep():
        with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
            text = file.read()
        caught = int([row.split()[1] for row in text.splitlines() if row.startswith("SigCgt")][0], 16)
        return caught & (1 << (signal.SIGTERM - 1)) and "State:\tS" in text
    wait_until(is_asleep)
    time.sleep(0.05)  # it may have slept for another reason


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="anonlog-command-")
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("ANONLOG_")}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def keyring(self, name="keys"):
        if not os.path.exists(self.path(name)):
            self.run_command("key", "new", self.path(name))
        return self.path(name)

    def assert_no_canary(self, text, where):
        for canary in CANARIES:
            self.assertNotIn(canary, text, "%s holds the canary %r" % (where, canary))

    def assert_no_temporary_file(self, folder=None):
        left = [name for name in os.listdir(folder or self.folder) if name.endswith(".tmp")]
        self.assertEqual(left, [], "a temporary file was left behind")

    def start(self, *arguments, **options):
        if THREADS and (not arguments or arguments[0] not in COMMANDS):
            arguments = ("-j", THREADS, *arguments)
        options.setdefault("env", self.environment)
        options.setdefault("cwd", self.folder)
        for stream in ("stdin", "stdout", "stderr"):
            options.setdefault(stream, subprocess.PIPE)
        process = subprocess.Popen([BIN, *arguments], **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """Nothing outlives a test that failed half way."""
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass

    def finish(self, process, data=None, timeout=120):
        out, err = process.communicate(data, timeout=timeout)
        self.assert_no_canary(err or b"", "standard error")
        self.assert_no_canary(out or b"", "standard output")
        result = subprocess.CompletedProcess(process.args, process.returncode, out or b"", (err or b"").decode("ascii"))
        for said in result.stderr.splitlines():
            self.assertTrue(said.startswith("anonlog: ") or said.startswith(" "), "a message without a name: " + said)
        return result

    def run_command(self, *arguments, data=b"", code=0, **options):
        """Runs the command with `data` on standard input; fails unless it exits with `code`."""
        result = self.finish(self.start(*arguments, **options), data)
        self.assertEqual(result.returncode, code, "exit code of %r; it said: %s" % (arguments, result.stderr))
        return result

    def output(self, *arguments, data=b"", code=0, **options):
        """The bytes that a run without keys gives."""
        return self.run_command(*WITHOUT_KEYS, *arguments, data=data, code=code, **options).stdout

    def message(self, *arguments, code=2, **options):
        """The message of a run that fails: one line that begins with the name of the program."""
        said = self.run_command(*arguments, code=code, **options).stderr
        self.assertEqual(said.count("\n"), 1, "not one line: " + said)
        return said


def main():
    unittest.main(verbosity=1)
