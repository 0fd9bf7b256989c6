#!/usr/bin/env python3
"""Drives a real vitalsd from wire to disk and prints what an event costs: daemon CPU, disk, memory,
queries. Standard library; single-event posts need wrk (Debian package). Every figure of
docs/performance.md comes from here or from the `bench` executable.

usage: [VITALS_BIN=build/release/bin] load.py [--events 1000000] [--seconds 10]
"""
import argparse
import http.client
import json
import math
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon import BIN, Daemon  # noqa: E402,F401

MODELS = ["large-2", "large-3", "small-1", "small-2", "open-70b"]
SINGLE = ('wrk.method="POST" wrk.headers["Content-Type"]="application/json" '
          'wrk.body=\'{"prompt":"p","version":"v1","model":"m","status":"success","duration_ms":812.5,'
          '"input_tokens":512,"output_tokens":128,"quality":{"clarity":8.5,"accuracy":9}}\'\n')


def event(number, total, end_ms, rnd):
    prompt = min(int(rnd.paretovariate(1.1)) - 1, 199)
    duration = round(math.exp(rnd.gauss(7.6, 0.7)), 1)
    error = rnd.random() < 0.04
    result = {
        "id": f"{number:012x}-{rnd.getrandbits(32):08x}", "time": end_ms - (total - number) * 86_400_000 // total,
        "prompt": f"team/prompt-{prompt}", "version": f"v{1 + number * 7 // total}",
        "model": rnd.choice(MODELS), "environment": "production" if rnd.random() < 0.9 else "staging",
        "status": "error" if error else "success", "duration_ms": duration,
        "time_to_first_token_ms": round(duration * 0.15, 1),
        "input_tokens": int(math.exp(rnd.gauss(6.5, 0.8))), "output_tokens": int(math.exp(rnd.gauss(5.4, 0.7))),
        "iterations": 1 if rnd.random() < 0.8 else 2 + rnd.randrange(3),
        "quality": {k: round(min(10, max(0, rnd.gauss(8.6, 0.8))), 1)
                    for k in ("clarity", "accuracy", "completeness", "relevance")},
        "resources": {"cpu_ms": round(duration * 0.05, 1), "memory_bytes": 40_000_000 + rnd.randrange(9_000_000)},
        "user": f"u{rnd.randrange(5000)}", "session": f"s{rnd.randrange(50000)}",
        "tags": {"region": rnd.choice(["eu", "us", "ap"]), "team": rnd.choice(["growth", "search", "risk"])},
    }
    if error:
        result["error"] = {"type": rnd.choice(["timeout", "rate_limit", "tool_failure"]), "detected": True}
    if rnd.random() < 0.2:
        result["feedback"] = {"rating": rnd.choice([3, 4, 4, 5, 5]), "sentiment": round(rnd.uniform(-0.2, 0.9), 2)}
    return result


def bodies(total, per_body=10_000):
    rnd = random.Random(7)
    end_ms = int(time.time() * 1000)
    for start in range(0, total, per_body):
        yield "".join(json.dumps(event(n, total, end_ms, rnd), separators=(",", ":")) + "\n"
                      for n in range(start, min(start + per_body, total))).encode()


def send(port, files):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for file in files:
        with open(file, "rb") as f:
            connection.request("POST", "/api/v1/executions", f.read(), {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        receipt = json.loads(answer.read())
        assert answer.status == 200 and receipt["rejected"] == 0, receipt


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) / 1024


def settle(daemon):
    """Until two looks at the daemon's CPU time a second apart agree: background work has ended."""
    before = -1.0
    while cpu_seconds(daemon.process.pid) - before > 0.02:
        before = cpu_seconds(daemon.process.pid)
        assert not daemon.select(1), daemon.output()


def disk_bytes(folder):
    return sum(os.path.getsize(os.path.join(f, n)) for f, _, names in os.walk(folder) for n in names)


def median_ms(ask, runs=15):
    ask()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times)


def batches(daemon, total):
    folder = tempfile.mkdtemp(prefix="vitals-load-")
    try:
        files = []
        for i, body in enumerate(bodies(total)):
            files.append(os.path.join(folder, str(i)))
            with open(files[-1], "wb") as f:
                f.write(body)
        begin = time.perf_counter()
        senders = [multiprocessing.Process(target=send, args=(daemon.port, files[i::4])) for i in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
            assert sender.exitcode == 0
        wall = time.perf_counter() - begin
        settle(daemon)
    finally:
        shutil.rmtree(folder)
    print(f"batches of 10,000 on 4 connections: {total / wall:,.0f} events/s acknowledged and synced")
    print(f"daemon CPU, wire to disk, cells included: {cpu_seconds(daemon.process.pid) / total * 1e6:.2f} us/event")


def queries(daemon):
    questions = {
        "success rate by prompt, last hour": ("execution_success_rate", {"window": "1h", "group_by": "prompt"}),
        "p95 duration by prompt and version, all": ("duration_ms", {"stat": "p95", "window": "2d", "group_by": "prompt,version"}),
        "one prompt in 1-minute steps, all": ("executions", {"window": "1d", "step": "1m", "filter": "prompt:team/prompt-0"}),
        "quality by model where a tag matches, all": ("response_quality_score", {"window": "2d", "group_by": "model", "filter": "tags.region:eu"}),
    }
    for name, (metric, parameters) in questions.items():
        print(f"{name}: {median_ms(lambda: daemon.metric(metric, **parameters)):.1f} ms")


def singles(daemon, seconds):
    if shutil.which("wrk") is None:
        print("single-event posts: not measured, wrk is not installed")
        return
    script = os.path.join(daemon.folder, "single.lua")
    with open(script, "w", encoding="ascii") as f:
        f.write(SINGLE)
    done = subprocess.run(["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", script,
                           f"http://127.0.0.1:{daemon.port}/api/v1/executions"],
                          capture_output=True, text=True, check=True)
    print("single-event posts on 64 connections (wrk):")
    for line in done.stdout.splitlines():
        if "Requests/sec" in line or "99%" in line or "Non-2xx" in line:
            print("  " + line.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=10, help="of single-event posts")
    arguments = parser.parse_args()
    with Daemon() as daemon:
        batches(daemon, arguments.events)
        queries(daemon)
        print(f"peak memory: {peak_mib(daemon.process.pid):.0f} MiB")
        daemon.stop()
        print(f"disk after a clean stop: {disk_bytes(daemon.data) / arguments.events:.1f} bytes/event")
        daemon.start()
        singles(daemon, arguments.seconds)
        print(f"peak memory meanwhile: {peak_mib(daemon.process.pid):.0f} MiB")


if __name__ == "__main__":
    main()
