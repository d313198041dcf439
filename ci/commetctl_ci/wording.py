"""The texts that people read: comments, issues, summaries. Text of any origin stays text in them."""

import re
from dataclasses import replace

from commetctl_ci.results import Done

#: In bytes; GitHub and GitLab take a little more for one comment, and GitHub for the summary of a step (1 MiB).
LONGEST_COMMENT = 60_000
LONGEST_SUMMARY = 1_030_000

_FAILED = {
    1: "The network, Commet or a file failed.",
    3: "The catalog is invalid.",
    4: "Refused.",
    5: "Only a part was applied.",
    6: "There is no key, or it is not accepted or not permitted.",
    64: "The command line is wrong: see `file` and `extra-args`.",
    70: "This is a bug in commetctl.",
}


def fenced(text: str) -> str:
    """Text as a block of code that nothing in the text can end."""
    text = text.replace("\r", "").strip("\n")
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def cut(markdown: str, longest: int, rest: str) -> str:
    """Markdown of so many bytes: whole lines from the beginning, with open blocks closed, and where the rest is."""
    encoded = markdown.encode(errors="replace")
    if len(encoded) <= longest:
        return markdown
    kept = encoded[:longest].decode(errors="ignore").rpartition("\n")[0]
    closing = "\n" + fence if (fence := _open_fence(kept)) else ""
    closing += "\n\n</details>" * (kept.count("<details>") - kept.count("</details>"))
    return f"{kept}{closing}\n\n_{rest}_"


def _open_fence(markdown: str) -> str:
    """The fence of the block of code that Markdown ends in; empty where it ends in none."""
    opened = ""
    for fence, rest in re.findall(r"^(`{3,})(.*)", markdown, re.MULTILINE):
        if not opened:
            opened = fence
        elif len(fence) >= len(opened) and not rest.strip():
            opened = ""
    return opened


def failure(done: Done) -> str:
    """What a failed command comes down to; empty for one that did not fail."""
    if done.code in (0, 2):
        return ""
    return f"**commetctl {done.did} failed with exit code {done.code}.** {_FAILED.get(done.code, '')}".rstrip()


def body(done: Done, longest: int, rest: str) -> str:
    """What commetctl said, with its errors and warnings, in so many bytes; `rest` says where the rest is."""
    told = done.out.strip() if done.markdown else ""
    if not told:
        said = f"{done.out.strip()}\n\n{done.err.strip()}".strip()
        told = fenced(said) if said else "The log of the job says why."
    first, last = failure(done), cut("\n\n".join(done.notes), longest // 4, rest)
    told = cut(told, longest - len(f"{first}\n\n{last}".encode()), rest)
    return "\n\n".join(part for part in (first, told, last) if part)


def comment(done: Done, marker: str, label: str, last: str) -> str:
    """The whole comment: the hidden marker first, and what it is for last."""
    text = body(done, LONGEST_COMMENT, "Shortened: the whole is with the run.")
    return f"{marker}\n{_heading('', label)}{text}\n\n{last}\n"


def summary(done: Done, label: str) -> str:
    """The page of the run, which is whole where the comment had to be shortened."""
    whole = replace(done, out=done.whole or done.out)
    text = body(whole, LONGEST_SUMMARY, "Shortened: the whole is in the log of the run.")
    return _heading("" if done.markdown else f"commetctl {done.did}", label) + text


def _heading(word: str, label: str) -> str:
    text = " ".join(part for part in (word, re.sub(r"[^\w .:/-]", "", label)) if part)
    return f"## {text}\n\n" if text else ""
