"""The main job through the front door: post executions, read metrics, see alerts reach a webhook."""
import gzip
import json
import unittest

from daemon import DAY_MS, RESOLUTIONS, Daemon, midnight_ms, now_ms
from receiver import SECRET, Receiver

RULES = """
rules:
  - name: too-many-failures
    metric: execution_success_rate
    below: 90
    window: 1m
    for: 0s
    min_samples: 10
    group_by: [prompt]
    severity: warning
    annotations: {summary: "{{labels.prompt}} succeeds in {{value}} %"}
"""


def event(number, **fields):
    return {"id": f"e{number}", "time": now_ms(), "prompt": "greet", "version": "v1", "status": "success",
            "duration_ms": 1000 + number, "quality": {"clarity": 8, "accuracy": 9},
            "feedback": {"rating": 4}, "input_tokens": 100, "output_tokens": 50,
            "tags": {"region": "eu" if number % 2 else "us"}, **fields}


class MainJob(unittest.TestCase):
    def test_what_is_posted_can_be_asked_at_once_and_after_a_crash(self):
        with Daemon() as daemon:
            events = [event(i, status="error" if i < 5 else "success") for i in range(100)]
            self.assertEqual(daemon.post(events),
                             {"accepted": 100, "duplicates": 0, "rejected": 0, "errors": []})
            for crash in (None, True, False):
                if crash is not None:
                    daemon.restart(crash=crash)
                self.assertEqual(daemon.value("execution_success_rate"), 95.0)
                self.assertEqual(daemon.value("response_quality_score"), 8.5)
                self.assertEqual(daemon.value("user_satisfaction_rating"), 4.0)
                self.assertAlmostEqual(daemon.value("completion_time"), 1.0495, places=9)
                self.assertEqual(daemon.value("duration_ms", stat="p50"), 1049.0)
                regions = daemon.metric("executions", group_by="tags.region")["groups"]
                self.assertEqual([(g["labels"]["tags.region"], g["value"]) for g in regions],
                                 [("eu", 50), ("us", 50)])
            # The same events again are known, all of them.
            self.assertEqual(daemon.post(events)["duplicates"], 100)
            self.assertEqual(daemon.value("executions"), 100)

    def test_refusals_name_line_field_and_reason(self):
        with Daemon() as daemon:
            lines = [json.dumps(event(1)), '{"prompt":', json.dumps(event(2, duration_ms=-1)),
                     json.dumps({"version": "v1"})]
            status, headers, body = daemon.request(
                "POST", "/api/v1/executions", gzip.compress("\n".join(lines).encode()),
                {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"})
            receipt = json.loads(body)
            self.assertEqual((status, receipt["accepted"], receipt["rejected"]), (200, 1, 3))
            self.assertEqual([(e["line"], e.get("field")) for e in receipt["errors"]],
                             [(2, None), (3, "duration_ms"), (4, "prompt")])
            status, headers, body = daemon.request("POST", "/api/v1/executions", b'{"version":"v1"}',
                                                   {"Content-Type": "application/json"})
            self.assertEqual(status, 400)
            self.assertEqual(headers["Content-Type"], "application/problem+json")

    def test_people_are_pseudonyms(self):
        with Daemon() as daemon:
            daemon.post([event(1, user="alice@example.com", session="s1")])
            found = daemon.get("/api/v1/executions", filter="user:alice@example.com")["executions"]
            self.assertEqual(len(found), 1)
            self.assertNotIn("alice", json.dumps(found))
            daemon.stop()
            grep = __import__("subprocess").run(["grep", "-rqa", "alice@example.com", daemon.data])
            self.assertEqual(grep.returncode, 1, "the name is in the data folder")

    def test_a_deleted_event_is_gone_everywhere_and_may_come_again(self):
        with Daemon() as daemon:
            yesterday = midnight_ms(-1)  # a whole day, so that every resolution answers from cells
            noon = yesterday + DAY_MS // 2
            posted = [event(i, time=noon + i) for i in range(20)]

            def count(resolution):
                answer = daemon.metric("executions", from_=yesterday, to=yesterday + DAY_MS,
                                       resolution=resolution)
                self.assertEqual(answer["resolution"], resolution)
                return answer["groups"][0]["value"]

            daemon.post(posted)
            daemon.flush()
            status, _, body = daemon.request("POST", "/api/v1/admin/delete?filter=id:e7")
            self.assertEqual((status, json.loads(body)), (200, {"deleted": 1}))
            for resolution in RESOLUTIONS:
                self.assertEqual(count(resolution), 19, resolution)
            self.assertEqual(daemon.post(posted)["accepted"], 1)
            daemon.flush()
            for resolution in RESOLUTIONS:
                self.assertEqual(count(resolution), 20, resolution)

    def test_every_alert_reaches_a_webhook_that_fails_and_goes_down(self):
        with Receiver(failures=3) as receiver, Daemon() as daemon:
            daemon.stop()
            rules = daemon.folder + "/rules.yaml"
            with open(rules, "w", encoding="utf-8") as f:
                f.write(RULES)
            daemon.write_config(f"""
rules: [{rules}]
receivers:
  - name: ops
    webhook: {{url: "{receiver.url}", secret: {SECRET}}}
routes: {{receiver: ops}}
notify: {{retry_min: 100ms, retry_max: 500ms}}
""")
            daemon.start()
            daemon.post([event(i, status="error") for i in range(20)])
            daemon.wait_for("the firing alert", lambda: receiver.types() == ["alert.firing"])
            alert = daemon.get("/api/v1/alerts")["alerts"][0]
            self.assertEqual((alert["status"], alert["labels"]["prompt"], alert["value"]),
                             ("firing", "greet", 0.0))

            receiver.stop()
            daemon.post([event(100 + i) for i in range(400)])
            daemon.wait_for("the resolution", lambda: not daemon.get("/api/v1/alerts")["alerts"])
            daemon.restart(crash=True)  # the outbox survives
            receiver.start()
            daemon.wait_for("the resolved alert",
                            lambda: receiver.types() == ["alert.firing", "alert.resolved"])
            self.assertEqual(receiver.bad_signatures, 0)
            first = receiver.accepted[0][0]
            self.assertEqual(receiver.attempts[:4], [first] * 4, "a repeat keeps its id")
            # What the receiver has, the daemon notes a moment later.
            def states():
                return {d["state"] for d in daemon.get("/api/v1/deliveries")["deliveries"]}
            daemon.wait_for("the deliveries to be noted", lambda: states() == {"delivered"})

    def test_a_second_daemon_is_told_and_a_bad_reload_changes_nothing(self):
        with Daemon() as daemon:
            second = Daemon(data=daemon.data)
            self.addCleanup(second.__exit__)
            with self.assertRaisesRegex(AssertionError, "in use by another vitalsd"):
                second.start()
            daemon.write_config("listenn: 127.0.0.1:1\n")
            status, _, body = daemon.request("POST", "/api/v1/admin/reload")
            self.assertEqual(status, 400)
            self.assertIn("listenn", json.loads(body)["detail"])
            self.assertEqual(daemon.post([event(1)])["accepted"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
