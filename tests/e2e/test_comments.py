"""Comments of feedback: dropped, or kept without what reaches a person, and what they speak of."""
import glob
import json
import os
import subprocess
import unittest
from urllib.parse import quote

from daemon import BIN, Daemon, now_ms

REDACTED = "privacy: {comments: redacted}\n"
WORDS = "unmistakable words of a comment"
SAID = f"Great! {WORDS}, write to ann.smith@example.com or call +49 30 1234567."
KEPT = f"Great! {WORDS}, write to [email] or call [phone]."


def say(daemon, feedback):
    status, _, answer = daemon.request("POST", "/api/v1/feedback", json.dumps(feedback),
                                       {"Content-Type": "application/json"})
    assert status == 200, (status, answer)
    return json.loads(answer)


def in_files(daemon, text):
    """Files of the data folder, and the log, that hold the text; what is short is not compressed beyond reading."""
    held = []
    for path in [daemon.log] + glob.glob(os.path.join(daemon.data, "**"), recursive=True):
        if os.path.isdir(path):
            continue
        try:
            with open(path, "rb") as file:
                if text.encode() in file.read():
                    held.append(path)
        except FileNotFoundError:  # the store has replaced it
            continue
    return held


def execution(daemon, name):
    return daemon.get(f"/api/v1/executions/{name}")


