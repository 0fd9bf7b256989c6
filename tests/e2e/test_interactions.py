"""What people do in their sessions: told by HTTP, followed through executions."""
import json
import os
import subprocess
import unittest

from daemon import BIN, Daemon, now_ms


def act(daemon, interactions, want=200):
    status, _, answer = daemon.request("POST", "/api/v1/interactions", json.dumps(interactions))
    assert status == want, (status, answer[:500])
    return json.loads(answer)


def run(name, session, prompt, at, plan="free", status="success"):
    return {"id": name, "session": session, "user": "u-" + session, "prompt": prompt, "time": at, "status": status,
            "tags": {"plan": plan}}


class Interactions(unittest.TestCase):
    def test_sessions_are_followed(self):
        with Daemon() as daemon:
            t = now_ms() - 600_000
            daemon.post([
                run("a1", "a", "search", t), run("a2", "a", "answer", t + 1000), run("a3", "a", "answer", t + 3000),
                run("b1", "b", "search", t, plan="paid"), run("b2", "b", "answer", t + 1000, plan="paid", status="error"),
                run("c1", "c", "search", t),
                {"id": "d1", "prompt": "search", "time": t}])
            told = act(daemon, [
                {"session": "a", "execution_id": "a2", "kind": "regenerate", "time": t + 2000},
                {"session": "a", "kind": "copy", "time": t + 4000},       # about a3, the last before
                {"session": "b", "kind": "retry", "time": t + 1500},      # b2 has failed already: troubled once
                {"session": "c", "kind": "abandon", "time": t + 9000}])
            self.assertEqual((told["accepted"], told["waiting"], told["rejected"]), (4, 0, 0))

            def check(seen):
                self.assertEqual((seen["sessions"], seen["executions"], seen["without_session"]), (3, 6, 1))
                self.assertEqual(seen["actions"], {"regenerate": 1, "copy": 1, "retry": 1, "abandon": 1})
                self.assertEqual((seen["errors"], seen["exits"], seen["troubled"]), (1, 3, 3))
                self.assertEqual((seen["open"], seen["silence"]), (0, 300_000))
                self.assertEqual(seen["derived"], {"retry": 0, "repeat": 0, "abandon": 0})  # all was posted
                steps = {step["prompt"]: step for step in seen["steps"]}
                self.assertEqual([step["prompt"] for step in seen["steps"]], ["answer", "search"])
                self.assertEqual([steps["answer"][k] for k in ("sessions", "executions", "exits", "troubled")], [2, 3, 2, 2])
                self.assertEqual([steps["search"][k] for k in ("sessions", "executions", "exits", "troubled")], [3, 3, 1, 1])
                self.assertEqual(steps["answer"]["actions"], {"regenerate": 1, "copy": 1, "retry": 1})
                # Wilson's bound of 2 in 3, by hand.
                self.assertAlmostEqual(steps["answer"]["friction"], 0.2534, 3)
                self.assertEqual([(p["from"], p["to"], p["count"]) for p in seen["paths"]],
                                 [("search", "answer", 2), ("answer", "answer", 1)])
                segments = {s["labels"]["tags.plan"]: s for s in seen["segments"]}
                self.assertEqual([segments["free"][k] for k in ("sessions", "executions", "troubled")], [2, 4, 2])
                self.assertEqual([segments["paid"][k] for k in ("sessions", "executions", "troubled")], [1, 2, 1])
                self.assertEqual(segments["paid"]["actions"], {"retry": 1})

            check(daemon.get("/api/v1/interactions", group_by="tags.plan", silence="5m"))
            # They count in no metric, and are in no list of executions.
            self.assertEqual(daemon.value("executions", window="1h"), 7)
            self.assertEqual(len(daemon.get("/api/v1/executions")["executions"]), 7)
            self.assertNotIn("late_feedback", daemon.get("/api/v1/executions/a2"))
            self.assertNotIn("interaction", daemon.get("/api/v1/labels")["labels"])
            daemon.restart(crash=True)
            self.assertEqual(act(daemon, {"session": "a", "execution_id": "a2", "kind": "regenerate",
                                          "time": t + 2000})["duplicates"], 1)
            check(daemon.get("/api/v1/interactions", group_by="tags.plan", window="1h", silence="5m"))
            only = daemon.get("/api/v1/interactions", filter="tags.plan:paid")
            self.assertEqual((only["sessions"], only["executions"], only["troubled"]), (1, 2, 1))
            self.assertEqual(only["actions"], {"retry": 1})  # of b2, though it does not say so
            one = daemon.get("/api/v1/interactions", filter="prompt:answer", silence="5m")
            self.assertEqual((one["sessions"], one["executions"], one["exits"], one["paths"]),
                             (2, 3, 2, [{"from": "answer", "to": "answer", "count": 1}]))

    def test_an_interaction_is_about_the_execution_that_it_names(self):
        with Daemon() as daemon:
            t = now_ms() - 60_000
            daemon.post([run("a1", "a", "ask", t), run("b1", "b", "ask", t),
                         {"id": "n1", "prompt": "ask", "time": t}])
            act(daemon, [
                {"session": "a", "execution_id": "a1", "kind": "regenerate", "time": t - 2000},  # it ended after that
                {"session": "other", "execution_id": "b1", "kind": "retry", "time": t + 1},
                {"session": "n", "execution_id": "n1", "kind": "retry", "time": t + 1}])
            seen = daemon.get("/api/v1/interactions")
            step = seen["steps"][0]
            self.assertEqual([step[k] for k in ("prompt", "sessions", "executions", "exits", "troubled")],
                             ["ask", 2, 2, 0, 2])
            self.assertEqual((step["open"], step["exit_percent"]), (2, None))  # a minute ago: they may go on
            self.assertEqual(step["actions"], {"regenerate": 1, "retry": 1})
            self.assertEqual((seen["sessions"], seen["actions"]), (2, {"regenerate": 1, "retry": 2}))

    def test_what_nobody_posted_is_derived(self):
        with Daemon() as daemon:
            t = now_ms() - 3_600_000
            daemon.post([
                run("a1", "a", "ask", t, status="error"), run("a2", "a", "ask", t + 60_000),       # a retry
                run("a3", "a", "ask", t + 120_000),                                                # a2 is repeated
                run("b1", "b", "ask", t, status="error"), run("b2", "b", "find", t + 1000, plan="paid", status="error"),
                run("c1", "c", "ask", t, status="error"), run("c2", "c", "ask", t + 400_000),      # too late for one
                run("d1", "d", "ask", now_ms(), status="error"),                                   # may go on
                run("e1", "e", "ask", t, status="error"), run("e2", "e", "ask", t + 1000)])
            act(daemon, {"session": "e", "execution_id": "e1", "kind": "retry", "time": t + 500})  # posted: not derived

            def check():
                seen = daemon.get("/api/v1/interactions", window="2h", group_by="tags.plan")
                self.assertEqual((seen["sessions"], seen["open"], seen["exits"], seen["exit_percent"]), (5, 1, 4, 100.0))
                self.assertEqual(seen["derived"], {"retry": 1, "repeat": 1, "abandon": 1})
                self.assertEqual((seen["actions"], seen["errors"], seen["troubled"]), ({"retry": 1}, 6, 6))
                steps = {step["prompt"]: step for step in seen["steps"]}
                self.assertEqual(steps["ask"]["derived"], {"retry": 1, "repeat": 1, "abandon": 0})
                self.assertEqual([steps["ask"][k] for k in ("sessions", "open", "exits")], [5, 1, 3])
                self.assertEqual(steps["find"]["derived"], {"retry": 0, "repeat": 0, "abandon": 1})
                self.assertEqual([s["labels"]["tags.plan"] for s in seen["segments"]], ["free", "paid"])
                self.assertEqual(seen["segments"][1]["derived"]["abandon"], 1)

            check()
            daemon.restart(crash=True)
            check()
            longer = daemon.get("/api/v1/interactions", window="2h", retry_within="10m")
            self.assertEqual(longer["derived"]["retry"], 2)
            few = daemon.get("/api/v1/interactions", window="2h", limit=1)
            self.assertEqual((len(few["steps"]), few["left_out"]), (1, {"steps": 1, "segments": 0, "paths": 1}))
            ctl = [os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{daemon.port}", "interactions", "--window", "2h",
                   "--group-by", "tags.plan", "--limit", "1"]
            told = subprocess.run(ctl, check=True, capture_output=True, text=True).stdout
            self.assertIn("5 sessions, 1 of which may go on", told)
            self.assertRegex(told, r"(?m)^retry +1 +1$")
            self.assertRegex(told, r"(?m)^ask +\S+ % +9 +55.6 % +2 +1 +0 +75.0 %$")
            self.assertIn("1 more step, 1 more segment, 1 more path; --limit shows them", told)
            self.assertEqual(json.loads(subprocess.run([*ctl, "--json"], check=True, capture_output=True).stdout)["sessions"], 5)

    def test_what_cannot_be_read_or_answered_is_refused(self):
        with Daemon() as daemon:
            told = act(daemon, [{"session": "a"}, {"session": "a", "kind": "retry"}, {"kind": "retry"}])
            self.assertEqual(told["accepted"], 1)
            self.assertEqual([(e["index"], e["field"]) for e in told["errors"]], [(0, "kind"), (2, "session")])
            self.assertIn("kind: must be lower-case", act(daemon, {"session": "a", "kind": "No"}, want=400)["detail"])
            for query, want in (("group_by=user", 400), ("group_by=nothing", 400), ("filter=session:a", 400), ("step=1h", 400), ("window=400d", 422),
                                ("silence=0m", 400), ("retry_within=soon", 400), ("limit=0", 400)):
                status, _, body = daemon.request("GET", "/api/v1/interactions?" + query)
                self.assertEqual(status, want, (query, body))
            # Somebody who acts before the execution is known is waited for.
            self.assertEqual(act(daemon, {"session": "z", "execution_id": "later", "kind": "copy"})["waiting"], 1)
            daemon.post([run("later", "z", "search", now_ms())])
            daemon.wait_for("the interaction to be joined", lambda: daemon.get(
                "/api/v1/interactions", filter="prompt:search")["actions"] == {"copy": 1})


if __name__ == "__main__":
    unittest.main()
