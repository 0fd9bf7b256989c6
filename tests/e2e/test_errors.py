"""Classes of errors: given, derived from messages, or of a template, over real HTTP and restarts."""
import json
import os
import time
import unittest

from daemon import Daemon

RATE_LIMIT = ("Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o in organization org-1 on "
              "tokens per min (TPM): Limit 30000', 'code': 'rate_limit_exceeded'}}")


def failed(prompt, message=None, **error):
    if message is not None:
        error["message"] = message
    return {"prompt": prompt, "model": "m-" + prompt, "status": "error", "error": error}


def everything(folder):
    """All bytes of all files below."""
    for at, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(at, name), "rb") as file:
                yield file.read()


class Errors(unittest.TestCase):
    def test_errors_have_classes(self):
        with Daemon() as daemon:
            start = int(time.time() * 1000)
            daemon.post([failed("a", RATE_LIMIT, recovered=True), failed("a", RATE_LIMIT, recovered=False),
                         failed("b", "HTTP/1.1 429"), failed("b", "Request timed out.", type="APITimeoutError"),
                         failed("b", "Lock of row 17 is held by \"Anna Smith\""),
                         failed("b", "Lock of row 18 is held by \"Bob\""), failed("c", "4711"), failed("c"),
                         {"prompt": "c", "status": "success"}, {"prompt": "c", "status": "success"}])
            for crash in (False, True):
                answer = daemon.get("/api/v1/errors", window="1h", filter="prompt:*")
                self.assertEqual((answer["executions"], answer["errors"], answer["share"]), (10, 8, 0.8))
                classes = {c["type"]: c for c in answer["classes"]}
                self.assertEqual(answer["classes"][0]["type"], "rate_limit")
                limit = classes["rate_limit"]
                self.assertEqual((limit["count"], limit["recovered"], limit["detected"]), (3, 0.5, None))
                self.assertEqual((limit["share_of_errors"], limit["share_of_executions"]), (3 / 8, 0.3))
                self.assertEqual(limit["prompts"], [{"prompt": "a", "count": 2}, {"prompt": "b", "count": 1}])
                self.assertTrue(start <= limit["first_seen"] <= limit["last_seen"] <= time.time() * 1000)
                lock = answer["classes"][1]
                self.assertRegex(lock["type"], "^other:lock_row_[0-9a-f]{6}$")
                self.assertEqual((lock["count"], lock["template"]), (2, "lock of row * is * by *"))
                self.assertEqual(set(classes), {"rate_limit", lock["type"], "APITimeoutError", "other", None})
                # Metrics tell errors apart by the same classes.
                groups = daemon.metric("errors", group_by="error.type", filter="error.type:" + lock["type"])["groups"]
                self.assertEqual([g["value"] for g in groups], [2])
                daemon.restart(crash=crash)
            daemon.stop()
            for content in everything(daemon.data):
                self.assertNotIn(b"Smith", content)
                self.assertNotIn(b"Rate limit reached", content)
            self.assertNotIn("Smith", daemon.output())
            daemon.start()

    def test_strangers_cannot_make_classes_without_end(self):
        with Daemon() as daemon:
            words = ("file key value field table row column index query token result list map node line".split())
            daemon.post([failed("a", f"{one} {two} {three} is bad") for one in words for two in words
                         for three in words])
            answer = daemon.get("/api/v1/errors", limit=1000)
            self.assertEqual(answer["errors"], len(words) ** 3)
            self.assertEqual(len(answer["classes"]) + answer["classes_left_out"], 1001)
            other = answer["classes"][0]
            self.assertEqual((other["type"], other["count"]), ("other", len(words) ** 3 - 1000))
            self.assertTrue(all(c["template"].endswith("is bad") for c in answer["classes"][1:]))

    def test_bad_questions_are_told(self):
        with Daemon() as daemon:
            for query, field in (("limit=x", "limit"), ("filter=a:b", "a"), ("from=nonsense", "from"),
                                 ("step=1m", "step")):
                status, headers, body = daemon.request("GET", "/api/v1/errors?" + query)
                self.assertEqual((status, headers["Content-Type"]), (400, "application/problem+json"), body)
                self.assertIn(field, json.loads(body)["detail"])
            status, _, body = daemon.request("GET", "/api/v1/errors?window=400d")
            self.assertEqual(status, 422, body)
            self.assertIn("oldest time that can be answered", json.loads(body)["detail"])


if __name__ == "__main__":
    unittest.main()
