"""Evaluators that the daemon asks: each execution of the sample is assessed and counted once, through failures and restarts."""
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from daemon import BIN, Daemon, now_ms

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/how-to/evaluators.md")


def block(language):
    with open(PAGE, encoding="utf-8") as f:
        return re.search(rf"^```{language}\n(.*?)^```$", f.read(), re.M | re.S).group(1)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Judge:
    """An evaluator that answers what a function makes of the execution: a status and scores."""

    def __init__(self, judge):
        self.judge = judge
        self.asked = []  # bodies, in order
        self.headers = []
        self.lock = threading.Lock()

    def __enter__(self):
        judge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802, the library's name
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with judge.lock:
                    judge.asked.append(body)
                    judge.headers.append(dict(self.headers))
                status, scores = judge.judge(body["execution"])
                answer = b"" if scores is None else json.dumps(scores).encode()
                self.send_response(status)
                if status != 204:
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                if not isinstance(sys.exc_info()[1], ConnectionError):  # as of a daemon that was killed
                    super().handle_error(*_)

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def config(self, **keys):
        keys = {"name": "judge", "url": f"http://127.0.0.1:{self.server.server_address[1]}/", "sample": 1,
                "budget_per_hour": 100_000, **keys}
        return "evaluators: [" + json.dumps(keys) + "]\n"  # which is YAML as well

    def ids(self):
        with self.lock:
            return [body["execution"]["id"] for body in self.asked]


def results(daemon, evaluator="judge"):
    _, _, body = daemon.request("GET", "/metrics")
    found = re.findall(rf'^vitals_evaluations_total{{evaluator="{evaluator}",result="(\w+)"}} (\d+)$', body.decode(), re.M)
    return {result: int(count) for result, count in found}


def executions(prefix, count, **more):
    return [{"id": f"{prefix}-{i}", "prompt": "p", "status": "success", **more} for i in range(count)]


def assessed(daemon):
    """How many executions have a quality, by now."""
    return daemon.value("clarity", stat="count", window="1h") or 0


