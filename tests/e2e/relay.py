"""A relay on loopback between a client and a daemon, which stays where it is while the daemon comes and goes. It can lose
answers, give others, and be away itself."""
import http.server
import json
import threading


class Relay:
    """Passes POSTs on; a context manager. `faults` are met by one request each, in order: None passes it on, a function is
    called between the daemon's answer and the client, which then hears nothing, and a number is the status that it hears
    instead, without the daemon."""

    def __init__(self, daemon, faults=()):
        self.daemon = daemon
        self.faults = list(faults)
        self.bytes_max = None  # of a body, as a proxy has it
        self.receipts = []  # what the daemon said, heard or not
        self.headers = []   # of every request
        self.unheard = 0    # requests that were not answered
        self.lock = threading.Lock()
        self.server = None
        self.port = 0

    def __enter__(self):
        return self.open()

    def __exit__(self, *_):
        self.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def open(self):
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802, the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with relay.lock:
                    answer = relay.answer(self.path, body, dict(self.headers))
                    relay.unheard += answer is None
                if answer is None:
                    return
                status, body = answer
                self.send_response(status)
                if status == 503:
                    self.send_header("Retry-After", "2")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]  # kept while it is away
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def close(self):
        server, self.server = self.server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def answer(self, path, body, headers):
        """None: the client hears nothing."""
        self.headers.append(headers)
        if self.bytes_max is not None and len(body) > self.bytes_max:
            return 413, b"<html>Request Entity Too Large</html>"
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            return fault, b"not now"
        try:
            status, _, answer = self.daemon.request("POST", path, body, headers)
        except OSError:
            return None
        self.receipts.append(json.loads(answer))
        if fault is None:
            return status, answer
        fault()
        return None
