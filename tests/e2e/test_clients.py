"""The clients of docs/how-to/send-from-*.md: the very code of the pages, run against a real daemon."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from daemon import Daemon
from openai_server import TAKES_S, OpenAI
from relay import Relay
from test_documents import ROOT, blocks

HERE = os.path.dirname(os.path.abspath(__file__))
NODE = shutil.which("node") or shutil.which("nodejs")
LONG_S = 60  # as long as it takes on a busy machine


def page(name, *languages):
    return blocks(os.path.join(ROOT, "docs/how-to", name), *languages)


def write_modules(folder, modules):
    for name, text in modules:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


class Program:
    """A program with a client in it, told by lines what to do."""

    def __init__(self, command, url, exit_seconds=LONG_S, capacity=10_000):
        self.log = tempfile.TemporaryFile("w+")
        options = json.dumps({"capacity": capacity, "exitSeconds": exit_seconds})
        self.process = subprocess.Popen([*command, options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=self.log, env={**os.environ, "VITALS_URL": url})

    def tell(self, deed, argument=None):
        self.process.stdin.write(json.dumps([deed, argument]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def record(self, count, **fields):
        return self.tell("record", [{"prompt": "greeting", "status": "success", **fields}] * count)

    def end(self):
        """Lets it come to its end, and returns what it logged."""
        self.process.stdin.close()
        status = self.process.wait(LONG_S)
        self.process.stdout.close()
        self.log.seek(0)
        with self.log as log:
            said = log.read()
        assert status == 0, said
        return said


class Client:
    """What every client has to show. `program` is the driver, `example` runs the page's example."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="vitals-clients-")
        self.addCleanup(shutil.rmtree, self.folder)
        write_modules(self.folder, self.modules())
        for name in (self.program, self.example):
            shutil.copy(os.path.join(HERE, "clients", name), self.folder)

    def start(self, relay, **options):
        return Program([self.runner, os.path.join(self.folder, self.program)], relay.url, **options)

    def run_example(self, daemon):
        """→ ids of the good answers"""
        done = subprocess.run(
            [self.runner, self.example], cwd=self.folder, capture_output=True, text=True, timeout=LONG_S, check=False,
            env={**os.environ, "VITALS_URL": f"http://127.0.0.1:{daemon.port}", "VITALS_TOKEN": ""})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def check_answers(self, daemon, ids, cancelled):
        """Three good answers of 30 ms, one that timed out, and those whose caller gave up."""
        mine = {"filter": "prompt:support/answer"}
        runs = daemon.get("/api/v1/executions", **mine)["executions"]
        self.assertEqual(len(runs), 4 + cancelled)
        good = [run for run in runs if run.get("status") == "success"]
        self.assertEqual({run["id"] for run in good}, set(ids))
        for run in good:
            self.assertEqual((run["version"], run["model"], run["input_tokens"], run["output_tokens"]),
                             ("v7", "gpt-4o", 812, 164))
        self.assertEqual([run["error"]["type"] for run in runs if run.get("status") == "error"], ["timeout"])
        for run in runs:
            self.assertGreaterEqual(run["duration_ms"], 29)
            self.assertLess(run["duration_ms"], LONG_S * 1000)
        self.assertEqual(daemon.value("input_tokens", stat="sum", **mine), 3 * 812)
        self.assertEqual(daemon.value("output_tokens", stat="sum", **mine), 3 * 164)
        self.assertEqual(daemon.value("errors", **mine), 1)
        self.assertEqual(daemon.value("execution_success_rate", **mine), 75)

    def test_what_comes_again_counts_once(self):
        with Daemon() as daemon, Relay(daemon, faults=[lambda: None]) as relay:
            program = self.start(relay)
            ids = program.record(50)
            program.end()
            self.assertEqual(len(set(ids)), 50)
            first, again = relay.receipts[:2]
            self.assertEqual((first["duplicates"], again["accepted"]), (0, 0))
            self.assertEqual(first["accepted"], again["duplicates"])
            self.assertEqual(sum(receipt["accepted"] for receipt in relay.receipts), 50)
            self.assertEqual(daemon.value("executions"), 50)

    def test_a_daemon_that_is_killed_and_comes_back_loses_nothing(self):
        with Daemon() as daemon, Relay(daemon) as relay:
            program = self.start(relay)
            program.record(1_500)
            self.assertTrue(program.tell("flush", LONG_S))
            relay.faults.append(daemon.kill)  # it has stored, and cannot say so any more
            program.record(500)
            daemon.process.wait(LONG_S)
            program.record(500)
            unheard = relay.unheard
            while relay.unheard <= unheard:
                self.assertFalse(program.tell("flush", 0.1))  # sends to nobody
            heard = len(relay.receipts)
            daemon.start()
            self.assertTrue(program.tell("flush", LONG_S))
            self.assertIn("next try soon", program.end())
            self.assertEqual(daemon.value("executions"), 2_500)
            new = [receipt for receipt in relay.receipts[heard:] if receipt["accepted"] > 0]
            self.assertLessEqual(len(new), 2)  # in batches

    def test_a_full_queue_is_said_and_makes_nobody_wait(self):
        with Daemon() as daemon, Relay(daemon) as relay:
            relay.close()
            program = self.start(relay, capacity=10)
            program.record(25)
            self.assertEqual(program.tell("counts"), {"dropped": 15, "refused": 0})
            relay.open()
            said = program.end()
            self.assertEqual(said.count("the queue is full (10)"), 1, said)
            self.assertEqual(daemon.value("executions"), 10)

    def test_the_end_waits_for_no_daemon_for_ever_and_says_what_is_lost(self):
        with Relay(None) as relay:
            relay.close()
            program = self.start(relay, capacity=5, exit_seconds=0.2)
            program.record(7)
            self.assertIn("5 runs are not stored, 2 were dropped", program.end())

    def test_what_waits_at_sigterm_is_sent(self):
        with Daemon() as daemon, Relay(daemon, faults=[503]) as relay:
            program = self.start(relay)
            program.record(500)
            program.process.terminate()
            program.end()
            self.assertEqual(daemon.value("executions"), 500)

    def test_what_is_refused_is_said_and_its_neighbours_are_stored(self):
        with Daemon() as daemon, Relay(daemon) as relay:
            program = self.start(relay)
            program.tell("record", [{"prompt": "greeting"}, {"prompt": "greeting", "duration_ms": -1}, {"prompt": "greeting"}])
            self.assertTrue(program.tell("flush", LONG_S))
            program.tell("record", [{"prompt": ""}])  # nothing that is good: a 400
            self.assertTrue(program.tell("flush", LONG_S))
            self.assertEqual(program.tell("counts"), {"dropped": 0, "refused": 2})
            said = program.end()
            self.assertIn("duration_ms", said)
            self.assertIn("prompt", said)
            self.assertEqual(daemon.value("executions"), 2)

    def test_what_is_too_large_at_once_is_sent_in_parts(self):
        with Daemon() as daemon, Relay(daemon) as relay:
            relay.bytes_max = 2_000
            program = self.start(relay)
            program.record(100)
            program.record(1, tags={"long": "x" * 2_000})
            self.assertTrue(program.tell("flush", LONG_S))
            self.assertEqual(program.tell("counts"), {"dropped": 0, "refused": 1})
            self.assertIn("too large", program.end())
            self.assertEqual(daemon.value("executions"), 100)

    def test_what_cannot_be_written_stops_nobody(self):
        with Relay(None) as relay:
            program = self.start(relay)
            self.assertEqual(program.tell("measure_unwritable"), "done")
            self.assertEqual(program.tell("counts"), {"dropped": 0, "refused": 1})
            self.assertIn("cannot be written as JSON", program.end())

    def test_what_may_pass_is_tried_again(self):
        with Daemon() as daemon, Relay(daemon, faults=[503, 401]) as relay:
            program = self.start(relay)
            program.record(3)
            said = program.end()
            for status in ("503", "401"):
                self.assertIn(status, said)
            self.assertEqual(daemon.value("executions"), 3)


