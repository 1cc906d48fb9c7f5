# local_servers.py: nginx and Apache with a configuration of our own, on free ports of 127.0.0.1 and ::1.
#
# Everything they read and write is in one directory. Servers are stopped by the process that started them, on every
# way out. The formats are the stock ones: nginx's built-in `combined` and the `main` of its documentation, and the
# LogFormat lines of Debian's apache2.conf.
import base64
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from requests import CLIENT_HEADER, PAGES, has_ipv6

NGINX_MAIN = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
              '"$http_referer" "$http_user_agent" "$http_x_forwarded_for"')
APACHE_FORMATS = {
    "vhost_combined": r'%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"',
    "combined": r'%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\"',
    "common": r'%h %l %u %t \"%r\" %>s %O',
}
APACHE_MODULES = ["mpm_event", "authz_core", "authz_user", "authn_core", "authn_file", "auth_basic", "mime", "dir",
                  "remoteip", "reqtimeout"]
MODULE_DIRECTORY = Path("/usr/lib/apache2/modules")


def find_program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")


def missing():
    """The names of the servers that are not installed."""
    return [name for name in ("nginx", "apache2") if not find_program(name)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged():
    """Whom a server started by root becomes; None if we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "www-data" if "www-data" in names else "nobody"


def wait_for(what, condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


class Server:
    """Starts on entering, stops on leaving; `logs` are what the configuration wrote."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.port = free_port()
        self.process = None
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o755)
        self.pages = self.directory / "pages"
        for page in PAGES[:-1] + ["/private/"]:
            file = self.pages / page.lstrip("/") / "index.html" if page.endswith("/") else self.pages / page.lstrip("/")
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"<p>{page}</p>\n" * (1 + len(page)))

    def listens(self):
        return [f"127.0.0.1:{self.port}"] + ([f"[::1]:{self.port}"] if has_ipv6() else [])

    def __enter__(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=open(self.directory / "stderr", "wb"))
        try:
            wait_for(f"{self.command()[0]} to listen", self.is_up)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def is_up(self):
        if self.process.poll() is not None:
            said = [path.read_text() for path in (self.directory / "stderr", self.directory / "error.log") if path.exists()]
            raise RuntimeError("the server ended:\n" + "".join(said))
        listening = Path("/proc/net/tcp").read_text()
        return f"0100007F:{self.port:04X} 00000000:0000 0A" in listening

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)  # our own group: start_new_session
            self.process.wait()


class Nginx(Server):
    stop_signal = signal.SIGQUIT

    def __init__(self, directory, logs):
        """`logs`: (path, name of a format) each; nginx appends, so a path may be a FIFO with a reader."""
        super().__init__(directory)
        user = unprivileged()
        at = self.directory
        listens = "\n".join(f"    listen {where};" for where in self.listens())
        access = "\n".join(f"  access_log {path} {form};" for path, form in logs)
        temporary = "\n".join(f"  {kind}_temp_path {at}/{kind};"
                              for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        main = "'" + NGINX_MAIN + "'"
        (at / "nginx.conf").write_text(f"""
daemon off;
{f"user {user};" if user else ""}
worker_processes 1;
pid {at}/nginx.pid;
error_log {at}/error.log warn;
events {{ worker_connections 64; }}
http {{
  types {{ text/html html; text/css css; image/svg+xml svg; }}
  log_format main {main};
{access}
{temporary}
  set_real_ip_from 127.0.0.0/8;
  set_real_ip_from ::1;
  real_ip_header {CLIENT_HEADER};
  client_header_timeout 2s;
  keepalive_timeout 2s;
  server {{
{listens}
    server_name www.site.test;
    root {self.pages};
    location /private/ {{ auth_basic "staff"; auth_basic_user_file {at}/users; }}
  }}
}}
""")
        write_users(at / "users")

    def command(self):
        return [find_program("nginx"), "-p", str(self.directory), "-e", str(self.directory / "error.log"),
                "-c", str(self.directory / "nginx.conf")]


class Apache(Server):
    stop_signal = signal.SIGTERM

    def __init__(self, directory, logs):
        """`logs`: (what CustomLog takes: a path or "|command", name of a format) each."""
        super().__init__(directory)
        user = unprivileged()
        at = self.directory
        modules = "\n".join(f"LoadModule {name}_module {MODULE_DIRECTORY}/mod_{name}.so" for name in APACHE_MODULES)
        formats = "\n".join(f'LogFormat "{text}" {name}' for name, text in APACHE_FORMATS.items())
        custom = "\n".join(f'CustomLog "{target}" {form}' for target, form in logs)
        listens = "\n".join(f"Listen {where}" for where in self.listens())
        (at / "apache.conf").write_text(f"""
ServerRoot "{at}"
DefaultRuntimeDir "{at}"
PidFile "{at}/apache.pid"
ServerName www.site.test
{listens}
{modules}
{f"User {user}" if user else ""}
{f"Group {user if user == 'www-data' else 'nogroup'}" if user else ""}
TypesConfig /dev/null
DirectoryIndex index.html
StartServers 1
ThreadsPerChild 4
MaxRequestWorkers 4
ServerLimit 1
ErrorLog "{at}/error.log"
RemoteIPHeader {CLIENT_HEADER}
RemoteIPTrustedProxy 127.0.0.0/8
RemoteIPTrustedProxy ::1
RequestReadTimeout header=2 body=2
KeepAliveTimeout 2
DocumentRoot "{self.pages}"
<Directory "{self.pages}">
  Require all granted
</Directory>
<Location "/private">
  AuthType Basic
  AuthName "staff"
  AuthUserFile "{at}/users"
  Require valid-user
</Location>
{formats}
{custom}
""")
        write_users(at / "users")

    def command(self):
        return [find_program("apache2"), "-d", str(self.directory), "-f", str(self.directory / "apache.conf"),
                "-D", "FOREGROUND"]


known_users = {}  # login -> password, as bytes or text; filled by whoever sends requests


def write_users(path):
    lines = []
    for user, password in known_users.items():
        digest = base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()
        lines.append(f"{user}:{{SHA}}{digest}\n")
    path.write_text("".join(lines))
    path.chmod(0o644)
