#!/usr/bin/env python3
"""How cost changes with size: for each number of events and of series a fresh vitalsd takes the stream
of tests/bench/generator.cpp, is asked, killed, started, stopped and started again; a row of a table
each. Standard library; the generator is built with -DVITALS_BENCH=ON.

usage: [VITALS_BIN=build/release/bin] scale.py [--events 1000000,10000000] [--series 1000,100000]
"""
import argparse
import http.client
import json
import os
import statistics
import subprocess
import time
from urllib.parse import urlencode

from load import BIN, Daemon, cpu_seconds, disk_bytes, peak_mib, settle

HOUR_MS = 3_600_000
CONFIG = "query: {deadline: 60s}\n"  # all of 100 million raw events take longer than the default
COLUMNS = ["events", "series", "events/s", "CPU us/event", "bytes/event", "peak MiB", "Q1 ms", "Q2 ms", "Q3 ms", "Q4 ms",
           "start after kill s", "clean stop s", "start after stop s", "MiB after start"]


def generate(daemon, events, series, end_ms, first=0, of=0, hours=24):
    done = subprocess.run(
        [os.path.join(BIN, "generator"), "--port", str(daemon.port), "--events", str(events), "--series", str(series),
         "--end-ms", str(end_ms), "--first", str(first), "--of", str(of or first + events), "--hours", str(hours)],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + daemon.output()[-3000:]
    return json.loads(done.stdout)


def questions(end_ms, hours=24):
    """Name → path. A day that is asked for as a whole ends where the stream does."""
    def path(metric, from_ms, **parameters):
        return f"/api/v1/metrics/{metric}?" + urlencode({"from": from_ms, "to": end_ms, **parameters})
    everything = end_ms - hours * HOUR_MS
    return {
        "Q1 ms": path("execution_success_rate", end_ms - HOUR_MS, group_by="prompt"),
        "Q2 ms": path("duration_ms", everything, stat="p95", group_by="prompt,version"),
        "Q3 ms": path("execution_success_rate", everything, step="1m", filter="prompt:team/prompt-0"),
        "Q4 ms": path("response_quality_score", everything, group_by="model", filter="tags.region:eu"),
    }


def median_ms(daemon, path, seconds=4.0, runs=15):
    """Of up to so many runs on one connection, the first one left out."""
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 2 or (time.perf_counter() < end and len(times) <= runs):
        begin = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        times.append((time.perf_counter() - begin) * 1e3)
    connection.close()
    return statistics.median(times[1:])


def total(daemon, end_ms):
    return daemon.value("executions", from_=0, to=end_ms + 24 * HOUR_MS)


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024


def seconds(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def measure(daemon, events, series, end_ms, sent_seconds):
    """A row, of a daemon that has just taken the events."""
    row = {"events": events, "series": series, "events/s": events / sent_seconds}
    settle(daemon)
    row["CPU us/event"] = cpu_seconds(daemon.process.pid) / events * 1e6
    assert total(daemon, end_ms) == events
    row.update({name: median_ms(daemon, path) for name, path in questions(end_ms).items()})
    row["peak MiB"] = peak_mib(daemon.process.pid)
    daemon.kill()
    row["start after kill s"] = seconds(daemon.start)
    assert total(daemon, end_ms) == events
    row["clean stop s"] = seconds(daemon.stop)
    row["bytes/event"] = disk_bytes(daemon.data) / events
    row["start after stop s"] = seconds(daemon.start)
    row["MiB after start"] = resident_mib(daemon.process.pid)
    assert total(daemon, end_ms) == events
    return row


def text_of(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def print_row(row):
    print("| " + " | ".join(text_of(row[column]) for column in COLUMNS) + " |", flush=True)


def print_head():
    print("| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", default="1000000,10000000")
    parser.add_argument("--series", default="1000,100000")
    arguments = parser.parse_args()
    print_head()
    for series in map(int, arguments.series.split(",")):
        for events in map(int, arguments.events.split(",")):
            with Daemon(CONFIG) as daemon:
                end_ms = int(time.time() * 1000)
                sent = generate(daemon, events, series, end_ms)
                print_row(measure(daemon, events, series, end_ms, sent["seconds"]))


if __name__ == "__main__":
    main()
