"""A full disk: writes get 503, reads go on, and writing resumes by itself when there is room."""
import os
import subprocess
import tempfile
import unittest

from daemon import Daemon



def batch(number):
    return [{"id": f"{number}-{i}", "prompt": f"p{i}", "status": "success",
             "tags": {"t": os.urandom(60).hex()}} for i in range(500)]


class DiskFull(unittest.TestCase):
    def setUp(self):
        self.disk = tempfile.mkdtemp(prefix="vitals-disk-")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "vitals", self.disk],
                                 capture_output=True)
        if mounted.returncode != 0:
            os.rmdir(self.disk)
            self.skipTest("a small disk cannot be mounted here")

    def tearDown(self):
        subprocess.run(["umount", self.disk], check=True)
        os.rmdir(self.disk)

    def test_writes_stop_reads_go_on_and_writes_resume(self):
        ballast = os.path.join(self.disk, "ballast")
        with open(ballast, "wb") as f:
            f.write(b"\0" * (8 << 20))
        with Daemon(data=os.path.join(self.disk, "data")) as daemon:
            accepted = 0
            for number in range(2000):
                body = "".join(__import__("json").dumps(e) + "\n" for e in batch(number))
                status, headers, _ = daemon.request("POST", "/api/v1/executions", body.encode(),
                                                    {"Content-Type": "application/x-ndjson"})
                if status != 200:
                    break
                accepted += 500
            self.assertEqual(status, 503)
            self.assertIn("Retry-After", headers)
            self.assertEqual(daemon.value("executions"), accepted)
            self.assertEqual(daemon.request("GET", "/readyz")[0], 503)

            os.remove(ballast)
            daemon.wait_for("readiness", lambda: daemon.request("GET", "/readyz")[0] == 200)
            self.assertEqual(daemon.post(batch("again"))["accepted"], 500)
            self.assertEqual(daemon.value("executions"), accepted + 500)
            daemon.restart(crash=True)
            self.assertEqual(daemon.value("executions"), accepted + 500)
            daemon.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
