"""What is stored about people, and how it is taken out again."""
import http.client
import json
import os
import random
import re
import subprocess
import threading
import unittest
from urllib.parse import quote

from agreement import CONFIG, require_agreement
from daemon import BIN, Daemon, midnight_ms, now_ms

BATCHES, ROWS = 40, 250
WHO = "ann.example@example.com/№ 7"  # as a runner may well call a user


def events(batch):
    """Every tenth is the user's, in five sessions."""
    made = []
    for i in range(ROWS):
        number = batch * ROWS + i
        theirs = number % 10 == 3
        made.append({"id": f"run-{number:06}", "time": midnight_ms(-2) + batch * 3_000_000 + i * 10,
                     "prompt": f"p{number % 3}", "status": "error" if number % 7 == 0 else "success",
                     "duration_ms": number % 97, "cost_usd": 0.25, "feedback": {"rating": 1 + number % 5},
                     "user": WHO if theirs else f"user-{number % 50}",
                     "session": f"theirs-{number // 10 % 5}" if theirs else f"session-{number % 200}",
                     "tags": {"customer": "ann" if theirs else "acme"}})
    return made


def feedback(number):
    return {"execution_id": f"run-{number:06}", "id": f"said-{number}", "rating": 1 + number % 4}


def say(daemon, path, said):
    """All at once, and none of it waits."""
    for begin in range(0, len(said), 500):
        status, _, body = daemon.request("POST", "/api/v1/" + path, json.dumps(said[begin:begin + 500]),
                                         {"Content-Type": "application/json"})
        assert status == 200, (status, body[:500])
        told = json.loads(body)
        assert (told["rejected"], told["waiting"]) == (0, 0), told
    return len(said)


def said_of(rows):
    """What was said of each execution later, by what it is known by whatever its id is."""
    found = {(row["time"], row["prompt"]): (sorted(one["rating"] for one in row.get("late_feedback", [])),
                                            row.get("quality")) for row in rows}
    assert len(found) == len(rows)
    return found


def totals(daemon):
    """What must stay, from cells and from raw events."""
    found = {}
    ask = {"from_": midnight_ms(-2), "to": midnight_ms(2), "group_by": "prompt,status"}
    for name in ("executions", "execution_success_rate", "duration_ms", "cost_usd", "rating"):
        for resolution in ("raw", "1d"):
            parameters = dict(ask, resolution=resolution)
            if resolution == "1d":
                parameters["group_by"] = "prompt"
            groups = daemon.metric(name, **parameters)["groups"]
            found[name, resolution] = [(g["labels"], g["count"], g["value"] and round(g["value"], 9))
                                       for g in groups]
    return found


def executions(daemon, **parameters):
    rows, cursor = [], ""
    while cursor is not None:
        page = daemon.get("/api/v1/executions", limit=10_000, cursor=cursor, **parameters)
        rows += page["executions"]
        cursor = page["next_cursor"]
    return rows


def distinct(daemon, what):
    return daemon.value(what, from_=midnight_ms(-2), to=midnight_ms(2), resolution="1d")


def ask_a_while(daemon, chance):
    """For so many requests, each time another number."""
    for _ in range(chance.randrange(50)):
        daemon.request("GET", "/livez")


def erase(daemon, who=WHO, want=200):
    status, _, body = daemon.request("DELETE", "/api/v1/users/" + quote(who, safe=""))
    assert status == want, (status, body)
    return json.loads(body)


