"""The detailed metrics of a prompt by version, and what they go with."""
import json
import unittest
from urllib.parse import quote

from daemon import Daemon, now_ms

HOUR_MS = 3_600_000
DETAILED = {
    "clarity_effectiveness": ["language_specificity", "instruction_precision", "context_completeness"],
    "efficiency_optimization": ["token_efficiency", "redundancy_elimination", "information_density"],
    "error_handling_robustness": ["error_detection_accuracy", "error_recovery_rate", "graceful_degradation"],
    "structural_organization": ["logical_flow", "hierarchy_clarity", "section_organization"],
}
OUTCOMES = ["execution_success_rate", "response_quality_score", "user_satisfaction_rating", "completion_time",
            "total_tokens"]


def executions(version, time, count=40, failing=0, prompt="triage", tokens=1000, seconds=5, error=None, **traits):
    return [{"prompt": prompt, "version": version, "time": time, "status": "error" if i < failing else "success",
             "duration_ms": 1000 * seconds, "input_tokens": tokens, "traits": traits,
             **({"error": error} if i < failing and error else {})} for i in range(count)]


def aspects(answer):
    """By name: the metrics and their dimensions."""
    found = {metric["metric"]: metric for metric in answer["metrics"]}
    for metric in answer["metrics"]:
        found.update({dimension["dimension"]: dimension for dimension in metric["dimensions"]})
    return found


def column(aspect, member):
    return [version[member] for version in aspect["versions"]]


def correlation(answer, aspect, outcome):
    return next(one for one in aspects(answer)[aspect]["correlations"] if one["outcome"] == outcome)


