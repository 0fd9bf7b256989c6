"""Holds the rollup cells of a daemon against its raw events.

As a program it checks a data folder so, if there is one, and then serves it; it stands in for vitalsd
where a driver starts a daemon on what a power cut has left: agreement.py VITALSD_ARGUMENTS…"""
import os
import sys

from daemon import BIN, RESOLUTIONS, Daemon, midnight_ms

# Folds often, so that cells have much to lose.
CONFIG = "retention: {raw: forever, 1m: forever, 1h: forever, 1d: forever}\npipeline: {fold_events: 2000}\n"


def require_agreement(daemon):
    """Returns how many events there are."""
    daemon.flush()  # makes the day cells too
    # Whole days, so that every resolution answers from its own cells.
    ask = {"from_": midnight_ms(-1), "to": midnight_ms(2), "group_by": "prompt"}
    events = 0
    for name, stat in (("executions", None), ("duration_ms", "sum"), ("duration_ms", "max")):
        parameters = dict(ask, **({"stat": stat} if stat else {}))
        raw, *cells = (daemon.metric(name, resolution=resolution, **parameters)
                       for resolution in RESOLUTIONS)
        events = max(events, sum(g["count"] for g in raw["groups"]))
        for resolution, answer in zip(RESOLUTIONS[1:], cells):
            what = f"{name} {stat} from {resolution}"
            assert answer["resolution"] == resolution, f"{what}: {answer['resolution']}"
            counts = [[(g["labels"], g["count"]) for g in each["groups"]] for each in (answer, raw)]
            assert counts[0] == counts[1], f"{what}: counts {counts[0]}, raw {counts[1]}"
            for ours, theirs in zip(answer["groups"], raw["groups"]):
                assert abs(ours["value"] - theirs["value"]) <= 1e-9 * abs(theirs["value"]), (
                    f"{what}: {ours}, raw {theirs}")
    return events


def main(arguments):
    data = arguments[arguments.index("--data-dir") + 1]
    if os.path.isdir(data):
        with Daemon(CONFIG, data=data) as daemon:
            print(f"cells agree with raw: {require_agreement(daemon)} events", flush=True)
            daemon.stop()
    vitalsd = os.path.join(BIN, "vitalsd")
    os.execv(vitalsd, [vitalsd, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
