"""A stand-in for Slack on loopback: one incoming webhook and the two methods that bots need. It refuses what Slack's
documentation does not allow, and keeps what a channel would show."""
import json
import re

import stand_in

TOKEN = "xoxb-test"
LENGTHS = {"plain_text": 150, "mrkdwn": 3_000}  # of a header, of anything else


def need(condition, fault):
    if not condition:
        raise ValueError(fault)


def check_mrkdwn(text):
    """Every & begins an entity, every < a link with a text."""
    need(not re.search(r"&(?!amp;|lt;|gt;)", text), "a bare &")
    need(not re.search(r"[<>]", re.sub(r"<http[^<>|]+\|[^<>]+>", "", text)), "a bare < or >")


def texts_of(block):
    kind = block["type"]
    need(kind in ("header", "section", "context"), f"a block of type {kind}")
    texts = [block["text"]] if "text" in block else []
    parts = block.get("fields", []) + block.get("elements", [])
    need(0 < len(texts + parts) and len(parts) <= 10, "wrong number of texts")
    return texts + parts


def check_message(message, *keys):
    need(set(message) == {"text", "blocks", *keys}, f"wrong keys {sorted(message)}")
    check_mrkdwn(message["text"])
    need(0 < len(message["text"]) <= 4_000 and 0 < len(message["blocks"]) <= 50, "wrong lengths")
    texts = [text for block in message["blocks"] for text in texts_of(block)]
    for text in texts:
        need(set(text) == {"type", "text"} and 0 < len(text["text"]) <= LENGTHS[text["type"]], f"bad text {text}")
        if text["type"] == "mrkdwn":
            check_mrkdwn(text["text"])
    need(sum(len(text["text"]) for text in texts) <= 13_200, "msg_blocks_too_long")


class Slack(stand_in.StandIn):
    """A context manager."""

    def __init__(self):
        self.posted = []  # messages in the order in which they came
        self.edits = []   # (ts, message)
        self.faults = []

    def handler(self):
        slack = self

        class Handler(stand_in.Handler):
            def do_POST(self):  # noqa: N802, the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    need(self.headers["Content-Type"].startswith("application/json"), "no JSON")
                    status, answer = 200, slack.take(self.path, self.headers["Authorization"], json.loads(body))
                except (ValueError, KeyError, TypeError, AttributeError) as fault:
                    slack.faults.append(f"{fault!r}: {body!r}")
                    status, answer = 400, "invalid_payload"
                    if self.path.startswith("/api/"):
                        status, answer = 200, json.dumps({"ok": False, "error": "invalid_arguments"})
                self.say(status, answer.encode(), "application/json" if answer.startswith("{") else "text/html")

        return Handler

    @property
    def webhook(self):
        return self.url + "/services/T0/B0/x"

    def take(self, path, authorization, message):
        if self.url + path == self.webhook:
            check_message(message)
            self.posted.append(message)
            return "ok"
        need(authorization == f"Bearer {TOKEN}", "not_authed")
        if path == "/api/chat.postMessage":
            check_message(message, "channel")
            self.posted.append(message)
            ts = f"{len(self.posted)}.5"
        else:
            need(path == "/api/chat.update", f"unknown_method {path}")
            check_message(message, "channel", "ts")
            ts = message["ts"]
            self.edits.append((ts, message))
        return json.dumps({"ok": True, "channel": message["channel"], "ts": ts})
