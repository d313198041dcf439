"""Evidence: what an account holds, told by its API and by its database, and what the journals beside it tell."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from cli.running import rows
from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.journal import Journals

#: What differs between two accounts that hold the same: ids and times.
_OWN = re.compile(r"(^|.*)([iI]d|At)$")
#: Everything that a file can declare, of all time, by what it is called.
_ROWS = """
SELECT 'feature', code, deleted FROM feature
UNION ALL SELECT 'plan', code, deleted FROM plan
UNION ALL SELECT 'price', plan.code || '/' || billing_interval, price.deleted
          FROM price JOIN plan ON plan.id = price.plan_id
UNION ALL SELECT 'credit_pack', name, deleted FROM credit_pack
"""


def state(url: str) -> Any:
    """Everything that the API tells of an account, without ids and times; metadata of null is the same as none."""
    lists = ("/features", "/plans?includePrivate=true", "/credit-packs")
    return [sorted((_plain(row) for row in rows(url, path)), key=json.dumps) for path in lists]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {key: _plain(item) for key, item in sorted(value.items()) if not _OWN.match(key)}
        if isinstance(metadata := plain.get("metadata"), dict):
            plain["metadata"] = {key: item for key, item in metadata.items() if item is not None}
        return plain
    if isinstance(value, list):
        return sorted(map(_plain, value), key=json.dumps)
    return value


def objects(database: Path) -> list[tuple[Any, ...]]:
    """Every object that was ever made, deleted ones too: what was made twice, or deleted in between, is here twice."""
    return sorted(_query(database, _ROWS))


def _query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(sql).fetchall()


def earlier_runs(folder: Path) -> list[EarlierRun]:
    """The runs that left a journal in a folder, oldest first."""
    return Journals(folder / ".commet/runs").runs()
