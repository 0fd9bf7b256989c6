"""The rules that come with vitalsd: loaded as they are, and each fired to a webhook receiver."""
import os
import re
import subprocess
import unittest

from daemon import BIN, DAY_MS, Daemon, now_ms
from receiver import SECRET, Receiver

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
MISSION = os.path.join(ROOT, "config/rules.d/mission.yaml")
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
NUMBER = r"-?[\d.]+"
SINCE = r"since 20\d\d-\d\d-\d\dT\S+Z\."
BEYOND = rf"is {NUMBER} \S+ over \w+, beyond the (critical|alert) threshold {NUMBER} \(\d+ samples\), {SINCE}"
BENCHMARK = rf"is {NUMBER} \S+ over 1h, beyond the benchmark's {NUMBER} \(\d+ samples\), {SINCE}"
REACHES = rf"is {NUMBER} \S+ and on its way to {NUMBER}, which it reaches in [\dhm]+ if it goes on like this \(\d+ samples\)\."
# Every rule: the alert of the mission that it is, its severity, and what its summary and description say.
RULES = {
    "system-failure": ("A1", "critical", "No executions for 1s", r"Not one execution has come for [\d.]+ s \(limit 1 s\), of any prompt\."),
    "component-unavailable": ("A1", "critical", "The component disk of vitalsd is not well",
                              rf"disk: \d+ MiB are free where the data folder is, fewer than \d+ MiB, {SINCE}"),
    "host-silent": ("A1", "critical", r"No executions from host web-\d for 1s",
                    r"The last execution of host web-\d came [\d.]+ s ago \(limit 1 s\); others may still come\."),
    "prompt-silent": ("A1", "warning", r"No executions of \w+ for 1s", r"The last execution of \w+ came [\d.]+ s ago \(limit 1 s\)\."),
    "success-rate-collapse": ("A2", "critical", "Success rate of collapsed collapsed to 50 %", f"execution_success_rate of collapsed {BEYOND}"),
    "quality-collapse": ("A2", "critical", "Response quality of collapsed collapsed to 2", f"response_quality_score of collapsed {BEYOND}"),
    "completion-time-collapse": ("A2", "critical", "Executions of collapsed take 100 s", f"completion_time of collapsed {BEYOND}"),
    "satisfaction-collapse": ("A2", "critical", "User satisfaction with collapsed collapsed to 1", f"user_satisfaction_rating of collapsed {BEYOND}"),
    "success-rate-degradation": ("A3", "warning", r"Success rate of (collapsed is down to 50|declined is down to 85) %",
                                 rf"execution_success_rate of \w+ {BEYOND}"),
    "completion-time-degradation": ("A3", "warning", "Executions of (collapsed take 100|declined take 60) s", rf"completion_time of \w+ {BEYOND}"),
    "success-rate-sinks": ("A3", "warning", r"Success rate of failing sinks: 90 % in [\dhm]+", f"execution_success_rate of failing {REACHES}"),
    "completion-time-grows": ("A3", "warning", r"Executions of slow grow longer: 45 s in [\dhm]+", f"completion_time of slow {REACHES}"),
    "overload-nears": ("A3", "warning", r"Host web-2 has \+\d+ % executions in progress against the usual",
                       rf"{NUMBER} executions of host web-2 are in progress at a time, over 30m; {NUMBER} at this time of day in the last week\. "
                       r"More come, or each takes longer\."),
    "quality-decline": ("A4", "warning", r"Response quality of (collapsed is down to 2|declined is down to 7)", rf"response_quality_score of \w+ {BENCHMARK}"),
    "satisfaction-decline": ("A4", "warning", r"User satisfaction with (collapsed is down to 1|declined is down to 3.5)",
                             rf"user_satisfaction_rating of \w+ {BENCHMARK}"),
    "quality-sinks": ("A4", "warning", r"Response quality of dull sinks: 7.5 in [\dhm]+", f"response_quality_score of dull {REACHES}"),
    "satisfaction-sinks": ("A4", "warning", r"User satisfaction with dull sinks: 3.8 in [\dhm]+", f"user_satisfaction_rating of dull {REACHES}"),
    "better-version": ("A5", "informational", "mail: version v2 does better than v1",
                       rf"The overall score of v1 is {NUMBER} \({NUMBER} to {NUMBER}\), that of v2 {NUMBER} \({NUMBER} to {NUMBER}\), "
                       r"over the last day \(\d+ samples\)\."),
    "usage-change": ("A6", "informational", r"left is used -\d\d % against the same hour last week",
                     rf"\d+ executions of left within an hour, {NUMBER} at the same hour last week, {SINCE}"),
}
SILENT = {"system-failure", "host-silent", "prompt-silent"}
# Judged on history or on the daemon itself: the group that each is to fire for.
HISTORIC = {"component-unavailable": "disk", "success-rate-sinks": "failing", "completion-time-grows": "slow",
            "overload-nears": "web-2", "quality-sinks": "dull", "satisfaction-sinks": "dull",
            "better-version": "mail", "usage-change": "left"}
