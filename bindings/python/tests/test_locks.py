"""test_locks.py: columns of Python objects let signals and other threads in, and close() neither waits for its own thread nor leaves keys."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import anonlog

needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no setitimer here")
is_sanitized = "libasan" in os.environ.get("LD_PRELOAD", "")


def run_child(program, seconds=60):
    """A program of its own: one that waits for itself must not take the tests along."""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        return child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        pytest.fail("it waits for itself")
    finally:
        child.kill()
        child.wait()


COLUMNS = {"objects": "__import__('pandas').Series(texts, dtype=object)", "a list": "texts", "a tuple": "tuple(texts)"}
KINDS = {"addresses": ("ip", "f'203.0.{n % 251}.{n % 199}'"), "users": ("user", "f'user{n}'")}


@needs_timer
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("kind", KINDS)
def test_close_in_a_signal_handler_ends_the_column(column, kind):
    if column == "objects":
        pytest.importorskip("pandas")
    cls, text = KINDS[kind]
    told, errors = run_child(f"""
import signal, anonlog
texts = [{text} for n in range(200_000)] * 5
data = {COLUMNS[column]}
closed = []
def end(*_):
    a.close()
    closed.append(a)
signal.signal(signal.SIGALRM, end)
for after in range(1, 11):
    a = anonlog.Anonymizer(user_mode="token")
    done = len(a.column({cls!r}, data))
    signal.setitimer(signal.ITIMER_REAL, after / 500)
    try:
        while True: done += len(a.column({cls!r}, data))
    except anonlog.ClosedError:
        assert closed.pop() is a and done <= a.report()["fields"][{cls!r}]["seen"] <= done + len(data)
print("ended")
""")
    assert told == "ended\n", errors


@needs_timer
def test_a_list_hears_signals_and_ends_with_what_their_handler_raises():
    class Enough(Exception):
        pass

    def end(*_):
        raise Enough

    a = anonlog.Anonymizer(user_mode="token")
    texts = [f"user{n}" for n in range(2_000_000)]
    before = signal.signal(signal.SIGALRM, end)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        begun = time.monotonic()
        with pytest.raises(Enough):
            for _ in range(9):
                a.column("user", texts)
                pytest.fail("the whole list was done first")
        assert time.monotonic() - begun < (5 if is_sanitized else 1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert a.value("user", "ada") == a.column("user", ["ada"])[0]


def longest_wait(work):
    """How long another thread had to wait at most for Python's lock while something works."""
    waits, is_done = [], threading.Event()

    def watch():
        last = time.monotonic()
        while not is_done.is_set():
            time.sleep(0.001)
            now = time.monotonic()
            waits.append(now - last)
            last = now

    watcher = threading.Thread(target=watch)
    watcher.start()
    time.sleep(0.02)
    begun = time.monotonic()
    work()
    whole = time.monotonic() - begun
    is_done.set()
    watcher.join()
    return max(waits), whole


@pytest.mark.parametrize("how", ["many short texts", "long texts", "one long text"])
def test_other_threads_run_while_objects_are_done(how):
    a = anonlog.Anonymizer(user_mode="token")
    if how == "many short texts":
        texts = [f"user{n}" for n in range(2_000_000)]
        wait, whole = longest_wait(lambda: a.column("user", texts))
    elif how == "long texts":
        texts = [f"{n} " + "/a%20b" * 30_000 for n in range(100)] * 400
        wait, whole = longest_wait(lambda: a.column("path", texts))
    else:
        wait, whole = longest_wait(lambda: a._engine.value("path", b"/a%20b" * 10_000_000))
    assert wait < whole / 3, (wait, whole)


def test_a_column_in_portions_has_one_key_and_one_count(keyring):
    """What lets others in between must not begin anew."""
    texts = [f"user{n % 50}" for n in range(100_000)]
    with anonlog.Anonymizer(user_mode="token") as a:
        made = a.column("user", texts, time=0)
        assert len(set(made)) == 50 and made[:50] == made[-50:]
        assert a.report()["fields"]["user"]["seen"] == len(texts)
    lines = [b'203.0.113.77 - - [%02d/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5\n' % day for day in (1, 9, 20)]
    with anonlog.Anonymizer(user_mode="token") as a:
        session = a.lines(lines * 2)
        for _ in lines:
            next(session)
        late = a.column("user", texts, time=0)
        assert len(set(late)) == 50 and late[:50] == late[-50:]


def test_a_list_may_change_while_it_is_done():
    a = anonlog.Anonymizer()
    texts = [f"203.0.{n % 251}.{n % 199}" for n in range(300_000)]
    wanted = [f"203.0.{n % 251}.0" for n in range(300_000)]
    cleaner = threading.Timer(0.01, texts.clear)
    cleaner.start()
    made = a.column("ip", texts)
    cleaner.join()
    assert made == wanted or made == []


def test_close_within_a_call_of_its_own_thread_is_an_error_and_no_wait():
    """Collections may run inside a call (up to CPython 3.11), and whatever they call."""
    told, errors = run_child("""
import gc, anonlog
a = anonlog.Anonymizer()
told = []
def callback(*_):
    try: a.close()
    except RuntimeError as error: told.append(str(error))
texts = ["\\udc80 ada"] * 20000
gc.set_threshold(1)
gc.callbacks.append(callback)
try: made = a.column("ip", texts)
except anonlog.ClosedError: made = ["-"]
gc.callbacks.clear()
print(set(made), set(told) <= {"this Anonymizer is at work in this thread: close it when the call has returned"}, flush=True)
a.close()
""")
    assert told == "{'-'} True\n", errors


def test_close_waits_for_other_threads_and_keys_are_gone_after_it():
    for _ in range(5):
        a = anonlog.Anonymizer(user_mode="token")
        ends = []

        def work(a=a, ends=ends):
            try:
                while True:
                    a.column("user", [f"user{n}" for n in range(40_000)])
            except anonlog.ClosedError:
                ends.append(True)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        a.close()
        for thread in threads:
            thread.join(timeout=60)
        assert ends == [True] * 3 and a.report()["fields"]["user"]["seen"] >= 0


@pytest.mark.skipif(is_sanitized or not os.path.exists("/proc/self/status"), reason="memory cannot be counted here")
@pytest.mark.parametrize("call", ["a.value('user', text)", "a.column('user', [text])"])
def test_a_very_long_value_takes_no_more_than_a_few_times_its_bytes(call):
    told, errors = run_child(f"""
import re, anonlog
def most_bytes(): return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1))
a = anonlog.Anonymizer(user_mode="token")
a.value("user", "ada")
text = "x" * 50_000_000
before = most_bytes()
{call}
print(most_bytes() - before)
""")
    assert int(told) < 300_000, (told, errors)  # KiB
