"""The codes of what writes a catalog: pulling it from an account, and carrying over a configuration in code."""

from commetctl.reference.codes.code import Theme, error, notice, problem, refusal, warning

PULLS = Theme(
    "Pulling",
    "What stops a pull, and what it has to say of what it wrote.",
    (
        refusal(
            "not_editable",
            "An entry is written in a way that cannot be edited without changing what it means, through anchors and "
            "merges for example. The file is left as it is. Write the entry out, or pull into a new file.",
        ),
        refusal(
            "not_sayable",
            "What Commet has, or what a configuration says, cannot be said in a catalog; or the text that would be "
            "written does not mean it. A file that says something else is never written. Put it right in the "
            "dashboard, or pull something else with `--target`.",
        ),
        error(
            "no_parent",
            "The object after `--target` belongs to one that the file lacks. Give that one as a target too; the hint "
            "names it.",
        ),
        warning(
            "variable_replaced",
            "Commet has another value than a variable of the file holds, so the value stands there now, and counts "
            "wherever the file does. Set the variable, or keep the value.",
        ),
        warning("no_section", "The file has no section, so there is nothing to pull. Add `plans: {}`, for example."),
        warning(
            "wrong_mode",
            "The file says another `mode` than this organization has. Check that it is the account that you mean.",
        ),
        warning(
            "price_scale",
            "No price in the account proves what the integers of API version 2026-07-11 mean. Check one amount of "
            "the file against the dashboard before applying it.",
        ),
        warning(
            "balance_scale_assumed",
            "Included balances were read, or would be sent, in a scale that neither the file nor the account proves. A "
            "wrong one shows amounts a hundred times too large or too small. Check one balance against the dashboard, "
            "and set `balance_scale` in the file.",
        ),
        warning(
            "default_price",
            "A plan has not exactly one default price in Commet, or a configuration names none. The file names one; "
            "the next apply makes it so. Check that it is the right one.",
        ),
        warning(
            "half_derived",
            "A regional price is derived in one of its amounts and written out in the other, which a file cannot say. "
            "The file writes out both. Check them.",
        ),
        warning(
            "rate_missing",
            "A unit price is in a currency for which the plan has no exchange rate, which the file may not say, so it "
            "leaves it out. Give the plan that exchange rate in Commet.",
        ),
        warning(
            "not_understood",
            "Commet has something that this version of commetctl does not understand, or that a file has no way to "
            "say: a billing interval or a currency that is new, a market price, a variant, an offer, metadata of "
            "another client, a list that is missing, two objects that cannot be told apart. It stays as it is. `pull` "
            "leaves it out of the file, and `plan` blocks what would change or delete it. Upgrade commetctl, or change "
            "it in the dashboard.",
        ),
    ),
)

MIGRATION = Theme(
    "Carrying over a configuration",
    "What `commetctl pull --from` says of a configuration in code that becomes a catalog.",
    (
        refusal(
            "amounts_unit",
            "Nothing in the configuration says the unit of its amounts, and releases disagree by a factor of a "
            "hundred. It is never guessed. Compare one amount with the dashboard, and give `--amounts`.",
        ),
        error(
            "config_is_code",
            "The configuration is code, and commetctl runs none. Print it as JSON first; the hint has the command.",
        ),
        problem("not_json", "The configuration is not JSON. Print it with `JSON.stringify`; the hint has the command."),
        problem(
            "two_amounts",
            "A price has both `amount` and `amountInCents`. Keep the right one.",
        ),
        problem("default_interval", "`defaultInterval` names an interval for which the plan has no price."),
        problem("duplicate_interval", "A plan has two prices for the same interval. Keep one of them."),
        notice(
            "carried",
            "An object or an amount was carried over; of an amount, the number that it was and what it became.",
        ),
        warning(
            "not_carried",
            "Something of the configuration is left behind: a catalog cannot say it, or commetctl does not know the "
            "key. Where it matters, set it in the dashboard.",
        ),
        warning(
            "not_said",
            "The configuration has no key for something that a plan of this consumption model usually has. Add to the "
            "catalog what is true, or pull it from the account.",
        ),
        warning("renamed", "Something is called otherwise today, and is written by that name. It means the same."),
        warning("empty", "A key of the configuration says nothing, and is left out."),
        warning(
            "unit_price_scale",
            "Prices were read as dollars, as `--amounts major` says, and unit prices as ten-thousandths of a dollar, "
            "which is what they are in every release. Check each of them.",
        ),
        warning("unit_unused", "`--amounts` was given, and no amount needed it. It changed nothing."),
    ),
)
