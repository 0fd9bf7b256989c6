"""Feedback that comes after its execution: counted where that is, whatever happens in between."""
import json
import os
import random
import subprocess
import unittest

from daemon import BIN, Daemon, now_ms

HOUR_MS = 3_600_000
EXECUTIONS = int(os.environ.get("VITALS_FEEDBACK_EXECUTIONS", "20000"))


def say(daemon, feedback, want=200, kind="application/json"):
    body = json.dumps(feedback) if kind == "application/json" else "".join(json.dumps(f) + "\n" for f in feedback)
    status, _, answer = daemon.request("POST", "/api/v1/feedback", body, {"Content-Type": kind})
    assert status == want, (status, answer[:500])
    return json.loads(answer)


class Feedback(unittest.TestCase):
    def test_it_counts_with_its_execution(self):
        with Daemon(config="privacy: {min_group: 0}\n") as daemon:  # one execution of ann's is told
            now = now_ms()
            daemon.post([
                {"id": "a", "time": now - 5 * HOUR_MS, "prompt": "p", "version": "v1", "status": "error",
                 "user": "ann", "tags": {"region": "eu"}, "duration_ms": 7},
                {"id": "b", "time": now, "prompt": "p", "version": "v2", "status": "success",
                 "feedback": {"rating": 5}}])
            told = say(daemon, {"execution_id": "a", "rating": 2, "comment": "This is terrible, I hate it."})
            self.assertEqual(told, {"accepted": 1, "duplicates": 0, "rejected": 0, "errors": [], "waiting": 0})
            # Equal content is a resend.
            told = say(daemon, {"execution_id": "a", "rating": 2, "comment": "This is terrible, I hate it."})
            self.assertEqual((told["accepted"], told["duplicates"]), (0, 1))

            old = {"from_": now - 6 * HOUR_MS, "to": now - 4 * HOUR_MS}
            for source in ("raw", "1m", "1h"):
                self.assertEqual(daemon.value("rating", **old, stat="count", resolution=source), 1, source)
            for name in ("version:v1", "tags.region:eu", "user:ann", "status:error", "id:a"):
                self.assertEqual(daemon.value("rating", **old, filter=name), 2, name)
            self.assertEqual(daemon.value("executions", window="24h"), 2)
            self.assertEqual(daemon.value("duration_ms", window="24h", stat="count"), 1)
            self.assertEqual(daemon.value("users", window="24h"), 1)
            self.assertLess(daemon.value("sentiment", **old), -0.3)
            self.assertLess(daemon.value("user_satisfaction_rating", **old), 2)

            held = daemon.get("/api/v1/executions")["executions"]
            self.assertEqual([e["id"] for e in held], ["b", "a"])
            self.assertNotIn("late_feedback", held[0])
            late = daemon.get("/api/v1/executions/a")["late_feedback"]
            self.assertEqual([(f["rating"], f["sentiment"] < 0) for f in late], [(2, True)])
            self.assertNotIn("terrible", json.dumps(late))

            # What is said of an execution goes with it.
            status, _, answer = daemon.request("POST", "/api/v1/admin/delete?filter=id:a")
            self.assertEqual((status, json.loads(answer)), (200, {"deleted": 1, "signals": 1}))
            self.assertEqual(daemon.value("rating", window="24h", stat="count"), 1)

    def test_bad_feedback_is_refused_and_its_neighbours_are_not(self):
        with Daemon() as daemon:
            daemon.post([{"id": "a", "prompt": "p"}])
            told = say(daemon, [{"execution_id": "a", "rating": 9}, {"execution_id": "a", "rating": 4}, {"rating": 4},
                                {"execution_id": "a"}], kind="application/x-ndjson")
            self.assertEqual(told["accepted"], 1)
            self.assertEqual([(e["line"], e.get("field")) for e in told["errors"]],
                             [(1, "rating"), (3, "execution_id"), (4, None)])
            problem = say(daemon, {"execution_id": "a", "rating": "good"}, want=400)
            self.assertIn("rating: must be a number", problem["detail"])
            say(daemon, [], want=200)
            status, _, _ = daemon.request("POST", "/api/v1/feedback?backfill=1", "{}")
            self.assertEqual(status, 400)
            status, _, _ = daemon.request("POST", "/api/v1/feedback", "<a/>", {"Content-Type": "text/xml"})
            self.assertEqual(status, 415)

    def test_what_is_there_first_waits_for_its_execution(self):
        with Daemon() as daemon:
            self.assertEqual(say(daemon, {"execution_id": "a", "rating": 2})["waiting"], 1)
            self.assertIsNone(daemon.value("rating", window="24h"))
            daemon.restart(crash=True)
            self.assertEqual(say(daemon, {"execution_id": "a", "rating": 2})["duplicates"], 1)
            daemon.post([{"id": "a", "prompt": "p"}])
            daemon.wait_for("the feedback to be joined",
                            lambda: daemon.value("rating", window="24h", filter="prompt:p") == 2)
            self.assertEqual(daemon.value("rating", window="24h", stat="count"), 1)

    def test_every_rollup_equals_a_full_recomputation(self):
        dice = random.Random(7)
        with Daemon() as daemon:
            now = now_ms()
            runs = [{"id": f"run-{i}", "time": now - dice.randrange(20 * 24 * HOUR_MS), "prompt": f"p{i % 5}",
                     "version": f"v{i % 3}", "status": dice.choice(("success", "success", "error")),
                     "duration_ms": dice.randrange(1000)} for i in range(EXECUTIONS)]
            step = 5_000
            for begin in range(0, len(runs), step):
                daemon.post(runs[begin:begin + step])
            rated = dice.sample(range(EXECUTIONS), EXECUTIONS // 10)
            feedback = [{"execution_id": f"run-{i}", "rating": dice.randint(1, 5)} for i in rated]
            thirds = [feedback[k::3] for k in range(3)]
            for part, crash in zip(thirds, (True, False, None)):
                for begin in range(0, len(part), 500):
                    told = say(daemon, part[begin:begin + 500])
                    self.assertEqual(told["accepted"], len(part[begin:begin + 500]))
                if crash is not None:
                    daemon.restart(crash=crash)
            daemon.flush()

            whole = {"from_": now - 21 * 24 * HOUR_MS, "to": now + 1}
            want = {}
            for i, said in zip(rated, feedback):
                key = (f"p{i % 5}", f"v{i % 3}", runs[i]["status"])
                want.setdefault(key, []).append(said["rating"])
            groups = daemon.metric("rating", **whole, stat="sum", group_by="prompt,version,status")["groups"]
            self.assertEqual({(g["labels"]["prompt"], g["labels"]["version"], g["labels"]["status"]):
                              (g["value"], g["count"]) for g in groups if g["count"]},
                             {key: (sum(r), len(r)) for key, r in want.items()})
            buckets = {}
            for i, said in zip(rated, feedback):
                start = runs[i]["time"] // HOUR_MS * HOUR_MS
                n, total = buckets.get(start, (0, 0))
                buckets[start] = (n + 1, total + said["rating"])
            for source in ("1m", "1h"):
                end = (now // HOUR_MS + 1) * HOUR_MS
                points = daemon.metric("rating", from_=end - 21 * 24 * HOUR_MS, to=end, step="1h", stat="sum",
                                       resolution=source)["groups"][0]["points"]
                self.assertEqual({t: (n, value) for t, value, n in points if n}, buckets, source)
            self.assertEqual(daemon.value("executions", **whole), EXECUTIONS)

            daemon.stop()
            # Every cell against the log, folded anew.
            done = subprocess.run([os.path.join(BIN, "vitalsctl"), "verify", daemon.data], check=False,
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
