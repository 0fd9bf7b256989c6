"""A real HTTP receiver of webhooks on loopback that can fail and go down, and checks signatures."""
import base64
import hashlib
import hmac
import http.server
import json
import threading

SECRET_BYTES = b"a secret of at least 24 bytes!!"
SECRET = "whsec_" + base64.b64encode(SECRET_BYTES).decode()


class Receiver:
    def __init__(self, failures=0):
        self.failures = failures  # answers 503 this many times first
        self.attempts = []        # webhook-id of every request, in order
        self.accepted = []        # (webhook-id, document) of those answered 200
        self.bad_signatures = 0
        self.lock = threading.Lock()
        self.server = None
        self.port = 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def start(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802, the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.server is not self.server:  # stopped, but for this connection
                    self.close_connection = True
                    return
                status = receiver.take(self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]  # kept over a restart
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        server, self.server = self.server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def take(self, headers, body):
        identity = headers["webhook-id"]
        signed = f"{identity}.{headers['webhook-timestamp']}.".encode() + body
        digest = base64.b64encode(hmac.new(SECRET_BYTES, signed, hashlib.sha256).digest()).decode()
        with self.lock:
            self.attempts.append(identity)
            if f"v1,{digest}" not in headers["webhook-signature"].split(" "):
                self.bad_signatures += 1
                return 401
            if self.failures > 0:
                self.failures -= 1
                return 503
            self.accepted.append((identity, json.loads(body)))
            return 200

    def types(self):
        with self.lock:
            return [document["type"] for _, document in self.accepted]