COLLAPSED = set(RULES) - set(HISTORIC) - SILENT
DECLINED = {rule for rule in COLLAPSED if RULES[rule][0] in ("A3", "A4")}


def executions(prompt, failed_of_20, seconds, score, rating, rounds=1):
    """20 executions, or so many times as many, that are all alike but for their status."""
    return [{"time": now_ms(), "prompt": prompt, "status": "error" if i % 20 < failed_of_20 else "success",
             "tags": {"host": "web-1"},
             "duration_ms": 1000 * seconds, "quality": {"clarity": score}, "feedback": {"rating": rating}}
            for i in range(20 * rounds)]


def spread(prompt, begin, end, count, **fields):
    """Executions evenly over a time. A field that is a function is of the share of it that has passed."""
    for i in range(count):
        passed = i / count
        yield {"time": round(begin + (end - begin) * passed), "prompt": prompt, "status": "success",
               **{name: value(passed) if callable(value) else value for name, value in fields.items()}}


def ever_more_errors(share, count):
    """A status that fails ever more often, up to this share, as regularly as can be."""
    def failures(passed):
        return int(share * count * passed ** 2 / 2)
    return lambda passed: "error" if failures(passed) > failures(passed - 1 / count) else "success"


def history(now):
    """What makes each rule of HISTORIC hold, and no other."""
    yield from spread("failing", now - 6 * HOUR_MS, now, 6000, status=ever_more_errors(0.08, 6000))
    yield from spread("slow", now - 6 * HOUR_MS, now, 600, duration_ms=lambda passed: 20_000 + 22_000 * passed)
    yield from spread("dull", now - 2 * DAY_MS, now, 600, quality=lambda passed: {"overall": 9.2 - 1.6 * passed},
                      feedback=lambda passed: {"rating": 4.8 - 0.9 * passed})
    yield from spread("mail", now - 20 * HOUR_MS, now - 3 * HOUR_MS, 500, version="v2", quality={"overall": 9.4})
    yield from spread("mail", now - 20 * HOUR_MS, now, 500, version="v1", quality={"overall": 8.2})
    # A little more than what the rules look at: time passes meanwhile.
    for days in range(8):
        end = now - days * DAY_MS
        yield from spread("steady", end - HOUR_MS, end, 400, tags={"host": "web-2"},
                          duration_ms=18_000 if days == 0 else 9_000)
    yield from spread("left", now - 7 * DAY_MS - 2 * HOUR_MS, now - 7 * DAY_MS + HOUR_MS, 1200)
    yield from spread("left", now - HOUR_MS, now, 100)


