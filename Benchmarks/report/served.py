"""A server with a report's page and events, in the form that `docs/report-format.md` describes."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Served:
    """The page of a written report, served live: `events` is a queue of (identifier, kind, data)."""

    def __init__(self, html, document, events):
        data = re.compile(r'<script type="application/json" id="data">.*?</script>', re.DOTALL)
        place = '<script type="application/json" id="data" data-source="data.json"></script>'
        page = re.sub(r"<meta http-equiv[^>]*>", "", data.sub(place, html, count=1), count=1)
        files = {"/": ("text/html; charset=utf-8", page.encode()),
                 "/data.json": ("application/json", json.dumps(document).encode())}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if self.path == "/events":
                    return self.stream()
                if self.path not in files:
                    return self.send_error(404)
                kind, content = files[self.path]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def stream(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                while (event := events.get()) is not None:
                    number, kind, value = event
                    self.wfile.write(f"id: {number}\nevent: {kind}\ndata: {json.dumps(value)}\n\n".encode())
                    self.wfile.flush()

        self.events = events
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}/"

    def close(self):
        self.events.put(None)
        self.http.shutdown()
        self.http.server_close()