class Python(Client, unittest.TestCase):
    runner, program, example = sys.executable, "driver.py", "example.py"

    @staticmethod
    def modules():
        return zip(("vitals.py", "page.py", "sigterm.py"), page("send-from-python.md", "python"), strict=True)

    def test_the_example(self):
        with Daemon() as daemon:
            self.check_answers(daemon, self.run_example(daemon), cancelled=0)
            runs = daemon.get("/api/v1/executions", filter="prompt:support/classify")["executions"]
            self.assertEqual(sorted(run.get("status", "") for run in runs), ["", "error", "success", "success"])
            for run in runs:
                self.assertGreaterEqual(run["duration_ms"], 29)
            self.assertEqual(daemon.value("execution_success_rate", filter="prompt:support/classify"), 200 / 3)

    def test_forked_workers_send_too(self):
        with Daemon() as daemon, Relay(daemon) as relay:
            program = self.start(relay)
            program.record(10)
            events = [{"prompt": "greeting"}] * 5
            self.assertEqual(program.tell("record_in_child", events), 0)
            program.end()
            self.assertEqual(daemon.value("executions"), 15)


class JavaScript(Client, unittest.TestCase):
    runner, program, example = NODE, "driver.mjs", "example.mjs"

    @staticmethod
    def modules():
        return zip(("vitals.mjs", "page.mjs", "sigterm.mjs"), page("send-from-javascript.md", "js"), strict=True)

    def test_the_example(self):
        with Daemon() as daemon:
            self.check_answers(daemon, self.run_example(daemon), cancelled=1)

    def test_a_script_that_dies_of_an_error_flushes_as_the_page_says(self):
        write_modules(self.folder, [("dies.mjs", "import { Vitals } from './vitals.mjs';\nconst vitals = new Vitals();\n"
                                     "try {\n  await vitals.measure('p', {}, () => { throw new RangeError('far'); });\n"
                                     "} finally { await vitals.flush(60); }\n")])
        with Daemon() as daemon:
            done = subprocess.run([NODE, "dies.mjs"], cwd=self.folder, capture_output=True, text=True, timeout=LONG_S,
                                  check=False, env={**os.environ, "VITALS_URL": f"http://127.0.0.1:{daemon.port}"})
            self.assertEqual(done.returncode, 1)
            self.assertIn("RangeError: far", done.stderr)
            self.assertEqual(daemon.value("errors"), 1)


