"""Secrets in texts that are printed: keys of Commet and of others, passwords, tokens."""

import re
from functools import lru_cache

#: A key of Commet, or of services whose keys are longer than any code, and the user and password of an address.
_KEYS = re.compile(
    r"\b(ck|rk)_[!-~]{4,}|(?<=://)[^/\s@]+(?=@)"
    r"|\b(sk|whsec|gh[opsu]|github_pat|npm|hf|shpat|dckr_pat)_[!-~]{16,}"
)
#: A text that is named after a secret. `secrets: {…}` names an object, and `api_keys: unlimited` a feature.
_NAMED = re.compile(
    r"(?:passw(?:or)?d|(?<![a-z])(?:pwd|token)|passphrase|secret|credential|api[_-]?key|(?:access|private|secret|signing)[_-]?key"
    r"|(?:access|api|auth|bearer|refresh|session)[_-]?token)[\"']?[ \t]*[:=][ \t]*[^\s{\[#]"
    r"|\bbearer[ \t]+\S|-----BEGIN",
    re.IGNORECASE,
)
#: Letters and digits too mixed for a word: keys of other services, tokens, digests. An id has a prefix: `cpk_…`.
_RANDOM = re.compile(
    r"(?<![A-Za-z0-9+=])(?<![a-z]_)(?=[A-Za-z+=]*[0-9])(?=[0-9+=]*[A-Za-z])[A-Za-z0-9+=]{20,}|\beyJ[\w-]{6,}"
)
#: Longer lines are not looked through, and not shown.
_LONGEST = 1_000_000


@lru_cache(maxsize=256)
def without_secrets(text: str) -> str:
    """Text without what looks like a key, or like the user and password of an address."""
    return _KEYS.sub("[removed]", text)


@lru_cache(maxsize=16)
def may_hold_secret(line: str) -> bool:
    """Whether a line of a file may hold a secret of any kind, so that it is not shown."""
    return len(line) > _LONGEST or any(found.search(line) for found in (_KEYS, _NAMED, _RANDOM))
