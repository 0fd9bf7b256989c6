#!/usr/bin/env python3
"""Drives a real vitalsd and prints what assessments cost: first ones of random executions of a log, and second ones of
the same executions, which are written into the rows of the first, in batches of several sizes; and what a query over
the days costs before and after their cells have been made anew. Standard library. The figures of docs/performance.md
about assessments come from here.

usage: [VITALS_BIN=build/release/bin] assessments.py [--executions 1000000]
"""
import argparse
import json
import os
import random
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from daemon import Daemon  # noqa: E402
from feedback import costs, fill, log_bytes  # noqa: E402


def assess(daemon, ids, evaluator, dice):
    said = [{"execution_id": f"run-{i:08x}", "evaluator": evaluator, "clarity": dice.randint(0, 20) / 2,
             "accuracy": dice.randint(0, 20) / 2} for i in ids]
    status, _, answer = daemon.request("POST", "/api/v1/assessments", json.dumps(said))
    assert status == 200, answer
    assert json.loads(answer)["accepted"] == len(said), answer


def query_ms(daemon):
    took = []
    for _ in range(5):
        start = time.perf_counter()
        daemon.metric("response_quality_score", window="48h", group_by="prompt")
        took.append((time.perf_counter() - start) * 1e3)
    return statistics.median(took)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--executions", type=int, default=1_000_000)
    options = parser.parse_args()
    dice = random.Random(1)
    with Daemon() as daemon:
        fill(daemon, dice, options.executions)
        before = log_bytes(daemon)
        count = 0
        quiet = query_ms(daemon)
        for size in (1, 100, 1000, 10_000):
            posts = max(1, min(50, 40_000 // size))
            ids = dice.sample(range(options.executions), size * posts)
            parts = [ids[begin:begin + size] for begin in range(0, len(ids), size)]
            for evaluator in (f"first-{size}", f"second-{size}"):
                took, used = costs(daemon, lambda: [assess(daemon, part, evaluator, dice) for part in parts])
                print(f"{evaluator:>12}: {size * posts / took:>9,.0f} a second, {took / posts * 1e3:>8.1f} ms a post, "
                      f"{used / (size * posts) * 1e6:>9.1f} us of processor time each")
                count += size * posts
        print(f"bytes of the log per assessment: {(log_bytes(daemon) - before) / count:.1f}")
        print(f"a query over 48 h: {quiet:.1f} ms before, {query_ms(daemon):.1f} ms while the days are read raw")


if __name__ == "__main__":
    main()
