"""A short run of scripts/soak-shipper: nginx at full rate through both ways, with rotations; the long run is started by hand."""
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, TOP / "scripts/soak-shipper", "--seconds", "15", "--rotate", "2", "--output", pathlib.Path(folder, "soak.txt")]
        sys.exit(subprocess.run(command, env=os.environ, timeout=200).returncode)
