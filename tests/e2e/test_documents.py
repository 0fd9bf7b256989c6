"""Examples of the documentation, held against the programs: YAML, commands of vitalsctl, requests of curl."""
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from daemon import BIN, Daemon
from receiver import SECRET

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
MISSION = os.path.join(ROOT, "config/rules.d/mission.yaml")
PAGES = sorted(glob.glob(os.path.join(ROOT, "docs/**/*.md"), recursive=True)) + [os.path.join(ROOT, "README.md")]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
# How examples name the daemon; `$url` is that of its API.
URL = r"\$V|\$url|(http://)?(127\.0\.0\.1|localhost):8610"
USAGE = 2  # exit status of vitalsctl for a wrong command line
NOT_RUN = {"restore", "verify", "demo"}  # they would touch what the example names, or wait long for a daemon


def text_of(page):
    with open(page, encoding="utf-8") as f:
        return f.read()


def blocks(page, *languages):
    return [body for language, body in FENCE.findall(text_of(page)) if language in languages]


def commands(page, program):
    """Words of each command of the program: whole lines of code, and code within a line."""
    text = text_of(page)
    lines = "".join(blocks(page, "sh", "console", "")) + "\n".join(re.findall(r"(?m)^    (\S.*)$", text))
    prose = FENCE.sub("", text)
    found = re.findall(rf"`({program} [^`\n…\[]+)`", prose)
    waiting = ""
    for line in lines.splitlines():
        waiting += line.strip().removeprefix("$ ")
        if not waiting.startswith(program + " "):
            waiting = ""
            continue
        if waiting.endswith("\\"):
            waiting = waiting[:-1]
            continue
        try:
            shlex.split(waiting)
        except ValueError:  # a quotation that goes on in the next line
            waiting += "\n"
            continue
        found.append(waiting)
        waiting = ""
    return [before_pipe(shlex.split(command, comments=True)) for command in found]


def before_pipe(words):
    return words[:words.index("|")] if "|" in words else words


class Documents(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="vitals-documents-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
            f.write(text)
        return path

    def passes(self, *command, environment=None):
        done = subprocess.run([os.path.join(BIN, command[0]), *command[1:]], capture_output=True, text=True,
                              cwd=self.folder, env={**os.environ, **(environment or {})})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_rules_are_good(self):
        tried = 0
        for page in PAGES:
            # Rules of a page without a head of their own may name one another.
            parts = [block for block in blocks(page, "yaml") if block.startswith("  - ")]
            whole = [block for block in blocks(page, "yaml") if re.search(r"(?m)^rules:$", block)]
            for text in whole + (["rules:\n" + "".join(parts)] if parts else []):
                with self.subTest(page=os.path.relpath(page, ROOT), text=text):
                    self.passes("vitalsctl", "rules", "check", self.write("rules.yaml", text))
                    tried += 1
        self.assertGreaterEqual(tried, 3)

    def test_tests_of_rules_pass(self):
        shutil.copy(MISSION, os.path.join(self.folder, "mission.yaml"))
        found = [block for page in PAGES for block in blocks(page, "yaml") if re.search(r"(?m)^tests:$", block)]
        self.assertTrue(found)
        for text in found:
            self.passes("vitalsctl", "rules", "test", self.write("rules_test.yaml", text))

    def test_configurations_are_good(self):
        tried = 0
        for page in PAGES:
            for text in blocks(page, "yaml"):
                if text.startswith("  - ") or re.search(r"(?m)^(rules|tests):$", text):
                    continue
                with self.subTest(page=os.path.relpath(page, ROOT), text=text):
                    for name in re.findall(r"_file: ([^\s,}]+)", text):
                        self.write(name, SECRET if name.endswith(".secret") else "http://127.0.0.1:9/")
                    secrets = {name: "a" * 32 for name in re.findall(r"_env: ([^\s,}]+)", text)}
                    config = self.write("vitals.yaml", text + self.missing_receivers(text))
                    self.passes("vitalsd", "--config", config, "--check-config", environment=secrets)
                    tried += 1
        self.assertGreaterEqual(tried, 12)

    @staticmethod
    def missing_receivers(text):
        """Those that an example names and does not have."""
        names = set(re.findall(r"receiver: ([^\s,}]+)", text))
        for several in re.findall(r"escalate: \[(.*?)\]", text):
            names |= set(several.split(", "))
        if not names or re.search(r"(?m)^receivers:$", text):
            return ""
        return "receivers:\n" + "".join(
            f"  - {{name: {name}, webhook: {{url: 'http://127.0.0.1:9/', secret: {SECRET}}}}}\n" for name in sorted(names))

    def test_commands_are_understood(self):
        tried = 0
        for page in PAGES:
            for words in commands(page, "vitalsctl"):
                if words[1] in NOT_RUN:
                    continue
                with self.subTest(page=os.path.relpath(page, ROOT), words=words):
                    done = subprocess.run([os.path.join(BIN, "vitalsctl"), *words[1:]], capture_output=True, text=True,
                                          cwd=self.folder, env={**os.environ, "VITALS_URL": "http://127.0.0.1:9"})
                    self.assertNotEqual(done.returncode, USAGE, done.stderr)
                    tried += 1
        self.assertGreaterEqual(tried, 20)

    def test_requests_are_answered(self):
        tried = 0
        with Daemon(f"store: {{backup_dir: {self.folder}/backups}}\n") as daemon:
            for version in ("v5", "v7", "v8"):
                prompt = {"prompt": "support/reply", "version": version, "text": f"Answer as {version} does."}
                daemon.request("POST", "/api/v1/prompts", json.dumps(prompt))
            for page in PAGES:
                for words in commands(page, "curl"):
                    if not any(re.match(URL, word) for word in words):
                        continue  # a picture
                    with self.subTest(page=os.path.relpath(page, ROOT), words=words):
                        method, path, body = self.request_of(words)
                        status, _, answer = daemon.request(method, path, body, {"Content-Type": "application/json"})
                        self.assertEqual(status, 200, answer)
                        tried += 1
        self.assertGreaterEqual(tried, 15)

    @staticmethod
    def request_of(words):
        """Method, path and body of a call of curl."""
        method, path, body = "GET", "", None
        words = iter(words[1:])
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-d":
                method, body = "POST", next(words).encode()
            elif word == "-H":
                next(words)
            elif not word.startswith("-"):
                path = re.sub(URL, lambda at: "/api/v1" if at[0] == "$url" else "", word)
        return method, re.sub(r"<(\w+)>", r"\1", path), body


if __name__ == "__main__":
    unittest.main(verbosity=2)
