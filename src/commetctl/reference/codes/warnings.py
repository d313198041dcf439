"""The codes of the warnings about a catalog: what is valid and probably not meant."""

from commetctl.reference.codes.code import Theme, error, warning

WARNINGS = Theme(
    "Warnings about the catalog",
    "What is valid and probably not meant. With `--strict` each is an error, and the exit code is 3. Where one is "
    "meant, `# commetctl: ignore=CODE reason` at the end of its line says so. [Warnings](../lint.md) has an example of "
    "each.",
    (
        warning(
            "public_without_price",
            "A public plan that is not free has no price: it is shown, and nobody can buy it. Add `prices:`, or make "
            "it free or private.",
            strict=True,
        ),
        warning(
            "currency_missing",
            "A plan or a price lacks a currency that its neighbours have. Customers in that currency see a plan less, "
            "or the price in US dollars. Add the regional price, or an exchange rate.",
            strict=True,
        ),
        warning(
            "yearly_dearer",
            "A yearly price is more than twelve monthly ones. Who commits to a year should not pay for it. Check the "
            "digits of both.",
            strict=True,
        ),
        warning(
            "interval_proportion",
            "Two prices of a plan do not fit each other: the longer interval costs more for the same time, or no more "
            "than one payment of the shorter, or less than three tenths. That is a missing digit more often than an "
            "offer.",
            strict=True,
        ),
        warning(
            "regional_off_rate",
            "An amount in another currency is less than half, or more than one and a half times, what the exchange "
            "rate makes of the amount in US dollars. Check the digits, and the currency.",
            strict=True,
        ),
        warning(
            "odd_cents",
            "A price ends in cents that prices seldom end in, or looks like cents that were written without a point, "
            "as `4900` for `49.00`. Write amounts as on a price tag.",
            strict=True,
        ),
        warning(
            "dearer_includes_less",
            "Of two public plans with the same consumption model, the dearer one lacks a feature of the cheaper one, "
            "or includes less of it. Add what is missing, or say why it is meant.",
            strict=True,
        ),
        warning(
            "unused_feature",
            "A feature is declared, and no plan of the file names it. It is a leftover, or was forgotten in the "
            "plans. A plan that says `false` names it.",
            strict=True,
        ),
        warning(
            "near_duplicate_name",
            "Two features, plans or packs have nearly the same name. Probably one of them is a second copy. Rename or "
            "remove it.",
            strict=True,
        ),
        warning(
            "overlay_repeats",
            "The overlay of an environment says what is there without it. It changes nothing now, and keeps a later "
            "change of that value from this environment. Remove it from the overlay.",
            strict=True,
        ),
        warning(
            "trial_shortens",
            "The trial of a price becomes shorter, or none. A trial that has begun keeps its end, but an offer or a "
            "contract may promise the longer one. `plan` and `diff` say it, since it is about a change.",
            strict=True,
        ),
        warning(
            "ignore_without_reason",
            "A comment `# commetctl: ignore=…` does not say why. It still silences what it names. Write the reason "
            "after the codes, for whoever reads it next year.",
            strict=True,
        ),
        warning(
            "unknown_ignore",
            "A comment `# commetctl: ignore=…` names no code, or one that is no warning. Problems and refusals cannot "
            "be silenced.",
            strict=True,
        ),
        warning(
            "unused_ignore",
            "A comment `# commetctl: ignore=…` silences nothing: what it was about has been corrected, or it does not "
            "stand at the key. Remove it, or move it there.",
            strict=True,
        ),
        error(
            "unclean_catalog",
            "The catalog is valid and has warnings, and `--strict` does not allow any. Correct them, or say which of "
            "them are meant.",
            3,
        ),
        error(
            "invalid_catalog",
            "The catalog cannot be used, because of the problems above it, each with its place and its own code. "
            "Nothing was sent.",
            3,
        ),
    ),
)
