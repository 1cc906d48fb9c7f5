"""What tests plant in logs, every way of spelling it, and the search that finds it again however it is spelled.

Each kind of identifier is one that occurs nowhere else, so a finding says what came out. The search undoes every escape that
a log or a reader of a log may undo (percent signs, backslashes, JSON's \\u, HAProxy's #XX, syslog's #ooo, base64, hex), a few
times over, and reads numbers as addresses; it knows nothing of how anonlog reads.
"""
import base64
import binascii
import ipaddress
import re

IPV4 = ipaddress.ip_address("203.0.113.177")
IPV6 = ipaddress.ip_address("2001:db8:77:a1::c4f:9")
LINK = ipaddress.ip_address("fe80::dead:beef:5a")
_B64 = base64.b64encode(str(IPV4).encode()).decode()

# kind -> spellings; the kind says what a finding is called.
ADDRESSES = {
    "ipv4": ["203.0.113.177", "203.000.113.177"],
    "ipv6": ["2001:db8:77:a1::c4f:9", "2001:0DB8:0077:00A1:0000:0000:0C4F:0009"],
    "ipv4 in ipv6": ["::ffff:203.0.113.177", "::ffff:cb00:71b1", "2002:cb00:71b1::1", "64:ff9b::cb00:71b1", "64:ff9b::203.0.113.177"],
    "ipv6 zone": ["fe80::dead:beef:5a%eth0"],
    "ipv4 joined": ["host-203-0-113-177.isp.example"],
}
NUMBERS = {"ipv4 number": [str(int(IPV4))], "card": ["4111111111111111"]}
# SPEC 3.8 has rules for the shapes above, in a path too; not for these, which only a class that reads addresses knows.
UNSHAPED = {"ipv4 odd": ["0xcb0071b1", "0313.0.0161.0261"]}
# Nor for these unless they are a whole segment.
WHOLE = {"card in groups": ["4111-1111-1111-1111", "4111 1111 1111 1111"], "phone in groups": ["(030) 55-50-17-72"]}
SHAPED = {
    "ipv4 text": [_B64, "cb0071b1"],
    "email": ["zq.planted@mail.example", "ZQ.Planted@MAIL.example", "zq.planted\uff20mail.example"],
    "token": ["Zq7SessionToken93xYz48"],
    "jwt": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJacTdqd3QifQ.Zq5JwtSignature77aBcD"],
    "phone": ["+491705550172", "+49 170 5550172"],
    "cookie": ["sid=Zq8CookieValue12aBcD; theme=Zq8CookieValue12aBcD"],
}
WORDS = {"user": ["zqplanteduser"]}  # no rule knows an ordinary word, only a class does
NEEDLES = {
    "email": b"zq.planted", "token": b"zq7sessiontoken", "jwt": b"zq5jwtsignature", "jwt payload": b"eyjzdwiioijacddqd3qifq",
    "cookie": b"zq8cookievalue", "user": b"zqplanteduser", "card": b"4111111111111111", "card in groups": b"4111-1111-1111-1111", "card in blanks": b"4111 1111 1111 1111",
    "phone": b"491705550172", "phone in blanks": b"170 5550172", "phone in groups": b"030) 55-50-17-72", "ipv4 joined": b"203-0-113-177", "ipv6 zone": b"dead:beef:5a",
}


def percent(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _every(form):
    return lambda text: "".join(form % byte for byte in text.encode())


def _separators(form):
    """Only what makes an identifier one is escaped: dots, colons, at signs."""
    return lambda text: "".join(c if c.isascii() and c.isalnum() else "".join(form % b for b in c.encode()) for c in text)


PLAIN = {"plain": lambda text: text}
PERCENT = {
    "percent": percent,
    "percent separators": _separators("%%%02x"),
    "percent twice": lambda text: percent(text).replace("%", "%25"),
    "percent three times": lambda text: percent(text).replace("%", "%2525"),
}
BACKSLASH = {
    "\\xNN": _every("\\x%02X"),
    "\\xnn of separators": _separators("\\x%02x"),
    "\\xNN of percent": lambda text: percent(text).replace("%", "\\x25"),
    "after \\n": lambda text: "\\n" + text,
    "after \\t": lambda text: "\\t" + text,
    "in \\\"": lambda text: '\\"' + text + '\\"',
    "in \\x22": lambda text: "\\x22" + text + "\\x22",
}
HAPROXY = {"#XX": _every("#%02X"), "#XX of separators": _separators("#%02X"), "in #22": lambda text: "#22" + text + "#22"}
# A daemon of syslog writes control bytes so, and no others: a number sign and digits may be the number of a process.
OCTAL = {"after #012": lambda text: "#012" + text, "between #011": lambda text: "#011" + text + "#011"}


def _utf16(text, form="\\u%04x"):
    data = text.encode("utf-16-be")
    return "".join(form % (data[i] << 8 | data[i + 1]) for i in range(0, len(data), 2))


JSON = {
    "json": lambda text: text,
    "\\uXXXX": _utf16,
    "\\uXXXX capitals": lambda text: _utf16(text, "\\u%04X"),
    "\\uXXXX of separators": lambda text: "".join(c if c.isascii() and c.isalnum() else _utf16(c) for c in text),
    "\\uXXXX of percent": lambda text: percent(text).replace("%", "\\u0025"),
    "after a surrogate pair": lambda text: "\\ud83d\\ude00" + text + "\\ud83d\\ude00",
    "after \\n": lambda text: "\\n" + text, "after \\t": lambda text: "\\t" + text, "after \\r": lambda text: "\\r" + text,
    "after \\b": lambda text: "\\b" + text, "after \\f": lambda text: "\\f" + text, "after \\/": lambda text: "\\/" + text,
    "after \\\\": lambda text: "\\\\" + text, "in \\\"": lambda text: '\\"' + text + '\\"',
}

_HEX = {b"%02X" % i: bytes([i]) for i in range(256)} | {b"%02x" % i: bytes([i]) for i in range(256)}
_SHORT = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"/": b"/", b'"': b'"', b"\\": b"\\"}
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_BACKSLASH = re.compile(rb'\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([ntrbfv/"\\]))')
_NUMBER_SIGN_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_NUMBER_SIGN_OCTAL = re.compile(rb"#([0-3][0-7]{2})")


