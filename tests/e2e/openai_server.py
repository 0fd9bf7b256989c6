"""A stand-in on loopback for OpenAI's chat completions, whole and streamed, that takes 30 ms."""
import contextlib
import json
import time

import stand_in

TAKES_S = 0.03
TEXT = ("Gladly", ".")
USAGE = {"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14}
TOO_LONG = {"message": "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
            "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}


class OpenAI(stand_in.StandIn):
    """Fails where the last message says `too long`; a context manager."""

    def handler(self):
        class Handler(stand_in.Handler):
            def do_POST(self):  # noqa: N802, the library's name
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != "/v1/chat/completions" or self.headers["Authorization"] != "Bearer sk-test":
                    return self.say_json(404, {"error": {"message": "Unknown request URL"}})
                time.sleep(TAKES_S)
                if "too long" in asked["messages"][-1]["content"]:
                    return self.say_json(400, {"error": TOO_LONG})
                head = {"id": "chatcmpl-1", "created": 1, "model": asked["model"]}
                if not asked.get("stream"):
                    message = {"role": "assistant", "content": "".join(TEXT)}
                    choice = {"index": 0, "message": message, "finish_reason": "stop"}
                    return self.say_json(200, {**head, "object": "chat.completion", "choices": [choice], "usage": USAGE})
                deltas = [{"role": "assistant", "content": ""}, *({"content": text} for text in TEXT)]
                chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
                chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                if asked.get("stream_options", {}).get("include_usage"):
                    chunks.append({"choices": [], "usage": USAGE})
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # whoever does not read on
                    for chunk in chunks:
                        chunk = {**head, "object": "chat.completion.chunk", **chunk}
                        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                        time.sleep(TAKES_S / len(chunks))
                    self.wfile.write(b"data: [DONE]\n\n")
                return None

            def say_json(self, status, answer):
                self.say(status, json.dumps(answer).encode(), "application/json")

        return Handler

    @property
    def url(self):
        return super().url + "/v1"
