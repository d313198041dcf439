"""What the rules of a plan share: how a finding is made, and the checks of amounts and currencies."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.contract import V2026_08_27
from commetctl.core.money import EXPONENTS, Money, Scale, UnitPrice
from commetctl.core.values import KeyPath
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Finding, Sheet

OTHER_VERSION = f"use API version {V2026_08_27.version}, the default"


@dataclass(frozen=True)
class PlanChecks:
    """One plan of a sheet, and what all of its rules need."""

    code: str
    spec: PlanSpec
    sheet: Sheet

    def _at(self, path: KeyPath, code: str, message: str, hint: str = "", lacks: tuple[KeyPath, ...] = ()) -> Finding:
        """A finding; both the path and what it lacks are inside the plan."""
        within = ("plans", self.code)
        return Finding((*within, *path), code, message, hint, tuple((*within, *lacking) for lacking in lacks))

    @property
    def _lacks_model(self) -> tuple[KeyPath, ...]:
        return () if self.spec.consumption_model else (("consumption_model",),)

    def _currency(self, path: KeyPath, currency: str) -> Iterator[Finding]:
        if currency in self.sheet.contract.currencies:
            return
        if currency in EXPONENTS:
            message = f"`{currency}` is not a currency of API version {self.sheet.contract.version}"
            yield self._at(path, "currency_not_in_version", message, OTHER_VERSION)
            return
        near = currency.lower() if currency.lower() in EXPONENTS else None
        hint = f"write `{near}`" if near else "known: " + ", ".join(sorted(self.sheet.contract.currencies))
        yield self._at(path, "unknown_currency", f"`{currency}` is not a currency that Commet prices in", hint)

    def _convertible(self, path: KeyPath, amount: Money) -> Iterator[Finding]:
        """Derived amounts must be exact in the API too."""
        for currency, rate in self.spec.exchange_rates.items():
            if currency in EXPONENTS and amount.converted(rate, currency).problem(self._scale(amount)):
                message = f"at this rate, {amount} becomes more than can be sent exactly"
                yield self._at((*path, currency), "bad_rate", message)

    def _wrong_model(self, path: KeyPath, model: str) -> Finding:
        return self._at(
            path,
            "wrong_model",
            f"only means something where `consumption_model` is `{model}`",
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
