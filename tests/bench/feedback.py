#!/usr/bin/env python3
"""Drives a real vitalsd and prints what late feedback costs: posted for random executions of a log, in batches of
several sizes, and how long a writer of executions waits beside it. Standard library. The figures of
docs/performance.md about late feedback come from here.

usage: [VITALS_BIN=build/release/bin] feedback.py [--executions 1000000] [--feedback 100000]
"""
import argparse
import json
import os
import random
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon import Daemon, now_ms  # noqa: E402

HOUR_MS = 3_600_000


def cpu_seconds(daemon):
    with open(f"/proc/{daemon.process.pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def executions(dice, begin, count, now):
    return [{"id": f"run-{i:08x}", "time": now - dice.randrange(20 * HOUR_MS), "prompt": f"prompt-{i % 50}",
             "version": f"v{i % 4}", "model": f"model-{i % 5}", "status": "success", "user": f"user-{dice.randrange(5000)}",
             "session": f"session-{dice.randrange(50000)}", "duration_ms": dice.randrange(5000),
             "tags": {"region": f"r{i % 3}"}} for i in range(begin, begin + count)]


def fill(daemon, dice, count):
    now = now_ms()
    for begin in range(0, count, 10_000):
        daemon.post(executions(dice, begin, min(10_000, count - begin), now))
    daemon.flush()


def costs(daemon, work):
    """Seconds that the work took, and that the daemon's processor was busy with it."""
    start, cpu = time.perf_counter(), cpu_seconds(daemon)
    work()
    return time.perf_counter() - start, cpu_seconds(daemon) - cpu


def say(daemon, feedback):
    status, _, answer = daemon.request("POST", "/api/v1/feedback", json.dumps(feedback))
    assert status == 200, answer
    told = json.loads(answer)
    assert told["accepted"] == len(feedback) and told["waiting"] == 0, told


def write_beside(daemon, stop, waits):
    dice = random.Random(2)
    begin = 0
    while not stop.is_set():
        batch = executions(dice, 1 << 30 | begin, 500, now_ms())
        start = time.perf_counter()
        daemon.post(batch)
        waits.append(time.perf_counter() - start)
        begin += 500
        stop.wait(0.1)


def percentiles(seconds):
    cut = statistics.quantiles(seconds, n=100)
    return f"median {cut[49] * 1e3:.1f}, 99 % {cut[98] * 1e3:.1f}, most {max(seconds) * 1e3:.1f} ms"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--executions", type=int, default=1_000_000)
    parser.add_argument("--feedback", type=int, default=100_000)
    options = parser.parse_args()
    dice = random.Random(1)
    with Daemon() as daemon:
        fill(daemon, dice, options.executions)
        before = log_bytes(daemon)
        rated = dice.sample(range(options.executions), options.feedback)
        for size in (1, 100, 1000, 10_000):
            part = [rated.pop() for _ in range(min(options.feedback // 4, 200 * size))]
            feedback = [{"execution_id": f"run-{i:08x}", "id": "f", "rating": dice.randint(1, 5)} for i in part]
            took, used = costs(daemon, lambda: [say(daemon, feedback[begin:begin + size])
                                                for begin in range(0, len(feedback), size)])
            print(f"{len(part):>6} in posts of {size:>6}: {len(part) / took:>9,.0f} a second, "
                  f"{used / len(part) * 1e6:>8.1f} us of processor time each")
        daemon.flush()
        said = options.feedback - len(rated)
        print(f"bytes of the log per feedback: {(log_bytes(daemon) - before) / said:.1f}")
        quiet, beside = [], []
        for waits, busy in ((quiet, False), (beside, True)):
            stop = threading.Event()
            writer = threading.Thread(target=write_beside, args=(daemon, stop, waits))
            writer.start()
            end = time.monotonic() + 10
            while time.monotonic() < end:
                if busy and len(rated) >= 1000:
                    say(daemon, [{"execution_id": f"run-{rated.pop():08x}", "rating": 3} for _ in range(1000)])
                else:
                    stop.wait(0.1)
            stop.set()
            writer.join()
        print(f"posts of 500 executions, alone: {percentiles(quiet)}; beside feedback: {percentiles(beside)}")


def log_bytes(daemon):
    return daemon.get("/api/v1/status")["log"]["bytes"]


if __name__ == "__main__":
    main()
