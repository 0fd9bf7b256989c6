"""Versions of prompts held against the benchmarks of the metrics."""
import json
import math
import unittest

from daemon import Daemon

# One-sided 95 %: the standard normal's, and Student's t with 39 degrees of freedom (tables).
Z = 1.6448536269514722
T39 = 1.684875
CORE = ["execution_success_rate", "response_quality_score", "completion_time", "task_completion_efficiency",
        "user_satisfaction_rating", "overall_performance_score"]


def wilson(part, n):
    p, scale = part / n, 1 + Z * Z / n
    middle, width = p + Z * Z / 2 / n, Z * math.sqrt(p * (1 - p) / n + Z * Z / 4 / n / n)
    return [100 * (middle - width) / scale, 100 * (middle + width) / scale]


def executions(version, count, failing=0, seconds=10.0, quality=9.2, rating=4.8, **more):
    """Values alternate a little around what is given, so that their deviation is known."""
    return [{"prompt": "support/reply", "version": version, "status": "error" if i < failing else "success",
             "duration_ms": 1000 * (seconds + (1 if i % 2 else -1)), "iterations": 1, "input_tokens": 900,
             "output_tokens": 100, "quality": {"overall": quality + (0.2 if i % 2 else -0.2)},
             "feedback": {"rating": rating + (0.1 if i % 2 else -0.1)}, **more} for i in range(count)]


def by_version(answer):
    return {version["version"]: version for version in answer["versions"]}


def check(version, metric):
    return next(one for one in version["checks"] if one["metric"] == metric)


