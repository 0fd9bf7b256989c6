"""Rules that need history, and what is found out about a firing alert, over weeks of executions."""
import random
import unittest

from daemon import DAY_MS, Daemon, now_ms
from receiver import SECRET, Receiver

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
PROMPT = "support/answer"

RULES = """
rules:
  - name: better-version
    better_version: {metric: overall_performance_score, confidence: 95, window: 7d}
    every: 1s
    min_samples: 30
    group_by: [prompt]
    severity: informational
    labels: {alert: A5}
    annotations:
      summary: "Version {{better_version}} of {{labels.prompt}} does better than {{version}}"
      description: "{{interval}} against {{better_interval}}"
  - name: usage
    metric: executions
    changed: {against: same-hour-last-week, by: 50%}
    window: 1h
    every: 1s
    min_samples: 20
    severity: informational
    labels: {alert: A6}
    annotations:
      summary: "{{value}} executions in the last {{window}}, {{change}} against {{baseline}} last week"
  - name: failing
    metric: execution_success_rate
    below: 90
    window: 15m
    min_samples: 50
    group_by: [prompt]
    severity: critical
    annotations: {summary: "{{labels.prompt}} fails"}
"""


def executions(version, success, start, end, count, prompt=PROMPT, score=9.0):
    """So many, evenly over a time, with labels that have nothing to do with how they end."""
    for i in range(count):
        failed = random.random() >= success
        yield {"time": start + (end - start) * i // count, "prompt": prompt, "version": version,
               "model": random.choice(["large", "small"]), "environment": "production",
               "status": "error" if failed else "success", "duration_ms": 2000, "input_tokens": 100,
               "quality": {"overall": score}, "user": f"user-{random.randrange(50)}",
               "tags": {"region": random.choice(["eu", "us", "asia"])},
               **({"error": {"type": "timeout"}} if failed else {})}


class HistoryRules(unittest.TestCase):
    def setUp(self):
        seed = random.randrange(10**9)
        random.seed(seed)
        print(f"seed {seed}")

    @staticmethod
    def load_rules(daemon, receiver):
        """Once everything has been posted, so that no rule judges half of it."""
        path = daemon.folder + "/history.yaml"
        with open(path, "w", encoding="utf-8") as f:
            f.write(RULES)
        daemon.write_config(f"""
rules: ["{path}"]
receivers:
  - name: ops
    webhook: {{url: "{receiver.url}", secret: {SECRET}}}
routes: {{receiver: ops}}
""")
        daemon.hang_up()

    @staticmethod
    def told(receiver, rule, kind="alert.firing"):
        with receiver.lock:
            return next((d["data"] for _, d in receiver.accepted
                         if d["type"] == kind and d["data"]["rule"] == rule), None)

    def test_another_version_that_is_better_is_named_until_it_is_used(self):
        with Receiver() as receiver, Daemon() as daemon:
            now = now_ms()
            daemon.post(executions("v2", 0.93, now - 6 * DAY_MS, now, 2000, score=8.0))
            daemon.post(executions("v3", 0.99, now - 3 * DAY_MS, now - DAY_MS, 400, score=9.5))
            self.load_rules(daemon, receiver)
            alert = daemon.wait_for("A5", lambda: self.told(receiver, "better-version"))
            self.assertEqual(alert["annotations"]["summary"],
                             f"Version v3 of {PROMPT} does better than v2")
            self.assertRegex(alert["annotations"]["description"], r"^[\d.]+ to [\d.]+ against [\d.]+ to [\d.]+$")
            self.assertLess(alert["value"], alert["threshold"])
            # Once it is what is used now there is nothing better.
            daemon.post(executions("v3", 0.99, now_ms() - MINUTE_MS, now_ms(), 3000, score=9.5))
            daemon.wait_for("its end", lambda: self.told(receiver, "better-version", "alert.resolved"))

    def test_usage_that_falls_away_is_told_with_what_fell_away(self):
        with Receiver() as receiver, Daemon() as daemon:
            now = now_ms()
            week_ago = now - 7 * DAY_MS
            for prompt, count in (("mail", 3000), ("chat", 1000)):
                daemon.post(executions("v1", 0.99, week_ago - 2 * HOUR_MS, week_ago + 2 * HOUR_MS, count, prompt))
            daemon.post(executions("v1", 0.99, now - HOUR_MS, now, 250, "chat"))
            self.load_rules(daemon, receiver)
            alert = daemon.wait_for("A6", lambda: self.told(receiver, "usage"))
            self.assertRegex(alert["annotations"]["summary"],
                             r"^2[345]\d executions in the last 1h, -7\d % against 1000(\.5)? last week$|"
                             r"^2[345]\d executions in the last 1h, -7\d % against 99\d last week$|"
                             r"^2[345]\d executions in the last 1h, -7\d % against 100\d last week$")
            self.assertRegex(alert["annotations"]["cause"],
                             r"^prompt mail: 9\d % of the change; 100 % less than before$|"
                             r"^prompt mail: 100 % of the change; 100 % less than before$")
            # It survives a reload and a restart, and ends when people are back.
            daemon.hang_up()
            daemon.restart()
            self.assertEqual([a["rule"] for a in daemon.get("/api/v1/alerts")["alerts"]], ["usage"])
            daemon.post(executions("v1", 0.99, now_ms() - 30 * MINUTE_MS, now_ms(), 700, "mail"))
            daemon.wait_for("its end", lambda: self.told(receiver, "usage", "alert.resolved"))
            self.assertEqual(len([1 for _, d in receiver.accepted if d["type"] == "alert.firing"
                                  and d["data"]["rule"] == "usage"]), 1)

    def test_a_bad_version_is_named_with_those_who_suffer_and_the_version_to_go_back_to(self):
        with Receiver() as receiver, Daemon() as daemon:
            now = now_ms()
            # v5 was good, v6 missed its benchmarks, v7 is good and still there, v8 is bad.
            daemon.post(executions("v5", 0.99, now - 21 * DAY_MS, now - 15 * DAY_MS, 1500))
            daemon.post(executions("v7", 0.98, now - 14 * DAY_MS, now - HOUR_MS // 2, 3000))
            daemon.post(executions("v6", 0.90, now - 5 * DAY_MS, now - 4 * DAY_MS, 1000))
            daemon.post(executions("v7", 0.98, now - 10 * MINUTE_MS, now, 200))
            daemon.post(executions("v8", 0.40, now - 10 * MINUTE_MS, now, 200))
            self.load_rules(daemon, receiver)
            alert = daemon.wait_for("the alert", lambda: self.told(receiver, "failing"))
            told = alert["annotations"]
            self.assertRegex(told["cause"], r"^version v8: (9\d|100) % of the additional errors; "
                                            r"it succeeds in [345][\d.]* % against (9[\d.]+|100) % of the others$")
            self.assertRegex(told["affected"],
                             r"^1\d\d failed executions of \d\d users in 3 regions in the last 15 minutes$")
            self.assertRegex(told["errors"], r"^timeout (\d+) of \1 errors$")
            self.assertEqual(told["rollback_to"], "v7")
            # The same is to be had by asking.
            asked = daemon.get("/api/v1/analysis/root-cause", metric="execution_success_rate",
                               filter=f"prompt:{PROMPT}", window="15m", baseline_from="now-24h")
            self.assertTrue(asked["text"].startswith("version v8: "), asked["text"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
