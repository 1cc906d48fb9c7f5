"""The README tells the truth: its example line, its policy, and its numbers are what the program and the results say."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def faults_of_numbers(source, text):
    """The README shows the first part of the table; table and chart say what was measured."""
    sys.path.insert(0, str(source / "bench"))
    import speed_report
    numbers = re.search(r"<!-- numbers: (\S+) -->\n```\n(.*?)```\n<!-- end -->", text, re.S)
    if not numbers:
        return ["there are no numbers"]
    table = source / numbers.group(1)
    measured = json.loads(table.with_suffix(".json").read_text())
    faults = []
    if numbers.group(2) != speed_report.summary(table.read_text()):
        faults.append(f"the numbers are not those of {numbers.group(1)}")
    if table.read_text() != speed_report.table(measured):
        faults.append(f"{table.name} does not say what was measured; bench/speed_report.py {table.parent} writes it")
    if table.with_suffix(".svg").read_text() != speed_report.chart(measured):
        faults.append(f"the chart does not show what was measured; bench/speed_report.py {table.parent} writes it")
    return faults


def main():
    source = pathlib.Path(os.environ["ANONLOG_SOURCE_DIR"])
    command = os.environ["ANONLOG_BIN"]
    text = (source / "README.md").read_text()
    faults = []

    fences = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M)
    blocks = [body for language, body in fences if language == ""]
    before, after = blocks[0].strip().splitlines()
    shown = subprocess.run([command], input=before + "\n", capture_output=True, text=True).stdout.strip()
    if shown != after:
        faults.append(f"the example line becomes {shown!r}")

    policies = [body for language, body in fences if language == "toml"]
    with tempfile.TemporaryDirectory() as folder:
        for policy in policies:
            path = pathlib.Path(folder) / "policy.toml"
            path.write_text(policy)
            check = subprocess.run([command, "policy", "check", path], capture_output=True, text=True)
            if check.returncode != 0:
                faults.append("the policy does not pass: " + check.stderr)

    for block in (body for language, body in fences if language == "sh"):
        for script in re.findall(r"^(scripts/[\w-]+)", block, re.M):
            if not os.access(source / script, os.X_OK):
                faults.append(f"{script} cannot be run")

    faults += faults_of_numbers(source, text)

    if not policies or len(blocks) < 2:
        faults.append("the README lost its examples")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
