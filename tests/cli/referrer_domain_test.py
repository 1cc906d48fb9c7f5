"""`referrer.level = "domain"` through the command: values, reports, and real logs, where nothing but sites comes out.

What a site is, is read here once more from the text of the Public Suffix List (Debian: package publicsuffix), by the
algorithm of its documentation and not by libpsl. The list's ICANN section counts (SPEC 3.7).
"""
import datetime
import ipaddress
import json
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import CommandTest, expected_lines, lines, main

LIST = pathlib.Path("/usr/share/publicsuffix/public_suffix_list.dat")
DOMAIN = ("--set", "referrer.level=domain")
QUOTED = rb'"((?:[^"\\]|\\.)*)"'
COMBINED = re.compile(rb"^.*? (?:\[[^\]]*\]|-) " + QUOTED + rb" \S+ \S+ " + QUOTED + b" " + QUOTED)
OUTPUT = re.compile(r"(https?|android-app|ios-app)://([a-z0-9._-]+|\[[0-9a-f:.]+\])/")


def icann_rules():
    text = LIST.read_text(encoding="utf-8")
    text = text.split("===BEGIN ICANN DOMAINS===")[1].split("===END ICANN DOMAINS===")[0]
    rules = {row.split()[0] for row in text.splitlines() if row.strip() and not row.startswith("//")}
    for rule in [rule for rule in rules if not rule.isascii()]:
        rules.add(".".join(label if label.isascii() else label.encode("idna").decode() for label in rule.split(".")))
    return rules


def site(name, rules):
    """One label more than the public suffix, or None."""
    labels = name.split(".")
    for place in range(len(labels)):
        rest = ".".join(labels[place:])
        if "!" + rest in rules:
            return rest
        behind = ".".join(labels[place + 1:])
        if rest in rules or (behind and "*." + behind in rules) or "*." + rest in rules or not behind:
            return ".".join(labels[place - 1:]) if place else None
    return None


def is_network(host):
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return int(address) % (1 << (8 if address.version == 4 else 88)) == 0


class ReferrerDomain(CommandTest):
    def values(self, *texts):
        done = self.run_command("value", "referrer", *DOMAIN, data="".join(text + "\n" for text in texts).encode())
        return done.stdout.decode().splitlines()

    def report(self, *arguments):
        self.run_command("--report", self.path("report.json"), *arguments, data=lines(0, 3))
        return json.loads(self.read("report.json"))

    def test_a_value_becomes_its_site(self):
        self.assertEqual(self.values("https://ada.blog.example.co.uk:8443/me?q=1", "http://bob.github.io/", "http://canary/", "-"),
                         ["https://example.co.uk/", "http://github.io/", "-", "-"])

    def test_a_log_line_too_and_any_number_of_threads(self):
        log = lines(0, 3000)
        wanted = expected_lines(0, 3000).replace(b"https://www.example.com/", b"https://example.com/").splitlines()
        for threads in ("1", "3"):
            got = self.run_command(*DOMAIN, "--set", "user.mode=drop", "-j", threads, data=log).stdout.splitlines()
            self.assertTrue(got == wanted, threads)  # not assertEqual, which would look for the difference for minutes

    def test_the_report_names_the_day_of_the_list_where_it_was_used(self):
        self.assertIsNone(self.report()["psl_date"])
        self.assertIsNone(self.report("-p", "strict", "--set", "referrer.level=own-path")["psl_date"])
        day = datetime.date.fromisoformat(self.report(*DOMAIN)["psl_date"])
        self.assertGreater(day, datetime.date(2015, 1, 1))
        dafsa = LIST.with_suffix(".dafsa")
        if dafsa.exists():
            self.assertEqual(day, datetime.datetime.fromtimestamp(dafsa.stat().st_mtime, datetime.timezone.utc).date())

    def test_the_policy_and_an_explanation_show_it(self):
        self.assertIn('level = "domain"', self.run_command("policy", "show", *DOMAIN).stdout.decode())
        told = self.run_command("explain", *DOMAIN, data=lines(0, 1)).stdout.decode()
        self.assertRegex(told, r"referrer +reduced +https://example.com/ .*referrer.level = domain")

    def test_who_opted_out_is_treated_as_strict_does(self):
        log = b"".join(b'198.51.100.237 "https://www.example.com/canary" %d\n' % signal for signal in (0, 1))
        done = self.run_command("-f", '$remote_addr "$http_referer" $http_dnt', *DOMAIN, data=log)
        self.assertEqual([row.split()[1] for row in done.stdout.splitlines()], [b'"https://example.com/"', b'"-"'])

    def test_nothing_but_sites_comes_out_of_real_logs(self):
        corpus = pathlib.Path(CORPUS or "")
        if not CORPUS or not LIST.exists():
            self.skipTest("no corpus, or Debian's package publicsuffix is not installed")
        rules = icann_rules()
        self.assertGreater(len(rules), 5000)
        seen, sites = 0, 0
        for path in sorted(corpus.glob("combined/*.log")):
            log = path.read_bytes()
            done = self.run_command("-f", "combined", *DOMAIN, "--on-reject", "drop", "--max-reject", "100%", path)
            shortened = {self.host_of(found.group(2)) for found in map(COMBINED.match, log.splitlines()) if found}
            for row in done.stdout.splitlines():
                found = COMBINED.match(row)
                self.assertIsNotNone(found, path)
                text = found.group(2).decode("ascii")
                seen += 1
                if text in ("", "-"):
                    continue
                form = OUTPUT.fullmatch(text)
                self.assertIsNotNone(form, path)
                host = form.group(2)
                self.assertTrue(is_network(host) or site(host, rules) == host, "%s: no site" % path)
                if not is_network(host):
                    self.assertTrue(any(whole == host or whole.endswith("." + host) for whole in shortened), path)
                    sites += 1
        self.assertGreater(seen, 10000)
        self.assertGreater(sites, 1000)

    @staticmethod
    def host_of(referrer):
        authority = re.split(rb"[/?#\\]", referrer.partition(b"://")[2])[0].rpartition(b"@")[2]
        return authority.split(b":")[0].rstrip(b".").lower().decode("latin-1")


CORPUS = os.environ.get("ANONLOG_CORPUS")

if __name__ == "__main__":
    main()
