"""The README tells the truth: its example line, its policy, and its numbers are what the program and the results say."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


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
        for script in re.findall(r"^(scripts/\w+)", block, re.M):
            if not os.access(source / script, os.X_OK):
                faults.append(f"{script} cannot be run")

    numbers = re.search(r"<!-- numbers: (\S+) -->\n```\n(.*?)```", text, re.S)
    if not numbers:
        faults.append("there are no numbers")
    elif numbers.group(2) != (source / numbers.group(1)).read_text():
        faults.append(f"the numbers are not those of {numbers.group(1)}")

    if not policies or len(blocks) < 2:
        faults.append("the README lost its examples")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
