"""vitalsd as a service: notifications to its manager, signals, log lines, and a stop under load."""
import http.client
import json
import os
import re
import subprocess
import threading
import unittest

from daemon import BIN, Daemon, now_ms

FAILURES = """
rules:
  - {name: failures, metric: errors, above: 0, group_by: [prompt]}
"""


def rules_in_force(daemon):
    return [rule["name"] for rule in daemon.get("/api/v1/rules")["rules"]]


def config_gauges(daemon):
    """Whether the configuration was taken when it was read last, and when what is in force was read, in seconds."""
    text = daemon.request("GET", "/metrics")[2].decode()
    return tuple(float(re.search(rf"(?m)^vitals_config_last_reload_{name} (\S+)$", text).group(1))
                 for name in ("successful", "success_timestamp_seconds"))


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def write_tokens(daemon, token):
    path = os.path.join(daemon.folder, "tokens.yaml")
    with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write(f"tokens:\n  - {{name: one, token: {token}, scopes: [read, ingest, admin]}}\n")
    return path


class Writer(threading.Thread):
    """Posts batches over one connection until that no longer works; keeps those that were acknowledged."""

    def __init__(self, daemon, name, many):
        super().__init__()
        self.port, self.prompt, self.many = daemon.port, name, many
        self.batches = []  # acknowledged ones, as they were posted
        self.odd = []      # answers that a stop does not explain
        self.sent = 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.odd:
            body = json.dumps([{"id": f"{self.prompt}-{self.sent + i}", "prompt": self.prompt, "duration_ms": 1}
                               for i in range(20)])
            try:
                connection.request("POST", "/api/v1/executions", body, {"Content-Type": "application/json"})
                self.sent += 20
                answer = connection.getresponse()
                receipt = answer.read()
            except (OSError, http.client.HTTPException):
                break
            if answer.status == 200:
                self.batches.append(body)
            elif answer.status != 503:
                self.odd.append((answer.status, receipt))
            if len(self.batches) == 20:
                self.many.release()
        connection.close()


