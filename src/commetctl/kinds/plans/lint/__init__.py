"""What is probably not meant in plans that are valid, and in changes of them: rules by their code."""

from collections.abc import Callable, Iterable, Mapping

from commetctl.core.change import Change
from commetctl.kinds.plans.lint.currencies import currency_missing, public_without_price, regional_off_rate
from commetctl.kinds.plans.lint.features import dearer_includes_less, unused_feature
from commetctl.kinds.plans.lint.markets import market_currency_missing
from commetctl.kinds.plans.lint.prices import interval_proportion, odd_cents, trial_shortens, yearly_dearer
from commetctl.kinds.section import Finding, Sheet

LINT: Mapping[str, Callable[[Sheet], Iterable[Finding]]] = {
    rule.__name__: rule
    for rule in (
        public_without_price,
        currency_missing,
        market_currency_missing,
        yearly_dearer,
        interval_proportion,
        regional_off_rate,
        odd_cents,
        dearer_includes_less,
        unused_feature,
    )
}
LINT_CHANGES: Mapping[str, Callable[[Iterable[Change]], Iterable[Finding]]] = {"trial_shortens": trial_shortens}
