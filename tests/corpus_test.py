"""Real logs through the command: nothing crashes, little is rejected, no identifier comes out.

Every file of the corpus in a format of this version goes through `balanced` and `strict`. The corpus is no part of the
repository (its licences differ); without it this test is skipped and says so.
"""
import collections
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Lines that the corpus' own README lists as malformed, or that are of another kind (comments, error-log lines in a mixed
# file), by file: rejects may not be more. Every other file must have none.
MALFORMED = {
    "clf/netdata-common.log": 44,
    "clf/mtail-apache-common.log": 3,  # not common: an extra column
    "clf/vrl-parse_common_log.log": 3,
    "combined/awstats-testglobal.log": 45,  # comment lines, and blank lines between them
    "combined/awstats-testtime5.log": 2,
    "combined/elastic-apache_logs.log": 1,
    "combined/lnav-bad_access_log.0.log": 1,
    "combined/matomo-logs_to_tests.log": 3,
    "json_nginx/cap-nginx-escape-default.jsonl": 112,  # written without escape=json: no JSON
    "json_nginx/cap-nginx-escape-json.jsonl": 8,  # no UTF-8
    "logfmt/vrl-parse_key_value.log": 11,  # other delimiters
    "syslog/cap-rsyslog-nginx-json-wrapped.jsonl": 1,  # no UTF-8
    # Messages that are no access or error log: of other programs, or cut short.
    "syslog/cap-haproxy-rfc5424.log": 5,
    "syslog/cap-rsyslog-nginx-rfc5424.log": 4,  # with a tag of syslog in the message
    "haproxy/cap-haproxy-raw.log": 5,
    "haproxy/cap-haproxy-rfc3164.log": 5,
    "haproxy/gforcada-small.log": 1,
    "haproxy/lnav-haproxy.0.log": 3,
    "haproxy/logstash-haproxy_spec.log": 1,
    "syslog/lnav-syslog.0.log": 4,
    "syslog/lnav-syslog.1.log": 4,
    "syslog/lnav-syslog.3.log": 17,
    "syslog/lnav-syslog_fr.0.log": 1,
    "syslog/lnav-syslog_with_access_log.0.log": 5,  # without a time
    "syslog/lnav-syslog_with_mixed_times.0.log": 13,
    "syslog/loghub-linux.log": 2000,
    "syslog/loghub-openssh.log": 2000,
    "syslog/logstash-syslog_spec.log": 1,
    "syslog/loki-journald.log": 524,
    "syslog/vrl-parse_syslog.log": 11,
    "aws_elb/matomo-elb.log": 1,  # a comment
    "aws_mixed/logstash-aws_spec.log": 3,
    "error_logs/lnav-laravel.1.log": 64,  # of an application
    "squid/logstash-squid_spec.log": 1,
    "squid/netdata-access.log": 16,
    "httpd_mixed/logstash-httpd_spec.log": 4,  # error-log lines
    "httpd_mixed/vrl-parse_apache_log.log": 7,  # error-log lines, and one without a time that strict rejects
    "nginx_custom/netdata-full.log": 500,  # a format of its own, tried as auto
    "nginx_custom/vrl-parse_nginx_log.log": 16,  # error-log and ingress lines
    "w3c_iis/lnav-w3c.5.log": 1,  # more values than columns
    "vhost_combined/lnav-regexp_access_log.0.log": 2,
    "lighttpd/mtail-lighttpd_access.log": 19,  # of a format of its own
    "other_text/awstats-testnginx.log": 2,  # a comment, and a line of the format that it describes
    # No access logs.
    "other_text/lnav-crlf.0.log": 2,
    "other_text/lnav-docker_compose.0.log": 22,
    "other_text/lnav-invalid_utf8.0.log": 6,
    "other_text/lnav-openam.0.log": 2,
    "other_text/loghub-openstack.log": 667,
    "other_text/loghub-proxifier.log": 856,
    "other_text/matomo-custom_regex_custom_date.log": 1,  # strict rejects what has no time that can be read
    "other_text/matomo-icecast2.log": 1,  # by its name only
}
FOLDERS = ["clf", "combined", "vhost_combined", "nginx_main", "nginx_custom", "apache_custom", "httpd_mixed", "json_caddy", "json_cloud",
           "json_nginx", "json_other", "json_traefik", "ltsv", "logfmt", "syslog", "haproxy", "aws_alb", "aws_elb", "aws_mixed", "aws_s3",
           "squid", "error_logs", "w3c_iis", "cloudfront", "zeek_http", "varnishncsa", "lighttpd", "other_text"]
# Private addresses of the operator's own servers stay (SPEC 3.2.1).
SERVERS = {"nginx_custom/vrl-parse_nginx_log.log": b"10.0.50.80", "aws_": b"10.", "w3c_iis/lnav-w3c.0": b"172.30.", "w3c_iis/lnav-w3c.3": b"10.10.",
           "w3c_iis/matomo-iis_custom": b"10.10.", "w3c_iis/matomo-netscaler": b"192.168."}

