"""test_types.py: what a type checker sees of the installed package is what it takes and gives."""

import os
import pathlib
import subprocess
import sys

import pytest

pytest.importorskip("mypy")


def test_types_hold_for_the_package_and_for_a_program_that_uses_it(tmp_path):
    if os.environ.get("ANONLOG_PACKAGE_HAS_STUBS", "1") != "1":
        pytest.skip("this build of the package has no stubs")
    # Packages that have no types of their own, such as pyarrow, are taken as they are.
    done = subprocess.run([sys.executable, "-I", "-m", "mypy", "--strict", "--ignore-missing-imports", "--disable-error-code=import-untyped",
                           f"--cache-dir={tmp_path}", "-p", "anonlog", "-m", "typed_program"], cwd=tmp_path, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300, check=False, env={**os.environ, "MYPYPATH": str(pathlib.Path(__file__).parent)})
    assert done.returncode == 0, done.stdout
