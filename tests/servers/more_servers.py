# more_servers.py: lighttpd, HAProxy, Varnish, Squid, Caddy and nginx's syslog with configurations of our own, on free ports
# of 127.0.0.1; an origin for those that need one; and a receiver for syslog over UDP.
#
# Formats are what each server writes unless it is told otherwise; HAProxy also captures headers, as many do.
import http.server
import signal
import socket
import subprocess
import threading
from pathlib import Path

from local_servers import Server, find_program, unprivileged, wait_for


class Origin:
    """Answers whatever a proxy asks with a short page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = b"<p>page</p>\n"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.close_connection = True

        def __getattr__(self, name):
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_):
            pass

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.Handler)
        self.server.handle_error = lambda *_: None  # a proxy that hangs up
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class SyslogReceiver:
    """Writes each datagram as a line, as a syslog daemon does: a byte that would end it becomes #ooo."""

    def __init__(self, path):
        self.path = Path(path)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        self.path.write_bytes(b"")
        threading.Thread(target=self.receive, daemon=True).start()
        return self

    def receive(self):
        with open(self.path, "ab", buffering=0) as log:
            while True:
                try:
                    message = self.socket.recv(65536)
                except OSError:
                    return
                if not message:
                    return
                text = b"".join(b"#%03o" % b if b < 32 or b == 127 else bytes([b]) for b in message.rstrip(b"\n"))
                log.write(text + b"\n")

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))  # ends receive()


class Lighttpd(Server):
    program, stop_signal = "lighttpd", signal.SIGINT

    def __init__(self, directory, log):
        super().__init__(directory)
        user = unprivileged()
        group = "www-data" if user == "www-data" else "nogroup"
        owner = f'server.username = "{user}"\nserver.groupname = "{group}"' if user else ""
        Path(log).touch(mode=0o666)
        Path(log).chmod(0o666)
        error_log = self.directory / "error.log"
        error_log.touch()
        error_log.chmod(0o666)
        (self.directory / "lighttpd.conf").write_text(f"""
server.modules = ("mod_accesslog")
server.bind = "127.0.0.1"
server.port = {self.port}
server.document-root = "{self.pages}"
server.errorlog = "{error_log}"
accesslog.filename = "{log}"
index-file.names = ("index.html")
server.max-keep-alive-idle = 2
server.max-read-idle = 2
{owner}
""")

    def command(self):
        return [find_program("lighttpd"), "-D", "-f", str(self.directory / "lighttpd.conf")]


class Haproxy(Server):
    program, stop_signal = "haproxy", signal.SIGUSR1

    def __init__(self, directory, origin, syslog):
        super().__init__(directory)
        (self.directory / "haproxy.conf").write_text(f"""
global
  log 127.0.0.1:{syslog} len 8192 local0
  maxconn 100
defaults
  mode http
  log global
  option httplog
  timeout connect 2s
  timeout client 2s
  timeout server 5s
frontend web
  bind 127.0.0.1:{self.port}
  capture request header Host len 100
  capture request header User-Agent len 500
  capture request header X-Forwarded-For len 100
  capture cookie sid len 60
  default_backend pages
backend pages
  server origin 127.0.0.1:{origin}
""")

    def command(self):
        return [find_program("haproxy"), "-db", "-f", str(self.directory / "haproxy.conf")]


class NginxSyslog(Server):
    program, stop_signal = "nginx", signal.SIGQUIT

    def __init__(self, directory, syslog):
        super().__init__(directory)
        user, at = unprivileged(), self.directory
        temporary = "\n".join(f"  {kind}_temp_path {at}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (at / "users").write_text("nobody:{PLAIN}nothing\n")
        (at / "users").chmod(0o644)
        (at / "nginx.conf").write_text(f"""
daemon off;
{f"user {user};" if user else ""}
worker_processes 1;
pid {at}/nginx.pid;
error_log syslog:server=127.0.0.1:{syslog},nohostname,tag=nginx_error info;
events {{ worker_connections 64; }}
http {{
  access_log syslog:server=127.0.0.1:{syslog},tag=nginx combined;
{temporary}
  client_header_timeout 2s;
  keepalive_timeout 2s;
  server {{
    listen 127.0.0.1:{self.port};
    server_name www.site.test;
    root {self.pages};
    location /private/ {{ auth_basic "staff"; auth_basic_user_file {at}/users; }}
  }}
}}
""")

    def command(self):
        return [find_program("nginx"), "-p", str(self.directory), "-e", str(self.directory / "error.log"),
                "-c", str(self.directory / "nginx.conf")]


class Squid(Server):
    program, stop_signal = "squid", signal.SIGTERM

    def __init__(self, directory, origin, log):
        super().__init__(directory)
        at = self.directory
        at.chmod(0o777)
        (at / "squid.conf").write_text(f"""
http_port 127.0.0.1:{self.port} accel defaultsite=www.site.test
cache_peer 127.0.0.1 parent {origin} 0 no-query originserver
http_access allow all
cache deny all
cache_mem 8 MB
access_log stdio:{log} squid
cache_log {at}/cache.log
pid_filename {at}/squid.pid
coredump_dir {at}
netdb_filename none
shutdown_lifetime 0 seconds
request_timeout 2 seconds
client_idle_pconn_timeout 2 seconds
strip_query_terms off
pinger_enable off
visible_hostname proxy.site.test
""")

    def command(self):
        return [find_program("squid"), "-N", "-f", str(self.directory / "squid.conf")]


class Varnish(Server):
    program, stop_signal = "varnishd", signal.SIGTERM

    def __init__(self, directory, origin, log):
        super().__init__(directory)
        self.origin, self.log, self.logger = origin, log, None

    def command(self):
        return [find_program("varnishd"), "-F", "-n", str(self.directory / "run"), "-a", f"127.0.0.1:{self.port}",
                "-b", f"127.0.0.1:{self.origin}", "-s", "malloc,16m", "-p", "timeout_idle=2"]

    def __enter__(self):
        super().__enter__()
        self.logger = subprocess.Popen([find_program("varnishncsa"), "-n", str(self.directory / "run"), "-w", str(self.log)],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for("varnishncsa to read along", self.is_logging)
        except BaseException:
            self.stop()
            raise
        return self

    def is_logging(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: www.site.test\r\nConnection: close\r\n\r\n")
            while connection.recv(4096):
                pass
        return Path(self.log).exists() and Path(self.log).stat().st_size > 0

    def stop(self):
        if self.logger is not None and self.logger.poll() is None:
            self.logger.terminate()
            self.logger.wait(15)
        super().stop()


class Caddy(Server):
    program, stop_signal = "caddy", signal.SIGTERM

    def __init__(self, directory, log):
        super().__init__(directory)
        (self.directory / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
}}
http://:{self.port} {{
  bind 127.0.0.1
  root * {self.pages}
  file_server
  log {{
    output file {log}
  }}
}}
""")

    def command(self):
        return ["env", f"HOME={self.directory}", find_program("caddy"), "run", "--adapter", "caddyfile", "--config",
                str(self.directory / "Caddyfile")]
