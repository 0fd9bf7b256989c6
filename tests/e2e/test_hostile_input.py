"""Outside drivers against the real daemon: hostile HTTP, hostile JSON. Each needs the shared folder
and says so when it is skipped."""
import os
import unittest

from daemon import Daemon, need_shared
from driver import drive


class HostileInput(unittest.TestCase):
    def test_hostile_http(self):
        driver = need_shared("tools", "reliability", "http_abuse.py")
        data = need_shared("tools", "reliability", "data", "http")
        corpora = [a for name in sorted(os.listdir(data)) if name.endswith(".json")
                   for a in ("--corpus", os.path.join(data, name))]
        with Daemon() as daemon:
            # A sanitizer keeps freed memory back on purpose, so its growth says nothing.
            watch = [] if "VITALS_SANITIZED" in os.environ else ["--pid", str(daemon.process.pid)]
            drive(self, driver, "--port", str(daemon.port), "--path", "/livez", "--post-path",
                  "/api/v1/executions", "--post-body", '{"prompt":"p"}', "--fuzz", "2000",
                  *watch, *corpora)
            self.assertIsNone(daemon.process.poll())

    def test_hostile_json(self):
        driver = need_shared("tools", "reliability", "json_abuse.py")
        with Daemon() as daemon:
            drive(self, driver, "--url", f"http://127.0.0.1:{daemon.port}/api/v1/executions",
                  "--valid", '{"prompt":"p"}', "--wrap", '{"prompt":"p","unknown":{"a":@@}}')
            self.assertIsNone(daemon.process.poll())


if __name__ == "__main__":
    unittest.main(verbosity=2)
