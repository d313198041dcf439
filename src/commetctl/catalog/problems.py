"""Problems of findings: what is wrong at a path of a document, at the place of its key or of its value."""

from commetctl.catalog.data import Document
from commetctl.catalog.places import is_about_key
from commetctl.catalog.variables import used
from commetctl.core.errors import Problem
from commetctl.core.text import of_field
from commetctl.kinds import locate
from commetctl.kinds.section import Finding


def problem(finding: Finding, document: Document) -> Problem:
    """A finding as a problem of the object that its path leads to, at the place of the key or of the value."""
    found = locate(finding.path)
    rest = found[1] if found else finding.path
    name = document.dotted(finding.path, len(finding.path) - len(rest))
    what = of_field(name, finding.message) if rest else finding.message
    key = is_about_key(finding.code, finding.path, document.data)
    origin = document.origin(finding.path, key=key, odd=finding.code == "odd_space")
    address, path = str(found[0]) if found else "", document.dotted(document.written(finding.path))
    # Of the text of a variable, no part can be written in its place.
    fix = "" if used(origin.text if origin else "") else finding.fix
    return Problem(finding.code, what, finding.hint, origin, address, fix, path)
