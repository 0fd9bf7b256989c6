"""Starts a real vitalsd on a free loopback port and talks HTTP to it. Standard library only."""
import contextlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from urllib.parse import quote, urlencode

BIN = os.environ.get("VITALS_BIN", os.path.join(os.path.dirname(__file__), "../../build/release/bin"))
SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared")
READY_SECONDS = 60  # generous: sanitizers on a busy machine
DAY_MS = 86_400_000
RESOLUTIONS = ("raw", "1m", "1h", "1d")


class Daemon:
    """One vitalsd with its own data folder, and its service manager; a context manager."""

    def __init__(self, config="", data=None, arguments=(), environment=None):
        self.folder = tempfile.mkdtemp(prefix="vitals-e2e-")
        self.data = data or os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "vitals.yaml")
        self.arguments = list(arguments)
        self.environment = environment or {}
        self.write_config(config)
        self.log = os.path.join(self.folder, "log")
        self.manager = None  # the socket of its notifications
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
        if self.manager is not None:
            self.manager.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Blocks until the daemon tells that it is ready, and where."""
        path = os.path.join(self.folder, "notify")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        if self.manager is not None:
            self.manager.close()
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(path)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(BIN, "vitalsd"), "--config", self.config, "--data-dir", self.data,
                 "--listen", "127.0.0.1:0", "--otlp-listen", "off", *self.arguments],
                stdout=log, stderr=log, env={**os.environ, **self.environment, "NOTIFY_SOCKET": path})
        self.port = int(re.fullmatch(r"READY=1\nSTATUS=serving on \S+:(\d+)", self.notification()).group(1))
        return self

    def select(self, seconds, *files):
        """Waits until one of the files is readable or the daemon has ended (True in the answer)."""
        if self.process.poll() is not None:
            return [True]
        end = os.pidfd_open(self.process.pid)
        try:
            readable, _, _ = select.select([end, *files], [], [], seconds)
        finally:
            os.close(end)
        return [True if file == end else file for file in readable]

    def notification(self):
        """The next thing the daemon tells its service manager."""
        if self.manager not in self.select(READY_SECONDS, self.manager):
            raise AssertionError(f"vitalsd told nothing:\n{self.output()}")
        return self.manager.recv(4096).decode()

    def hang_up(self):
        """SIGHUP; returns what the daemon told until it was ready again."""
        self.process.send_signal(signal.SIGHUP)
        told = [self.notification()]
        while not told[-1].startswith("READY=1"):
            told.append(self.notification())
        return told

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        """SIGTERM, upon which a daemon says that it stops, and ends well."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(READY_SECONDS)
        assert status == 0, f"vitalsd ended with {status}:\n{self.output()[-3000:]}"
        assert self.manager.recv(4096).decode() == "STOPPING=1"

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

    def flush(self):
        """Brings the cells up to date."""
        status, _, body = self.request("POST", "/api/v1/admin/flush")
        assert status == 200, f"flush: {status} {body[:500]!r}"

    def wait_for(self, what, condition, seconds=READY_SECONDS):
        """Polls until the condition returns something true, and returns that."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result = condition()
            if result:
                return result
            if self.select(0.05):
                break
        raise AssertionError(f"waited in vain for {what}:\n{self.output()[-3000:]}")


def now_ms():
    return int(time.time() * 1000)


def midnight_ms(days=0):
    """The last midnight, UTC, or one so many days after it."""
    return (now_ms() // DAY_MS + days) * DAY_MS


def need_shared(*parts):
    """A path below ../shared, or the test is skipped with a message."""
    path = os.path.join(SHARED, *parts)
    if not os.path.exists(path):
        raise unittest.SkipTest(f"{'/'.join(parts)} is not there: this check needs the shared folder")
    return path
