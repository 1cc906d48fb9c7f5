"""conftest.py: where the tests find the command and the golden files."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(os.environ.get("ANONLOG_SOURCE_DIR", pathlib.Path(__file__).parents[3]))
COMMAND = os.environ.get("ANONLOG_BIN", "anonlog")
KEYRING_TEXT = ("anonlog-keyring 1\n"
                "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n")
NOW = 1768478400  # 2026-01-15T12:00:00Z


@pytest.fixture(scope="session")
def keyring(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "test.keyring"
    path.write_text(KEYRING_TEXT)
    path.chmod(0o600)
    return str(path)


@pytest.fixture(scope="session")
def command():
    """Runs the command; gives the status and the output."""
    if not os.access(COMMAND, os.X_OK):
        pytest.skip("the command is not built here (ANONLOG_BIN)")

    def run(arguments, data):
        done = subprocess.run([COMMAND, *arguments], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        return done.returncode, done.stdout

    return run


@pytest.fixture(scope="session")
def golden():
    """Logs of the repository, by name."""
    logs = {path.name: path.read_bytes() for path in sorted((ROOT / "tests/data").glob("*.log"))}
    assert logs
    return logs
