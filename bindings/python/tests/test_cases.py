"""test_cases.py: every acceptance case of tests/cases.jsonl through `.value` and `.column`, like cases_test.cpp in C++."""

import json

import pytest
from conftest import NOW, ROOT

import anonlog

CLASSES = {"xff": "ip_list", "ua": "agent", "sig": "bytes", "kanon": "ip"}
ADDRESS_KEYS = {"n4": "ip.v4", "n6": "ip.v6", "k": "ip.k", "v6_bits": "ip.token_v6_bits", "v4_bits": "ip.token_v4_bits", "port": "ip.port",
                "host": "ip.host", "keep": "ip.keep", "sixrd": "ip.sixrd", "xff": "ip.xff", "g": "time.grid", "off": "time.zone",
                "d": "bytes.digits", "own": "referrer.own_hosts", "plevel": "path.level", "qlevel": "query.level"}


def settings_of(case):
    """The overrides of a case, whether it has a key, its time, and whether its feature is not in this version."""
    settings, has_key, time, is_later = {}, False, NOW, case["transform"] == "kanon"
    for name, value in case["params"].items():
        if name == "key":
            has_key = True
        elif name in ("time", "t"):
            time = value if isinstance(value, int) else NOW + 86400 * (value == "T2")
        elif name == "mode":
            is_later |= value in ("pfx", "det")
            settings["ip.mode"] = "truncate" if value == "trunc" else value
        elif name == "level" and case["transform"] == "cookie" and value.startswith("session="):
            settings.update({"cookie.level": "session", "session.cookies": value[8:].split(",")})
        elif name == "level":
            settings[CLASSES.get(case["transform"], case["transform"]) + ".level"] = value
        else:
            is_later |= name == "k"
            settings[ADDRESS_KEYS[name]] = value
    return settings, has_key, time, is_later


CASES = [json.loads(line) for line in (ROOT / "tests/cases.jsonl").read_text().splitlines()]
CASES = [case for case in CASES if case["transform"] != "skeleton"]  # what becomes of rejects: no class of values


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_case_holds(case, keyring):
    settings, has_key, time, is_later = settings_of(case)
    make = lambda: anonlog.Anonymizer(keyring=keyring if has_key else None, accept_weak=True, **settings)
    if is_later:
        with pytest.raises(anonlog.PolicyError):
            make()
        return
    cls = CLASSES.get(case["transform"], case["transform"])
    with make() as anonymizer:
        made = anonymizer.value(cls, case["input"], time)
        assert made == case["expect"]
        for secret in case["must_not_contain"]:
            assert secret not in made
        assert anonymizer.column(cls, [case["input"], None, case["input"]], time) == [case["expect"], None, case["expect"]]
