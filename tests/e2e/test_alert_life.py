"""The life of an alert through the real daemon: commands, silences, statistics, recovery actions.
The receiver of the action is the one that docs/how-to/recovery-actions.md shows."""
import json
import os
import re
import socket
import subprocess
import sys
import unittest

from daemon import BIN, Daemon, now_ms
from receiver import SECRET

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/how-to/recovery-actions.md")
RULE = """
rules:
  - name: collapse
    metric: execution_success_rate
    below: 80
    window: 5m
    group_by: [prompt]
    severity: critical
    response_time: 1h
    action: roll-back
"""


def failures(prompt, version="v8", count=20, status="error", time=None):
    return [{"time": time or now_ms(), "prompt": prompt, "version": version, "status": status}
            for _ in range(count)]


class AlertLife(unittest.TestCase):
    def start(self, actions):
        daemon = Daemon()
        self.addCleanup(daemon.__exit__)
        rules = os.path.join(daemon.folder, "rules.yaml")
        with open(rules, "w", encoding="utf-8") as f:
            f.write(RULE)
        self.configure(daemon, actions)
        daemon.start()
        return daemon

    @staticmethod
    def configure(daemon, rest):
        daemon.write_config(f"rules: [rules.yaml]\npipeline: {{evaluate_every: 100ms}}\n{rest}")

    def documented_receiver(self):
        """The program of the page, running; its port, and the process whose output says what it did."""
        with open(DOCS, encoding="utf-8") as f:
            program = re.search(r"```python\n(.*?)```", f.read(), re.S).group(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, env={**os.environ, "VITALS_SECRET": SECRET, "PORT": str(port)})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return port, process

    @staticmethod
    def firing(daemon, prompt):
        found = [a for a in daemon.get("/api/v1/alerts?status=active")["alerts"] if a["labels"]["prompt"] == prompt]
        return found[0] if found else None

    @staticmethod
    def command(daemon, *arguments):
        done = subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{daemon.port}",
                               "alerts", *arguments], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_people_take_an_alert_on_and_it_ends_with_its_story(self):
        daemon = self.start("actions: [{name: roll-back, webhook: {url: 'http://127.0.0.1:9/'}}]\n")
        daemon.post(failures("checkout"))
        alert = daemon.wait_for("the alert", lambda: self.firing(daemon, "checkout"))
        for arguments in (["ack", alert["id"][-6:], "--comment", "mine", "--by", "ana"],
                          ["assign", alert["id"], "ben", "--by", "ana"],
                          ["comment", alert["id"], "v8 is bad", "--by", "ben"]):
            code, said = self.command(daemon, *arguments)
            self.assertEqual(code, 0, said)
        code, shown = self.command(daemon, "show", alert["id"][-6:])
        self.assertEqual(code, 0, shown)
        self.assertTrue(all(len(line) <= 80 for line in shown.splitlines()), shown)
        code, listed = self.command(daemon)
        self.assertIn("acknowledged", listed)

        daemon.post(failures("checkout", count=2000, status="success"))
        ended = daemon.wait_for("its end", lambda: daemon.get(f"/api/v1/alerts/{alert['id']}")["resolved_at"]
                                and daemon.get(f"/api/v1/alerts/{alert['id']}"))
        self.assertEqual([entry["what"] for entry in ended["timeline"]],
                         ["firing", "acknowledged", "assigned", "comment", "resolved"])
        self.assertEqual((ended["assignee"], ended["acknowledged_by"]), ("ben", "ana"))
        self.assertEqual(ended["duration_ms"], ended["resolved_at"] - ended["firing_since"])
        statistics = daemon.get("/api/v1/alerts/statistics")
        self.assertEqual((statistics["fired"], statistics["acknowledged"], statistics["resolved"]), (1, 1, 1))
        self.assertIn('vitals_alert_resolve_seconds_count{severity="critical"} 1', daemon.request("GET", "/metrics")[2].decode())

    def test_who_was_told_is_told_the_end_when_the_route_has_moved_meanwhile(self):
        def routed_to(receiver):
            return f"""
actions: [{{name: roll-back, webhook: {{url: 'http://127.0.0.1:9/'}}}}]
receivers:
  - {{name: old, webhook: {{url: 'http://127.0.0.1:9/'}}}}
  - {{name: new, webhook: {{url: 'http://127.0.0.1:9/'}}}}
routes: {{receiver: {receiver}}}
"""
        daemon = self.start(routed_to("old"))
        daemon.post(failures("checkout"))
        alert = daemon.wait_for("its being told", lambda: (self.firing(daemon, "checkout") or {}).get("told")
                                and self.firing(daemon, "checkout"))
        self.assertEqual(alert["told"], ["old"])
        self.configure(daemon, routed_to("new"))
        self.assertEqual(daemon.request("POST", "/api/v1/admin/reload")[0], 200)
        daemon.post(failures("checkout", count=2000, status="success"))
        ended = daemon.wait_for("its end", lambda: daemon.get(f"/api/v1/alerts/{alert['id']}")["resolved_at"]
                                and daemon.get(f"/api/v1/alerts/{alert['id']}"))
        self.assertEqual(ended["told"], ["old", "new"])
        deliveries = daemon.get(f"/api/v1/deliveries?alert={alert['id']}")["deliveries"]
        self.assertEqual(sorted((one["receiver"], one["event"]) for one in deliveries),
                         [("new", "resolved"), ("old", "firing"), ("old", "resolved")])
        self.assertIn("told          old, new", self.command(daemon, "show", alert["id"])[1])

    def test_a_silence_keeps_quiet_until_it_is_ended(self):
        daemon = self.start("actions: [{name: roll-back, webhook: {url: 'http://127.0.0.1:9/'}}]\n")
        code, said = self.command(daemon, "silence", "prompt:search", "--for", "2h", "--reason", "load test")
        self.assertEqual(code, 0, said)
        daemon.post(failures("search"))
        alert = daemon.wait_for("the alert", lambda: self.firing(daemon, "search"))
        silence = daemon.get("/api/v1/silences")["silences"][0]
        daemon.wait_for("quiet", lambda: self.firing(daemon, "search")["suppressed_by"] == f"silence {silence['id']}")
        self.assertIsNone(alert["announced_at"])
        self.assertEqual(self.command(daemon, "unsilence", silence["id"][-6:])[0], 0)
        daemon.wait_for("its being told", lambda: self.firing(daemon, "search")["announced_at"])

    def test_an_action_is_approved_and_done_and_the_trail_says_so(self):
        port, receiver = self.documented_receiver()
        daemon = self.start(f"""
actions:
  - name: roll-back
    rate: {{requests: 5, per: 1h}}
    webhook: {{url: "http://127.0.0.1:{port}/", secret: {SECRET}}}
notify: {{retry_min: 100ms}}
""")
        hour = 3_600_000
        daemon.post(failures("checkout", "v7", 200, "success", now_ms() - 2 * hour))
        daemon.post(failures("checkout"))
        alert = daemon.wait_for("the alert", lambda: self.firing(daemon, "checkout"))
        daemon.wait_for("its version", lambda: self.firing(daemon, "checkout")["action"]["rollback_to"] == "v7")
        for arguments, state in ((["--dry-run"], "would set checkout to v7\n"), (["--for-real"], "sets checkout to v7\n")):
            code, said = self.command(daemon, "approve", alert["id"], "--by", "ana", "--comment", "bad", *arguments)
            self.assertEqual(code, 0, said)
            daemon.wait_for("the answer", lambda: self.firing(daemon, "checkout")["action"]["state"] == "succeeded")
            self.assertEqual(receiver.stdout.readline(), state)
        self.assertEqual(self.command(daemon, "approve", alert["id"])[0], 1)
        trail = daemon.get("/api/v1/actions")["actions"]
        self.assertEqual([(entry["what"], entry["by"]) for entry in trail],
                         [("succeeded", None), ("requested", "ana"), ("succeeded", None), ("requested", "ana")])
        self.assertEqual(trail[0]["alert"], alert["id"])

    def test_an_unknown_action_is_refused_with_its_place(self):
        daemon = Daemon()
        self.addCleanup(daemon.__exit__)
        with open(os.path.join(daemon.folder, "rules.yaml"), "w", encoding="utf-8") as f:
            f.write(RULE)
        daemon.write_config("rules: [rules.yaml]\n")
        checked = subprocess.run([os.path.join(BIN, "vitalsd"), "--config", daemon.config, "--check-config"],
                                 capture_output=True, text=True)
        self.assertNotEqual(checked.returncode, 0)
        self.assertRegex(checked.stderr, r"rules\.yaml:3: action: .*roll-back")

    def test_components_are_shown(self):
        daemon = self.start("actions: [{name: roll-back, webhook: {url: 'http://127.0.0.1:9/'}}]\n"
                            "health: {disk_free_min: 1000000GiB}\n")
        sick = daemon.wait_for("the look at the disk", lambda: daemon.get("/api/v1/status")["components"]["disk"])
        self.assertIn("MiB are free", sick)
        self.assertIn('vitals_component_healthy{component="disk"} 0', daemon.request("GET", "/metrics")[2].decode())
        self.assertIn('vitals_component_healthy{component="store"} 1', daemon.request("GET", "/metrics")[2].decode())


if __name__ == "__main__":
    unittest.main(verbosity=2)
