"""commetctl as a program that starts at once: a process that has imported everything forks for each call.

For scripts that start commetctl many times: jobs of CI, pages of the documentation. Each call is a process of its own,
with the arguments, folder, environment and file descriptors of its caller; only the start of the interpreter is saved.
This file is the server, `standby.py serve SOCKET`, and what a script calls in place of commetctl, `standby.py call
SOCKET ARGUMENT ...`, which therefore imports next to nothing. `standby.py run SOCKET FILE ARGUMENT ...` is called in
place of Python, for a file that needs nothing but what Python has.
"""

import os
import signal
import socket
import sys

_SIZE = 8


def call(what: str, address: str, arguments: list[str]) -> int:
    """Have the server run commetctl, or a file of Python, as if it were started here; its exit code."""
    folder = os.getcwd()  # noqa: PTH109 - pathlib takes as long as all the rest
    items = [folder, what, str(len(arguments)), *arguments, *(f"{name}={value}" for name, value in os.environ.items())]
    said = os.fsencode("\0".join(items))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(address)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _frame: line.sendall(bytes([number])))
        socket.send_fds(line, [len(said).to_bytes(_SIZE)], [0, 1, 2])
        line.sendall(said)
        code = line.recv(_SIZE)
    # Nothing is said by one that was killed.
    return int(code) if code else 128 + signal.SIGKILL


def serve(address: str) -> None:
    """Import all of commetctl, and what scripts import; fork for each call until this process is ended."""
    import gc
    import pkgutil
    from importlib import import_module

    import commetctl

    for module in pkgutil.walk_packages(commetctl.__path__, "commetctl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in ("subprocess", "urllib.request", "zipfile"):
        import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(address)
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            line, _ = listening.accept()
            with line:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    listening.close()
                    _answer(line)


def _reap(*_: object) -> None:
    """Clear away what has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _answer(line: socket.socket) -> None:
    """Become the process that the caller asked for, and end."""
    import runpy
    import threading

    size, descriptors, _, _ = socket.recv_fds(line, _SIZE, 3)
    said = line.recv(int.from_bytes(size), socket.MSG_WAITALL)
    folder, what, number, *rest = os.fsdecode(said).split("\0")
    _become(descriptors, folder, rest[int(number) :])
    arguments = rest[: int(number)]
    threading.Thread(target=_heed, args=(line,), daemon=True).start()
    code = 1
    try:
        if what == "run":
            sys.argv, sys.path[0] = arguments, os.path.dirname(arguments[0])  # noqa: PTH120 - pathlib is slow to import
            runpy.run_path(arguments[0], run_name="__main__")
        else:
            sys.argv = ["-m", *arguments]
            runpy.run_module("commetctl", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        # As the interpreter ends with what nobody handles.
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        line.sendall(str(code).encode())
        os._exit(code)


def _become(descriptors: list[int], folder: str, variables: list[str]) -> None:
    """Take over the streams, the folder and the environment of the caller."""
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    # The streams of the server know what it was started with, and these may be something else.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    for item in variables:
        name, _, value = item.partition("=")
        os.environ[name] = value


def _heed(line: socket.socket) -> None:
    """Pass on the signals that the caller gets, and end with it."""
    while number := line.recv(1):
        os.kill(os.getpid(), number[0])
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] != "serve":
        sys.exit(call(sys.argv[1], sys.argv[2], sys.argv[3:]))
    serve(sys.argv[2])
