#!/usr/bin/env python3
# python_test.py: builds the wheel of the Python package, installs it into a fresh virtual environment, and runs its tests there.
#
# The wheel is built once for each content of the sources it is made of; the environment once for each list of packages. Neither
# the headers nor the sources of the package are in sight of the tests. Skipped (77) only if PyPI cannot be reached.
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("ANONLOG_SOURCE_DIR", HERE.parents[1]))
BUILD = pathlib.Path(os.environ.get("ANONLOG_BUILD_DIR") or SOURCE / "build") / "python"
BUILD_PACKAGES = ["nanobind>=2.4", "scikit-build-core>=0.10", "typing_extensions"]
SANITIZED = os.environ.get("ANONLOG_PYTHON_SANITIZE") == "1"  # the extension under AddressSanitizer, which the tests' Python preloads
TEST_PACKAGES = ["pytest", "hypothesis", "numpy", "pandas>=2", "polars>=1", "pyarrow>=16", "duckdb>=1", "matplotlib", "zstandard", "mypy"]


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def run(arguments, **more):
    print("+", " ".join(map(str, arguments)), flush=True)
    return subprocess.run(list(map(str, arguments)), check=False, **more)


def environment(name, packages):
    """The Python of a virtual environment that holds these packages."""
    key = hashlib.sha256("\n".join([sys.version, *packages]).encode()).hexdigest()[:12]
    folder = BUILD / f"{name}-{key}"
    python = folder / "bin/python"
    if (folder / "complete").exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    done = run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        is_offline = any(sign in done.stderr for sign in ("Temporary failure in name resolution", "NewConnectionError", "ConnectTimeoutError",
                                                          "Network is unreachable", "Name or service not known", "ProxyError"))
        if is_offline:
            skip("PyPI cannot be reached, and the package's tests need " + ", ".join(packages))
        sys.exit(1)
    (folder / "complete").touch()
    return python


def add_spark(python):
    """PySpark, where there is a Java to run it; without it its tests say that they are skipped."""
    if shutil.which("java") is None:
        return
    if SANITIZED:
        print("PySpark is not installed for AddressSanitizer, which Java does not start under: its tests are skipped", flush=True)
        return
    if run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "pyspark>=3.5"]).returncode != 0:
        print("PySpark cannot be installed here: its tests are skipped", flush=True)


def wheel():
    """The wheel of the sources as they are."""
    sources = sorted(path for folder in (SOURCE / "include", HERE / "src", HERE / "anonlog") for path in folder.rglob("*")
                     if path.is_file() and "__pycache__" not in path.parts)
    content = hashlib.sha256(sys.version.encode())
    for path in [*sources, SOURCE / "src/kernels.cpp", HERE / "CMakeLists.txt", HERE / "pyproject.toml"]:
        content.update(str(path.relative_to(SOURCE)).encode() + path.read_bytes())
    kind = "wheel-asan" if SANITIZED else "wheel"
    folder = BUILD / f"{kind}-{content.hexdigest()[:16]}"
    if not list(folder.glob("*.whl")):
        python = environment("build", BUILD_PACKAGES)
        for old in BUILD.glob(f"{kind}-{16 * '?'}"):
            shutil.rmtree(old)
        done = run([python, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-build-isolation", "--no-deps", "-w", folder,
                    f"--config-settings=build-dir={BUILD / kind.replace('wheel', 'cmake')}",
                    *(["--config-settings=cmake.define.ANONLOG_SANITIZE=ON"] if SANITIZED else []), HERE],
                   env={**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"})
        if done.returncode != 0:
            sys.exit("the wheel does not build")
    [made] = folder.glob("*.whl")
    return made


def sanitizer():
    """What a Python needs that loads code under AddressSanitizer. Leaks are not looked for: Python keeps what it likes."""
    if not SANITIZED:
        return {}
    places = [subprocess.run(["g++", f"-print-file-name={name}"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
              for name in ("libasan.so", "libstdc++.so.6")]  # the second, or it does not find who throws
    return {"LD_PRELOAD": " ".join(places), "ASAN_OPTIONS": f"detect_leaks=0:log_path={BUILD / 'asan-report'}", "ANONLOG_PACKAGE_HAS_STUBS": "0"}


def main():
    if shutil.which("cmake") is None:
        skip("building the wheel needs cmake")
    BUILD.mkdir(parents=True, exist_ok=True)
    made = wheel()
    python = environment("test", TEST_PACKAGES)
    add_spark(python)
    if run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--force-reinstall", made]).returncode != 0:
        sys.exit("the wheel does not install")
    for old in BUILD.glob("asan-report*"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="anonlog-python-") as elsewhere:
        tests = pathlib.Path(elsewhere, "tests")
        shutil.copytree(HERE / "tests", tests)
        pictures = BUILD / "pictures"
        pictures.mkdir(exist_ok=True)
        done = run([python, "-I", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", tests, *sys.argv[1:]], cwd=elsewhere,
                   env={**os.environ, "ANONLOG_SOURCE_DIR": str(SOURCE), "ANONLOG_PICTURES": str(pictures), "HYPOTHESIS_STORAGE_DIRECTORY": elsewhere,
                        **sanitizer()})
    for found in sorted(BUILD.glob("asan-report*")):
        print(found.read_text())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
