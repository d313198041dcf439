"""What is said about catalogs: texts written to real files, loaded and linted."""

from pathlib import Path

from commetctl.catalog import load
from commetctl.core.errors import Problem
from commetctl.review.lint import lint
from telling import warned

FEATURES = "features: {a: {name: Alpha, type: quota}, b: {name: Bravo, type: boolean}}\n"
QUOTAS = f"features: {{{', '.join(f'f{n}: {{name: Feature {n}, type: quota}}' for n in range(8))}}}\n"
NAMES = "features: {{a: {{name: {}, type: boolean}}, b: {{name: {}, type: boolean}}}}"


def linted(folder: Path, text: str | bytes) -> list[Problem]:
    """Every warning about a text that is a valid catalog; the first line, `version: 1`, is added."""
    file = folder / "commet.yaml"
    file.write_bytes(text if isinstance(text, bytes) else f"version: 1\n{text}\n".encode())
    return lint(load(file))


def codes(folder: Path, text: str | bytes) -> list[str]:
    """The code of each."""
    return [problem.code for problem in linted(folder, text)]


def said(folder: Path, text: str | bytes) -> list[str]:
    """Every line that is said, without the folder."""
    return [line.replace(f"{folder}/commet.yaml:", "") for line in warned(linted(folder, text))]


def plan(text: str, code: str = "pro", name: str = "Pro") -> str:
    """A file with one plan."""
    return f"plans:\n  {code}: {{name: {name}, {text}}}"


def prices(**amounts: str) -> str:
    """A plan with prices: the amount, or all of the entry."""
    written = [
        f"{interval}: {{{'' if ':' in amount else 'price: '}{amount}{', is_default: true' if not number else ''}}}"
        for number, (interval, amount) in enumerate(amounts.items())
    ]
    return plan(f"prices: {{{', '.join(written)}}}")


def tiers(*plans: str, model: str = "") -> str:
    """Public plans called `a`, `b` and so on, each the rest of its entry."""
    head = "visibility: public" + (f", consumption_model: {model}" if model else "")
    names = ("Alpha", "Bravo", "Charlie", "Delta", "Echo")
    entries = [
        f"  {name[0].lower()}: {{name: {name}, {head}, {rest}}}" for name, rest in zip(names, plans, strict=False)
    ]
    return "\n".join(["plans:", *entries])


def monthly(amount: str, rest: str = "") -> str:
    """One monthly price, and more of its entry."""
    return f"prices: {{monthly: {{price: {amount}{', ' + rest if rest else ''}}}}}"


def regional(rest: str, rates: str = "", price: str = "49.00") -> str:
    """A monthly price with regional ones, and exchange rates."""
    exchange = f", exchange_rates: {{{rates}}}" if rates else ""
    return plan(f"prices: {{monthly: {{price: {price}, regional_prices: {{{rest}}}}}}}{exchange}")


def in_market(currency: str, rest: str, price: str = "") -> str:
    """A monthly price with one in a market, and more of the plan and of the price."""
    more = f", {price}" if price else ""
    in_it = f"market_prices: {{brazil: {{currency: {currency}, price: 199.00}}}}"
    markets = "markets: {brazil: {name: Brazil, countries: [BR]}}\n"
    return markets + plan(f"{rest}, prices: {{monthly: {{price: 49.00, {in_it}{more}}}}}")


def overage(base: str, rest: str, rates: str) -> str:
    """Unit prices of overage."""
    feature = f"a: {{overage: {{unit_price: {base}, regional_prices: {{{rest}}}}}}}"
    return plan(f"consumption_model: metered, {monthly('49.00')}, features: {{{feature}}}, exchange_rates: {{{rates}}}")


def balances(usd: str, eur: str) -> str:
    """A price with balances."""
    price = (
        f"price: 40.00, included_balance: {usd}, regional_prices: {{eur: {{price: 37.00, included_balance: {eur}}}}}"
    )
    return plan(f"consumption_model: balance, prices: {{monthly: {{{price}}}}}, exchange_rates: {{eur: 0.92}}")


def implied(*amounts: str) -> str:
    """Plans at 100 dollars with a price in euros each, and no exchange rate."""
    return tiers(*(monthly("100.00", f"regional_prices: {{eur: {amount}}}") for amount in amounts))


def packs(*amounts: str) -> str:
    """Credit packs at these prices."""
    names = ("Small", "Middle", "Large")
    found = [f"{n.lower()}: {{name: {n}, credits: 9, price: {a}}}" for n, a in zip(names, amounts, strict=False)]
    return f"credit_packs: {{{', '.join(found)}}}"


def addon(rest: str, feature: str = "a", price: str = "5.00") -> str:
    """A file with one add-on, to which more can be added."""
    return f"addons:\n  extra: {{name: Extra, feature: {feature}, base_price: {price}, {rest}}}\n"


def offered(phases: str, more: str = "") -> str:
    """An offer that a promo code gives, plans in US dollars, in euros too, and in markets; `more` is of the code.

    Without `plans` in it, the code is for the first two.
    """
    home, abroad = monthly("49.00"), monthly("49.00", "regional_prices: {eur: 45.00}")
    rows = "market_prices: {br: {currency: brl, price: 199.00}}"
    brazil, test = monthly("49.00", rows), "market_prices: {br: {currency: cop, price: 99.00}}"
    tested = monthly("49.00", f"{rows}, variants: {{b: {{{test}}}}}")
    named = {"home": home, "abroad": abroad, "brazil": brazil, "tested": tested}
    plans = ", ".join(f"{code}: {{name: {code.title()}, {prices}}}" for code, prices in named.items())
    plans = f"markets: {{br: {{name: Brazil, countries: [BR]}}}}\nplans: {{{plans}}}"
    more = more if "plans:" in more else f"{more}, plans: [home, abroad]"
    return (
        f"{plans}\noffers: {{half: {{name: Half, phases: [{phases}]}}}}\npromo_codes: {{HALF: {{offer: half{more}}}}}"
    )
