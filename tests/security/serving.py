"""A server on this machine that speaks whatever bytes a test wants, with TLS or without, and keeps what it heard."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"

#: From what a client sent, up to the end of its headers, to the bytes of the answer.
Answer = Callable[[bytes], Iterable[bytes]]


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> list[bytes]:
    """An answer in the right form."""
    lines = [b"HTTP/1.1 " + status, *headers, b"content-length: %d" % len(body), b"connection: close", b"", body]
    return [b"\r\n".join(lines)]


EMPTY = whole(b'{"data": [], "hasMore": false}', b"content-type: application/json")


@dataclass
class Serving:
    """A running server: its address, what clients said, and how many connections there were, also broken ones."""

    port: int
    scheme: str
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def serving(answer: Answer, certificate: str = "") -> Iterator[Serving]:
    """Serve on a free port until the block ends; with the name of a certificate, over TLS."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = Serving(listening.getsockname()[1], "https" if certificate else "http")
        thread = threading.Thread(target=_accept, args=(listening, context, answer, running), daemon=True)
        thread.start()
        try:
            yield running
        finally:
            # Wakes the thread out of waiting for another client.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _accept(listening: socket.socket, context: ssl.SSLContext | None, answer: Answer, running: Serving) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        running.connections += 1
        client.settimeout(20)
        with contextlib.suppress(OSError), client:
            _talk(context.wrap_socket(client, server_side=True) if context else client, answer, running)


def _talk(client: socket.socket, answer: Answer, running: Serving) -> None:
    said = b""
    with client:
        while b"\r\n\r\n" not in said:
            more = client.recv(65536)
            if not more:
                break
            said += more
        running.heard.append(said)
        for part in answer(said):
            client.sendall(part)
