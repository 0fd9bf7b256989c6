"""The HTTP contract: the OpenAPI document and the routes agree, tokens guard every route, the
exposition is what Prometheus takes."""
import hashlib
import json
import os
import shutil
import subprocess
import unittest

from daemon import BIN, DAY_MS, Daemon, now_ms

TOKENS = {"writer": ["ingest"], "reader": ["read"], "boss": ["admin"]}
OPEN = {"/livez", "/readyz", "/openapi.json", "/"}


def concrete(path):
    return path.replace("{id}", "x").replace("{name}", "executions")


class Contract(unittest.TestCase):
    def test_every_documented_path_is_there_and_others_are_404(self):
        with Daemon() as daemon:
            document = daemon.get("/openapi.json")
            self.assertEqual(document["openapi"], "3.1.0")
            for path, operations in document["paths"].items():
                for method in operations:
                    status, headers, _ = daemon.request(method.upper(), concrete(path))
                    self.assertNotIn(status, (405, 500, 501), f"{method} {path}")
                    if "{" not in path:
                        self.assertNotEqual(status, 404, f"{method} {path}")
                status, headers, _ = daemon.request("PATCH", concrete(path))
                self.assertEqual(status, 405, path)
                allowed = {m.strip() for m in headers["Allow"].split(",")} - {"HEAD"}
                self.assertEqual(allowed, {m.upper() for m in operations}, path)
            for path in ("/nothing", "/api/v1/metrics/nothing", "/api/v1", "/api/v1/metrics/", "/api/v1/executions/a/b"):
                self.assertEqual(daemon.request("GET", path)[0], 404, path)

    def test_a_delete_says_which_cells_still_count_what_it_deleted(self):
        with Daemon() as daemon:  # keeps raw events for 30 days
            for name, age_days in (("old", 100), ("new", 1)):
                event = {"id": name, "prompt": name, "time": now_ms() - age_days * DAY_MS}
                status, _, _ = daemon.request("POST", "/api/v1/executions?backfill=1", json.dumps(event))
                self.assertEqual(status, 200)
            daemon.flush()
            told = {}
            for name in ("old", "new"):
                status, _, body = daemon.request("POST", f"/api/v1/admin/delete?filter=prompt:{name}")
                self.assertEqual(status, 200)
                told[name] = json.loads(body)
            self.assertEqual({name: answer["deleted"] for name, answer in told.items()}, {"old": 1, "new": 1})
            self.assertRegex(told["old"]["cells_kept_before"], r"^\d{4}-\d\d-\d\dT00:00:00.000Z$")
            self.assertNotIn("cells_kept_before", told["new"])

    def test_tokens_guard_every_route(self):
        with Daemon() as daemon:
            daemon.stop()
            tokens = os.path.join(daemon.folder, "tokens.yaml")
            with open(tokens, "w", encoding="utf-8") as f:
                f.write("tokens:\n")
                for name, scopes in TOKENS.items():
                    digest = hashlib.sha256(f"{name}-secret-of-some-length".encode()).hexdigest()
                    f.write(f"  - {{name: {name}, sha256: {digest}, scopes: [{', '.join(scopes)}]}}\n")
                f.write("  - {name: old, token: old-secret-of-long-ago, scopes: [admin, read, ingest], "
                        "expires: 2020-01-01T00:00:00Z}\n")
            os.chmod(tokens, 0o600)
            daemon.write_config(f"token_file: {tokens}\n")
            daemon.start()
            bad = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer writer-secret-of-some-lengt"},
                   {"Authorization": "Basic writer-secret-of-some-length"}, {"Authorization": "writer-secret-of-some-length"},
                   {"Authorization": "Bearer WRITER-SECRET-OF-SOME-LENGTH"}, {"Authorization": "Bearer old-secret-of-long-ago"},
                   {"Authorization": "Bearer"}, {"X-Token": "writer-secret-of-some-length"}]
            for path, operations in json.loads(daemon.request("GET", "/openapi.json")[2])["paths"].items():
                for method in operations:
                    for headers in bad:
                        status, answer, _ = daemon.request(method.upper(), concrete(path), headers=headers)
                        if path in OPEN:
                            self.assertEqual(status, 200, path)
                        else:
                            self.assertEqual(status, 401, f"{method} {path} {headers}")
                            self.assertEqual(answer["WWW-Authenticate"], "Bearer")
                    query = concrete(path) + "?access_token=reader-secret-of-some-length"
                    if path not in OPEN:
                        self.assertEqual(daemon.request(method.upper(), query)[0], 401, path)
            as_ = lambda name: {"Authorization": f"Bearer {name}-secret-of-some-length"}  # noqa: E731
            self.assertEqual(daemon.request("GET", "/api/v1/metrics", headers=as_("reader"))[0], 200)
            self.assertEqual(daemon.request("GET", "/api/v1/metrics", headers=as_("writer"))[0], 403)
            self.assertEqual(daemon.request("POST", "/api/v1/admin/flush", headers=as_("reader"))[0], 403)
            self.assertEqual(daemon.request("POST", "/api/v1/admin/flush", headers=as_("boss"))[0], 200)

    def test_the_exposition_is_what_prometheus_takes(self):
        with Daemon() as daemon:
            daemon.post([{"prompt": 'with "quotes" and \\', "status": "success", "time": now_ms()}])
            status, headers, body = daemon.request("GET", "/metrics")
            self.assertEqual(status, 200)
            self.assertIn("text/plain; version=0.0.4", headers["Content-Type"])
            self.assertIn(b"vitals_prompt_execution_success_rate", body)
            promtool = shutil.which("promtool")
            if promtool is None:
                self.skipTest("promtool is not installed")
            checked = subprocess.run([promtool, "check", "metrics"], input=body, capture_output=True)
            self.assertEqual(checked.returncode, 0, checked.stderr.decode())

    def test_a_public_address_needs_tokens_and_tls(self):
        for config, expected in (("listen: 0.0.0.0:0\n", 1), ("colour: red\n", 1)):
            with Daemon() as daemon:
                daemon.write_config(config)
                checked = subprocess.run(
                    [os.path.join(BIN, "vitalsd"), "--config", daemon.config, "--check-config"],
                    capture_output=True, text=True)
                self.assertEqual(checked.returncode, expected, checked.stderr)
                self.assertIn("vitals.yaml:", checked.stderr)

    def test_answers_come_as_csv_and_compressed(self):
        with Daemon() as daemon:
            daemon.post([{"prompt": f"a,{i}", "status": "success"} for i in range(200)])
            status, headers, body = daemon.request(
                "GET", "/api/v1/metrics/executions?group_by=prompt&format=csv")
            self.assertEqual(status, 200)
            lines = body.decode().split("\r\n")
            self.assertEqual(lines[:2], ["prompt,value,count", '"a,0",1,1'])
            status, headers, packed = daemon.request(
                "GET", "/api/v1/metrics/executions?group_by=prompt", headers={"Accept-Encoding": "gzip"})
            self.assertEqual(headers["Content-Encoding"], "gzip")
            self.assertEqual(len(json.loads(__import__("gzip").decompress(packed))["groups"]), 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
