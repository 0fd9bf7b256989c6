"""Runs the example of docs/how-to/send-from-python.md with a model that takes 30 ms, and fails where it is asked to."""
import asyncio
import builtins
import json
import time
import types

TAKES_S = 0.03
REPLY = types.SimpleNamespace(input_tokens=812, output_tokens=164, text="Gladly.")


def call_model(question):
    time.sleep(TAKES_S)
    if question == "too much":
        raise TimeoutError("Request timed out.")
    return REPLY


async def call_model_async(question):
    await asyncio.sleep(TAKES_S)
    if question == "hang up":
        raise asyncio.CancelledError
    return call_model(question).text


builtins.call_model, builtins.call_model_async = call_model, call_model_async
import page  # noqa: E402, it calls what was just defined

ids = [page.answer("How?")[1] for _ in range(3)]
try:
    page.answer("too much")
    raise SystemExit("the example hides errors")
except TimeoutError:
    pass


async def classify():
    return await asyncio.gather(*(page.classify(q) for q in ("A?", "B?", "too much", "hang up")), return_exceptions=True)

kinds = [type(result).__name__ for result in asyncio.run(classify())]
assert kinds == ["str", "str", "TimeoutError", "CancelledError"], kinds
print(json.dumps(ids))
