"""No network code and no hidden files: the symbols that are linked, and the system calls of a run.

Symbols are always checked. The system calls are checked with strace where it is installed; without it this says so.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FORBIDDEN = re.compile(r"\b(socket|connect|bind|listen|accept4?|getaddrinfo|gethostby\w+|sendto|sendmsg|recvfrom|recvmsg|res_\w+)\b")
LINE = b'203.0.113.195 - alice [15/Jan/2026:12:34:56 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0"\n'


def undefined_symbols(path):
    listing = subprocess.run(["nm", "-D", "--undefined-only", path], capture_output=True, text=True, check=True).stdout
    return [line.split()[-1].split("@")[0] for line in listing.splitlines() if line.strip()]


def check_symbols(path, faults):
    names = undefined_symbols(path)
    if len(names) < 20:  # a check that sees nothing proves nothing
        faults.append(f"{path}: only {len(names)} symbols seen")
    faults.extend(f"{path} uses {name}" for name in names if FORBIDDEN.fullmatch(name))


def check_calls(command, faults):
    with tempfile.TemporaryDirectory() as folder:
        log, trace = pathlib.Path(folder) / "access.log", pathlib.Path(folder) / "trace"
        log.write_bytes(LINE)
        run = subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=network,openat,open,creat", command, "-o", f"{folder}/out", log],
                             capture_output=True)
        if run.returncode != 0:
            print("system calls not checked: strace cannot trace here")
            return
        calls = trace.read_text()
        if "openat" not in calls:
            faults.append("strace saw nothing")
        for call in calls.splitlines():
            if re.search(r"\b(socket|connect|bind|sendto|recvfrom)\(", call):
                faults.append("a network call: " + call.split("(")[0])
            opened = re.search(r'open(?:at)?\([^"]*"([^"]*)"', call)
            system = ("/etc/ld.so", "/lib", "/usr/lib", "/usr/local/lib", "/proc/self", "/sys/", "/etc/localtime", "/dev/urandom", "/dev/random", "/dev/null")
            if opened and not opened.group(1).startswith((folder, *system)):
                faults.append("opened a file nobody named: " + opened.group(1))


def main():
    faults = []
    command = os.environ["ANONLOG_BIN"]
    for path in filter(None, [command, os.environ.get("ANONLOG_LIBRARY")]):
        check_symbols(path, faults)
    if shutil.which("strace"):
        check_calls(command, faults)
    else:
        print("system calls not checked: strace is not installed")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
