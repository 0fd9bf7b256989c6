"""Outside drivers against the real daemon: SIGKILL under load, power cuts. Each needs the shared
folder and says so when it is skipped."""
import contextlib
import os
import random
import re
import socket
import subprocess
import sys
import unittest

import agreement
from agreement import CONFIG, require_agreement
from daemon import BIN, Daemon, midnight_ms, need_shared
from driver import drive

# Of yesterday, whose day cells are made while the driver runs.
EVENT = ('{"id":"{id}","time":' + str(midnight_ms(0) - 3_600_000) +
         ',"prompt":"p{writer}","status":"success","duration_ms":{seq}}')


def lasting_port():
    """A free port that no outgoing connection can take meanwhile, as those from 32768 on can."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return str(port)


class Crashes(unittest.TestCase):
    def test_nothing_acknowledged_is_lost_by_sigkill(self):
        driver = need_shared("tools", "reliability", "kill_recover.py")
        kills = os.environ.get("VITALS_KILLS", "25")
        with Daemon(CONFIG) as daemon:
            daemon.stop()
            port = lasting_port()
            url = f"http://127.0.0.1:{port}"
            start = (f"{BIN}/vitalsd --config {daemon.config} --data-dir {daemon.data} "
                     f"--listen 127.0.0.1:{port} --otlp-listen off")
            drive(self, driver, "--start", start, "--log", daemon.log, "--ready-url", url + "/readyz",
                  "--post-url", url + "/api/v1/executions", "--content-type", "application/json",
                  "--batch", "20", "--item", EVENT, "--body", "[{items}]", "--atomic",
                  "--dump-url", url + "/api/v1/executions?limit=10000&cursor={cursor}",
                  "--items-field", "executions", "--next-field", "next_cursor",
                  "--kills", kills, "--retry", "0.5", "--forget", "0.05",
                  "--max-events", "3000000", "--pause", "0.005", "--max-up", "1.0")
            daemon.start()
            self.assertGreater(require_agreement(daemon), 0)

    def test_nothing_acknowledged_is_lost_by_a_power_cut(self):
        driver = need_shared("tools", "reliability", "power_cut.py")
        self.can_mount()
        with Daemon(CONFIG) as daemon:
            daemon.stop()  # only its configuration is wanted
            # Each cut is checked and served; a folder whose cells do not agree is never ready.
            start = (f"{sys.executable} -B {agreement.__file__} --config {daemon.config} "
                     "--data-dir {data} --listen 127.0.0.1:{port} --otlp-listen off")
            cuts = os.environ.get("VITALS_CUTS", "10")
            drive(self, driver, "--start", start, "--port", lasting_port(), "--check-port",
                  lasting_port(), "--ready-path", "/readyz", "--post-path", "/api/v1/executions",
                  "--body", EVENT, "--dump-path", "/api/v1/executions?limit=10000&cursor={cursor}",
                  "--items-field", "executions", "--next-field", "next_cursor",
                  "--cuts", cuts, "--log", daemon.log)
            checked = re.findall(r"cells agree with raw: (\d+) events", daemon.output())
            self.assertEqual(len(checked), int(cuts))
            self.assertGreater(max(map(int, checked)), 0)

    def can_mount(self):
        """Skips where loop devices or xfs cannot be had (containers without privileges)."""
        if os.geteuid() != 0:
            self.skipTest("mounting images needs root")
        probe = subprocess.run(["sh", "-c", "command -v mkfs.xfs && losetup -f"], capture_output=True)
        if probe.returncode != 0:
            self.skipTest("loop devices or xfsprogs are not there")


if __name__ == "__main__":
    unittest.main(verbosity=2)