class MissionRules(unittest.TestCase):
    def test_the_file_is_good_as_it_is(self):
        with Daemon(f"rules: [{MISSION}]\n") as daemon:
            checked = subprocess.run([os.path.join(BIN, "vitalsd"), "--config", daemon.config, "--check-config"],
                                     capture_output=True, text=True)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))
            self.assertIn(f"{len(RULES)} rules", checked.stdout)
            loaded = daemon.get("/api/v1/rules")["rules"]
            self.assertEqual({r["name"] for r in loaded}, set(RULES))
        # The tests below fire all of them.
        self.assertEqual(set(HISTORIC) | SILENT | COLLAPSED, set(RULES))

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
            self.assertEqual({(a["rule"], self.group(a)) for a in alerts}, expected)

            # Nothing else is changed than how long that is; pending alerts are carried over.
            daemon.write_config(self.config(receiver, self.impatient_rules(daemon)))
            daemon.hang_up()
            silent = ({("system-failure", None), ("host-silent", "web-1")}
                      | {("prompt-silent", prompt) for prompt in ("collapsed", "declined", "fine")})
            told = daemon.wait_for("all alerts", lambda: self.told(receiver, "alert.firing", expected | silent))
            self.check_texts(told)
            pending = {a["id"] for a in alerts}
            self.assertEqual({d["id"] for d in told if d["rule"] in COLLAPSED}, pending)

            def end_all():
                for prompt in ("collapsed", "declined", "fine"):
                    daemon.post(executions(prompt, 0, seconds=1, score=10, rating=5, rounds=200))
                return self.told(receiver, "alert.resolved", expected | silent)
            daemon.wait_for("their ends", end_all)
            self.assertEqual(receiver.bad_signatures, 0)

    def test_each_rule_on_history_or_the_daemon_itself_fires(self):
        with Receiver() as receiver, Daemon() as daemon:
            daemon.post(history(now_ms()))
            # Only now, so that no rule judges half of it. There is not so much room anywhere.
            full_disk = f"health: {{disk_free_min: {2 ** 60}}}\n"
            daemon.write_config(self.config(receiver, MISSION) + full_disk)
            daemon.restart()
            expected = set(HISTORIC.items())
            alerts = daemon.wait_for("the alerts", lambda: self.all_open(daemon, len(expected)))
            self.assertEqual({(a["rule"], self.group(a)) for a in alerts}, expected)
            # The others have said in advance what will be; these wait for theirs to last.
            self.assertEqual({a["rule"] for a in alerts if a["status"] == "pending"},
                             {"component-unavailable", "overload-nears", "usage-change"})
            daemon.write_config(self.config(receiver, self.impatient_rules(daemon)) + full_disk)
            daemon.hang_up()
            told = daemon.wait_for("all alerts", lambda: self.told(receiver, "alert.firing", expected))
            self.check_texts(told)

    def check_texts(self, told):
        """What people read is filled in, says what the rule is about, and leads to a runbook that is there."""
        with open(os.path.join(ROOT, "docs/operate/runbooks.md"), encoding="utf-8") as f:
            anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.+)$", f.read())}
        for data in told:
            alert, severity, summary, description = RULES[data["rule"]]
            self.assertEqual((data["labels"]["alert"], data["severity"]), (alert, severity))
            texts = data["annotations"]
            self.assertRegex(texts["summary"], rf"\A{summary}\Z")
            self.assertRegex(texts["description"], rf"\A{description}\Z")
            page, anchor = texts["runbook_url"].split("#")
            self.assertEqual(page, "docs/operate/runbooks.md")
            self.assertIn(anchor, anchors)
            for text in ("affected", "cause", "next_step"):
                self.assertTrue(texts[text], (data["rule"], text))
            for unfilled in ("{{", "(none)", "no value"):
                self.assertNotIn(unfilled, str(texts), data["rule"])

    @staticmethod
    def group(alert):
        """The value of the label that tells the rule's alerts apart."""
        return next((alert["labels"][name] for name in ("prompt", "tags.host", "component")
                     if name in alert["labels"]), None)

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
            text = re.sub(r"(?m)^    (for|keep_firing_for): \w+$", r"    \1: 0s", f.read())
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

    @classmethod
    def told(cls, receiver, kind, expected):
        """What the receiver was told of this kind, once that is all of `expected`."""
        with receiver.lock:
            documents = [d["data"] for _, d in receiver.accepted if d["type"] == kind]
        found = {(d["rule"], cls.group(d)) for d in documents}
        return documents if found >= expected else None


if __name__ == "__main__":
    unittest.main(verbosity=2)