class Compliance(unittest.TestCase):
    def test_versions_pass_fail_or_have_too_little(self):
        with Daemon() as daemon:
            daemon.post(executions("good", 200) + executions("bad", 40, failing=10, seconds=50.0) +
                        executions("young", 20) + executions("near", 200, failing=8))
            answer = daemon.get("/api/v1/compliance", prompt="support/reply")
            self.assertEqual((answer["confidence"], answer["interval_confidence"], answer["min_count"],
                              answer["benchmark"]), (95, 90, 30, "target"))
            self.assertEqual(answer["summary"], {"pass": 1, "fail": 1, "insufficient_data": 2})
            versions = by_version(answer)
            self.assertEqual(list(versions), ["bad", "good", "near", "young"])

            good = versions["good"]
            self.assertEqual((good["verdict"], good["executions"]), ("pass", 200))
            self.assertEqual((good["failed"], good["undecided"]), ([], []))
            self.assertEqual([one["metric"] for one in good["checks"]], CORE)
            self.assertTrue(all(one["verdict"] == "pass" and one["reason"] is None for one in good["checks"]))
            rate = check(good, "execution_success_rate")
            self.assertEqual((rate["value"], rate["count"], rate["benchmark"], rate["margin"]), (100, 200, 95, 5))
            self.assertAlmostEqual(rate["margin_relative"], 5 / 95)
            self.assertAlmostEqual(rate["interval"][0], wilson(200, 200)[0])

            bad = versions["bad"]
            self.assertEqual(bad["verdict"], "fail")
            self.assertEqual(bad["failed"], ["execution_success_rate", "completion_time", "overall_performance_score"])
            rate = check(bad, "execution_success_rate")
            self.assertEqual((rate["verdict"], rate["margin"]), ("fail", -20))
            for got, want in zip(rate["interval"], wilson(30, 40)):
                self.assertAlmostEqual(got, want)
            # Durations of 49 and 51 s: a sample deviation of √(40/39), t of 39 degrees of freedom.
            time = check(bad, "completion_time")
            self.assertEqual((time["value"], time["margin"], time["direction"]), (50, -20, "lower_is_better"))
            self.assertAlmostEqual(time["margin_relative"], -20 / 30)
            self.assertAlmostEqual(time["interval"][1] - 50, T39 / math.sqrt(39), places=5)

            # 96 % of 200 is above the target, but may as well be below it.
            near = versions["near"]
            self.assertEqual((near["verdict"], near["undecided"]), ("insufficient_data", ["execution_success_rate"]))
            rate = check(near, "execution_success_rate")
            self.assertEqual((rate["value"], rate["reason"]), (96, "too_close"))
            self.assertLess(rate["interval"][0], 95)

            young = versions["young"]
            self.assertEqual((young["verdict"], young["undecided"]), ("insufficient_data", CORE))
            self.assertEqual({one["reason"] for one in young["checks"]}, {"too_few"})

            # More executions of the same kind settle it: 96 % of 2,200.
            daemon.post(executions("near", 2000, failing=80))
            near = by_version(daemon.get("/api/v1/compliance", prompt="support/reply"))["near"]
            self.assertEqual(near["verdict"], "pass")

    def test_what_is_asked_for_is_what_is_judged(self):
        with Daemon() as daemon:
            daemon.post(executions("v1", 60, environment="staging") + executions("v1", 60, failing=50, environment="live") +
                        [{"prompt": "other", "status": "success"}])
            where = "/api/v1/compliance"

            def verdict(**parameters):
                versions = daemon.get(where, prompt="support/reply", version="v1", **parameters)["versions"]
                self.assertEqual([one["version"] for one in versions], ["v1"])
                return versions[0]["verdict"]

            self.assertEqual(verdict(filter="environment:staging"), "pass")
            self.assertEqual(verdict(filter="environment:live"), "fail")
            self.assertEqual(verdict(filter="environment:live", metrics="completion_time"), "pass")
            self.assertEqual(verdict(filter="environment:nowhere"), "insufficient_data")
            self.assertEqual(verdict(filter="environment:staging", confidence=99.9), "insufficient_data")
            self.assertEqual(verdict(filter="environment:staging", min_count=61), "insufficient_data")
            self.assertEqual(verdict(to="now-1h", **{"from": "now-2h"}), "insufficient_data")
            # 60 of 60 are not enough for 95 % with 99 % confidence, but for the alert's 90 %.
            self.assertEqual(verdict(filter="environment:staging", confidence=99), "insufficient_data")
            self.assertEqual(verdict(filter="environment:staging", confidence=99, benchmark="alert"), "pass")

            # All prompts; a version that is not named; one that nobody knows; one that never ran.
            everything = daemon.get(where)["versions"]
            self.assertEqual([(one["prompt"], one["version"]) for one in everything],
                             [("other", None), ("support/reply", "v1")])
            self.assertEqual(check(everything[0], "completion_time")["reason"], "no_data")
            self.assertEqual(daemon.get(where, limit=1)["truncated"], True)
            unknown = daemon.get(where, prompt="support/reply", version="v*")["versions"]
            self.assertEqual([(one["version"], one["verdict"], one["executions"]) for one in unknown],
                             [("v*", "insufficient_data", 0)])
            body = json.dumps({"prompt": "support/reply", "version": "v2", "text": "Answer in one sentence."})
            self.assertEqual(daemon.request("POST", "/api/v1/prompts", body)[0], 200)
            self.assertEqual(list(by_version(daemon.get(where, prompt="support/reply"))), ["v1", "v2"])

    def test_a_wrong_question_is_told_what_is_wrong(self):
        with Daemon() as daemon:
            for query, reason in (("version=v1", "version: needs prompt"), ("prompt=", "prompt: is empty"),
                                  ("metrics=speed", "metrics: there is no metric 'speed'"),
                                  ("metrics=errors", "metrics: 'errors' has no benchmark"),
                                  ("benchmark=best", "benchmark: expected target or alert"),
                                  ("confidence=50", "confidence: expected percent above 50 and below 100, as 95"),
                                  ("min_count=0", "min_count: expected a whole number from 1"),
                                  ("window=1h&from=now", "window: cannot be given together"),
                                  ("group_by=model", "group_by: this parameter is not known here")):
                status, headers, body = daemon.request("GET", "/api/v1/compliance?" + query)
                self.assertEqual((status, headers["Content-Type"]), (400, "application/problem+json"), query)
                self.assertIn(reason, json.loads(body)["detail"])


if __name__ == "__main__":
    unittest.main()
