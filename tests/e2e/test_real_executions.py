"""Real executions, imported by vitalsctl, against an answer key that was computed independently:
counts, sums, rates exact, quantiles within 1 %, at every resolution, before and after a SIGKILL."""
import glob
import json
import math
import os
import subprocess
import unittest

from daemon import BIN, RESOLUTIONS, Daemon, midnight_ms, need_shared

CONFIG = "retention: {raw: forever, 1m: forever, 1h: forever, 1d: forever}\n"
SINCE = "2023-11-01T00:00:00Z"  # before all of them; whole days, so that cells are read
DIMENSIONS = ("", "model", "version")  # that have cells
EXACT = ("count", "sum", "mean", "min", "max")
QUANTILES = ("p50", "p90", "p95", "p99")
COUNTS = ("executions", "successes", "errors")
SCORES = ("execution_success_rate", "response_quality_score")
# What a 1-minute cell carries while raw events cover its minute, quantiles apart.
IN_MINUTES = ("executions", "successes", "errors", "execution_success_rate", "response_quality_score",
              "duration_ms", "iterations", "total_tokens")


class RealExecutions(unittest.TestCase):
    def test_every_answer_of_the_key(self):
        folder = need_shared("data", "executions")
        with open(os.path.join(folder, "answers.json"), encoding="utf-8") as f:
            key = json.load(f)
        files = sorted(glob.glob(os.path.join(folder, "*.ndjson.gz")))
        self.assertEqual(len(files), len(key))
        for file in files:
            name = os.path.basename(file).removesuffix(".ndjson.gz")
            with self.subTest(file=name), Daemon(CONFIG) as daemon:
                self.import_file(daemon, file, key[name])
                self.compare(daemon, key[name])
                daemon.restart(crash=True)
                self.compare(daemon, key[name])

    def import_file(self, daemon, file, answers):
        done = subprocess.run(
            [os.path.join(BIN, "vitalsctl"), "--url", f"http://127.0.0.1:{daemon.port}", "import",
             "--backfill", file], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        status = daemon.get("/api/v1/status")
        self.assertEqual(status["log"]["events"], answers["rows"] - answers["duplicates"])
        daemon.flush()

    def compare(self, daemon, answers):
        for resolution in RESOLUTIONS:
            for field, rows in answers["groups"].items():
                if field not in DIMENSIONS and resolution != "raw":
                    continue  # always raw
                names = {name for row in rows for name in row} - {"labels"}
                for name in sorted(names):
                    self.compare_one(daemon, name, field, rows, resolution)

    def compare_one(self, daemon, name, field, rows, resolution):
        wanted = {self.label(row["labels"], field): row.get(name) for row in rows}
        if name in COUNTS + SCORES:
            got = self.ask(daemon, name, field, resolution)
            self.assertEqual(set(got), set(wanted))
            for label, value in wanted.items():
                value = value["value"] if isinstance(value, dict) else value
                self.close(got[label], value, 1e-9, (name, field, label, resolution))
            return
        for stat in EXACT + QUANTILES:
            got = self.ask(daemon, name, field, resolution, stat=stat)
            for label, figures in wanted.items():
                value = None if figures is None else figures[stat]
                if figures is None and stat == "count":
                    value = 0
                tolerance = 1e-9 if stat in EXACT or resolution == "raw" else 0.01
                self.close(got[label], value, tolerance, (name, stat, field, label, resolution))

    def ask(self, daemon, name, field, resolution, **parameters):
        if field:
            parameters["group_by"] = field
        answer = daemon.metric(name, resolution=resolution, from_=SINCE, to=midnight_ms(1), **parameters)
        thin = resolution == "1m" and (name not in IN_MINUTES or parameters.get("stat") in QUANTILES)
        self.assertEqual(answer["resolution"], "raw" if thin else resolution, (name, parameters))
        return {self.label(g["labels"], field): g["value"] for g in answer["groups"]}

    @staticmethod
    def label(labels, field):
        return labels[field] if field else ""

    def close(self, got, wanted, tolerance, what):
        if wanted is None or got is None:
            self.assertEqual(got, wanted, what)
        else:
            self.assertTrue(math.isclose(got, wanted, rel_tol=tolerance, abs_tol=1e-12),
                            f"{what}: {got}, the key says {wanted}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
