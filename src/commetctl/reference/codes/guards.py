"""The codes of the guards: reasons not to apply a plan, found before the first write."""

from commetctl.reference.codes.code import Theme, refusal

GUARDS = Theme(
    "Guards",
    "Reasons not to apply a plan, found before anything is written. `plan` warns of them, `apply` refuses. "
    "[Guards](../cli.md#guards) says how each is counted.",
    (
        refusal(
            "mode",
            "The organization is not the one that the file and the flags mean: live where the file says "
            "`mode: sandbox`, a sandbox where it says `mode: live`, or live where nothing allows that. A purchase "
            "that would charge a live customer is refused the same way. Use the right key; `mode: live` in the file "
            "or `--live` allows a live organization.",
        ),
        refusal(
            "blocked",
            "At least one change cannot be made: the API has no way to make it, or `lifecycle` protects the object. "
            "Half of a pricing change is seldom what was wanted, so nothing is applied. The plan shows the way out of "
            "each; `--target` applies others without it.",
        ),
        refusal(
            "scale_unproven",
            "API version 2026-07-11 leaves open what the integers of its prices mean, and no price of this live "
            "organization proves it: there is none, all are zero, or version 2026-08-27 does not answer them. "
            "`price_scale` in the file is a choice and no proof. Use API version 2026-08-27, or make one price in the "
            "dashboard, with which the scale is compared. A run that sends no price and no balance is not refused.",
        ),
        refusal(
            "balance_scale",
            "Commet's pages contradict each other on whether `included_balance` travels in minor units or in "
            "ten-thousandths. A live organization gets a balance only where `balance_scale` in the file says which, or "
            "a subscription proves it. Where the subscriptions show another scale than is taken, nothing is written or "
            "pulled in any mode. Find out in a sandbox, and set `balance_scale`.",
        ),
        refusal(
            "scale",
            "An amount or an exchange rate moves by ×100 or ÷100: exactly, or but for the rounding of what Commet "
            "derives. Every amount that customers pay or get counts, in whatever form: written or derived, prices, "
            "included balances, credits and what a unit takes of them. That is nearly always cents taken for dollars, "
            "or the reverse. If it is meant, give `--allow scale`.",
        ),
        refusal(
            "price_change",
            "An amount that customers pay moves by more than `max_price_change`, up or down, or away from nothing: "
            "zero, none, free or unlimited. So does one that they get for it. A currency that goes counts too, because "
            "its customers have the US dollar price from then on. If it is meant, give `--allow price_change`, or set "
            "the limit under `policy:`.",
        ),
        refusal(
            "deletes",
            "More objects go than `max_deletes` lets pass. A list that was cut short, or a section that lost its "
            "lines, looks just like that. If it is meant, give `--allow deletes`, or set the limit under `policy:`.",
        ),
        refusal(
            "updates",
            "More objects change than `max_updates` lets pass. If it is meant, give `--allow updates`, or set the "
            "limit under `policy:`.",
        ),
        refusal(
            "in_use",
            "A plan, a price, a regional price, a plan feature or a feature is to be deleted, and subscriptions use "
            "it; or whether they do is not known. Move the customers first, or give `--allow-delete ADDRESS` for each "
            "that is to go all the same.",
        ),
    ),
)
