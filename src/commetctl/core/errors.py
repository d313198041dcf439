"""The errors that commetctl reports; any other exception is a bug.

CommetctlError
├── InvalidCatalog      the file: every problem with its place
├── ApiError            an answer of the API that is an error
│   ├── NotPermitted    no key, or the key is not accepted or not permitted
│   └── Charged         a customer who was or may have been charged, and a result that is wrong or not known
├── Unreachable         no answer at all, or one that is not from the API
└── Refused             a guard, or the user, refused
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from commetctl.core import exits
from commetctl.core.resource import Address, Origin
from commetctl.core.secrets import without_secrets


class CommetctlError(Exception):
    """A failure that the user can act on: a message, a hint that says what to do, and the address of the object."""

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
        #: Whether an earlier attempt of the same request may have been carried out.
        self.after_doubt = False

    def about(self, address: Address) -> Self:
        """A copy of the error with the address of the object that it is about."""
        same = type(self).__new__(type(self), *self.args)
        same.__dict__.update(self.__dict__, address=str(address))
        return same


@dataclass(frozen=True)
class Problem:
    """One mistake in a catalog: its place, the object, what is wrong, and what to do.

    `fix` is what should be written at the place, where only one thing can be meant; `path` is the place in the data of
    the file, such as `plans.pro.prices.monthly`.
    """

    code: str
    message: str
    hint: str = ""
    origin: Origin | None = None
    address: str = ""
    fix: str = ""
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Take out what must not be printed, as a text may quote anything that was pasted into a file."""
        for name in ("message", "hint", "address", "path"):
            object.__setattr__(self, name, without_secrets(getattr(self, name)))
        if self.fix != without_secrets(self.fix):
            object.__setattr__(self, "fix", "")


class InvalidCatalog(CommetctlError):
    """A catalog that cannot be used, with all of its problems in the order of the file."""

    exit_code = exits.INVALID
    code = "invalid_catalog"

    def __init__(self, file: str, problems: Sequence[Problem], *, message: str = "", hint: str = "") -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(message or f"{file} has {count}", hint)
        #: What it says beside its problems; empty where that is only how many there are.
        self.summary = message
        self.problems = tuple(problems)


class ApiError(CommetctlError):
    """An error in an answer of the API, with what support needs to find it."""

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
        #: In seconds, when the API asks to be called again.
        self.retry_after = retry_after


class NotPermitted(ApiError):
    """There is no key, the API does not accept it, or it lacks a permission."""

    exit_code = exits.NOT_PERMITTED


class Charged(ApiError):
    """A customer was charged for a purchase, or may have been, and the result is wrong or not known."""

    exit_code = exits.PARTLY


class Unreachable(CommetctlError):
    """No answer, or an answer that is not from the Commet API.

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
    """A guard or the user refused; nothing was written. `lift` is the option that lets it through, if one does."""

    exit_code = exits.REFUSED
    code = "refused"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: str | None = None,
        address: Address | str | None = None,
        lift: str = "",
    ) -> None:
        super().__init__(message, hint, code=code, address=address)
        self.lift = lift
