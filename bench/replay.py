"""A loopback server that gives recorded answers: `python -m bench.replay FOLDER`. It prints its URL.

What was not recorded is not there, as in an API version that does not have it.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_MISSING = (
    b'{"error":{"type":"not_found_error","code":"endpoint_not_available","message":"no answer to this was recorded"}}'
)


class Replaying(ThreadingHTTPServer):
    """Serves the answers of a folder, all of them in memory."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index").read_text("utf-8"))
        self.answers = {asked: (folder / name).read_bytes() for asked, name in index.items()}
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Replaying

    def do_GET(self) -> None:
        found = self.server.answers.get(f"{self.headers.get('commet-version')} {self.path}")
        content = _MISSING if found is None else found
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        pass


if __name__ == "__main__":
    with Replaying(Path(sys.argv[1])) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