class Evaluators(unittest.TestCase):
    def test_the_evaluator_of_the_documentation(self):
        port = free_port()
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(block("python"))
            script.flush()
            example = subprocess.Popen([sys.executable, script.name, str(port)], stderr=subprocess.DEVNULL)
            self.addCleanup(example.wait)
            self.addCleanup(example.kill)
            config = block("yaml").replace("8700", str(port)).replace("0.05", "1")
            with Daemon(config) as daemon:
                daemon.wait_for("the evaluator", lambda: self.listens(port))
                event = {"prompt": "support/reply", "environment": "production", "status": "success"}
                daemon.post([{**event, "id": "long", "output_tokens": 400}, {**event, "id": "short", "output_tokens": 100},
                             {**event, "id": "unknown"}, {**event, "id": "other", "prompt": "x", "output_tokens": 9}])
                daemon.wait_for("its opinions", lambda: sum(results(daemon, "judge-v2").values()) == 3)
                self.assertEqual(results(daemon, "judge-v2"), {"accepted": 2, "no_opinion": 1, "failed": 0, "over_budget": 0,
                                                               "too_late": 0})
                self.assertEqual(daemon.value("completeness", window="1h"), 5)
                self.assertEqual(daemon.get("/api/v1/evaluators")["asked"], [{
                    "evaluator": "judge-v2", "accepted": 2, "no_opinion": 1, "failed": 0, "over_budget": 0, "too_late": 0,
                    "in_flight": 0}])
                told = subprocess.run([os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{daemon.port}",
                                       "evaluators"], check=True, capture_output=True, text=True).stdout
                self.assertRegex(told, r"(?m)^judge-v2 +too few +2 +0 +5.0 +0 +- +- +-$")
                self.assertRegex(told, r"(?m)^judge-v2 +2 +1 +0 +0 +0 +0$")
                self.assertEqual(daemon.get("/api/v1/executions/long")["assessments"],
                                 [{"evaluator": "judge-v2", "completeness": 8, "set_aside": False}])

    @staticmethod
    def listens(port):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    def test_the_evaluator_is_shown_the_execution_and_nobody(self):
        with Judge(lambda execution: (200, {"clarity": 8})) as judge:
            with Daemon(judge.config(bearer_token="sesame")) as daemon:
                now = now_ms()
                daemon.post([{"id": "a", "time": now, "prompt": "p", "version": "v1", "status": "error", "duration_ms": 12.5,
                              "user": "ann", "session": "s-1", "tags": {"region": "eu"}, "parameters": {"temperature": 0.5},
                              "quality": {"clarity": 3}, "error": {"type": "timeout"}}])
                daemon.wait_for("an assessment", lambda: results(daemon)["accepted"] == 1)
                self.assertEqual(judge.asked, [{"evaluator": "judge", "execution": {
                    "id": "a", "time": now, "prompt": "p", "version": "v1", "status": "error", "duration_ms": 12.5,
                    "error": {"type": "timeout"}, "tags": {"region": "eu"}, "parameters": {"temperature": 0.5}}}])
                self.assertEqual(judge.headers[0]["authorization"], "Bearer sesame")
                shown = daemon.get("/api/v1/executions/a")
                self.assertEqual(shown["quality"], {"clarity": 5.5})
                self.assertEqual([a["evaluator"] for a in shown["assessments"]], [None, "judge"])

    def test_who_is_erased_is_not_shown_from_memory(self):
        erased = threading.Event()
        with Judge(lambda execution: (erased.wait(), (204, None))[1]) as judge, Daemon(judge.config(concurrency=1)) as daemon:
            daemon.post(executions("a", 20, user="ann", tags={"desk": "secret"}))
            daemon.wait_for("the first question", lambda: judge.asked)
            status, _, _ = daemon.request("DELETE", "/api/v1/users/ann")
            self.assertEqual(status, 200)
            erased.set()
            daemon.wait_for("all to be asked", lambda: results(daemon)["no_opinion"] == 20)
            after = judge.asked[1:]
            self.assertEqual(len(after), 20)
            self.assertFalse([body for body in after if "tags" in body["execution"] or body["execution"]["id"].startswith("a-")])

    def test_each_is_counted_once_through_failures_and_restarts(self):
        count = 0

        def flaky(execution):
            nonlocal count
            count += 1
            return (503, None) if count % 7 == 0 else (200, {"clarity": int(execution["id"].split("-")[1]) % 10})

        with Judge(flaky) as judge, Daemon(judge.config(concurrency=8, retries=10)) as daemon:
            daemon.post(executions("a", 200))
            daemon.wait_for("some to be assessed", lambda: assessed(daemon) >= 50)
            daemon.restart(crash=True)
            daemon.post(executions("b", 200))
            daemon.restart()
            daemon.post(executions("c", 100))
            daemon.wait_for("all to be assessed", lambda: assessed(daemon) == 500)
            daemon.wait_for("the last outcomes", lambda: 'evaluations_in_flight{evaluator="judge"} 0' in
                            daemon.request("GET", "/metrics")[2].decode())
            self.assertEqual(set(judge.ids()), {e["id"] for e in executions("a", 200) + executions("b", 200) + executions("c", 100)})
            self.assertEqual(results(daemon)["failed"], 0)
            daemon.restart(crash=True)
            daemon.flush()
            for source in ("raw", "1m"):
                self.assertEqual(daemon.value("clarity", stat="count", window="7d", resolution=source), 500)
                self.assertAlmostEqual(daemon.value("clarity", window="7d", resolution=source), 4.5, places=9)

    def test_a_sample_is_the_same_everywhere(self):
        def sample(restart):
            # One request at a time is made in the order of the log: what came before `end` has been asked about.
            with Judge(lambda execution: (204, None)) as judge, Daemon(judge.config(sample=0.2, concurrency=1)) as daemon:
                daemon.post(executions("a", 500))
                if restart:
                    daemon.restart(crash=True)
                daemon.post(executions("b", 500))
                daemon.post(executions("end", 100))
                daemon.wait_for("the end", lambda: any(i.startswith("end") for i in judge.ids()))
                return {i for i in judge.ids() if not i.startswith("end")}
        first = sample(restart=True)
        self.assertEqual(first, sample(restart=False))
        self.assertGreater(len(first), 130)  # 200 but for chance
        self.assertLess(len(first), 270)

    def test_the_budget_is_kept(self):
        with Judge(lambda execution: (200, {"overall": 8})) as judge, Daemon(judge.config(budget_per_hour=20)) as daemon:
            daemon.post(executions("a", 100))
            daemon.wait_for("all to be settled", lambda: sum(results(daemon).values()) == 100)
            # An hour may have begun in between.
            self.assertIn(len(judge.ids()), range(20, 41))
            self.assertEqual(results(daemon)["over_budget"], 100 - len(judge.ids()))

    def test_a_wrong_configuration_is_refused(self):
        with Daemon() as daemon:
            daemon.stop()
            daemon.write_config("evaluators:\n  - name: judge\n    url: http://127.0.0.1:1/\n    sampel: 0.5\n")
            done = subprocess.run([os.path.join(BIN, "vitalsd"), "--config", daemon.config,
                                   "--check-config"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("vitals.yaml:4: evaluators[0].sampel: unknown key; did you mean 'sample'?", done.stderr)


if __name__ == "__main__":
    unittest.main()
