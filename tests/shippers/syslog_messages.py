# syslog_messages.py: what the tests of daemons of syslog send: log lines with a number in their path and something planted in
# each part, messages that are meant to do harm, and the check that each line came out once and in order.
import collections
import re
import socket
import time

PLANTED = ["203.0.113.177", "zqplanteduser", "zq.planted@mail.example", "Zq7SessionToken93xYz48"]
SEQUENCE = re.compile(r"/seq/(\w+)/x(\d+)x")


def line_of(name, number):
    address, user, mail, token = PLANTED
    return (f'{address} - {user} [15/Jan/2026:12:34:{number % 60:02d} +0000] "GET /seq/{name}/x{number}x?mail={mail}&sid={token} HTTP/1.1" 200 512 '
            f'"https://example.com/?u={user}" "curl/8.5.0"')


def frame(line):
    return b"<134>Jan 15 12:34:56 host web: " + (line if isinstance(line, bytes) else line.encode()) + b"\n"


def send_bytes(port, data):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(data)


def send(port, lines, pause=0.0):
    if not pause:
        send_bytes(port, b"".join(map(frame, lines)))
        return
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for line in lines:
            connection.sendall(frame(line))
            time.sleep(pause)


def send_datagrams(port, lines):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for line in lines:
            sender.sendto(frame(line).rstrip(b"\n"), ("127.0.0.1", port))
            time.sleep(0.0005)  # what a full receive buffer drops never reaches the daemon


def hostile():
    address, user, mail, token = PLANTED
    return [
        line_of("a", 1).replace("curl/8.5.0", "curl/" + "8" * 66000), "x" * 70000 + user, f"{user} came from {address} as {mail}", f"#Fields: c-ip cs-username {user}",
        f"{user} {user} {user}", f"{user},{mail},{token}", "", f'{{"user":"{user}","remote_addr":"{address}","message":"{mail}","{mail}":1}}',
        f'{{"anonlog":{{"status":"done","msg":"{user}"}}}}', f'{{"msg":"{user}","$!":{{"anonlog":{{"status":"done","msg":"{user}"}}}}}}',
        f'@cee: {{"anonlog":{{"status":"done","msg":"{user}"}}}}', '{"a":' * 3000 + user, f"status=200 user={user} ip={address}", "anonlog: " + user, "%$!msg% %rawmsg% " + user,
        f'"}}}}\\" {user}', f"-- {user}\t{address}\t-\x7f",
        # Binary garbage.
        bytes(range(0, 10)) + bytes(range(11, 256)) + user.encode(), b"\x1f\x8b\x08\x00" + user.encode(), b"\x28\xb5\x2f\xfd" + mail.encode(),
        b"\xff\xfe" + user.encode("utf-16-le").replace(b"\n", b""), b"\xed\xa0\x80" + address.encode(),
    ]


def fault_in_sequences(lines, sent):
    """What is wrong if each line did not come once, and in order on each connection; None: nothing."""
    got = collections.defaultdict(list)
    for line in lines:
        match = SEQUENCE.search(line.replace("\\/", "/"))  # as rsyslog writes JSON
        if match is None:
            return "a line without its number"
        got[match[1]].append(int(match[2]))
    for name, count in sent.items():
        if got[name] != list(range(count)):
            missing = set(range(count)) - set(got[name])
            return f"{name}: {len(got[name])} of {count}, missing {sorted(missing)[:5]}, {'in' if got[name] == sorted(got[name]) else 'out of'} order"
    return None