class LangChain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Its packages, as package-lock.json fixes them, beside the page's modules."""
        cls.folder = tempfile.mkdtemp(prefix="vitals-langchain-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        for name in ("package.json", "package-lock.json", "langchain.mjs"):
            shutil.copy(os.path.join(HERE, "clients", name), cls.folder)
        write_modules(cls.folder, JavaScript.modules())
        write_modules(cls.folder, zip(("vitals-langchain.mjs", "page.mjs"), page("send-from-langchain.md", "js"), strict=True))
        subprocess.run(["npm", "ci", "--prefix", cls.folder, "--ignore-scripts", "--no-audit", "--no-fund",
                        "--no-update-notifier", "--prefer-offline", "--loglevel=error"], check=True)

    def test_every_model_and_the_outermost_chain_is_an_execution(self):
        with Daemon() as daemon, OpenAI() as openai:
            environment = {"VITALS_URL": f"http://127.0.0.1:{daemon.port}", "VITALS_TOKEN": "",
                           "OPENAI_BASE_URL": openai.url, "OPENAI_API_KEY": "sk-test"}
            done = subprocess.run([NODE, "langchain.mjs"], cwd=self.folder, capture_output=True, text=True, check=False,
                                  timeout=LONG_S, env={**os.environ, **environment})
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            runs = daemon.get("/api/v1/executions")["executions"]
            self.check_example(daemon, of(runs, "support/answer"), of(runs, "support-chain"))
            self.check_stream(of(runs, "streamed"))
            self.check_agent(runs)
            self.assertEqual([run["status"] for run in of(runs, "FakeLLM")], ["success"])
            self.assertEqual(len(runs), 8 + 1 + 4 + 1)

    def check_example(self, daemon, calls, chains):
        for runs in (calls, chains):
            self.assertEqual(sorted(run["status"] for run in runs), ["error", "success", "success", "success"])
            self.assertEqual([run["error"]["type"] for run in runs if run["status"] == "error"], ["context_length"])
            for run in runs:
                self.assertEqual(run["version"], "v7")
                self.assertGreaterEqual(run["duration_ms"], TAKES_S * 1000 - 1)
        for run in calls:
            self.assertEqual((run["model"], run["provider"], run["parameters"]), ("gpt-4o", "openai", {"temperature": 0.2}))
        self.assertEqual([run["iterations"] for run in chains], [1] * 4)
        self.assertEqual(len({run["session"] for run in calls + chains}), 2)
        mine = {"filter": "prompt:support/answer", "stat": "sum"}
        self.assertEqual((daemon.value("input_tokens", **mine), daemon.value("output_tokens", **mine)), (36, 6))
        self.assertEqual((daemon.value("executions"), daemon.value("errors")), (14, 3))
        self.assertEqual(daemon.value("input_tokens", stat="sum"), 36 + 12)  # none twice

    def check_stream(self, runs):
        [run] = runs
        self.assertEqual((run["status"], run["input_tokens"], run["output_tokens"], run["environment"], run["parameters"]),
                         ("success", 12, 2, "test", {"max_tokens": 50}))
        self.assertGreaterEqual(run["time_to_first_token_ms"], TAKES_S * 1000 - 1)
        self.assertGreater(run["duration_ms"], run["time_to_first_token_ms"])

    def check_agent(self, runs):
        [look], [check], [add], [agent] = (of(runs, name) for name in ("agent/look", "agent/check", "agent/sum", "agent"))
        self.assertEqual([run["status"] for run in (look, check, add, agent)], ["success", "error", "success", "success"])
        self.assertEqual(agent["iterations"], 3)
        self.assertEqual([run["version"] for run in (look, check, add, agent)], ["v3", "v3", "v3", "v1"])
        self.assertEqual(len({run["user"] for run in (look, check, add, agent)}), 1)
        self.assertGreaterEqual(agent["duration_ms"], look["duration_ms"] + check["duration_ms"] + add["duration_ms"])


class Shell(unittest.TestCase):
    """curl: the page's one event, and its function for scripts."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="vitals-shell-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.one, self.function, self.job = page("post-executions.md", "sh")

    def run_shell(self, text, url, status=0, **more):
        done = subprocess.run(["sh", "-u", "-c", text], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=3 * LONG_S, env={**os.environ, "VITALS_URL": url}, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def run_job(self, url, ends_with):
        path = os.path.join(self.folder, "summarise-night")
        with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o700)) as f:
            f.write(f"#!/bin/sh\nexit {ends_with}\n")
        return self.run_shell(self.function + self.job, url)

    def test_one_event(self):
        with Daemon() as daemon:
            self.assertEqual(self.one.count("http://127.0.0.1:8610"), 1)
            for duplicates in (0, 1):
                done = self.run_shell(self.one.replace("http://127.0.0.1:8610", f"http://127.0.0.1:{daemon.port}"), "")
                self.assertEqual(json.loads(done.stdout), {"accepted": 1 - duplicates, "duplicates": duplicates,
                                                           "rejected": 0, "errors": []})
            run = daemon.get("/api/v1/executions/run-8812")
            self.assertEqual((run["input_tokens"], run["output_tokens"], run["duration_ms"]), (812, 164, 2140.5))

    def test_a_job_counts_once_whatever_happens_to_its_post(self):
        with Daemon() as daemon, Relay(daemon, faults=[lambda: None, 503]) as relay:
            self.run_job(relay.url, 0)
            self.run_job(relay.url, 1)
            runs = daemon.get("/api/v1/executions")["executions"]
            self.assertEqual([(run["prompt"], run["version"], run["status"]) for run in runs],
                             [("night/summary", "v3", "error"), ("night/summary", "v3", "success")])
            self.assertTrue(all(0 <= run["duration_ms"] < LONG_S * 1000 for run in runs))

    def test_what_is_refused_is_said_and_not_tried_again(self):
        good, bad = ('{"id":"%s","prompt":"p","duration_ms":%d}\n' % pair for pair in (("a", 1), ("b", -1)))
        with Daemon() as daemon, Relay(daemon) as relay:
            for lines in (good + bad, bad):
                done = self.run_shell(self.function + "post_executions", relay.url, status=1, input=lines)
                self.assertIn("duration_ms", done.stderr)
            self.assertEqual(len(relay.headers), 2)
            self.assertEqual(daemon.value("executions"), 1)

    def test_a_log_goes_on(self):
        log = os.path.join(self.folder, "job.log")
        with open(log, "w", encoding="utf-8") as f:
            f.write("before\n")
        with Daemon() as daemon, Relay(daemon) as relay:
            self.run_shell(self.function + "post_executions 2>>job.log", relay.url, input='{"id":"a","prompt":"p"}\n')
        with open(log, encoding="utf-8") as f:
            before, answer = f.read().splitlines()
        self.assertEqual((before, json.loads(answer)["accepted"]), ("before", 1))


def of(runs, prompt):
    return [run for run in runs if run["prompt"] == prompt]


if __name__ == "__main__":
    unittest.main(verbosity=2)
