"""Versions of prompts held against the benchmarks of the metrics."""
import json
import math
import os
import subprocess
import unittest
from urllib.parse import urlencode

from daemon import BIN, Daemon

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
            self.assertEqual((answer["verdict"], answer["summary"]),
                             ("fail", {"pass": 1, "fail": 1, "insufficient_data": 2}))
            versions = by_version(answer)
            self.assertEqual(list(versions), ["bad", "good", "near", "young"])

            good = versions["good"]
            self.assertEqual((good["verdict"], good["executions"]), ("pass", 200))
            self.assertEqual((good["failed"], good["undecided"]), ([], []))
            self.assertEqual([one["metric"] for one in good["checks"]], CORE)
            self.assertTrue(all(one["verdict"] == "pass" and one["reason"] is None for one in good["checks"]))
            rate = check(good, "execution_success_rate")
            self.assertEqual((rate["value"], rate["count"], rate["benchmark"], rate["margin"]), (100, 200, 95, 5))
            self.assertEqual({one["benchmark_of"] for one in good["checks"]}, {"metric"})
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
            cut = daemon.get(where, limit=1, filter="prompt:support/reply", benchmark="alert", metrics="completion_time")
            self.assertEqual((cut["verdict"], "truncated" in cut), ("pass", False))
            daemon.post(executions("v0", 60))
            cut = daemon.get(where, limit=1, filter="prompt:support/reply", benchmark="alert", metrics="completion_time")
            self.assertEqual((cut["summary"]["pass"], cut["truncated"], cut["verdict"]), (1, True, "insufficient_data"))
            unknown = daemon.get(where, prompt="support/reply", version="v*")["versions"]
            self.assertEqual([(one["version"], one["verdict"], one["executions"]) for one in unknown],
                             [("v*", "insufficient_data", 0)])
            body = json.dumps({"prompt": "support/reply", "version": "v2", "text": "Answer in one sentence."})
            self.assertEqual(daemon.request("POST", "/api/v1/prompts", body)[0], 200)
            self.assertEqual(list(by_version(daemon.get(where, prompt="support/reply"))), ["v0", "v1", "v2"])

    def test_prompts_have_benchmarks_of_their_own(self):
        def config(rate):
            return f"""
benchmarks:
  - prompt: support/*
    version: v1*
    metrics: {{completion_time: {{target: 5, alert: 60}}}}
  - prompt: support/*
    metrics:
      execution_success_rate: {rate}
      completion_time: 20
      cost_usd: 0.02
"""
        with Daemon(config(99.9)) as daemon:
            daemon.post([{**one, "cost_usd": 0.01 + 0.001 * (i % 2)} for version in ("v1.2", "v2")
                         for i, one in enumerate(executions(version, 200))] +
                        [{**one, "prompt": "other", "cost_usd": 0.5} for one in executions("v1", 200)])
            where = "/api/v1/compliance"

            def of(metric, version="v2", prompt="support/reply", **parameters):
                versions = daemon.get(where, prompt=prompt, **parameters)["versions"]
                one = check(next(v for v in versions if v["version"] == version), metric)
                return one["benchmark"], one["benchmark_of"], one["verdict"], one["reason"]

            self.assertEqual(of("completion_time", "v1.2"), (5, "prompt", "fail", None))
            self.assertEqual(of("completion_time"), (20, "prompt", "pass", None))
            self.assertEqual(of("completion_time", "v1", "other"), (30, "metric", "pass", None))
            self.assertEqual(of("cost_usd", "v1.2"), (0.02, "prompt", "pass", None))
            self.assertEqual(of("response_quality_score"), (8.5, "metric", "pass", None))
            # What the first entry that names the metric does not give is the metric's own.
            self.assertEqual(of("completion_time", "v1.2", benchmark="alert"), (60, "prompt", "pass", None))
            self.assertEqual(of("completion_time", benchmark="alert"), (45, "metric", "pass", None))
            self.assertEqual(of("execution_success_rate"), (99.9, "prompt", "insufficient_data", "too_close"))
            names = [one["metric"] for one in daemon.get(where, prompt="support/reply")["versions"][0]["checks"]]
            self.assertEqual(names, CORE + ["cost_usd"])
            names = [one["metric"] for one in daemon.get(where, prompt="other")["versions"][0]["checks"]]
            self.assertEqual(names, CORE)

            # A metric that only some have a benchmark for decides nothing of the others.
            answer = daemon.get(where, metrics="cost_usd")
            self.assertEqual([(one["prompt"], one["verdict"]) for one in answer["versions"]],
                             [("other", "insufficient_data"), ("support/reply", "pass"), ("support/reply", "pass")])
            self.assertEqual(answer["verdict"], "insufficient_data")
            left = check(answer["versions"][0], "cost_usd")
            self.assertEqual((left["benchmark"], left["benchmark_of"], left["reason"], left["margin"], left["count"]),
                             (None, None, "no_benchmark", None, 200))
            for query in ("metrics=cost_usd&prompt=other", "metrics=cost_usd&benchmark=alert"):
                status, _, body = daemon.request("GET", f"{where}?{query}")
                self.assertEqual((status, json.loads(body)["detail"]),
                                 (400, "metrics: 'cost_usd' has no benchmark"), query)

            # A reload takes others over; a mistake in them changes nothing.
            daemon.write_config(config(98))
            daemon.hang_up()
            self.assertEqual(of("execution_success_rate"), (98, "prompt", "pass", None))
            daemon.write_config(config(85))
            status, _, body = daemon.request("POST", "/api/v1/admin/reload")
            self.assertEqual(status, 400)
            self.assertIn("vitals.yaml:8: benchmarks[1].metrics.execution_success_rate: the target 85 is worse than",
                          json.loads(body)["detail"])
            self.assertEqual(of("execution_success_rate")[0], 98)
            daemon.write_config("")
            daemon.hang_up()
            self.assertEqual(of("execution_success_rate")[:2], (95, "metric"))

    def test_a_prompt_that_nobody_knows_is_not_found(self):
        with Daemon() as daemon:
            daemon.post(executions("v1", 60))

            def status(**parameters):
                status, headers, body = daemon.request("GET", "/api/v1/compliance?" + urlencode(parameters))
                if status == 404:
                    self.assertEqual(headers["Content-Type"], "application/problem+json")
                    self.assertIn("no version of '" + parameters["prompt"] + "' is registered or", json.loads(body)["detail"])
                return status

            for known in (False, True):  # from the events alone, then with cells
                self.assertEqual(status(prompt="support/reply"), 200)
                self.assertEqual(status(prompt="support/repyl"), 404)
                self.assertEqual(status(prompt="support/*"), 404)
                # A version that is named may come yet, of a prompt that there is.
                self.assertEqual(status(prompt="support/reply", version="v9"), 200)
                self.assertEqual(status(prompt="support/repyl", version="v1"), 404)
                # Nothing to judge is no pass.
                self.assertEqual(status(prompt="support/reply", filter="environment:stagng"), 404)
                self.assertEqual(status(prompt="support/reply", window="1ms"), 404)
                self.assertEqual(status(prompt="support/reply", version="v1", window="1ms"), 200)
                if not known:
                    daemon.flush()
            body = json.dumps({"prompt": "support/new", "version": "v1", "text": "Answer in one sentence."})
            self.assertEqual(daemon.request("POST", "/api/v1/prompts", body)[0], 200)
            self.assertEqual(status(prompt="support/new"), 200)
            self.assertEqual(status(prompt="support/new", version="v2"), 200)
            self.assertEqual(daemon.get("/api/v1/compliance", prompt="support/new")["verdict"], "insufficient_data")

    def test_a_script_is_told_by_the_exit_status(self):
        with Daemon() as daemon:
            daemon.post(executions("good", 200) + executions("bad", 200, failing=100) + executions("young", 5))

            def run(*words):
                url = f"http://127.0.0.1:{daemon.port}"
                done = subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", url, "compliance", *words],
                                      capture_output=True, text=True, check=False)
                return done.returncode, done.stdout + done.stderr

            status, told = run("support/reply", "--version", "good")
            self.assertEqual(status, 0, told)
            self.assertTrue(told.startswith("support/reply: pass (target bounds, 95 % confidence)\n"), told)
            self.assertEqual(run("support/reply")[0], 4)
            self.assertEqual(run("support/reply", "--version", "young")[0], 5)
            self.assertEqual(run("support/reply", "--version", "goood")[0], 5)
            self.assertEqual(run("support/repyl")[0], 1)
            self.assertEqual(run("support/repyl", "--version", "good")[0], 1)
            self.assertEqual(run("")[0], 1)
            self.assertEqual(run()[0], 2)
            status, told = run("support/reply", "--version", "bad", "--json")
            self.assertEqual((status, json.loads(told)["verdict"]), (4, "fail"))

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
