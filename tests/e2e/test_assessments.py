"""Quality by evaluators: averaged for each execution, exact at once and after any restart."""
import json
import random
import unittest

from daemon import Daemon, now_ms

HOUR_MS = 3_600_000


def assess(daemon, assessments, want=200):
    status, _, answer = daemon.request("POST", "/api/v1/assessments", json.dumps(assessments),
                                       {"Content-Type": "application/json"})
    assert status == want, (status, answer[:500])
    return json.loads(answer)


def everywhere(daemon, name="response_quality_score", **ask):
    """One value, whatever it is read from."""
    values = {daemon.value(name, resolution=source, **ask) for source in ("raw", "1m", "1h", "1d")}
    assert len({value and round(value, 9) for value in values}) == 1, values
    return values.pop()


class Assessments(unittest.TestCase):
    def test_evaluators_of_one_execution_are_averaged(self):
        with Daemon() as daemon:
            then = now_ms() - 30 * HOUR_MS
            ask = {"from_": then - 1, "to": then + 10}
            daemon.post([{"id": "a", "time": then, "prompt": "p", "version": "v1", "status": "success"},
                         {"id": "b", "time": then, "prompt": "p", "version": "v2", "quality": {"clarity": 4}}])
            told = assess(daemon, {"execution_id": "a", "evaluator": "judge", "clarity": 10, "accuracy": 6})
            self.assertEqual(told, {"accepted": 1, "duplicates": 0, "rejected": 0, "errors": [], "waiting": 0})
            self.assertEqual(daemon.value("response_quality_score", **ask), 6)
            # Another evaluator, one that changes its mind, and one beside the runner's own score: each at once.
            assess(daemon, [{"execution_id": "a", "evaluator": "other", "overall": 5},
                            {"execution_id": "b", "evaluator": "judge", "clarity": 8}])
            self.assertEqual(daemon.value("response_quality_score", **ask), 6.25)
            assess(daemon, {"execution_id": "a", "evaluator": "judge", "clarity": 7, "accuracy": 7})
            self.assertEqual(daemon.value("response_quality_score", **ask), 6)
            self.assertEqual(assess(daemon, {"execution_id": "a", "evaluator": "judge", "clarity": 7,
                                             "accuracy": 7})["duplicates"], 1)
            self.assertEqual(daemon.value("response_quality_score", filter="version:v2", **ask), 6)
            self.assertEqual(daemon.metric("response_quality_score", **ask)["groups"][0]["count"], 2)
            self.assertEqual(daemon.value("executions", **ask), 2)

            for crash in (False, True):
                daemon.restart(crash=crash)
                daemon.flush()
                self.assertEqual(daemon.value("response_quality_score", **ask), 6)
                self.assertEqual(daemon.value("clarity", stat="max", **ask), 6)
                self.assertEqual(everywhere(daemon, window="7d"), 6)

            held = {e["id"]: e for e in daemon.get("/api/v1/executions")["executions"]}
            self.assertEqual(held["a"]["quality"], {"clarity": 6, "accuracy": 6, "overall": 5})
            self.assertEqual(held["a"]["assessments"], [
                {"evaluator": "judge", "clarity": 7, "accuracy": 7, "set_aside": False},
                {"evaluator": "other", "overall": 5, "set_aside": False}])
            self.assertEqual(held["b"]["quality"], {"clarity": 6})
            self.assertEqual([a["evaluator"] for a in held["b"]["assessments"]], [None, "judge"])

    def test_bad_assessments_are_refused_and_their_neighbours_are_not(self):
        with Daemon() as daemon:
            daemon.post([{"id": "a", "prompt": "p"}])
            told = assess(daemon, [{"execution_id": "a", "evaluator": "judge", "clarity": 11},
                                   {"execution_id": "a", "evaluator": "judge", "clarity": 9},
                                   {"execution_id": "a", "clarity": 9}, {"evaluator": "judge", "clarity": 9},
                                   {"execution_id": "a", "evaluator": "judge"},
                                   {"execution_id": "a", "evaluator": "judge", "overall": None}])
            self.assertEqual(told["accepted"], 1)
            self.assertEqual([(e["index"], e.get("field")) for e in told["errors"]],
                             [(0, "clarity"), (2, "evaluator"), (3, "execution_id"), (4, None), (5, None)])
            problem = assess(daemon, {"execution_id": "a", "evaluator": "judge", "clarity": "good"}, want=400)
            self.assertIn("clarity: must be a number", problem["detail"])
            many = assess(daemon, [{"execution_id": "a", "evaluator": f"e{i}", "overall": 5} for i in range(40)])
            self.assertEqual((many["accepted"], many["rejected"]), (31, 9))
            self.assertEqual(assess(daemon, {"execution_id": "a", "evaluator": "x", "overall": 5}, want=400)["rejected"], 1)

    def test_one_far_from_the_others_is_set_aside(self):
        with Daemon() as daemon:
            daemon.post([{"id": "a", "prompt": "p"}])
            assess(daemon, [{"execution_id": "a", "evaluator": name, "overall": score}
                            for name, score in (("one", 8), ("two", 9), ("wild", 0))])
            self.assertEqual(daemon.value("response_quality_score", window="1h"), 8.5)
            shown = daemon.get("/api/v1/executions/a")["assessments"]
            self.assertEqual({a["evaluator"]: a["set_aside"] for a in shown},
                             {"one": False, "two": False, "wild": True})

    def test_a_distrusted_evaluator_is_kept_and_compared_but_does_not_count(self):
        def judge(clarity):
            return {"execution_id": "a", "evaluator": "judge", "clarity": clarity}

        with Daemon(config="assessments: {distrust: [judge]}\n") as daemon:
            daemon.post([{"id": "a", "prompt": "p", "quality": {"clarity": 8}}, {"id": "b", "prompt": "p"}])
            self.assertEqual(assess(daemon, [judge(2), judge(4) | {"execution_id": "b"}])["accepted"], 2)
            self.assertEqual(assess(daemon, judge(6) | {"execution_id": "later"})["accepted"], 1)
            self.assertEqual(daemon.value("clarity", window="1h"), 8)
            shown = daemon.get("/api/v1/executions/a")
            self.assertEqual(shown["quality"], {"clarity": 8})
            self.assertEqual([a["set_aside"] for a in shown["assessments"]], [False, True])
            found = {e["evaluator"]: e for e in daemon.get("/api/v1/evaluators?min_count=1")["evaluators"]}
            self.assertEqual((found["judge"]["assessments"], found["judge"]["set_aside"], found["judge"]["bias"]), (2, 2, -6))
            self.assertEqual((found[None]["set_aside"], found[None]["shared"]), (0, 0))
            again = judge(3) | {"execution_id": "again"}
            self.assertEqual(assess(daemon, again)["accepted"], 1)
            daemon.write_config("assessments: {distrust: []}\n")
            daemon.restart()
            self.assertEqual(assess(daemon, again)["accepted"], 1)
            # It waited since it was distrusted.
            daemon.post([{"id": "later", "prompt": "p"}])
            daemon.wait_for("the one that waited", lambda: daemon.get("/api/v1/executions/later").get("assessments"))
            self.assertEqual(daemon.value("clarity", window="1h"), 8)
            self.assertEqual(assess(daemon, judge(2))["accepted"], 1)
            self.assertEqual(daemon.value("clarity", window="1h"), 5)
            daemon.post([{"id": "again", "prompt": "p"}])
            daemon.wait_for("what was said again", lambda: daemon.value("clarity", window="1h") == 4)

    def test_evaluators_are_compared(self):
        chance = random.Random(3)
        with Daemon() as daemon:
            now = now_ms()
            runs = [{"id": f"run-{i}", "time": now - (600 - i) * 600_000, "prompt": "p" if i % 2 else "q"}
                    for i in range(600)]
            daemon.post(runs)
            said = []
            for i in range(600):
                truth = chance.randrange(2, 9)
                scores = {"steady": truth, "same": truth + chance.choice((0, 0, 1)), "moving": truth + 2 * i / 600,
                          "random": chance.uniform(0, 10)}
                said += [{"execution_id": f"run-{i}", "evaluator": name, "overall": min(10, score)}
                         for name, score in scores.items() if i % 2 or name != "random"]
            said.append({"execution_id": "run-0", "evaluator": "new", "overall": 5})
            assess(daemon, said)
            answer = daemon.get("/api/v1/evaluators", window="7d", filter="prompt:q")
            self.assertEqual((answer["executions"], answer["shared"]), (300, 300))
            self.assertGreater(answer["icc"], 0.8)
            verdicts = {e["evaluator"]: e["verdict"] for e in answer["evaluators"]}
            self.assertEqual(verdicts["new"], "insufficient_data")
            self.assertEqual(verdicts["moving"], "drifts")
            answer = daemon.get("/api/v1/evaluators", window="7d", filter="prompt:p")
            wild = next(e for e in answer["evaluators"] if e["evaluator"] == "random")
            self.assertEqual(wild["verdict"], "disagrees")
            self.assertLess(wild["kappa"], 0.3)
            self.assertGreater(wild["set_aside"], 20)
            same = next(e for e in answer["evaluators"] if e["evaluator"] == "same")
            self.assertGreater(same["kappa"], wild["kappa"])
            self.assertLess(answer["icc"], 0.8)
            status, _, _ = daemon.request("GET", "/api/v1/evaluators?window=7d&filter=user:ann")
            self.assertEqual(status, 400)

    def test_random_assessments_make_what_a_full_recomputation_makes(self):
        chance = random.Random(7)
        count = 2_000
        with Daemon() as daemon:
            now = now_ms()
            opinions = {}
            events = []
            for i in range(count):
                event = {"id": f"run-{i}", "time": now - chance.randrange(72) * HOUR_MS, "prompt": f"p{i % 7}",
                         "status": "success"}
                opinions[event["id"]] = {}
                if i % 4 == 0:
                    event["quality"] = {"clarity": i % 11}
                    opinions[event["id"]][""] = i % 11
                events.append(event)
            daemon.post(events)
            said = [{"execution_id": f"run-{chance.randrange(count)}", "evaluator": f"judge-{chance.randrange(2)}",
                     "clarity": chance.randrange(4, 8)} for _ in range(1_500)]
            for begin in range(0, len(said), 100):
                part = said[begin:begin + 100]
                told = assess(daemon, part)
                self.assertEqual(told["accepted"] + told["duplicates"], len(part))
                for one in part:
                    opinions[one["execution_id"]][one["evaluator"]] = one["clarity"]
                if begin in (500, 1_000):
                    daemon.restart(crash=True)
            means = []
            for all_of in opinions.values():
                scores = sorted(all_of.values())
                if len(scores) >= 3:
                    scores = [s for s in scores if abs(s - scores[1]) <= 3]
                if scores:
                    means.append(sum(scores) / len(scores))
            expected = sum(means) / len(means)
            self.assertAlmostEqual(daemon.value("clarity", window="7d"), expected, places=9)
            self.assertEqual(daemon.value("clarity", window="7d", stat="count"), len(means))
            daemon.restart()
            daemon.wait_for("the cells to be made anew",
                            lambda: abs(daemon.value("clarity", window="7d", resolution="1d") - expected) < 1e-9)
            self.assertAlmostEqual(everywhere(daemon, "clarity", window="7d"), expected, places=9)


if __name__ == "__main__":
    unittest.main()
