"""Reads a page of Prometheus' text form as strictly as its own parsers and `promtool check metrics` together: what node_exporter
would refuse, or a reviewer would, raises ValueError here."""
import re
import shutil
import subprocess
import time

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_HELP = re.compile(rf"# HELP ({_NAME}) (\S[^\n]*)")
_TYPE = re.compile(rf"# TYPE ({_NAME}) (counter|gauge)")
_SAMPLE = re.compile(rf"({_NAME})(?:\{{([^\n]*)\}})? (\d+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=[a-zA-Z_])|$)')

# What may stand in a label: a short word of ours; of the operator's own the name of the policy.
WORDS = {"log": r"[A-Za-z0-9_-]+", "cause": r"no_format|too_long|unreadable_time|line_feed", "class": r"[a-z_]{2,10}", "preset": r"[a-z]{2,16}",
         "outcome": r"absent|kept|reduced|tokenised|dropped|unreadable", "version": r"\d+\.\d+\.\d+", "policy_fingerprint": r"[0-9a-f]{16}"}


def parse(text):
    """{name: {labels as a tuple of pairs: value}}, without the label `log`, which every sample must have"""
    if not text.endswith("\n"):
        raise ValueError("half a page")
    families, described, name = {}, None, None
    for line in text.splitlines():
        if match := _HELP.fullmatch(line):
            described = match[1]
        elif match := _TYPE.fullmatch(line):
            name = match[1]
            if name != described or name in families:
                raise ValueError(f"a TYPE without its HELP, or twice: {line}")
            if (match[2] == "counter") != name.endswith("_total"):
                raise ValueError(f"a counter ends in _total and nothing else does: {line}")
            families[name] = {}
        elif match := _SAMPLE.fullmatch(line):
            if match[1] != name:
                raise ValueError(f"a sample outside its family: {line}")
            labels, at = [], 0
            text_of_labels = match[2] or ""
            while at < len(text_of_labels):
                label = _LABEL.match(text_of_labels, at)
                if not label or not re.fullmatch(WORDS.get(label[1], "(?!)"), label[2]):
                    raise ValueError(f"a label that is none: {line}")
                labels.append((label[1], label[2]))
                at = label.end()
            if not labels or labels.pop(0)[0] != "log":
                raise ValueError(f"of which log? {line}")
            if tuple(labels) in families[name]:
                raise ValueError(f"twice: {line}")
            families[name][tuple(labels)] = int(match[3])
        else:
            raise ValueError(f"no line of a page: {line!r}")
    return families


def of(families, name, **labels):
    return families[name].get(tuple(labels.items()))


def read(path):
    return parse(path.read_text())


def wait_for(path, wanted, seconds=20):
    """The first page for which `wanted` is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and wanted(page := read(path)):
            return page
        time.sleep(0.05)
    raise TimeoutError(f"the metrics did not become what was waited for: {path.read_text() if path.exists() else 'no page'}")


def promtool_says(text):
    """What Prometheus' own checker says; nothing where it is content or not installed."""
    if not shutil.which("promtool"):
        return ""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr if done.returncode else ""