def _byte(found):
    return bytes([int(found, 16)])


def _undo_backslash(match):
    if match[1]:
        return _byte(match[1])
    if match[2]:
        return chr(int(match[2], 16)).encode("utf-8", "surrogatepass")
    return _SHORT[match[3]]


UNDO = [
    lambda text: _PERCENT.sub(lambda m: _byte(m[1]), text),
    lambda text: _BACKSLASH.sub(_undo_backslash, text),
    lambda text: _NUMBER_SIGN_HEX.sub(lambda m: _byte(m[1]), text),
    lambda text: _NUMBER_SIGN_OCTAL.sub(lambda m: bytes([int(m[1], 8)]), text),
]


def readings(text, rounds=5):
    """The text, and what it becomes when escapes are undone: one kind alone, and all kinds one after another."""
    seen = [text]
    ways = [[undo] for undo in UNDO] + [UNDO[:2], UNDO[:3], UNDO[:2] + UNDO[3:], UNDO[3:] + UNDO[:2]]
    for way in ways:
        current = text
        for _ in range(rounds):
            before = current
            for undo in way:
                current = undo(current)
            if current == before:
                break
            if current not in seen:
                seen.append(current)
    return seen


_QUAD = re.compile(rb"(?<![0-9A-Za-z])(\d{1,10})[.](\d{1,10})[.](\d{1,10})[.](\d{1,10})")
_GROUPS = re.compile(rb"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_DECIMAL = re.compile(rb"(?<!\d)%d(?!\d)" % int(IPV4))
_HEX8 = re.compile(rb"(?<![0-9A-Fa-f])(?:0x)?%08x(?![0-9A-Fa-f])" % int(IPV4))
_RUNS = [re.compile(rb"[A-Za-z0-9+/_-]{10,}={0,2}"), re.compile(rb"[A-Za-z0-9]{10,}={0,2}")]
_QUAD_OCTAL = {b"0313.0.0161.0261"}


def _addresses(text):
    for match in _QUAD.finditer(text):
        if [int(part) for part in match.groups()] == list(IPV4.packed):
            yield "ipv4"
        if match[0] in _QUAD_OCTAL:
            yield "ipv4 in octal"
    for match in _GROUPS.finditer(text):
        found = match[0].strip(b".")
        for part in (found, found.rstrip(b":"), found.rpartition(b":")[0]):
            try:
                address = ipaddress.ip_address(part.decode())
            except ValueError:
                continue
            if address in (IPV6, LINK):
                yield "ipv6"
            number = int(address)
            if address.version == 6 and int(IPV4) in (number & 0xFFFFFFFF, number >> 80 & 0xFFFFFFFF, number >> 64 & 0xFFFFFFFF):
                yield "ipv4 in ipv6"
    if _DECIMAL.search(text):
        yield "ipv4 as a number"
    if _HEX8.search(text.lower()):
        yield "ipv4 in hex"


def _plain_findings(text):
    small = text.lower().replace("\uff20".encode(), b"@")
    for kind, needle in NEEDLES.items():
        if needle in small:
            yield kind
    yield from _addresses(text)


def findings(text):
    """The kinds of what was planted that stand in these bytes in any spelling."""
    found = set()
    for reading in readings(text):
        found.update(_plain_findings(reading))
        for run in {run for form in _RUNS for run in form.findall(reading)}:
            for inside in _unpacked(run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")):
                found.update(f"{kind} in base64 or hex" for kind in _plain_findings(inside))
    return found


def _unpacked(run):
    try:
        yield base64.b64decode(run + b"=" * (-len(run) % 4))
    except binascii.Error:
        pass
    try:
        yield bytes.fromhex(run.decode())
    except ValueError:
        pass


_PSEUDONYM = re.compile(rb"\b[a-z]{1,2}-[a-z2-7]{16}\b")


def findings_by_line(text):
    """(line, kinds) of each different line that holds something; blocks of lines are searched first, for lines rarely do."""
    lines = sorted(set(_PSEUDONYM.sub(b"pseudonym", text).split(b"\n")))
    blocks = [lines[i:i + 400] for i in range(0, len(lines), 400)]
    for block in blocks:
        if findings(b"\n".join(block)):
            for line in block:
                kinds = findings(line)
                if kinds:
                    yield line, kinds