IPV4 = re.compile(rb"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
IPV6 = re.compile(rb"(?<![0-9A-Za-z:.])[0-9A-Fa-f:]{3,}:[0-9A-Fa-f:.]*[0-9A-Fa-f](?![0-9A-Za-z:.])")
EMAIL = re.compile(rb"[A-Za-z0-9._-]{3,}(?:@|%40|%2540)[A-Za-z0-9.-]+\.[a-z]{2,}")
LONG_HEX = re.compile(rb"(?<![0-9A-Za-z])(?=[0-9a-f]*\d)[0-9a-f]{16,}(?![0-9A-Za-z])")
JWT = re.compile(rb"eyJ[A-Za-z0-9_-]{10,}")
USERINFO = re.compile(rb"//([^/\s\"@]+:[^/\s\"@]+)@")
LOGGED_IN = re.compile(rb'^\S+ - ([^\[]+) \[')


def address(text):
    try:
        return ipaddress.ip_address(text.decode().split("%")[0])
    except ValueError:
        return None


def canaries(log):
    """What must not come out: strings that stand in the log and name somebody."""
    found = collections.defaultdict(set)
    for line in log.splitlines():
        for text in IPV4.findall(line) + IPV6.findall(line):
            parsed = address(text)
            if parsed is None or parsed.is_loopback or parsed.is_unspecified:
                continue
            network = ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 40), strict=False)
            if parsed != network.network_address:
                found["address"].add(text)
        for kind, pattern in (("email", EMAIL), ("hex", LONG_HEX), ("jwt", JWT), ("userinfo", USERINFO)):
            found[kind].update(pattern.findall(line))
        user = LOGGED_IN.match(line)
        if user and len(user.group(1)) > 4 and user.group(1).strip(b"- ") and b"\\" not in user.group(1):
            found["user"].add(user.group(1))
    return found


def survivors(found, out):
    words = set(re.findall(rb"[^\s\"\[\]]+", out))
    text = b"\n".join(words)
    for kind, values in found.items():
        for value in values:
            if kind == "address":
                hit = re.search(rb"(?<![0-9A-Za-z.:])" + re.escape(value) + rb"(?![0-9A-Za-z.:])", text)
            elif kind == "user":
                hit = b" " + value + b" [" in out
            else:
                hit = value in text
            if hit:
                yield kind, value


def main():
    corpus = os.environ.get("ANONLOG_CORPUS")
    if not corpus or not pathlib.Path(corpus).is_dir():
        print("skipped: the corpus of real logs is not here (ANONLOG_CORPUS)")
        return 77
    command = os.environ["ANONLOG_BIN"]
    failures, files, lines, rejected = [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        for path in sorted(p for name in FOLDERS for p in (pathlib.Path(corpus) / name).glob("*.*") if not p.name.endswith(".format.txt")):
            name = str(path.relative_to(corpus))
            pattern_file = path.with_name(path.name + ".format.txt")
            pattern = ["-f", pattern_file.read_text().strip()] if pattern_file.exists() else []
            log = path.read_bytes()
            found = canaries(log)
            for where, address in SERVERS.items():
                if name.startswith(where):
                    found["address"] = {one for one in found["address"] if not one.startswith(address)}
            for preset in ("balanced", "strict"):
                run = subprocess.run([command, "-p", preset, "--max-reject", "100%", "--report", str(report), *pattern],
                                     input=log, capture_output=True, timeout=120)
                if run.returncode != 0:
                    failures.append(f"{name} {preset}: exit {run.returncode}: {run.stderr.decode()[:200]}")
                    continue
                counts = json.loads(report.read_text())["lines"]
                files += 1
                lines += counts["in"]
                rejected += counts["rejected"]
                if counts["in"] != counts["out"] + counts["rejected"]:
                    failures.append(f"{name} {preset}: lines lost: {counts}")
                if counts["rejected"] > MALFORMED.get(name, 0):
                    failures.append(f"{name} {preset}: {counts['rejected']} of {counts['in']} lines rejected")
                again = subprocess.run([command, "-p", preset, "--max-reject", "100%", "--report", str(report), *pattern],
                                       input=run.stdout, capture_output=True, timeout=120)
                unread = json.loads(report.read_text())["lines"]["rejected"] if again.returncode == 0 else "all"
                if unread != 0:
                    failures.append(f"{name} {preset}: {unread} lines of the output cannot be read again")
                left = sorted({kind for kind, _ in survivors(found, run.stdout)})
                if left:
                    failures.append(f"{name} {preset}: came out: {', '.join(left)}")
                    if os.environ.get("ANONLOG_SHOW_SURVIVORS"):
                        failures.extend(f"    {kind} {value}" for kind, value in list(survivors(found, run.stdout))[:10])
    print(f"{files} runs, {lines} lines, {rejected} rejected")
    print("\n".join(failures))
    return 1 if failures or files < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
