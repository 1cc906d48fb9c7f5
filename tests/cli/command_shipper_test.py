"""`anonlog shipper --rsyslog`: one reply for each message, whatever it holds, and nothing else on either output."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from command_support import BIN, MALFORMED, WITHOUT_KEYS, CommandTest, expected, line, lines, main

REJECTED = {"msg": "-", "rawmsg": "-", "$!": {"anonlog": {"status": "rejected"}}}


def done(text):
    return {"msg": text, "rawmsg": text, "$!": {"anonlog": {"status": "done", "msg": text}}}


class Shipper(CommandTest):
    def replies(self, *arguments, data, code=0):
        told = self.run_command("shipper", "--rsyslog", *arguments, data=data, code=code)
        self.assertEqual(told.stderr, "")  # rsyslog would read it as a reply
        return [json.loads(reply) for reply in told.stdout.splitlines()]

    def test_each_message_has_one_reply(self):
        self.assertEqual(self.replies(*WITHOUT_KEYS, data=lines(0, 3)), [done(expected(number).decode()) for number in range(3)])
        self.assertEqual(self.replies(data=b"".join(message + b"\n" for message in MALFORMED)), [REJECTED] * len(MALFORMED))
        self.assertEqual(self.replies(data=b"\n \n\r\n"), [REJECTED] * 3)
        self.assertEqual(self.replies(data=b""), [])

    def test_the_blank_behind_a_tag_stays_and_is_no_part_of_the_line(self):
        self.assertEqual(self.replies(*WITHOUT_KEYS, data=b" " + line(1) + b"\n"), [done(" " + expected(1).decode())])

    def test_a_message_that_is_too_long_has_one_reply_too(self):
        long = b" " + line(1).replace(b"8.5.0", b"8" * 200000)
        self.assertEqual(self.replies(*WITHOUT_KEYS, data=long + b"\n" + lines(7, 1)), [REJECTED, done(expected(7).decode())])

    def test_no_message_tells_how_another_is_read(self):
        header = b"#Fields: s-port s-port s-port\n"
        self.assertEqual(self.replies(data=header + b"canary canary canary\n" + header + b"80 80 80\n")[1::2], [REJECTED] * 2)
        packed = b"\x1f\x8b\x08\x00canary\n"
        self.assertEqual(self.replies(*WITHOUT_KEYS, data=packed + lines(1, 1)), [REJECTED, done(expected(1).decode())])

    def test_what_a_message_holds_of_json_is_escaped(self):
        message = b'{"remote_addr":"198.51.100.237","status":200,\t"x":"\\"\\\\"}'
        self.assertEqual(self.replies(data=message + b"\n"), [done('{"remote_addr":"198.51.100.0","status":200,\t"x":"-"}')])

    def test_all_properties_come_as_a_record(self):
        given = {"msg": " " + line(1).decode(), "rawmsg": "canary", "timereported": "2025-10-10T13:55:36.1+00:00", "hostname": "www.example.com",
                 "fromhost-ip": "198.51.100.237", "$!": {"remote_addr": "198.51.100.237", "own": "canary", "n": 1}}
        record = {"msg": " " + expected(1).decode(), "rawmsg": "-", "timereported": "2025-10-10T13:00:00.0+00:00", "hostname": "www.example.com",
                  "fromhost-ip": "-", "$!": {"remote_addr": "198.51.100.0", "own": "-", "n": None}}
        told = self.replies("--input", "fulljson", *WITHOUT_KEYS, data=json.dumps(given).encode() + b"\n" + line(1) + b"\n{\n")
        self.assertEqual(told, [{"msg": "-", "rawmsg": "-", "$!": {"anonlog": {"status": "done", "record": record}}}, REJECTED, REJECTED])

    def test_a_reply_comes_before_the_next_message(self):
        with subprocess.Popen([BIN, "shipper", "--rsyslog", *WITHOUT_KEYS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            for number in range(5):
                for piece in (line(number)[:40], line(number)[40:] + b"\n"):
                    process.stdin.write(piece)
                self.assertEqual(json.loads(process.stdout.readline()), done(expected(number).decode()))
            process.stdin.close()
            self.assertEqual(process.wait(), 0)

    def test_it_does_not_begin_with_what_is_wrong(self):
        self.assertIn("--rsyslog", self.run_command("shipper", code=2).stderr)
        self.assertIn("fulljson", self.run_command("shipper", "--rsyslog", "--input", "json", code=2).stderr)
        for arguments in (["-p", "balanze"], ["-k", self.path("none")], ["-f", "conbined"]):
            told = self.run_command("shipper", "--rsyslog", *arguments, data=lines(0, 1), code=2)
            self.assertEqual((told.stdout, told.stderr.count("\n")), (b"", 1))

    def test_a_reject_that_is_to_end_the_run_does_after_its_reply(self):
        self.assertEqual(self.replies("--set", "rejects.action=fail", data=b"canary\n", code=3), [REJECTED])


if __name__ == "__main__":
    main()
