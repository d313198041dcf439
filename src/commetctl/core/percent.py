"""Percentages: how far one number is from another, as a calculator shows it."""

from decimal import Decimal
from fractions import Fraction

Number = Decimal | Fraction


def percent_text(before: Number, after: Number, limit: Decimal | None = None) -> str:
    """How far `after` is from `before`, in percent: `+20.5%`, `-10%`, `0%`, or `from zero` where there is no share.

    One digit after the point, rounded half up. More digits where one would mislead: a move must not read as none, what
    is left must not read as nothing (`-100%`), and a move beyond or below `limit`, in percent, must not read as the
    limit itself. A zero at the end is left out.
    """
    if before == after:
        return "0%"
    if not before:
        return "from zero"
    exact = (Fraction(after) - Fraction(before)) / abs(Fraction(before)) * 100
    marks = [Fraction(0), Fraction(-100)]
    if limit is not None:
        marks += [Fraction(limit), -Fraction(limit)]
    digits = 1
    while any(_side(_rounded(exact, digits), mark) != _side(exact, mark) for mark in marks):
        digits += 1
    return _written(_rounded(exact, digits), digits)


def _rounded(number: Fraction, digits: int) -> Fraction:
    """Half up, which for what goes down means away from zero; exact, where a quotient as a decimal is not."""
    whole = int(abs(number) * 10**digits + Fraction(1, 2))
    return Fraction(whole if number > 0 else -whole, 10**digits)


def _side(number: Fraction, mark: Fraction) -> int:
    return (number > mark) - (number < mark)


def _written(number: Fraction, digits: int) -> str:
    whole, part = divmod(int(abs(number) * 10**digits), 10**digits)
    point = f".{part:0{digits}d}".rstrip("0").rstrip(".")
    return f"{'+' if number > 0 else '-'}{whole}{point}%"