class Service(unittest.TestCase):
    def test_the_manager_is_told_of_readiness_reload_and_stop(self):
        with Daemon() as daemon:  # ready
            reloading, ready = daemon.hang_up()
            self.assertRegex(reloading, r"\ARELOADING=1\nMONOTONIC_USEC=\d+\Z")
            self.assertEqual(ready, f"READY=1\nSTATUS=serving on 127.0.0.1:{daemon.port}")
            daemon.stop()  # stopping, and the exit status 0

    def test_the_watchdog_is_fed_while_nothing_happens(self):
        with Daemon(environment={"WATCHDOG_USEC": "100000"}) as daemon:
            for _ in range(3):
                self.assertEqual(daemon.notification(), "WATCHDOG=1")

    def test_a_hang_up_puts_rules_and_tokens_in_force(self):
        with Daemon() as daemon:
            self.assertEqual(rules_in_force(daemon), [])
            daemon.post([{"prompt": "a", "status": "error"}])
            rules = os.path.join(daemon.folder, "rules.yaml")
            with open(rules, "w", encoding="utf-8") as f:
                f.write(FAILURES)
            daemon.write_config(f"rules: [{rules}]\n")
            daemon.hang_up()
            self.assertEqual(rules_in_force(daemon), ["failures"])
            daemon.wait_for("an alert about what was posted before",
                            lambda: daemon.get("/api/v1/alerts")["alerts"])

            tokens = write_tokens(daemon, "the-first-of-two-tokens")
            daemon.write_config(f"rules: [{rules}]\ntoken_file: {tokens}\n")
            daemon.hang_up()
            self.assertEqual(daemon.request("GET", "/api/v1/rules")[0], 401)
            self.assertEqual(daemon.request("GET", "/api/v1/rules", headers=bearer("the-first-of-two-tokens"))[0], 200)
            write_tokens(daemon, "the-other-of-two-tokens")
            daemon.hang_up()
            self.assertEqual(daemon.request("GET", "/api/v1/rules", headers=bearer("the-first-of-two-tokens"))[0], 401)
            self.assertEqual(daemon.request("GET", "/api/v1/rules", headers=bearer("the-other-of-two-tokens"))[0], 200)

    def test_a_refused_hang_up_changes_nothing(self):
        with Daemon() as daemon:
            rules = os.path.join(daemon.folder, "rules.yaml")
            with open(rules, "w", encoding="utf-8") as f:
                f.write(FAILURES)
            daemon.write_config(f"rules: [{rules}]\n")
            daemon.hang_up()
            # Good tokens and rules beside something wrong: none of them may come into force.
            good = f"token_file: {write_tokens(daemon, 'a-token-of-some-length')}\nrules: []\n"
            for wrong in ("receivers: [{name: ops, webhook: {url: 'ftp://127.0.0.1/'}}]\n",
                          "routes: {receiver: nobody}\n", "no_such_key: 1\n"):
                refused = daemon.output().count("reload refused")
                daemon.write_config(good + wrong)
                daemon.hang_up()
                self.assertEqual(daemon.output().count("reload refused"), refused + 1, wrong)
                self.assertEqual(rules_in_force(daemon), ["failures"], wrong)
                state = daemon.get("/api/v1/status")["configuration"]
                self.assertGreaterEqual(state["refused_at"], state["loaded_at"], wrong)
                self.assertNotIn(daemon.folder, state["error"])
                self.assertEqual(config_gauges(daemon), (0, state["loaded_at"] / 1000))
            self.assertIn("vitals.yaml:3: no_such_key: unknown key", state["error"])
            daemon.write_config(f"rules: [{rules}]\n")
            daemon.hang_up()
            mended = daemon.get("/api/v1/status")["configuration"]
            self.assertEqual((mended["refused_at"], mended["error"]), (None, None))
            self.assertGreater(mended["loaded_at"], state["loaded_at"])
            self.assertEqual(config_gauges(daemon), (1, mended["loaded_at"] / 1000))

    def test_log_lines_are_json_on_request(self):
        with Daemon("log: {format: json}\n") as daemon:
            daemon.write_config('log: {format: json}\n"a \\"strange\\" key": 1\n')
            daemon.hang_up()  # is refused, in several lines with quotes
            daemon.stop()
            lines = [json.loads(line) for line in daemon.output().splitlines()]
            for line in lines:
                self.assertEqual(set(line), {"time", "level", "msg"})
                self.assertRegex(line["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
            refusal = [line["msg"] for line in lines if line["level"] == "error"]
            self.assertEqual(len(refusal), 1, lines)
            self.assertIn("\n", refusal[0])
            self.assertIn('"strange"', refusal[0])
            self.assertEqual(lines[-1]["msg"], "stopped")

    def test_log_lines_carry_their_priority_in_the_journal(self):
        with Daemon(environment={"JOURNAL_STREAM": "8:1"}) as daemon:
            daemon.write_config("no_such_key: 1\n")
            daemon.hang_up()
            daemon.stop()
            lines = daemon.output().splitlines()
            self.assertRegex(lines[0], r"\A<6>\S")
            self.assertTrue(any(line.startswith("<3>reload refused") for line in lines), lines)

    def test_slow_queries_are_named_without_what_was_asked_for(self):
        with Daemon("query: {slow: 1ms}\n") as daemon:
            for part in range(4):
                daemon.post([{"prompt": "a", "user": f"u{i}", "tags": {"n": str(part * 10_000 + i)}}
                             for i in range(10_000)])
            daemon.wait_for("a slow query", lambda: daemon.get(
                "/api/v1/metrics/executions", group_by="tags.n", filter="user:!alice") and
                "slow query: " in daemon.output())
            self.assertRegex(daemon.output(), r"slow query: \d+ ms, metric executions from .* by \[tags\.n\]")
            self.assertNotIn("alice", daemon.output())
            daemon.write_config("query: {slow: 1h}\n")
            daemon.restart()
            named = daemon.output().count("slow query: ")
            daemon.get("/api/v1/metrics/executions", group_by="tags.n")
            self.assertEqual(daemon.output().count("slow query: "), named)

    def test_the_version_is_told(self):
        told = subprocess.run([os.path.join(BIN, "vitalsd"), "--version"], capture_output=True, text=True)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertRegex(told.stdout, r"\Avitalsd \d+\.\d+\.\d+ \([^()]+\)\n\Z")
        unknown = subprocess.run([os.path.join(BIN, "vitalsd"), "--no-such-flag"], capture_output=True, text=True)
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("--no-such-flag", unknown.stderr)

    def test_a_stop_under_load_ends_well_and_keeps_what_was_acknowledged(self):
        with Daemon() as daemon:
            many = threading.Semaphore(0)
            writers = [Writer(daemon, f"w{n}", many) for n in range(8)]
            for writer in writers:
                writer.start()
            for _ in writers:
                self.assertTrue(many.acquire(timeout=60))
            daemon.stop()  # while all of them write
            for writer in writers:
                writer.join()
                self.assertEqual(writer.odd, [])
            daemon.start()
            acknowledged = 20 * sum(len(writer.batches) for writer in writers)
            stored = daemon.value("executions", from_=0, to=now_ms() + 1)
            self.assertGreaterEqual(stored, acknowledged)
            self.assertLessEqual(stored, sum(writer.sent for writer in writers))
            again = [event for writer in writers for body in writer.batches for event in json.loads(body)]
            self.assertEqual(daemon.post(again)["duplicates"], acknowledged)


if __name__ == "__main__":
    unittest.main(verbosity=2)
