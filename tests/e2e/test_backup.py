"""Backups while events come in, and what is restored from them."""
import os
import subprocess
import threading
import unittest

from agreement import require_agreement
from daemon import BIN, Daemon, midnight_ms

CONFIG = ("retention: {raw: forever, 1m: forever, 1h: forever, 1d: forever}\n"
          "pipeline: {fold_events: 2000}\nstore: {backup_dir: backups, memtable: 1MiB}\n")
BATCH = 200


class Load:
    """Posts batches, one after the other, until it is told to stop."""

    def __init__(self, daemon, first=0):
        self.daemon = daemon
        self.acknowledged = first  # events, batch by batch from `first` on
        self.going = True
        self.failure = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            while self.going:
                first = self.acknowledged
                self.daemon.post([{"id": str(n), "prompt": f"p{n % 7}", "status": "success", "user": f"u{n}",
                                   "time": midnight_ms(0) - 3_600_000 - n % 50_000, "duration_ms": n}
                                  for n in range(first, first + BATCH)])
                self.acknowledged = first + BATCH
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def stop(self, case):
        self.going = False
        self.thread.join()
        case.assertIsNone(self.failure)


def vitalsctl(*arguments, ok=True):
    done = subprocess.run([os.path.join(BIN, "vitalsctl"), *arguments], capture_output=True, text=True)
    assert (done.returncode == 0) == ok, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


class Backup(unittest.TestCase):
    def test_backups_under_load_hold_all_that_was_acknowledged_before(self):
        with Daemon(CONFIG) as daemon:
            url = f"http://127.0.0.1:{daemon.port}"
            load = Load(daemon)
            spans = []  # events acknowledged before and after each backup
            for number in range(5):
                daemon.wait_for("events", lambda want=4000 * (number + 1): load.acknowledged >= want)
                before = load.acknowledged
                self.assertIn(f"backup b{number} made", vitalsctl("--url", url, "backup", f"b{number}"))
                spans.append((before, load.acknowledged + BATCH))
            load.stop(self)
            backups = os.path.join(daemon.folder, "backups")
            for number, (before, after) in enumerate(spans):
                restored = os.path.join(daemon.folder, f"restored{number}")
                self.assertIn("nothing is wrong",
                              vitalsctl("restore", os.path.join(backups, f"b{number}"), restored))
                with Daemon(CONFIG + "privacy: {min_group: 0}\n", data=restored) as copy:
                    events = require_agreement(copy)
                    self.assertGreaterEqual(events, before)
                    self.assertLessEqual(events, after)
                    self.assertEqual(events % BATCH, 0)  # whole batches
                    ids = copy.value("executions", from_=midnight_ms(-1), to=midnight_ms(1), filter=f"id:{before - 1}")
                    self.assertEqual(ids, 1)
                    self.assertEqual(copy.value("executions", from_=midnight_ms(-1), to=midnight_ms(1),
                                                filter="user:u7"), 1)  # the same key
                    copy.stop()
            self.assertEqual(require_agreement(daemon), load.acknowledged)
            self.assertIn("in use by another vitalsd", vitalsctl("verify", daemon.data, ok=False))
            daemon.stop()
            self.assertIn("nothing is wrong", vitalsctl("verify", daemon.data))

    def test_what_a_killed_daemon_leaves_is_sound(self):
        with Daemon(CONFIG) as daemon:
            for events in (5000, 10000):
                load = Load(daemon, first=events)
                daemon.wait_for("events", lambda: load.acknowledged >= events + 4000)
                daemon.kill()
                load.thread.join()
                self.assertIn("nothing is wrong", vitalsctl("verify", daemon.data))
                daemon.start()
            self.assertGreaterEqual(require_agreement(daemon), 8000)

    def test_a_backup_is_refused_with_a_reason(self):
        with Daemon(CONFIG) as daemon:
            daemon.post([{"prompt": "p"}])
            backup = "/api/v1/admin/backup?name="
            self.assertEqual(daemon.request("POST", backup + "one")[0], 200)
            self.assertEqual(daemon.request("POST", backup + "one")[0], 409)
            for name in ("..", "%2e%2e%2fx", "a%2fb", ""):
                self.assertEqual(daemon.request("POST", backup + name)[0], 400, name)
            self.assertIn("in use by another vitalsd", vitalsctl(
                "restore", os.path.join(daemon.folder, "backups", "one"), daemon.data, ok=False))
            daemon.stop()
            self.assertIn("is not empty", vitalsctl(
                "restore", os.path.join(daemon.folder, "backups", "one"), daemon.data, ok=False))
        with Daemon() as daemon:
            status, _, body = daemon.request("POST", "/api/v1/admin/backup")
            self.assertEqual(status, 422, body)
            self.assertIn(b"store.backup_dir", body)


if __name__ == "__main__":
    unittest.main(verbosity=2)
