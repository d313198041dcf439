"""The exit codes of the process, and what each means."""

DONE, FAILED, PENDING, INVALID, REFUSED, PARTLY, NOT_PERMITTED = range(7)
USAGE, BUG, INTERRUPTED = 64, 70, 130

#: What each of them means.
EXITS = {
    DONE: "Done, or nothing to do.",
    FAILED: "Failed: the network, an answer of Commet, a file, an address that does not exist, output that cannot be "
    "written, or any other error.",
    PENDING: "Changes are pending: `plan`, `diff`, `drift` with `--detailed-exitcode`; `pull`, `fmt` with `--check`.",
    INVALID: "The catalog is invalid, or has warnings and `--strict` is given.",
    REFUSED: "Refused: by a guard, because nobody said yes, because Commet has changed since the plan was made, "
    "or because another run is in progress.",
    PARTLY: "Partly applied: something was written, and something failed. Run it again to do the rest.",
    NOT_PERMITTED: "No key, or a key that is not accepted or lacks a permission.",
    USAGE: "Wrong usage.",
    BUG: "A bug in commetctl. The message names a file with the traceback, which holds no key.",
    INTERRUPTED: "Interrupted. Requests that were under way are finished and reported first.",
}
