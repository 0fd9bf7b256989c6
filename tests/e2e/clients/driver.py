"""Does what it is told, line by line, with the module of docs/how-to/send-from-python.md; ends as a program does."""
import json
import logging
import multiprocessing
import sys

import sigterm  # noqa: F401, it sets a handler
from vitals import Vitals

logging.basicConfig()
options = json.loads(sys.argv[1])
vitals = Vitals(capacity=options["capacity"], exit_seconds=options["exitSeconds"])


def record(events):
    return [vitals.record(**event) for event in events]


def record_in_child(events):
    """As a worker of multiprocessing, which flushes before it returns."""
    def work():
        record(events)
        assert vitals.flush(60)
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    return child.exitcode


def measure_unwritable(_):
    with vitals.measure("greeting") as run:
        run["itself"] = run
    return "done"


DEEDS = {
    "record": record,
    "measure_unwritable": measure_unwritable,
    "record_in_child": record_in_child,
    "flush": vitals.flush,
    "counts": lambda _: {"dropped": vitals.dropped, "refused": vitals.refused},
}
for line in sys.stdin:
    deed, argument = json.loads(line)
    print(json.dumps(DEEDS[deed](argument)), flush=True)
