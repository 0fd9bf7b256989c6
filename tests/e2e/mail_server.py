"""A real SMTP server on loopback (Debian's python3-aiosmtpd) with STARTTLS and logins, that keeps what it is given."""
import email
import email.policy
import os
import socket
import ssl
import subprocess
import sys

# Where Debian has it, whichever Python runs this.
sys.path.append("/usr/lib/python3/dist-packages")
from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import AuthResult  # noqa: E402

USER, PASSWORD = "vitals", "correct horse battery"
UNKNOWN = "gone@example.com"  # an address that it refuses


def make_certificate(folder):
    """A key and a certificate of 127.0.0.1 that nobody has signed."""
    paths = [os.path.join(folder, name) for name in ("key.pem", "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", paths[0], "-out", paths[1]],
                   check=True, capture_output=True)
    return paths


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mail:
    def __init__(self, session, envelope):
        self.encrypted = session.ssl is not None
        self.user = session.auth_data
        self.sender = envelope.mail_from
        self.recipients = envelope.rcpt_tos
        self.raw = envelope.content
        self.message = email.message_from_bytes(envelope.content, policy=email.policy.default)

    def part(self, kind):
        return self.message.get_body((kind,)).get_content()


class MailServer:
    def __init__(self, folder, refusals=()):
        self.folder = folder
        self.refusals = list(refusals)  # answers to the first mails
        self.mails = []
        self.logins = 0

    def __enter__(self):
        key, self.certificate = make_certificate(self.folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, tls_context=context,
                                     require_starttls=True, auth_required=True, authenticator=self.authenticate)
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    def authenticate(self, server, session, envelope, mechanism, login):
        self.logins += 1
        good = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=good, auth_data=login.login.decode() if good else None)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, the library's name
        if address == UNKNOWN:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.mails.append(Mail(session, envelope))
        return "250 taken"
