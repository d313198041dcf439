"""Parsing and validating ten thousand lines, against parsing them alone."""

from collections.abc import Iterator

from bench import catalogs
from bench.measure import commetctl, in_turn, python
from bench.report import Result, timed
from bench.setting import Setting

#: About ten thousand lines.
PLANS = 127
_PARSE = """\
import sys
from ruamel.yaml.cyaml import CSafeLoader
with open(sys.argv[1], encoding='utf-8') as file:
    assert CSafeLoader(file.read()).get_single_node()
"""


def results(setting: Setting) -> Iterator[Result]:
    """`validate` against the C parser."""
    catalog = setting.file("commet.yaml", catalogs.catalog(PLANS))
    command = commetctl(setting.folder, "validate", "-f", str(catalog))
    ours, theirs = in_turn([command, python(setting.folder, _PARSE, str(catalog))], setting.rounds(11, 5))
    what, against = "`validate`, 10,000 lines", "the C parser"
    yield timed("parsing.validate", what, against, 3.0, ours, theirs)