class PromptQuality(unittest.TestCase):
    def quality(self, daemon, prompt="triage", **parameters):
        return daemon.get(f"/api/v1/prompts/{quote(prompt, safe='')}/quality", **parameters)

    def test_dimensions_by_version_with_their_changes(self):
        with Daemon() as daemon:
            now = now_ms()
            daemon.post(
                # In the order in which they ran: b, then c, then a.
                executions("a", now - HOUR_MS, failing=4, tokens=9000, language_specificity=8, redundancy=0.1,
                           error={"type": "x", "detected": True, "recovered": False, "degraded": True}) +
                executions("b", now - 50 * HOUR_MS, language_specificity=5, instruction_precision=7, redundancy=0.4,
                           information_density=6) +
                executions("c", now - 20 * HOUR_MS, count=7) +
                executions("x", now - HOUR_MS, prompt="other", language_specificity=1))
            answer = self.quality(daemon)
            self.assertEqual({metric["metric"]: [one["dimension"] for one in metric["dimensions"]]
                              for metric in answer["metrics"]}, DETAILED)
            self.assertEqual([(one["version"], one["executions"]) for one in answer["versions"]],
                             [("b", 40), ("c", 7), ("a", 40)])
            found = aspects(answer)
            for aspect in found.values():
                self.assertEqual(column(aspect, "version"), ["b", "c", "a"])
                self.assertEqual([one["outcome"] for one in aspect["correlations"]], OUTCOMES)
            specificity = found["language_specificity"]
            self.assertEqual(column(specificity, "value"), [5, None, 8])
            self.assertEqual(column(specificity, "count"), [40, 0, 40])
            self.assertEqual(column(specificity, "change"), [None, None, 3])
            self.assertEqual(column(found["clarity_effectiveness"], "value"), [6, None, 8])
            self.assertEqual(column(found["clarity_effectiveness"], "change"), [None, None, 2])
            # 40 · 9,000 tokens for 36 successes: 10 · 4,000 / 10,000.
            for got, want in zip(column(found["token_efficiency"], "value"), [10, 10, 4]):
                self.assertAlmostEqual(got, want)
            self.assertEqual(column(found["token_efficiency"], "change"), [None, 0, -6])
            self.assertEqual(column(found["redundancy_elimination"], "value"), [6, None, 9])
            self.assertAlmostEqual(found["efficiency_optimization"]["versions"][0]["value"], (10 + 6 + 6) / 3)
            for dimension, value in (("error_detection_accuracy", 10), ("error_recovery_rate", 0),
                                     ("graceful_degradation", 10)):
                self.assertEqual(column(found[dimension], "value"), [None, None, value])
                self.assertEqual(column(found[dimension], "count"), [0, 0, 4])
            # Three versions tell nothing of correlations.
            for aspect in found.values():
                for one in aspect["correlations"]:
                    self.assertEqual((one["rho"], one["p_value"], one["reason"]), (None, None, "too_few_versions"))

            # A registered version is as old as its registration, and one that did not run is not there.
            for version in ("a", "z"):
                body = json.dumps({"prompt": "triage", "version": version, "text": "Answer in one sentence."})
                self.assertEqual(daemon.request("POST", "/api/v1/prompts", body)[0], 200)
            daemon.post(executions("d", now))
            self.assertEqual([one["version"] for one in self.quality(daemon)["versions"]], ["b", "c", "a", "d"])

    def test_what_goes_with_an_outcome(self):
        with Daemon() as daemon:
            time = now_ms() - HOUR_MS
            # Six versions: specificity rises with success, falls with time; flow goes with nothing.
            events = []
            for i, flow in enumerate((3, 5, 1, 6, 2, 4)):
                events += executions(f"v{i}", time, failing=10 - i, seconds=20 - 2 * i, language_specificity=4 + i,
                                     logical_flow=flow, context_completeness=5)
            # Too few executions to be counted, and against all others.
            events += executions("odd", time, count=20, language_specificity=0, logical_flow=5)
            events += [event for i in range(5) for event in
                       executions("v", time, failing=2 * i, prompt=f"p{i}", language_specificity=1 + i)]
            daemon.post(events)
            answer = self.quality(daemon)
            rising = correlation(answer, "language_specificity", "execution_success_rate")
            self.assertAlmostEqual(rising["rho"], 1)
            self.assertEqual(rising["versions"], 6)
            self.assertAlmostEqual(rising["p_value"], 2 / 720)  # of 6! orders, the two perfect ones
            self.assertIsNone(rising["reason"])
            falling = correlation(answer, "language_specificity", "completion_time")
            self.assertAlmostEqual(falling["rho"], -1)
            # Σd² of (3 5 1 6 2 4) against (1 2 3 4 5 6) is 34: 1 - 6·34/210.
            self.assertAlmostEqual(correlation(answer, "logical_flow", "execution_success_rate")["rho"], 1 - 6 * 34 / 210)
            # All tokens are alike, nobody rated, and completeness never moved.
            for aspect, outcome, reason in (("language_specificity", "total_tokens", "no_change"),
                                            ("context_completeness", "execution_success_rate", "no_change"),
                                            ("language_specificity", "user_satisfaction_rating", "too_few_versions")):
                one = correlation(answer, aspect, outcome)
                self.assertEqual((one["rho"], one["reason"]), (None, reason), aspect)
            # Nothing is more than what Benjamini and Hochberg make of all p-values of the answer.
            tested = [one for aspect in aspects(answer).values() for one in aspect["correlations"] if one["rho"] is not None]
            p_values = sorted(one["p_value"] for one in tested)
            for one in tested:
                want = min(p * len(p_values) / (rank + 1) for rank, p in enumerate(p_values) if p >= one["p_value"])
                self.assertAlmostEqual(one["false_discovery_rate"], min(1, want))

            self.assertEqual(correlation(self.quality(daemon, min_count=20), "language_specificity",
                                         "execution_success_rate")["versions"], 7)
            everything = correlation(self.quality(daemon, scope="all"), "language_specificity", "execution_success_rate")
            self.assertEqual(everything["versions"], 11)
            self.assertLess(everything["rho"], 1)

    def test_a_wrong_question_is_told_what_is_wrong(self):
        with Daemon() as daemon:
            daemon.post(executions("v1", now_ms()))
            for query, status, reason in (("scope=some", 400, "scope: expected prompt or all"),
                                          ("min_count=none", 400, "min_count: expected a whole number"),
                                          ("version=v1", 400, "version: this parameter is not known here"),
                                          ("from=now-2h&to=now-1h", 404, "no version of it is registered or ran")):
                code, headers, body = daemon.request("GET", "/api/v1/prompts/triage/quality?" + query)
                self.assertEqual((code, headers["Content-Type"]), (status, "application/problem+json"), query)
                self.assertIn(reason, json.loads(body)["detail"])


if __name__ == "__main__":
    unittest.main()
