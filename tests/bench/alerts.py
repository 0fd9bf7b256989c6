#!/usr/bin/env python3
"""Drives a real vitalsd and prints how soon people hear of trouble: the time from the event that
crosses a line to the notification, and what it costs writers when very many series fire at once.
Standard library. The figures of docs/performance.md about alerts come from here.

usage: [VITALS_BIN=build/release/bin] alerts.py [--rounds 20] [--series 10000]
"""
import argparse
import http.server
import json
import os
import re
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon import Daemon  # noqa: E402

RULES = """
rules:
  - name: fails
    metric: execution_success_rate
    below: 90
    window: 1m
    for: 0s
    group_by: [prompt]
    severity: critical
    annotations: {summary: "{{labels.prompt}} succeeds in {{value}} %"}
"""
CONFIG = """
rules: [rules.yaml]
receivers:
  - name: ops
    webhook: {url: "http://127.0.0.1:%d/"}
"""
SECONDS_MAX = 60


class Ear:
    """A receiver that notes when it first heard of each prompt."""

    def __init__(self):
        self.heard = {}
        self.changed = threading.Condition()
        ear = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802, the library's name
                data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
                with ear.changed:
                    ear.heard.setdefault(data["labels"]["prompt"], time.perf_counter())
                    ear.changed.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, count):
        with self.changed:
            heard = self.changed.wait_for(lambda: len(self.heard) >= count, SECONDS_MAX)
        assert heard, f"{len(self.heard)} of {count} notifications came within {SECONDS_MAX} s"


def executions(prompts, status):
    return [{"prompt": prompt, "version": "v1", "status": status, "duration_ms": 800} for prompt in prompts]


def notification(rounds):
    ear = Ear()
    daemon = Daemon(CONFIG % ear.port)
    with open(os.path.join(daemon.folder, "rules.yaml"), "w", encoding="utf-8") as f:
        f.write(RULES)
    with daemon:
        daemon.post(executions([f"p{i}" for i in range(rounds)] * 20, "success"))
        waited = []
        for i in range(rounds):
            daemon.select(0.137)  # not in step with the evaluations
            sent = time.perf_counter()
            daemon.post(executions([f"p{i}"] * 5, "error"))
            ear.wait_for(i + 1)
            waited.append(ear.heard[f"p{i}"] - sent)
    print(f"from the event to its notification: median {statistics.median(waited):.2f} s, "
          f"most {max(waited):.2f} s ({rounds} alerts, one after the other)")


def slowest_step_ms(daemon, part):
    """Upper bound of the slowest bucket that holds this part of a step of the spine."""
    _, _, body = daemon.request("GET", "/metrics")
    buckets = re.findall(r'^vitals_spine_step_seconds_bucket\{part="%s",le="([^"]+)"\} (\d+)' % part, body.decode(), re.M)
    total = int(buckets[-1][1])
    return next(float(bound) * 1e3 for bound, count in buckets if int(count) == total)


def many(series):
    ear = Ear()
    daemon = Daemon(CONFIG % ear.port + f"pipeline: {{rule_groups: {2 * series}}}\n")
    with open(os.path.join(daemon.folder, "rules.yaml"), "w", encoding="utf-8") as f:
        f.write(RULES)
    prompts = [f"p{i}" for i in range(series)]
    with daemon:
        daemon.post(executions(prompts, "success"))
        for start in range(0, series, 1000):
            daemon.post(executions(prompts[start:start + 1000] * 2, "error"))
        begin = time.perf_counter()
        posts = []
        while len(ear.heard) < series and time.perf_counter() - begin < SECONDS_MAX:
            sent = time.perf_counter()
            daemon.post(executions(["probe"], "success"))
            posts.append((time.perf_counter() - sent) * 1e3)
            daemon.select(0.01)  # a busy sender would take the daemon's processor
        took = time.perf_counter() - begin
        posts.sort()
        print(f"{series:,} series begin to fire: {len(ear.heard):,} notifications within {took:.1f} s; single posts "
              f"meanwhile: median {statistics.median(posts):.1f} ms, p99 {posts[len(posts) * 99 // 100]:.1f} ms, "
              f"most {posts[-1]:.1f} ms")
        print(f"slowest step of the spine: at most {slowest_step_ms(daemon, 'alerts'):g} ms for rules and alerts, "
              f"at most {slowest_step_ms(daemon, 'write'):g} ms for a write (the first of 10,000 prompts)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--series", type=int, default=10_000)
    chosen = parser.parse_args()
    notification(chosen.rounds)
    many(chosen.series)


if __name__ == "__main__":
    main()
