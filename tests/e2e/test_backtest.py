"""Rules tried out: back-tests of a real daemon on days with planted incidents, and vitalsctl rules."""
import json
import os
import subprocess
import unittest

from daemon import BIN, DAY_MS, Daemon, now_ms

MINUTE = 60_000
HOUR = 60 * MINUTE
DAYS = 6
RULE = {"name": "planted", "metric": "execution_success_rate", "below": 80, "window": "5m", "for": "1m",
        "min_samples": 10, "group_by": ["prompt"]}
# Prompt, hours after the start, minutes that it lasts.
PLANTED = [("checkout", 20, 30), ("checkout", 70, 60), ("search", 70, 10), ("checkout", 120, 45)]


def executions(start, end):
    """One in 20 seconds of each prompt; in planted times nothing succeeds."""
    bad = [(prompt, start + hours * HOUR, start + hours * HOUR + minutes * MINUTE)
           for prompt, hours, minutes in PLANTED]
    for time in range(start, end, 20_000):
        for prompt in ("checkout", "search", "other"):
            fails = any(p == prompt and begin <= time < until for p, begin, until in bad)
            yield {"id": f"{prompt}-{time}", "time": time, "prompt": prompt,
                   "status": "error" if fails else "success"}


class Backtest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()
        cls.start = now_ms() - DAYS * DAY_MS
        events = list(executions(cls.start, cls.start + DAYS * DAY_MS))
        # As they come from several hosts: not in order.
        for first in range(3):
            for at in range(first, len(events), 3 * 5_000):
                cls.daemon.post(events[at:at + 3 * 5_000:3])

    @classmethod
    def tearDownClass(cls):
        cls.daemon.stop()
        cls.daemon.__exit__()

    def ask(self, body, expect=200):
        status, headers, answer = self.daemon.request("POST", "/api/v1/rules/test", json.dumps(body),
                                                      {"Content-Type": "application/json"})
        self.assertEqual(status, expect, answer[:500])
        return json.loads(answer)

    def vitalsctl(self, *arguments):
        return subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{self.daemon.port}",
                               *arguments], capture_output=True, text=True)

    def test_planted_incidents_are_found(self):
        report = self.ask({"rule": RULE, "from": self.start})
        self.assertEqual(report["firings"], len(PLANTED))
        self.assertEqual(report["rule"], "planted")
        groups = {g["labels"]["prompt"]: g for g in report["groups"]}
        self.assertEqual(set(groups), {"checkout", "search"})
        for prompt, hours, minutes in PLANTED:
            begin = self.start + hours * HOUR
            near = [i for i in groups[prompt]["incidents"] if begin < i["firing_since"] < begin + 5 * MINUTE]
            self.assertEqual(len(near), 1, (prompt, hours))
            # A fifth of the window must have failed, and be forgotten, before it fires and resolves.
            self.assertAlmostEqual(near[0]["duration_ms"], minutes * MINUTE, delta=4 * MINUTE)
            self.assertEqual(near[0]["worst_value"], 0)
        self.assertEqual(sum(g["firing_ms"] for g in report["groups"]), report["firing_ms"])
        self.assertEqual(max(g["longest_ms"] for g in report["groups"]), report["longest_ms"])

    def test_the_same_before_and_after_cells_are_made_and_the_daemon_starts_anew(self):
        request = {"rule": RULE, "from": self.start, "to": self.start + DAYS * DAY_MS}
        before = self.ask(request)
        self.daemon.flush()
        self.daemon.restart()
        self.assertEqual(self.ask(request), before)

    def test_a_filter_and_a_range_select(self):
        only = {**RULE, "filter": ["prompt:search"]}
        self.assertEqual(self.ask({"rule": only, "from": self.start})["firings"], 1)
        later = self.ask({"rule": RULE, "from": self.start + 100 * HOUR})
        self.assertEqual(later["firings"], 1)
        self.assertEqual(later["from"], self.start + 100 * HOUR)

    def test_the_range_begins_with_the_first_event(self):
        report = self.ask({"rule": {"name": "silent", "absent": "15m"}, "from": "now-30d"})
        self.assertEqual((report["firings"], report["from"]), (0, self.start))

    def test_what_is_wrong_is_said(self):
        answer = self.ask({"rule": {**RULE, "metric": "execution_succes_rate"}}, expect=400)
        self.assertEqual(answer["errors"][0]["field"], "rules[0].metric")
        self.assertIn("did you mean 'execution_success_rate'?", answer["errors"][0]["reason"])
        self.assertEqual(self.ask({"rule_name": "nobody"}, expect=404)["status"], 404)

    def test_vitalsctl_back_tests_a_file(self):
        path = os.path.join(self.daemon.folder, "planted.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write("rules:\n  - " + json.dumps(RULE) + "\n")
        shown = self.vitalsctl("rules", "backtest", path, "--last", "6d", "--incidents")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn(f"planted would have fired {len(PLANTED)} times in the last ", shown.stdout)
        lines = [line.split() for line in shown.stdout.splitlines()]
        self.assertIn(["planted", "prompt=checkout", "3"], [line[:3] for line in lines])
        self.assertEqual(sum("prompt=search" in line for line in lines), 2)

    def test_vitalsctl_says_when_there_is_no_such_rule(self):
        refused = self.vitalsctl("rules", "backtest", "nobody")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("there is no rule 'nobody'", refused.stderr)


if __name__ == "__main__":
    unittest.main()
