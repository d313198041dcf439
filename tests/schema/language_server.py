"""A real YAML language server as an editor talks to it: over stdin and stdout, a message at a time."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

COMMAND = Path(__file__).parents[2] / ".sdk" / "editor" / "node_modules" / ".bin" / "yaml-language-server"
_SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}


class Server:
    """The server, once it has said hello; files need not exist for it but the schema beside them."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [COMMAND, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._asked = 0
        self._published: dict[str, list[dict[str, Any]]] = {}
        capabilities = {
            "textDocument": {"hover": {"contentFormat": ["markdown"]}, "completion": {}, "publishDiagnostics": {}},
            "workspace": {"configuration": True},
        }
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": _SETTINGS}})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def opened(self, file: Path, text: str) -> list[dict[str, Any]]:
        """What is wrong with a file that is opened with this text."""
        uri = file.as_uri()
        self._published.pop(uri, None)
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._published:
            self._take(self._read())
        return self._published[uri]

    def hover(self, file: Path, line: int, character: int) -> str:
        """What is shown where the mouse rests."""
        found = self._at("hover", file, line, character)
        return str(found["contents"]["value"]) if found else ""

    def completed(self, file: Path, line: int, character: int) -> list[str]:
        """What is offered where somebody types."""
        found = self._at("completion", file, line, character)
        return [item["label"] for item in found["items"]]

    def _at(self, what: str, file: Path, line: int, character: int) -> Any:
        place = {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": character}}
        return self._ask(f"textDocument/{what}", place)["result"]

    def _ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._asked and "method" not in message:
                return message
            self._take(message)

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _take(self, message: Any) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else []
            found = [_SETTINGS if item.get("section") == "yaml" else {} for item in items]
            self._send({"id": message["id"], "result": found or None})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        return json.loads(self._process.stdout.read(length))
