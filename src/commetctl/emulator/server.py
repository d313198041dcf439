"""Serving an application over HTTP/1.1 on a socket, with threads and connections that are kept alive.

A wrapper of the application, such as fault injection, goes between `create_app` and `start`. It resets the connection
by raising `ConnectionDropped`.
"""

import io
import ipaddress
import os
import socket
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from commetctl.emulator.errors import ConnectionDropped, EmulatorError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# More than the application accepts, so that it can answer 413; after a larger body the connection is closed.
_READ_AT_MOST = 4_000_000
# SO_LINGER, on and for 0 seconds: closing the socket resets the connection.
_NO_LINGER = struct.pack("ii", 1, 0)


class _Handler(WSGIRequestHandler):
    """A handler that reads whole bodies, and so can keep connections open; werkzeug's own closes each of them."""

    protocol_version = "HTTP/1.1"
    # One buffered write per answer and no Nagle: otherwise a kept connection waits 40 ms for delayed acknowledgements.
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_expect_100(self) -> bool:
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # The inherited log and address methods use it.
        self.environ = environ
        body, whole = self._body(environ["wsgi.input"])
        environ["wsgi.input"] = io.BytesIO(body)
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            # The application refuses a body that is shorter than its length, unless the end of the input counts.
            del environ["wsgi.input_terminated"]
            environ["CONTENT_LENGTH"] = str(len(body) + (not whole))
        status, headers = "", [("", "")]

        def start_response(line: str, fields: list[tuple[str, str]], exc_info: object = None) -> Any:
            nonlocal status, headers
            status, headers = line, fields

        chunks = self.server.app(environ, start_response)
        try:
            text = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        self._send(status, headers, text)

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        """Reset the socket for a fault; the inherited handler calls this for every other ConnectionError too."""
        if isinstance(error, ConnectionDropped):
            self.log_request("reset")
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            # The socket stays open while one of its files does, and would be shut down in an orderly way first.
            self.wfile.close()
            self.rfile.close()
            self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.log("info", "%s %s", ascii(self.requestline), str(code))

    def _body(self, stream: BinaryIO) -> tuple[bytes, bool]:
        """The body of the request, and False for chunks that are malformed or cut short."""
        length = self.headers.get("Content-Length", "")
        if length.isdecimal():
            wanted = min(int(length), _READ_AT_MOST)
            self.close_connection = self.close_connection or wanted < int(length)
            return self.rfile.read(wanted), True
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return b"", True
        try:
            body = stream.read(_READ_AT_MOST)
        except ConnectionError:
            raise
        except (OSError, ValueError):
            # Where the next request begins is not known.
            self.close_connection = True
            return b"", False
        self.close_connection = self.close_connection or len(body) == _READ_AT_MOST
        return body, True

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.log_request(int(code))
        # Not `send_response`, which adds the date of the machine to that of the application.
        self.send_response_only(int(code), reason)
        self.send_header("Server", self.version_string())
        if "date" not in {name.lower() for name, _ in headers}:
            self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class _QuietHandler(_Handler):
    """The same handler without a log line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def start(app: "WSGIApplication", host: str, port: int, *, verbose: bool = False) -> BaseWSGIServer:
    """A server that already listens, for `serve_forever`; port 0 picks a free port."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise EmulatorError(f"cannot listen on {host}:{port}: the host is neither a name nor an address") from None
    try:
        # Bound here: werkzeug would print its own advice about a port in use, and exit.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise EmulatorError(f"cannot listen on {host}:{port}: {reason}") from error
    with listening:
        handler = _Handler if verbose else _QuietHandler
        return make_server(host, port, app, threaded=True, request_handler=handler, fd=listening.fileno())


def is_loopback(server: BaseWSGIServer) -> bool:
    return ipaddress.ip_address(server.socket.getsockname()[0]).is_loopback


def base_url(server: BaseWSGIServer) -> str:
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"http://{host}:{server.port}"
