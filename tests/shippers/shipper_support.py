# shipper_support.py: what the tests of anonlog behind real servers share: the documented configurations on paths of the test,
# requests with sequence numbers over several connections, and the search for what was planted.
#
# A sequence number is spelled in letters that no rule of SPEC 3.8 takes for an identifier, so that it survives in the path.
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "servers")]
sys.dont_write_bytecode = True

import local_servers  # noqa: E402
import requests  # noqa: E402

BIN = os.environ.get("ANONLOG_BIN") or str(TOP / "build/release/anonlog")
LISTEN = str(Path(BIN).parent / "anonlog-listen")
DOCUMENTS = TOP / "docs/shippers"
DIGITS = "ghjklmnpqr"
SEQUENCE = re.compile(rb"/seq/([%s]+)/([%s]+)" % (DIGITS.encode(), DIGITS.encode()))

faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def finish(what):
    print("\n".join(faults[:60]))
    print(f"{what}, {len(faults)} faults")
    return 1 if faults else 0


def spelled(number):
    return "".join(DIGITS[int(digit)] for digit in str(number))


def number_of(letters):
    return int("".join(str(DIGITS.index(letter)) for letter in letters.decode()))


def sequences(data):
    """{connection: [numbers in the order of the lines]}"""
    found = {}
    for match in SEQUENCE.finditer(data):
        found.setdefault(number_of(match[1]), []).append(number_of(match[2]))
    return found


def documented(name, **replacements):
    """The text of a file of docs/shippers with the paths of this test; each must have stood in it. Keys are texts: {"/a": "/b"}."""
    text = (DOCUMENTS / name).read_text()
    for old, new in replacements.pop("texts", {}).items():
        if old not in text:
            raise ValueError(f"{name} does not hold {old!r} any more")
        text = text.replace(old, str(new))
    return text


def make_keyring(path):
    subprocess.run([BIN, "key", "new", path], check=True, capture_output=True)
    return path


def check_nothing_planted(where, data, kinds=None):
    text = data.decode("latin-1").lower()
    for kind, canary in vars(requests.CANARIES).items():
        if (kinds is None or kind in kinds) and canary.lower() in text:
            at = text.index(canary.lower())
            fault(where, f"the {kind} came out: {text[max(0, at - 80):at + 40]!r}")
    for address in requests.CLIENTS:
        if re.search(r"(?<![\w.:])" + re.escape(address) + r"(?![\w.])", text):
            fault(where, f"the address {address} came out")


def check_same_sequences(where, expected, data):
    found = sequences(data)
    if found == expected:
        return
    for connection, numbers in expected.items():
        ours = found.get(connection, [])
        if sorted(ours) == sorted(numbers):
            if ours != numbers:
                fault(where, f"connection {connection} is out of order")
        else:
            missing, more = sorted(set(numbers) - set(ours)), len(ours) - len(set(ours))
            fault(where, f"connection {connection}: {len(ours)} of {len(numbers)} lines, missing {missing[:8]}, {more} twice")
    if set(found) - set(expected):
        fault(where, f"connections that were not: {sorted(set(found) - set(expected))[:8]}")


class Visitors:
    """So many connections at once, each sending numbered requests one after the other and reading each answer."""

    def __init__(self, port, connections=4):
        self.port = port
        self.sent = {number: [] for number in range(connections)}
        self.unsure = []

    def send(self, count, pause=0.0):
        threads = [threading.Thread(target=self._visit, args=(number, count, pause)) for number in self.sent]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _visit(self, connection, count, pause):
        import time
        secrets, channel = requests.CANARIES, None
        for _ in range(count):
            number = len(self.sent[connection])
            # A header of a few words: the line holds a login, a token, a mail address, an address and a cookie.
            head = requests.http(f"/seq/{spelled(connection)}/{spelled(number)}?token={secrets.token}&mail={secrets.email}%40{requests.DOMAIN}",
                                 requests.agent(requests.AGENTS[number % len(requests.AGENTS)] + " " + secrets.agent),
                                 "Referer: https://search.example/find?q=" + secrets.referrer, "Cookie: sid=" + secrets.cookie,
                                 requests.basic(secrets.user, secrets.password),
                                 client=requests.CLIENTS[number % len(requests.CLIENTS)]).replace(b"Connection: close", b"Connection: keep-alive")
            self.sent[connection].append(number)
            for attempt in range(2):
                try:
                    if channel is None:
                        channel = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                    channel.sendall(head)
                    answer = self._answer(channel)
                    if b"\r\nConnection: close" in answer:
                        channel.close()
                        channel = None
                    break
                except OSError:
                    if channel is not None:
                        channel.close()
                    channel = None
                    self.unsure.append((connection, number))  # perhaps logged and not answered
            if pause:
                time.sleep(pause)
        if channel is not None:
            channel.close()

    @staticmethod
    def _answer(channel):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = channel.recv(65536)
            if not piece:
                raise ConnectionResetError
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"\r\nContent-Length: (\d+)", head, re.I)[1])
        while len(body) < length:
            piece = channel.recv(65536)
            if not piece:
                raise ConnectionResetError
            body += piece
        return head