class Comments(unittest.TestCase):
    def test_they_are_dropped_by_default(self):
        with Daemon() as daemon:
            daemon.post([{"id": "a", "prompt": "p", "feedback": {"comment": SAID, "rating": 4}}])
            say(daemon, [{"execution_id": "a", "comment": SAID}, {"execution_id": "unknown", "comment": SAID}])
            one = execution(daemon, "a")
            self.assertEqual(sorted(one["feedback"]), ["rating", "sentiment"])
            self.assertEqual(sorted(one["late_feedback"][0]), ["id", "sentiment"])
            daemon.flush()
            daemon.restart()
            for text in (WORDS, "ann.smith", "1234567"):
                self.assertEqual(in_files(daemon, text), [])
            topics = daemon.get("/api/v1/feedback/topics")
            self.assertEqual((topics["stored"], topics["comments"], topics["topics"]), (False, 0, []))

    def test_they_are_kept_redacted_with_their_rows(self):
        with Daemon(config=REDACTED) as daemon:
            daemon.post([{"id": "a", "prompt": "p", "tags": {"t": "x"}, "feedback": {"comment": SAID, "rating": 4}}])
            say(daemon, [{"execution_id": "a", "id": "f1", "comment": "Late: " + SAID},
                         {"execution_id": "a", "id": "f2", "rating": 2},
                         {"execution_id": "b", "id": "f3", "comment": "Waiting: " + SAID}])
            for crash in (None, True, False):
                if crash is not None:
                    daemon.restart(crash=crash)
                one = execution(daemon, "a")
                self.assertEqual(one["feedback"]["comment"], KEPT)
                self.assertEqual(one["tags"], {"t": "x"})
                said = {f["id"]: f.get("comment") for f in one["late_feedback"]}
                self.assertEqual(said, {"f1": "Late: " + KEPT, "f2": None})
            self.assertNotEqual(in_files(daemon, WORDS), [])  # so it would be found elsewhere, too
            daemon.post([{"id": "b", "prompt": "p"}])
            daemon.wait_for("the feedback to be joined", lambda: "late_feedback" in execution(daemon, "b"))
            self.assertEqual(execution(daemon, "b")["late_feedback"][0]["comment"], "Waiting: " + KEPT)
            for text in ("ann.smith", "1234567"):
                self.assertEqual(in_files(daemon, text), [])
            # It is no label.
            self.assertNotIn("comment", json.dumps(daemon.get("/api/v1/labels")))
            for path in ("/api/v1/labels/comment/values", "/api/v1/executions?filter=comment:*",
                         "/api/v1/metrics/executions?group_by=comment"):
                self.assertEqual(daemon.request("GET", path)[0], 400, path)
            # What is exported can be imported, and says the same.
            out = os.path.join(daemon.folder, "out.ndjson")
            url = f"http://127.0.0.1:{daemon.port}"
            subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", url, "export", "--out", out],
                           check=True, capture_output=True)
            with Daemon(config=REDACTED) as copy:
                url = f"http://127.0.0.1:{copy.port}"
                subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", url, "import", out],
                               check=True, capture_output=True)
                self.assertEqual(execution(copy, "a")["feedback"]["comment"], KEPT)

    def test_a_comment_is_cut_and_any_text_is_taken(self):
        with Daemon(config=REDACTED) as daemon:
            daemon.post([{"id": "long", "prompt": "p", "feedback": {"comment": "é" * 5_000}},
                         {"id": "nul", "prompt": "p", "feedback": {"comment": "a\0b\n\"c\" 😀"}}])
            self.assertEqual(execution(daemon, "long")["feedback"]["comment"], "é" * 1_000)
            self.assertEqual(execution(daemon, "nul")["feedback"]["comment"], "a b\n\"c\" 😀")

    def test_erasure_takes_them(self):
        with Daemon(config=REDACTED) as daemon:
            daemon.post([{"id": "a", "prompt": "p", "user": "ann", "feedback": {"comment": SAID}},
                         {"id": "b", "prompt": "p", "user": "bob", "feedback": {"comment": "It is fine."}}])
            say(daemon, {"execution_id": "a", "comment": SAID, "rating": 1})
            status, _, answer = daemon.request("DELETE", "/api/v1/users/" + quote("ann"))
            self.assertEqual(status, 200, answer)
            self.assertTrue(json.loads(answer)["files_gone"])
            held = daemon.get("/api/v1/executions")["executions"]
            self.assertEqual([e["feedback"].get("comment") for e in held if e["id"] == "b"], ["It is fine."])
            self.assertNotIn(WORDS, json.dumps(held))
            self.assertEqual(in_files(daemon, WORDS), [])
            self.assertEqual(daemon.value("rating", window="1h"), 1)
            self.assertEqual(daemon.get("/api/v1/feedback/topics")["comments"], 1)

    def test_what_was_kept_stays_when_no_more_is_kept(self):
        with Daemon(config=REDACTED) as daemon:
            daemon.post([{"id": "a", "prompt": "p", "feedback": {"comment": SAID}}])
            daemon.stop()
            daemon.write_config("privacy: {comments: drop}\n")
            daemon.start()
            daemon.post([{"id": "b", "prompt": "p", "feedback": {"comment": SAID}}])
            self.assertEqual(execution(daemon, "a")["feedback"]["comment"], KEPT)
            self.assertNotIn("comment", execution(daemon, "b")["feedback"])
            topics = daemon.get("/api/v1/feedback/topics")
            self.assertEqual((topics["stored"], topics["comments"]), (False, 1))

    def test_topics_are_told_of_enough_comments(self):
        with Daemon(config=REDACTED) as daemon:
            now = now_ms()
            daemon.post([{"id": f"run-{i}", "time": now - i, "prompt": "p" if i % 2 else "q", "version": "v1"}
                         for i in range(40)])
            say(daemon, [{"execution_id": f"run-{i}", "rating": 1 + i % 3,
                          "comment": f"The response time is awful, number {i}!" if i % 4 else "Citations are wrong"}
                         for i in range(20)])
            daemon.post([{"id": f"more-{i}", "time": now - i, "prompt": "p",
                          "feedback": {"rating": 5, "comment": "I love the citations."}} for i in range(3)])
            answer = daemon.get("/api/v1/feedback/topics", window="1h")
            self.assertEqual(answer["comments"], 23)
            topics = {t["topic"]: t for t in answer["topics"]}
            self.assertEqual(answer["topics"][0]["topic"], "response time")
            self.assertIn("citations", topics)
            self.assertEqual(topics["response time"]["comments"], 15)
            self.assertLess(topics["response time"]["sentiment"], 0)
            self.assertIn("love", topics["citations"]["highlights"][0]["text"])
            few = daemon.get("/api/v1/feedback/topics", window="1h", filter="id:run-1|run-2|run-3")
            self.assertEqual((few["comments"], few["topics"]), (3, []))
            status, _, _ = daemon.request("GET", "/api/v1/feedback/topics?filter=user:ann")
            self.assertEqual(status, 400)
            told = subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{daemon.port}",
                                   "feedback"], check=True, capture_output=True, text=True).stdout
            self.assertIn("response time", told)


if __name__ == "__main__":
    unittest.main()
