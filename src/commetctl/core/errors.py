"""The errors that commetctl reports on purpose; anything else is a bug.

CommetctlError
├── InvalidCatalog      the file: every problem with its place
├── ApiError            an answer of the API that is an error
│   ├── NotPermitted    no key, or the key is not accepted or not permitted
│   └── Charged         a purchase that was charged, or may have been, and is not as it should be
├── Unreachable         no answer at all, or one that is not from the API
└── Refused             a guard said no
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from commetctl.core import exits
from commetctl.core.resource import Address, Origin


class CommetctlError(Exception):
    """Something the user can act on: what is wrong, and a hint that says what to do.

    `address` names the object that it is about, where it is about one.
    """

    exit_code = exits.FAILED
    code = "error"

    def __init__(
        self, message: str, hint: str = "", *, code: str | None = None, address: Address | str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code
        self.address = str(address or "")
        #: Whether an earlier attempt of the same request failed in a way that leaves open whether it was carried out.
        self.after_doubt = False

    def about(self, address: Address) -> Self:
        """The same error with the address of its object, which the code that raised it does not have."""
        same = type(self).__new__(type(self), *self.args)
        same.__dict__.update(self.__dict__, address=str(address))
        return same


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a catalog: where, which object, what, and what to do."""

    code: str
    message: str
    hint: str = ""
    origin: Origin | None = None
    address: str = ""


class InvalidCatalog(CommetctlError):
    """The catalog file cannot be used; all of its problems, in the order of the file."""

    exit_code = exits.INVALID
    code = "invalid_catalog"

    def __init__(self, file: str, problems: Sequence[Problem], *, message: str = "", hint: str = "") -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(message or f"{file} has {count}", hint)
        self.problems = tuple(problems)


class ApiError(CommetctlError):
    """An error that the API answered, with what support needs to find it."""

    code = "api_error"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: str = "api_error",
        status: int = 0,
        request_id: str = "",
        doc_url: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint, code=code)
        self.status = status
        self.request_id = request_id
        self.doc_url = doc_url
        #: In how many seconds the API wants to be asked again, where it says so.
        self.retry_after = retry_after


class NotPermitted(ApiError):
    """There is no key, or the API does not accept it, or it may not do this."""

    exit_code = exits.NOT_PERMITTED


class Charged(ApiError):
    """A customer was charged for a purchase, or may have been, and what came of it is wrong or not known."""

    exit_code = exits.PARTLY


class Unreachable(CommetctlError):
    """No answer came, or one that did not come from the Commet API.

    `unsent` says that the request certainly did not arrive, `transient` that another attempt may succeed.
    """

    code = "unreachable"

    def __init__(
        self, message: str, hint: str = "", *, code: str | None = None, transient: bool = False, unsent: bool = False
    ) -> None:
        super().__init__(message, hint, code=code)
        self.transient = transient
        self.unsent = unsent


class Refused(CommetctlError):
    """A guard refused to go on; nothing was written."""

    exit_code = exits.REFUSED
    code = "refused"
