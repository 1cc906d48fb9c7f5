"""test_documents.py: the examples in the documentation of the package, and the tour in README.md, do what they say."""

import doctest
import importlib
import math
import os
import pathlib
import random
import re
import sys

import pytest
from conftest import ROOT

import anonlog

MODULES = ["anonlog", "anonlog._anonymizer", "anonlog._keys", "anonlog._logs", "anonlog._duckdb"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    for needed in ("pandas", "pyarrow", "duckdb"):
        pytest.importorskip(needed)
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0 and result.failed == 0


def test_every_public_function_has_an_example():
    public = [getattr(anonlog, name) for name in anonlog.__all__ if callable(getattr(anonlog, name)) and not isinstance(getattr(anonlog, name), type)]
    methods = [getattr(anonlog.Anonymizer, name) for name in vars(anonlog.Anonymizer) if not name.startswith("_") and name not in ("close", "fingerprint")]
    for thing in [*public, *methods]:
        assert thing.__name__ == "kernel_name" or ">>>" in (thing.__doc__ or ""), thing.__name__


def test_the_package_is_typed():
    folder = pathlib.Path(anonlog.__file__).parent
    assert (folder / "py.typed").exists()
    if os.environ.get("ANONLOG_PACKAGE_HAS_STUBS", "1") == "1":
        assert "class Engine" in (folder / "_core.pyi").read_text()


def test_the_package_is_the_installed_one():
    assert not pathlib.Path(anonlog.__file__).is_relative_to(ROOT / "bindings")


def day_of(log):
    """A day of visits, few at night, made of the lines of a log that was written within a second."""
    chance = random.Random(7)
    lines = log.decode("latin-1").splitlines(True)
    day = []
    for hour in range(24):
        for _ in range(int(60 - 50 * math.cos(2 * math.pi * (hour - 3) / 24))):
            day.append((hour, chance.randrange(60), chance.randrange(60), chance.choice(lines)))
    stamped = (re.sub(r"\[[^]]*\]", f"[23/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000]", line, count=1) for hour, minute, second, line in sorted(day))
    return "".join(stamped).encode("latin-1")


def test_the_tour(tmp_path, monkeypatch):
    """The code blocks of README.md in their order; a line that shows output is compared."""
    for needed in ("pandas", "pyarrow", "duckdb", "matplotlib", "polars"):
        pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    (tmp_path / "access.log").write_bytes(day_of((ROOT / "tests/data/access.log").read_bytes()))
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "bindings/python/README.md").read_text(), re.S)
    assert len(blocks) > 4
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(parser.get_doctest("\n".join(blocks), {}, "README.md", "README.md", 0), out=sys.stderr.write)
    assert runner.summarize(verbose=False).failed == 0
    pictures = pathlib.Path(os.environ.get("ANONLOG_PICTURES", tmp_path))
    for picture in tmp_path.glob("*.png"):
        (pictures / picture.name).write_bytes(picture.read_bytes())
    assert (tmp_path / "requests.png").stat().st_size > 5000
