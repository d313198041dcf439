"""What the rules of a plan share: how a finding is made, and the checks of amounts and currencies."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.money import EXPONENTS, Money, Scale, UnitPrice
from commetctl.core.values import KeyPath
from commetctl.kinds.currencies import unknown_currency
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet


@dataclass(frozen=True)
class PlanChecks:
    """One plan of a sheet, and what all of its rules need."""

    code: str
    spec: PlanSpec
    sheet: Sheet

    def _at(
        self, path: KeyPath, code: str, message: str, hint: str = "", lacks: tuple[KeyPath, ...] = (), fix: str = ""
    ) -> Finding:
        """A finding; both the path and what it lacks are inside the plan."""
        within = ("plans", self.code)
        return Finding((*within, *path), code, message, hint, tuple((*within, *lacking) for lacking in lacks), fix)

    @property
    def _lacks_model(self) -> tuple[KeyPath, ...]:
        return () if self.spec.consumption_model else (("consumption_model",),)

    def _currency(self, path: KeyPath, currency: str) -> Iterator[Finding]:
        yield from unknown_currency(("plans", self.code, *path), currency, self.sheet.contract)

    def _convertible(self, path: KeyPath, amount: Money) -> Iterator[Finding]:
        """Derived amounts must be exact in the API too."""
        for currency, rate in self.spec.exchange_rates.items():
            if currency in EXPONENTS and amount.converted(rate, currency).problem(self._scale(amount)):
                message = f"at this rate, {amount} becomes too large to be sent exactly"
                yield self._at((*path, currency), "bad_rate", message)

    def _wrong_model(self, path: KeyPath, model: str) -> Finding:
        return self._at(
            path,
            "wrong_model",
            f"only applies where `consumption_model` is `{model}`",
            f"set `consumption_model: {model}` on the plan, or remove `{path[-1]}`",
            self._lacks_model,
        )

    def _amount(self, path: KeyPath, amount: Money) -> Iterator[Finding]:
        yield from self._sendable(path, amount, self._scale(amount))

    def _balance(self, path: KeyPath, amount: Money) -> Iterator[Finding]:
        yield from self._sendable(path, amount, self.sheet.contract.balance_scale)

    def _sendable(self, path: KeyPath, amount: Money, scale: Scale) -> Iterator[Finding]:
        if problem := amount.problem(scale):
            yield self._at(path, "bad_amount", problem)

    def _scale(self, amount: Money) -> Scale:
        contract = self.sheet.contract
        return contract.unit_price_scale if isinstance(amount, UnitPrice) else contract.price_scale
