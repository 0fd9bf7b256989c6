"""The rules that come with vitalsd: loaded as they are, and each fired to a webhook receiver."""
import os
import re
import subprocess
import unittest

from daemon import BIN, Daemon, now_ms
from receiver import SECRET, Receiver

MISSION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../config/rules.d/mission.yaml")
# Every rule, the alert of the mission that it is, and its severity.
RULES = {
    "system-failure": ("A1", "critical"),
    "component-unavailable": ("A1", "critical"),
    "host-silent": ("A1", "critical"),
    "prompt-silent": ("A1", "warning"),
    "success-rate-collapse": ("A2", "critical"),
    "quality-collapse": ("A2", "critical"),
    "completion-time-collapse": ("A2", "critical"),
    "satisfaction-collapse": ("A2", "critical"),
    "success-rate-degradation": ("A3", "warning"),
    "completion-time-degradation": ("A3", "warning"),
    "success-rate-sinks": ("A3", "warning"),
    "completion-time-grows": ("A3", "warning"),
    "quality-decline": ("A4", "warning"),
    "satisfaction-decline": ("A4", "warning"),
    "quality-sinks": ("A4", "warning"),
    "satisfaction-sinks": ("A4", "warning"),
    "better-version": ("A5", "informational"),
    "usage-change": ("A6", "informational"),
}
# Judged on hours of history, or on the daemon itself: they have tests of their own.
SLOW = {"component-unavailable", "better-version", "usage-change"} | {
    rule for rule in RULES if rule.endswith(("-sinks", "-grows"))}
SILENT = {"system-failure", "host-silent", "prompt-silent"}
COLLAPSED = set(RULES) - SLOW - SILENT
DECLINED = {rule for rule in COLLAPSED if RULES[rule][0] in ("A3", "A4")}


def executions(prompt, failed_of_20, seconds, score, rating, rounds=1):
    """20 executions, or so many times as many, that are all alike but for their status."""
    return [{"time": now_ms(), "prompt": prompt, "status": "error" if i % 20 < failed_of_20 else "success",
             "tags": {"host": "web-1"},
             "duration_ms": 1000 * seconds, "quality": {"clarity": score}, "feedback": {"rating": rating}}
            for i in range(20 * rounds)]


class MissionRules(unittest.TestCase):
    def test_the_file_is_good_as_it_is(self):
        with Daemon(f"rules: [{MISSION}]\n") as daemon:
            checked = subprocess.run([os.path.join(BIN, "vitalsd"), "--config", daemon.config, "--check-config"],
                                     capture_output=True, text=True)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))
            self.assertIn(f"{len(RULES)} rules", checked.stdout)
            loaded = daemon.get("/api/v1/rules")["rules"]
            self.assertEqual({r["name"] for r in loaded}, set(RULES))

    def test_each_rule_fires_below_its_threshold_waits_as_it_says_and_resolves(self):
        with Receiver() as receiver, Daemon(self.config(receiver, MISSION)) as daemon:
            daemon.post(executions("collapsed", failed_of_20=10, seconds=100, score=2, rating=1))
            daemon.post(executions("declined", failed_of_20=3, seconds=60, score=7, rating=3.5, rounds=20))
            daemon.post(executions("fine", failed_of_20=1, seconds=40, score=8, rating=4))
            expected = ({(rule, "collapsed") for rule in COLLAPSED}
                        | {(rule, "declined") for rule in DECLINED})
            # As the file is they hold, and wait for their minutes to pass.
            alerts = daemon.wait_for("the pending alerts", lambda: self.all_open(daemon, len(expected)))
            self.assertEqual({a["status"] for a in alerts}, {"pending"})
            self.assertEqual({(a["rule"], a["labels"]["prompt"]) for a in alerts}, expected)

            # Nothing else is changed than how long that is; pending alerts are carried over.
            daemon.write_config(self.config(receiver, self.impatient_rules(daemon)))
            daemon.hang_up()
            silent = ({("system-failure", None), ("host-silent", None)}
                      | {("prompt-silent", prompt) for prompt in ("collapsed", "declined", "fine")})
            told = daemon.wait_for("all alerts", lambda: self.told(receiver, "alert.firing", expected | silent))
            for data in told:
                alert, severity = RULES[data["rule"]]
                self.assertEqual((data["labels"]["alert"], data["severity"]), (alert, severity))
                self.assertNotIn("{{", str(data["annotations"]))
                for text in ("summary", "description", "affected", "cause", "next_step", "runbook_url"):
                    self.assertTrue(data["annotations"][text], (data["rule"], text))
            pending = {a["id"] for a in alerts}
            self.assertEqual({d["id"] for d in told if d["rule"] in COLLAPSED}, pending)

            def end_all():
                for prompt in ("collapsed", "declined", "fine"):
                    daemon.post(executions(prompt, 0, seconds=1, score=10, rating=5, rounds=200))
                return self.told(receiver, "alert.resolved", expected | silent)
            daemon.wait_for("their ends", end_all)
            self.assertEqual(receiver.bad_signatures, 0)

    @staticmethod
    def config(receiver, rules):
        return f"""
rules: [{rules}]
receivers:
  - name: ops
    webhook: {{url: "{receiver.url}", secret: {SECRET}}}
routes: {{receiver: ops}}
pipeline: {{evaluate_every: 100ms}}
"""

    def impatient_rules(self, daemon):
        """The same rules without the times they wait, and with absences of a second."""
        with open(MISSION, encoding="utf-8") as f:
            text = re.sub(r"(?m)^    (for|keep_firing_for): \d+m$", r"    \1: 0s", f.read())
        text, absences = re.subn(r"(?m)^    absent: \w+$", "    absent: 1s", text)
        self.assertEqual(absences, len(SILENT))
        path = os.path.join(daemon.folder, "impatient.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    @staticmethod
    def all_open(daemon, count):
        alerts = daemon.get("/api/v1/alerts")["alerts"]
        return alerts if len(alerts) >= count else None

    @staticmethod
    def told(receiver, kind, expected):
        """What the receiver was told of this kind, once that is all of `expected`."""
        with receiver.lock:
            documents = [d["data"] for _, d in receiver.accepted if d["type"] == kind]
        found = {(d["rule"], d["labels"].get("prompt")) for d in documents}
        return documents if found >= expected else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
