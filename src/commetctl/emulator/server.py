"""Serving an application over HTTP/1.1 on a socket, with threads and connections that are kept alive.

Whatever wraps a WSGI application, as fault injection does, goes between `create_app` and `start`. A `ConnectionDropped`
that it raises resets the connection.
"""

import io
import ipaddress
import os
import socket
import struct
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from commetctl.emulator.errors import ConnectionDropped, EmulatorError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# More than the application accepts, so that it can answer 413; beyond that the connection is given up.
_READ_AT_MOST = 4_000_000
# SO_LINGER, on and for 0 seconds: closing sends a reset and not an orderly end.
_NO_LINGER = struct.pack("ii", 1, 0)


class _Handler(WSGIRequestHandler):
    """Werkzeug's handler closes every connection, since it cannot tell where a body ends; this one reads it whole."""

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
        # What the inherited log and address methods look at.
        self.environ = environ
        body = self._body(environ["wsgi.input"])
        environ["wsgi.input"] = io.BytesIO(body)
        if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            environ["CONTENT_LENGTH"] = str(len(body))
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
        """The inherited handler ends here on every ConnectionError; only one that was asked for resets the socket."""
        if isinstance(error, ConnectionDropped):
            self.log_request("reset")
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            # The socket stays open for as long as a file of it does, and would be shut down in an orderly way first.
            self.wfile.close()
            self.rfile.close()
            self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        self.log("info", "%s %s", ascii(self.requestline), str(code))

    def _body(self, stream: Any) -> bytes:
        length = self.headers.get("Content-Length", "")
        if length.isdecimal():
            wanted = min(int(length), _READ_AT_MOST)
            self.close_connection = self.close_connection or wanted < int(length)
            return self.rfile.read(wanted)
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return b""
        body: bytes = stream.read(_READ_AT_MOST)
        self.close_connection = self.close_connection or len(body) == _READ_AT_MOST
        return body

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class _QuietHandler(_Handler):
    """The same without a log line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def start(app: "WSGIApplication", host: str, port: int, *, verbose: bool = False) -> BaseWSGIServer:
    """A server whose socket already listens; `serve_forever` serves it, port 0 has picked a free one."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise EmulatorError(f"cannot listen on {host}:{port}: the host is neither a name nor an address") from None
    try:
        # Bound here: werkzeug would print its own advice about a port in use, and exit.
        listening = socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise EmulatorError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno) if error.errno else error}"
        ) from error
    with listening:
        handler = _Handler if verbose else _QuietHandler
        return make_server(host, port, app, threaded=True, request_handler=handler, fd=listening.fileno())


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def is_loopback(server: BaseWSGIServer) -> bool:
    return ipaddress.ip_address(server.socket.getsockname()[0]).is_loopback


def base_url(server: BaseWSGIServer) -> str:
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"http://{host}:{server.port}"
