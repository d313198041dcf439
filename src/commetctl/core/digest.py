"""Digests: one string that is the same exactly when two contents are."""

import hashlib
import json


def digest(content: object) -> str:
    """`sha256:…` of anything that JSON can hold, whatever the order of its keys."""
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
