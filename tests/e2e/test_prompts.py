"""Prompts that are registered: their analysis, their history, and what executions get of it."""
import json
import unittest

from daemon import Daemon

PLAIN = "Please answer the customer somehow.\nMaybe be nice and so on.\n"
BETTER = """# Role
You are a support agent of a bank. The customer is an adult; you see one message.

# Task
1. Name the customer's problem in one sentence.
2. List at most 3 steps that solve it.
3. Answer in JSON: {"problem": string, "steps": [string]}.

# Example
Message: "My card is blocked." → {"problem": "The card is blocked.", "steps": ["Open the app."]}
"""
TRAITS = {"language_specificity", "instruction_precision", "context_completeness", "redundancy",
          "information_density", "logical_flow", "hierarchy_clarity", "section_organization"}


def register(daemon, version, text, want=200, **members):
    given = {"prompt": "support/reply", "version": version, "text": text, **members}
    status, _, body = daemon.request("POST", "/api/v1/prompts", json.dumps(given))
    assert status == want, (status, body)
    return json.loads(body)


class Prompts(unittest.TestCase):
    def test_a_version_is_analysed_kept_and_compared(self):
        with Daemon() as daemon:
            first = register(daemon, "v1", PLAIN, author="ana")
            self.assertEqual(set(first["traits"]), TRAITS)
            self.assertIn("Maybe", " ".join(finding["what"] for finding in first["findings"]))
            self.assertTrue(all(finding["line"] in (1, 2) for finding in first["findings"]))
            second = register(daemon, "v2", BETTER, parent="v1")
            for trait in ("language_specificity", "instruction_precision", "section_organization"):
                self.assertGreater(second["traits"][trait], first["traits"][trait], trait)
            again = register(daemon, "v1", PLAIN)
            self.assertEqual(again, first)
            register(daemon, "v1", BETTER, want=409)
            register(daemon, "v3", BETTER, want=422, parent="v0")
            register(daemon, "", BETTER, want=400)

            daemon.restart(crash=True)
            prompts = daemon.get("/api/v1/prompts")["prompts"]
            self.assertEqual([(p["prompt"], p["versions"], p["latest"]) for p in prompts],
                             [("support/reply", 2, "v2")])
            versions = daemon.get("/api/v1/prompts/support%2Freply/versions")["versions"]
            self.assertEqual([v["version"] for v in versions], ["v1", "v2"])
            whole = daemon.get("/api/v1/prompts/support%2Freply/versions/v2")
            self.assertEqual(whole["text"], BETTER)
            self.assertEqual(whole["findings"], second["findings"])
            diff = daemon.get("/api/v1/prompts/support%2Freply/versions/v2/diff")
            self.assertEqual((diff["against"], diff["added"], diff["removed"]), ("v1", BETTER.count("\n"), 2))
            self.assertIn("-Maybe be nice and so on.", diff["diff"].splitlines())
            self.assertAlmostEqual(diff["traits"]["language_specificity"],
                                   second["traits"]["language_specificity"] - first["traits"]["language_specificity"])

    def test_executions_of_registered_versions_have_its_traits(self):
        with Daemon() as daemon:
            want = {version: register(daemon, version, text)["traits"] for version, text in
                    (("v1", PLAIN), ("v2", BETTER))}
            daemon.post([{"prompt": "support/reply", "version": version, "status": "success"}
                         for version in ("v1", "v2", "v2", "v9")])
            groups = daemon.metric("clarity_effectiveness", group_by="version")["groups"]
            values = {group["labels"]["version"]: group["value"] for group in groups}
            for version, traits in want.items():
                mean = sum(traits[t] for t in ("language_specificity", "instruction_precision",
                                               "context_completeness")) / 3
                self.assertAlmostEqual(values[version], mean)
            self.assertIsNone(values["v9"])
            # What a runner says wins.
            daemon.post([{"id": "own", "prompt": "support/reply", "version": "v1", "traits": {"redundancy": 1}}])
            own = daemon.get("/api/v1/executions/own")
            self.assertEqual(own["traits"]["redundancy"], 1)
            self.assertEqual(own["traits"]["logical_flow"], want["v1"]["logical_flow"])


    def test_a_version_is_taken_back(self):
        with Daemon() as daemon:
            where = "/api/v1/prompts/support%2Freply/versions"
            event = {"prompt": "support/reply", "version": "v1", "status": "success"}
            traits = register(daemon, "v1", PLAIN)["traits"]
            register(daemon, "v2", BETTER, parent="v1")
            daemon.post([event])
            before = daemon.value("language_specificity")
            status, _, body = daemon.request("DELETE", where + "/v1")
            self.assertEqual((status, json.loads(body)["traits"]), (200, traits))
            for path in (where + "/v1", where + "/v9", "/api/v1/prompts/nobody/versions/v1"):
                status, _, body = daemon.request("DELETE", path)
                self.assertEqual(status, 404, body)
            # What was counted stays; what comes later gets nothing.
            daemon.post([{**event, "id": "later"}])
            daemon.restart(crash=True)
            self.assertEqual(daemon.value("language_specificity"), before)
            self.assertEqual(daemon.value("executions"), 2)
            self.assertNotIn("traits", daemon.get("/api/v1/executions/later"))
            self.assertEqual([one["version"] for one in daemon.get(where)["versions"]], ["v2"])
            # The child has nothing to be compared with any more.
            self.assertEqual(daemon.request("GET", where + "/v2/diff")[0], 422)
            self.assertNotEqual(register(daemon, "v1", BETTER)["traits"], traits)

    def test_analysing_keeps_nothing(self):
        with Daemon() as daemon:
            status, _, body = daemon.request("POST", "/api/v1/prompts/analyse", json.dumps({"text": PLAIN}))
            self.assertEqual(status, 200)
            self.assertEqual(daemon.get("/api/v1/prompts")["prompts"], [])
            registered = register(daemon, "v1", PLAIN)
            for member, value in json.loads(body).items():
                self.assertEqual(registered[member], value, member)


if __name__ == "__main__":
    unittest.main()
