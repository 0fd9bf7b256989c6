"""Alerts at a real Alertmanager (Debian's prometheus-alertmanager), as amtool sees them."""
import json
import os
import subprocess
import tempfile
import unittest

from daemon import Daemon, now_ms
from mail_server import free_port

RULES = """
rules:
  - name: success-rate-collapse
    metric: execution_success_rate
    below: 80
    min_samples: 5
    group_by: [prompt, tags.region]
    severity: critical
    labels: {alert: A2, team: search}
    annotations: {summary: "Success rate of {{labels.prompt}} is {{value}} %"}
"""


def executions(failed, prompt, count=10):
    return [{"time": now_ms(), "prompt": prompt, "tags": {"region": "eu"}, "status": "error" if i < failed else "success"}
            for i in range(count)]


class Alertmanager:
    """Tells nobody; keeps its data in a folder that goes with it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vitals-alertmanager-")
        self.port = free_port()
        path = os.path.join(self.folder.name, "alertmanager.yml")
        with open(path, "w", encoding="utf-8") as f:
            f.write("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        self.log = open(os.path.join(self.folder.name, "log"), "wb")
        self.process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={path}", f"--storage.path={self.folder.name}",
             f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="],
            stdout=self.log, stderr=self.log)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def alerts(self):
        """Those that it takes as open, by prompt; None while it does not answer."""
        done = subprocess.run(["amtool", f"--alertmanager.url={self.url}", "alert", "query", "-o", "json"],
                              capture_output=True, text=True)
        return {a["labels"].get("prompt"): a for a in json.loads(done.stdout)} if done.returncode == 0 else None


class AlertmanagerReceiver(unittest.TestCase):
    def test_alerts_are_there_with_their_labels_stay_while_they_fire_and_resolve(self):
        with Alertmanager() as peer, self.daemon(peer) as daemon:
            daemon.wait_for("alertmanager", lambda: peer.alerts() is not None)
            daemon.post(executions(10, "checkout") + executions(10, "search"))
            daemon.wait_for("both", lambda: set(peer.alerts()) == {"checkout", "search"})
            alert = peer.alerts()["checkout"]
            self.assertEqual(alert["labels"], {
                "alertname": "success-rate-collapse", "severity": "critical", "alert": "A2", "team": "search",
                "prompt": "checkout", "tags_region": "eu"})
            self.assertEqual(alert["annotations"]["summary"], "Success rate of checkout is 0 %")
            mine = next(a for a in daemon.get("/api/v1/alerts")["alerts"] if a["labels"]["prompt"] == "checkout")
            self.assertEqual(alert["annotations"]["incident"], mine["id"])
            self.assertEqual(alert["generatorURL"], f"https://vitals.example/api/v1/alerts/{mine['id']}")

            # With a refresh of 1 s an alert lasts 4 s at the peer: seeing a later end shows that it is told again.
            first = alert["endsAt"]
            daemon.wait_for("a later end", lambda: peer.alerts()["checkout"]["endsAt"] > first)
            self.assertEqual(peer.alerts()["checkout"]["fingerprint"], alert["fingerprint"])

            daemon.post(executions(0, "checkout", count=100))
            daemon.wait_for("the end of one", lambda: set(peer.alerts()) == {"search"})

    @staticmethod
    def daemon(peer):
        rules = os.path.join(peer.folder.name, "rules.yaml")
        with open(rules, "w", encoding="utf-8") as f:
            f.write(RULES)
        return Daemon(f"""
rules: [{rules}]
receivers:
  - name: alertmanager
    alertmanager: {{url: "{peer.url}", refresh: 1s}}
notify: {{retry_min: 50ms, retry_max: 200ms, external_url: "https://vitals.example"}}
pipeline: {{evaluate_every: 50ms}}
""")


if __name__ == "__main__":
    unittest.main(verbosity=2)
