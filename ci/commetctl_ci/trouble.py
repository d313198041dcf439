"""What stops a script of ours on purpose: one sentence that says what is wrong, and what to do."""


class Trouble(Exception):
    """Something that whoever set up the job can act on; ends the step."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.message = message
        #: What the server answered, where one did.
        self.status = status

    @property
    def forbidden(self) -> bool:
        """Whether the token is what is missing, or what it may do."""
        return self.status in (401, 403, 404)


class NoList(Trouble):
    """The server answered something else where a list is documented."""
