"""Runs the outside drivers of the shared folder."""
import os
import re
import subprocess
import sys


def drive(case, driver, *arguments):
    """Runs a driver; its last line must say that nothing failed."""
    done = subprocess.run([sys.executable, driver, *arguments], capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    found = re.search(r"(\d+) passed, (\d+) failed", last)
    case.assertIsNotNone(found, done.stdout[-3000:] + done.stderr[-3000:])
    case.assertEqual((done.returncode, found.group(2)), (0, "0"), done.stdout[-6000:])
    case.assertGreater(int(found.group(1)), 0)
    print(f"{os.path.basename(driver)}: {last}")
