"""Alerts by mail, over a real SMTP server with STARTTLS and logins, as a mail reader sees them."""
import os
import tempfile
import unittest

from daemon import Daemon, now_ms
from mail_server import PASSWORD, UNKNOWN, USER, MailServer

RULES = """
rules:
  - name: success-rate-collapse
    metric: execution_success_rate
    below: 80
    min_samples: 5
    group_by: [prompt]
    severity: critical
    annotations:
      summary: "Erfolgsrate von {{labels.prompt}} ist {{value}} % — „Einbruch“ 😱"
      description: "Less than {{threshold}} % of {{samples}} executions <succeed> & finish."
      runbook_url: "https://runbooks.example/a2"
"""


def executions(failed, prompt="kasse", count=10):
    return [{"time": now_ms(), "prompt": prompt, "status": "error" if i < failed else "success"} for i in range(count)]


class Email(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vitals-mail-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def daemon(self, server, ca_file=None, password=PASSWORD):
        rules = os.path.join(self.folder, "rules.yaml")
        with open(rules, "w", encoding="utf-8") as f:
            f.write(RULES)
        return Daemon(f"""
rules: [{rules}]
receivers:
  - name: mail
    email:
      to: [ops@example.com, "Zoë On-Call <zoe@example.com>", {UNKNOWN}]
      from: Prompt Vitals <vitals@example.com>
      smtp: 127.0.0.1:{server.port}
      user: {USER}
      password_env: MAIL_PASSWORD
      ca_file: "{server.certificate if ca_file is None else ca_file}"
notify: {{retry_min: 50ms, retry_max: 200ms, external_url: "https://vitals.example"}}
pipeline: {{evaluate_every: 50ms}}
""", environment={"MAIL_PASSWORD": password})

    def test_an_incident_is_a_thread_of_mails_that_a_reader_can_read(self):
        with MailServer(self.folder, ["451 try again later"]) as server, self.daemon(server) as daemon:
            daemon.post(executions(failed=5))
            daemon.wait_for("the mail", lambda: len(server.mails) >= 1)
            daemon.post(executions(failed=0, count=100))
            daemon.wait_for("its end", lambda: len(server.mails) >= 2)
            self.assertNotIn(PASSWORD, daemon.output())
        fired, resolved = server.mails
        for mail in server.mails:
            self.assertTrue(mail.encrypted)
            self.assertEqual((mail.user, mail.sender), (USER, "vitals@example.com"))
            self.assertEqual(mail.recipients, ["ops@example.com", "zoe@example.com"])  # not who is gone
            self.assertEqual(mail.message.defects, [])
            self.assertTrue(mail.raw.isascii())
            self.assertLessEqual(max(map(len, mail.raw.splitlines())), 78)
            self.assertEqual(mail.message.get_content_type(), "multipart/alternative")
            self.assertEqual([part.get_content_type() for part in mail.message.iter_parts()],
                             ["text/plain", "text/html"])
            self.assertEqual(mail.message["From"].addresses[0].display_name, "Prompt Vitals")
            self.assertEqual(mail.message["To"].addresses[1].display_name, "Zoë On-Call")
            self.assertEqual(mail.message["Auto-Submitted"], "auto-generated")
            self.assertLess(abs(mail.message["Date"].datetime.timestamp() * 1000 - now_ms()), 120_000)
        title = "Erfolgsrate von kasse ist 50 % — „Einbruch“ 😱"
        self.assertEqual(fired.message["Subject"], "CRITICAL: " + title)
        self.assertEqual(resolved.message["Subject"], "Resolved: " + title)
        self.assertEqual(fired.message["Importance"], "high")
        self.assertIsNone(resolved.message["Importance"])
        self.assertNotEqual(fired.message["Message-ID"], resolved.message["Message-ID"])
        self.assertEqual(fired.message["References"], resolved.message["References"])
        self.assertEqual(fired.message["In-Reply-To"], fired.message["References"])

        for kind in ("plain", "html"):
            text = fired.part(kind)
            for said in (title, "execution_success_rate 50, bound 80, 10 samples", "prompt=kasse",
                         "https://runbooks.example/a2", "https://vitals.example/api/v1/alerts/"):
                self.assertIn(said, text)
            self.assertIn("until", resolved.part(kind))
        self.assertIn("executions <succeed> & finish.", fired.part("plain"))
        self.assertIn("executions &lt;succeed&gt; &amp; finish.", fired.part("html"))
        self.keep_for_eyes(fired)

    def test_nothing_is_said_to_a_server_that_cannot_prove_who_it_is(self):
        with MailServer(self.folder) as server, self.daemon(server, ca_file="") as daemon:
            daemon.post(executions(failed=5))
            delivery = daemon.wait_for("a try", lambda: self.tried(daemon))
            self.assertIn("certificate", delivery["last_error"])
            self.assertEqual((server.mails, server.logins), ([], 0))

    def test_a_login_that_fails_is_tried_again_and_says_so_without_the_password(self):
        with MailServer(self.folder) as server, self.daemon(server, password="wrong password") as daemon:
            daemon.post(executions(failed=5))
            delivery = daemon.wait_for("a try", lambda: self.tried(daemon))
            self.assertIn("SMTP 535", delivery["last_error"])
            self.assertEqual(delivery["state"], "waiting")
            self.assertEqual(server.mails, [])
            self.assertNotIn("wrong password", daemon.output())

    def test_a_mail_that_is_refused_for_good_is_a_dead_letter(self):
        with MailServer(self.folder, ["554 5.7.1 spam"]) as server, self.daemon(server) as daemon:
            daemon.post(executions(failed=5))
            delivery = daemon.wait_for("the dead letter", lambda: self.tried(daemon))
            self.assertEqual((delivery["state"], delivery["last_error"]), ("dead", "SMTP 554 5.7.1 spam"))
            self.assertEqual(delivery["attempts"], 1)

    @staticmethod
    def tried(daemon):
        deliveries = daemon.get("/api/v1/deliveries")["deliveries"]
        return next((d for d in deliveries if d["attempts"] > 0), None)

    @staticmethod
    def keep_for_eyes(mail):
        """VITALS_KEEP=folder keeps the page, to be looked at in a browser."""
        if folder := os.environ.get("VITALS_KEEP"):
            with open(os.path.join(folder, "mail.html"), "w", encoding="utf-8") as f:
                f.write(mail.part("html"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