class Erasure(unittest.TestCase):
    def fill(self, daemon):
        for batch in range(BATCHES):
            daemon.post(events(batch))
        said = [feedback(number) for number in range(1, BATCHES * ROWS, 2)]  # all of theirs among them
        self.assertEqual(say(daemon, "feedback", said), BATCHES * ROWS // 2)
        say(daemon, "assessments", [{"execution_id": f"run-{number:06}", "evaluator": "judge-of-ann", "clarity": 7}
                                    for number in range(3, BATCHES * ROWS, 50)])
        daemon.flush()
        rows = executions(daemon, filter=f"user:{WHO}")
        self.assertEqual(len(rows), BATCHES * ROWS // 10)
        self.assertEqual(len([row for row in rows if row.get("quality") == {"clarity": 7}]), BATCHES * ROWS // 50)
        self.assertEqual(sum(len(row.get("late_feedback", [])) for row in rows), len(rows))
        return rows

    def require_gone(self, daemon, rows, before):
        """Nothing of these rows is found by what was theirs, and everything else is as before."""
        for field in ("user", "session"):
            self.assertEqual(executions(daemon, filter=f"{field}:{WHO}"), [])
        names = {row[field] for row in rows for field in ("user", "session")}
        after = executions(daemon)
        self.assertEqual(len(after), BATCHES * ROWS)
        text = json.dumps(after)
        theirs = {said["id"] for row in rows for said in row.get("late_feedback", [])}
        for name in names | {row["id"] for row in rows} | {'"ann"', "judge-of-ann"} | {f'"{said}"' for said in theirs}:
            self.assertNotIn(name, text)
        self.assertEqual(totals(daemon), before["totals"])
        self.assertEqual(said_of(after), before["said"])
        self.assertEqual(distinct(daemon, "users"), before["users"] - 1)
        self.assertEqual(distinct(daemon, "sessions"), before["sessions"] - 5)
        require_agreement(daemon)
        for name in names | {WHO, "ann.example"}:
            self.assertNotIn(name, daemon.output())

    def state(self, daemon):
        return {"totals": totals(daemon), "said": said_of(executions(daemon)), "users": distinct(daemon, "users"),
                "sessions": distinct(daemon, "sessions")}

    def test_a_user_is_erased_and_the_proof_names_nobody(self):
        with Daemon(CONFIG) as daemon:
            rows = self.fill(daemon)
            before = self.state(daemon)
            proof = erase(daemon)
            self.assertEqual(proof["executions"], len(rows))
            self.assertEqual(proof["names"], {"users": 1, "sessions": 5})
            self.assertEqual(proof["not_reached"]["days_beyond_raw"], 0)
            self.assertTrue(proof["files_gone"])
            self.assertGreaterEqual(proof["days"], 1)
            for name in {WHO, "ann.example", rows[0]["user"], rows[0]["session"]}:
                self.assertNotIn(name, json.dumps(proof, ensure_ascii=False))
            self.require_gone(daemon, rows, before)
            daemon.restart()
            self.require_gone(daemon, rows, before)
            # It is told from an unknown user by nothing but zeros, and may be asked for again.
            for who in (WHO, "nobody"):
                again = erase(daemon, who)
                self.assertEqual((again["executions"], again["blocks"], again["days"]), (0, 0, 0))
                self.assertIsNone(again["from"])
            # A retry of a request that was erased is a new execution.
            self.assertEqual(daemon.post(events(0), query="?backfill=1")["accepted"], ROWS // 10)

    def test_a_kill_in_the_middle_is_made_good_by_the_next_start(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        with self.subTest(seed=seed), Daemon(CONFIG) as daemon:
            rows = self.fill(daemon)
            before = self.state(daemon)
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
            connection.request("DELETE", "/api/v1/users/" + quote(WHO, safe=""))
            daemon.wait_for("the erasure to begin",
                            lambda: re.search(r"erasure \S+ of one user begins", daemon.output()))
            ask_a_while(daemon, chance)
            daemon.kill()
            connection.close()
            for _ in range(3):  # and once more, in the middle of what the start does
                daemon.start()
                ask_a_while(daemon, chance)
                daemon.kill()
            daemon.start()
            daemon.wait_for("the erasure to be done", lambda: not executions(daemon, filter=f"user:{WHO}"))
            daemon.flush()  # waits for what maintenance does at the start
            self.require_gone(daemon, rows, before)
            daemon.stop()
            done = vitalsctl("verify", daemon.data)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_was_said_of_erased_executions_is_exported_with_them(self):
        with Daemon(CONFIG) as daemon, Daemon(CONFIG) as other:
            self.fill(daemon)
            erase(daemon)
            before = said_of(executions(daemon))
            file = os.path.join(daemon.folder, "all.ndjson")
            for one, what in ((daemon, ("export", "--out", file)), (other, ("import", "--backfill", file))):
                done = vitalsctl("--url", f"http://127.0.0.1:{one.port}", *what)
                self.assertEqual(done.returncode, 0, done.stderr)
            with open(file, encoding="utf-8") as lines:
                exported = [json.loads(line) for line in lines]
            self.assertEqual(said_of(exported), before)
            # An import leaves late feedback to whoever wants it.
            late = [{"execution_id": row["id"], "id": said["id"], "rating": said["rating"]}
                    for row in exported for said in row.get("late_feedback", [])]
            self.assertEqual(say(other, "feedback", late), BATCHES * ROWS // 2)
            self.assertEqual(said_of(executions(other)), before)
            ask = {"from_": midnight_ms(-2), "to": midnight_ms(2)}
            for name in ("rating", "response_quality_score"):
                was, now = (one.metric(name, **ask)["groups"][0] for one in (daemon, other))
                self.assertEqual((was["count"], round(was["value"], 9)), (now["count"], round(now["value"], 9)), name)

    def test_a_backup_made_afterwards_does_not_hold_the_user(self):
        with Daemon() as daemon:
            backups = os.path.join(daemon.folder, "backups")
            daemon.stop()
            daemon.write_config(CONFIG + f"store: {{backup_dir: {backups}}}\n")
            daemon.start()
            rows = self.fill(daemon)
            before = self.state(daemon)
            erase(daemon)
            status, _, body = daemon.request("POST", "/api/v1/admin/backup?name=after")
            self.assertEqual(status, 200, body)
            with Daemon(CONFIG, data=os.path.join(backups, "after")) as restored:
                self.require_gone(restored, rows, before)

    def test_what_is_no_user_is_refused(self):
        with Daemon() as daemon:
            status, _, body = daemon.request("DELETE", "/api/v1/users/" + "x" * 257)
            self.assertEqual(status, 400)
            self.assertIn("id", json.loads(body)["detail"])
            status, _, body = daemon.request("DELETE", "/api/v1/users/ann?really=1")
            self.assertEqual(status, 400)
            self.assertIn("really", json.loads(body)["detail"])


class SmallGroups(unittest.TestCase):
    """Executions by user: a 7, b 5, c 4, d 2, nobody 3; of d one is of prompt q."""

    def fill(self, daemon):
        made = [user for user, number in (("a", 7), ("b", 5), ("c", 4), ("d", 2), (None, 3)) for _ in range(number)]
        daemon.post([{"prompt": "q" if i == 16 else "p", "session": f"s-{user}", "duration_ms": 10 * i,
                      "time": midnight_ms() - 3_600_000 + i, **({"user": user} if user else {})}
                     for i, user in enumerate(made)], query="?backfill=1")

    def ask(self, daemon, name="executions", **parameters):
        return daemon.metric(name, from_=midnight_ms(-1), to=midnight_ms(), **parameters)

    def groups(self, answer):
        return [("hidden" if re.fullmatch("[0-9a-f]{16}", label or "") else label, group["count"])
                for group in answer["groups"] for label in list(group["labels"].values())[:1]]

    def test_groups_of_few_executions_are_told_together(self):
        with Daemon() as daemon:
            self.fill(daemon)
            by_user = self.ask(daemon, group_by="user", order="-count")
            self.assertEqual(by_user["min_group"], 5)
            self.assertEqual(self.groups(by_user), [("hidden", 7), ("hidden", 5), (None, 3), ("other", 6)])
            # `other` has what all of its executions have, and is the last whatever the order.
            mean = self.ask(daemon, "duration_ms", stat="mean", group_by="user", order="value")
            self.assertEqual(mean["groups"][-1]["value"], sum(10 * i for i in range(12, 18)) / 6)
            exact = self.ask(daemon, "duration_ms", stat="max", group_by="user", resolution="raw")
            self.assertEqual((exact["groups"][-1]["labels"], exact["groups"][-1]["value"]), ({"user": "other"}, 170))
            limited = self.ask(daemon, group_by="user", order="-count", limit=1)
            self.assertEqual((self.groups(limited), limited["truncated"]), ([("hidden", 7), ("other", 6)], True))
            stepped = self.ask(daemon, group_by="user", step="12h")
            self.assertEqual([point[2] for point in stepped["groups"][-1]["points"]], [0, 6])
            status, _, text = daemon.request("GET", f"/api/v1/metrics/executions?from={midnight_ms(-1)}"
                                                    f"&to={midnight_ms()}&group_by=user&format=csv")
            self.assertEqual((status, text.decode().splitlines()[-1]), (200, "other,6,6"))

    def test_one_person_of_few_executions_is_not_told_at_all(self):
        with Daemon() as daemon:
            self.fill(daemon)
            for who, value in (("a", 7), ("b", 5), ("c", None), ("d", None)):
                answer = self.ask(daemon, filter=f"user:{who}")
                self.assertEqual([(g["value"], g["count"]) for g in answer["groups"]], [(value, value or 0)])
                answer = self.ask(daemon, filter=f"session:s-{who}", step="12h")
                self.assertEqual([p[1] for p in answer["groups"][0]["points"]], [None, value])
            # Two groups of one person are one.
            answer = self.ask(daemon, filter="user:c|d", group_by="prompt")
            self.assertEqual(self.groups(answer), [("p", 5), ("other", 0)])
            for path in ("analysis/root-cause?metric=executions&filter=user:a", "compliance?filter=session:s-a",
                         "analysis/root-cause?metric=executions&dimensions=user",
                         "prompts/p/quality?filter=user:!a"):
                status, _, body = daemon.request("GET", "/api/v1/" + path)
                self.assertEqual((status, "single users" in body.decode()), (400, True), path)

    def test_other_answers_are_as_they_were(self):
        with Daemon() as daemon:
            self.fill(daemon)
            answer = self.ask(daemon, group_by="prompt")
            self.assertNotIn("min_group", answer)
            self.assertEqual(self.groups(answer), [("p", 20), ("q", 1)])
            daemon.stop()
            daemon.write_config("privacy: {min_group: 0}\n")
            daemon.start()
            answer = self.ask(daemon, group_by="user", order="-count")
            self.assertNotIn("min_group", answer)
            self.assertEqual([count for _, count in self.groups(answer)], [7, 5, 4, 3, 2])


class PersonalRetention(unittest.TestCase):
    """privacy.retention takes people out of old events, whatever kills the daemon on the way."""
    BATCHES, ROWS = 40, 50

    def forget_ids(self, daemon):
        last = now_ms()
        daemon.wait_for("ids to be forgotten", lambda: now_ms() > last + 1_500)

    def test_old_events_become_nobodys_and_totals_stay(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        with self.subTest(seed=seed), Daemon(CONFIG + "dedup: {age: 1s}\n") as daemon:
            for batch in range(self.BATCHES):
                daemon.post([{"id": f"old-{batch}-{i}", "time": midnight_ms(-2) + batch * 3_000_000 + i, "prompt": f"p{i % 3}",
                              "status": "error" if i % 7 == 0 else "success", "duration_ms": i, "user": f"user-{i}",
                              "session": f"session-{i}", "tags": {"customer": "ann"}, "parameters": {"seed": "41"}}
                             for i in range(self.ROWS)])
            self.forget_ids(daemon)  # so the young one comes into a block of its own
            daemon.post([{"id": "young", "prompt": "p0", "user": "ann", "tags": {"customer": "bob"}}])
            daemon.flush()
            before = totals(daemon), distinct(daemon, "users"), distinct(daemon, "sessions")
            self.assertEqual(before[1:], (51, 50))
            self.forget_ids(daemon)
            # The first turn of a start looks for what is old; it is killed on the way, and goes on.
            daemon.stop()
            daemon.write_config(CONFIG + "dedup: {age: 1s}\nprivacy: {retention: 6h}\n")
            daemon.start()
            for _ in range(3):
                daemon.select(chance.uniform(0, 0.05))
                daemon.restart(crash=True)
            end = {"to": midnight_ms()}
            daemon.wait_for("people to go", lambda: not executions(daemon, filter="tags.customer:ann", **end))
            rows = executions(daemon, **end)
            self.assertEqual(len(rows), self.BATCHES * self.ROWS)
            for row in rows:
                self.assertEqual([key for key in ("user", "session", "tags", "parameters") if row.get(key)], [], row)
                self.assertFalse(row["id"].startswith("old-"))
            self.assertEqual(executions(daemon, filter="user:user-1"), [])
            self.assertEqual(len({row["id"] for row in rows}), len(rows))
            young = daemon.get("/api/v1/executions/young")
            self.assertEqual(young["tags"], {"customer": "bob"})
            self.assertEqual((totals(daemon), distinct(daemon, "users"), distinct(daemon, "sessions")), before)
            require_agreement(daemon)
            # What is nobody's is not taken out again, and verify knows why nobody is there.
            ids = sorted(row["id"] for row in rows)
            daemon.restart()
            daemon.flush()
            self.assertEqual(sorted(row["id"] for row in executions(daemon, **end)), ids)
            daemon.stop()
            done = vitalsctl("verify", "--config", daemon.config, daemon.data)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("how many users and sessions", done.stdout)


class Pending(unittest.TestCase):
    def test_erasures_are_listed_while_they_are_not_done(self):
        with Daemon(CONFIG) as daemon:
            for batch in range(BATCHES):
                daemon.post(events(batch))
            self.assertEqual(daemon.get("/api/v1/erasures"), {"erasures": []})
            seen, proofs = [], []
            thread = threading.Thread(target=lambda: proofs.append(erase(daemon)))
            thread.start()
            while thread.is_alive():
                seen += daemon.get("/api/v1/erasures")["erasures"]
            thread.join()
            for one in seen:
                self.assertEqual(sorted(one), ["asked_at", "id", "state"])
                self.assertEqual((one["id"], one["asked_at"]), (proofs[0]["erasure"], proofs[0]["asked_at"]))
                self.assertIn(one["state"], ("rewriting", "files_left"))
            # Readers may have held files; then it goes on by itself.
            if proofs[0]["files_gone"]:
                self.assertEqual(daemon.get("/api/v1/erasures"), {"erasures": []})
            daemon.wait_for("no erasure is left", lambda: daemon.get("/api/v1/erasures") == {"erasures": []})
            self.assertEqual(daemon.request("GET", "/api/v1/erasures?user=ann")[0], 400)


def vitalsctl(*arguments):
    return subprocess.run([os.path.join(BIN, "vitalsctl"), *arguments], capture_output=True, text=True, check=False)


class Rotation(unittest.TestCase):
    """A new key: what was stored before is found, counted and erased as what comes after."""

    def post(self, daemon, name, users=("ann", "bob")):
        for user in users:
            daemon.post([{"id": f"{name}-{user}-{i}", "prompt": "p", "duration_ms": i, "user": user, "session": f"s-{user}"}
                         for i in range(10)])

    def rotate(self, daemon):
        done = vitalsctl("--url", f"http://127.0.0.1:{daemon.port}", "--json", "keys", "rotate")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["retired_keys"]

    def names(self, daemon, user):
        return {row["user"] for row in executions(daemon, filter=f"user:{user}")}

    def test_events_of_both_keys_are_found_and_erased(self):
        with Daemon() as daemon:
            self.post(daemon, "before")
            old = self.names(daemon, "ann")
            made_at = daemon.get("/api/v1/status")["pseudonym_keys"]["made_at"]
            self.assertEqual(self.rotate(daemon), 1)
            self.post(daemon, "after")
            daemon.restart(crash=True)
            keys = daemon.get("/api/v1/status")["pseudonym_keys"]
            self.assertEqual((keys["retired"], keys["made_at"] > made_at), (1, True))
            rows = executions(daemon, filter="user:ann")
            self.assertEqual(len(rows), 20)
            self.assertEqual((len(self.names(daemon, "ann")), self.names(daemon, "ann") > old), (2, True))
            self.assertEqual(len(executions(daemon, filter="session:s-ann|s-bob")), 40)
            self.assertEqual(len(executions(daemon, filter="user:!ann")), 20)
            self.assertEqual(daemon.value("executions", filter="user:ann"), 20)
            self.assertEqual(daemon.value("users"), 4)  # who comes before and after is two
            # The same events are still known, whatever their names are now.
            self.assertEqual(daemon.post([{"id": "before-ann-1", "prompt": "p", "user": "ann"}])["duplicates"], 1)
            self.assertEqual(self.rotate(daemon), 2)
            proof = erase(daemon, "ann")
            self.assertEqual((proof["executions"], proof["names"]), (20, {"users": 2, "sessions": 2}))
            self.assertEqual(executions(daemon, filter="user:ann"), [])
            self.assertEqual(len(executions(daemon, filter="user:bob")), 20)
            require_agreement(daemon)
            daemon.stop()
            done = vitalsctl("verify", daemon.data)
            self.assertEqual(done.returncode, 0, done.stdout)
            with open(os.path.join(daemon.data, "pseudonym.key"), encoding="ascii") as keys:
                self.assertEqual([line.split()[0] for line in keys], ["vitals", "current", "retired", "retired"])

    def test_a_key_file_elsewhere_is_in_backups_and_is_not_made_anew(self):
        with Daemon() as daemon:
            self.post(daemon, "before")
            names = self.names(daemon, "ann")
            daemon.stop()
            daemon.write_config("privacy: {key_file: keys/secret}\nstore: {backup_dir: backups}\n")
            os.mkdir(os.path.join(daemon.folder, "keys"))
            inside, outside = (os.path.join(daemon.data, "pseudonym.key"), os.path.join(daemon.folder, "keys", "secret"))
            refused = subprocess.run([os.path.join(BIN, "vitalsd"), "--config", daemon.config, "--data-dir", daemon.data,
                                      "--listen", "127.0.0.1:0"], capture_output=True, text=True, check=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("privacy.key_file", refused.stdout + refused.stderr)
            os.rename(inside, outside)
            daemon.start()
            self.assertEqual(self.names(daemon, "ann"), names)
            self.rotate(daemon)
            self.post(daemon, "after")
            self.assertEqual(daemon.request("POST", "/api/v1/admin/backup?name=b")[0], 200)
            self.assertFalse(os.path.exists(inside))
            restored = os.path.join(daemon.folder, "restored")
            done = vitalsctl("restore", os.path.join(daemon.folder, "backups", "b"), restored)
            self.assertEqual(done.returncode, 0, done.stderr)
            with Daemon(data=restored) as copy:
                self.assertEqual(self.names(copy, "ann"), self.names(daemon, "ann"))
                self.assertEqual(len(executions(copy, filter="user:ann")), 20)

    def test_only_admins_rotate(self):
        with Daemon() as daemon:
            token = os.path.join(daemon.folder, "tokens")
            with open(os.open(token, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as f:
                f.write("tokens:\n  - {name: r, token: reader-reader-reader, scopes: [read, ingest]}\n")
            daemon.stop()
            daemon.write_config("token_file: tokens\n")
            daemon.start()
            asked = {"Authorization": "Bearer reader-reader-reader"}
            self.assertEqual(daemon.request("POST", "/api/v1/admin/rotate-key", headers=asked)[0], 403)


if __name__ == "__main__":
    unittest.main(verbosity=2)
