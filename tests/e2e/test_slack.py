"""The receivers of docs/how-to/notify-slack.md, as they are on the page, from an alert to its end."""
import json
import os
import unittest

from daemon import Daemon, now_ms
from slack_server import TOKEN, Slack
from test_documents import ROOT, blocks

PAGE = os.path.join(ROOT, "docs/how-to/notify-slack.md")
RULES = """
rules:
  - name: success-rate-collapse
    metric: execution_success_rate
    below: 80
    min_samples: 5
    group_by: [prompt]
    severity: critical
    annotations: {summary: "Success of {{labels.prompt}} is {{value}} %", runbook_url: "https://runbooks.example/a2"}
"""
PROMPT = "R&D <beta>"


def headline(message):
    return message["blocks"][0]["text"]["text"]


class SlackReceivers(unittest.TestCase):
    def start(self, slack, receiver):
        """A daemon with the page's configuration; only the address of Slack and the receiver that is told are the test's."""
        [example] = blocks(PAGE, "yaml")
        for text, mine in ((r"token_env: SLACK_TOKEN", f"token_env: SLACK_TOKEN\n      api_url: {slack.url}/api"),
                           (r"receiver: chat-bot", f"receiver: {receiver}")):
            self.assertEqual(example.count(text), 1)
            example = example.replace(text, mine)
        daemon = Daemon("", environment={"SLACK_TOKEN": TOKEN})
        self.addCleanup(daemon.__exit__)
        for name, text in (("rules.yaml", RULES), ("secrets/slack-url", slack.webhook)):
            path = os.path.join(daemon.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
                f.write(text)
        daemon.write_config(example + "rules: [rules.yaml]\npipeline: {evaluate_every: 50ms}\n")
        return daemon.start()

    def live(self, daemon, slack):
        """An alert that fires, is acknowledged and ends; waits until Slack has each."""
        def heard():
            return len(slack.posted) + len(slack.edits)

        def executions(status, count):
            daemon.post([{"time": now_ms(), "prompt": PROMPT, "status": status}] * count)

        executions("error", 10)
        daemon.wait_for("the beginning", lambda: heard() == 1)
        alert = daemon.get("/api/v1/alerts")["alerts"][0]
        status, _, _ = daemon.request("POST", f"/api/v1/alerts/{alert['id']}/acknowledge", json.dumps({"by": "ana"}))
        self.assertEqual(status, 200)
        daemon.wait_for("the acknowledgement", lambda: heard() == 2)
        executions("success", 200)
        daemon.wait_for("the end", lambda: heard() == 3)
        self.assertEqual(slack.faults, [])

    def test_an_incoming_webhook_gets_a_message_for_each_change(self):
        with Slack() as slack:
            self.live(self.start(slack, "chat"), slack)
            self.check_story(slack.posted)
            self.assertEqual(slack.edits, [])

    def test_a_bot_has_one_message_that_changes(self):
        with Slack() as slack:
            self.live(self.start(slack, "chat-bot"), slack)
            [message] = slack.posted
            self.assertEqual([ts for ts, _ in slack.edits], ["1.5", "1.5"])
            messages = [message, *(edit for _, edit in slack.edits)]
            self.assertEqual({message["channel"] for message in messages}, {"C0123456789"})
            self.check_story(messages)

    def check_story(self, messages):
        fired, acknowledged, resolved = messages
        self.assertIn(f"Success of {PROMPT} is 0 %", headline(fired))
        self.assertIn("R&amp;D &lt;beta&gt;", fired["text"])
        self.assertIn("https://runbooks.example/a2", json.dumps(fired))
        self.assertIn("ana", json.dumps(acknowledged))
        self.assertIn("resolved", json.dumps(resolved).lower())


if __name__ == "__main__":
    unittest.main(verbosity=2)
