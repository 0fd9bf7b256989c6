"""Starts a real vitalsd on a free loopback port and talks HTTP to it. Standard library only."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from urllib.parse import quote, urlencode

BIN = os.environ.get("VITALS_BIN", os.path.join(os.path.dirname(__file__), "../../build/release/bin"))
SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared")
READY_SECONDS = 60  # generous: sanitizers on a busy machine


class Daemon:
    """One vitalsd with its own data folder; a context manager."""

    def __init__(self, config="", data=None, arguments=()):
        self.folder = tempfile.mkdtemp(prefix="vitals-e2e-")
        self.data = data or os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "vitals.yaml")
        self.arguments = list(arguments)
        self.write_config(config)
        self.log = os.path.join(self.folder, "log")
        self.process = None
        self.port = None

    def write_config(self, text):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        with open(self.log, "ab") as log:
            offset = log.tell()
            self.process = subprocess.Popen(
                [os.path.join(BIN, "vitalsd"), "--config", self.config, "--data-dir", self.data,
                 "--listen", "127.0.0.1:0", "--otlp-listen", "off", *self.arguments],
                stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                f.seek(offset)
                found = re.search(r"serves on \S+:(\d+)", f.read())
            if found:
                self.port = int(found.group(1))
                return self
            if self.process.poll() is not None:
                raise AssertionError(f"vitalsd ended with {self.process.returncode}:\n{self.output()}")
            select_nothing(0.02)
        raise AssertionError(f"vitalsd was not ready in time:\n{self.output()}")

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(READY_SECONDS)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self, crash=False):
        self.kill() if crash else self.stop()
        return self.start()

    def request(self, method, path, body=None, headers=None):
        """→ (status, headers, body bytes)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=READY_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, **parameters):
        """JSON of a GET that must succeed. A list value repeats its parameter."""
        query = "?" + urlencode(parameters, doseq=True) if parameters else ""
        status, _, body = self.request("GET", path + query)
        assert status == 200, f"GET {path}{query}: {status} {body[:500]!r}"
        return json.loads(body)

    def metric(self, name, **parameters):
        if "from_" in parameters:
            parameters["from"] = parameters.pop("from_")
        return self.get("/api/v1/metrics/" + quote(name), **parameters)

    def value(self, name, **parameters):
        """Value of the only group."""
        return self.metric(name, **parameters)["groups"][0]["value"]

    def post(self, events, query="", expect=200):
        """Posts events as NDJSON; returns the receipt."""
        body = "".join(json.dumps(e) + "\n" for e in events)
        status, _, answer = self.request("POST", "/api/v1/executions" + query, body.encode(),
                                         {"Content-Type": "application/x-ndjson"})
        assert status == expect, f"POST: {status} {answer[:500]!r}"
        return json.loads(answer)

    def wait_for(self, what, condition, seconds=READY_SECONDS):
        """Polls until the condition returns something true, and returns that."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result = condition()
            if result:
                return result
            select_nothing(0.05)
        raise AssertionError(f"waited in vain for {what}:\n{self.output()[-3000:]}")


def select_nothing(seconds):
    """Gives the processor away between two polls of another process's state."""
    time.sleep(seconds)


def now_ms():
    return int(time.time() * 1000)


def need_shared(*parts):
    """A path below ../shared, or the test is skipped with a message."""
    path = os.path.join(SHARED, *parts)
    if not os.path.exists(path):
        raise unittest.SkipTest(f"{'/'.join(parts)} is not there: this check needs the shared folder")
    return path
