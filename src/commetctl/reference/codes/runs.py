"""The codes of plans and runs: what stops a plan, a saved plan, an apply or a purchase, and what becomes of changes."""

from commetctl.reference.codes.code import Theme, error, notice, refusal

PLANS = Theme(
    "Plans and saved plans",
    "What stops a plan from being made or applied, and what it remarks on.",
    (
        error(
            "bad_address",
            "What was given as an address is none. Addresses are written as `commetctl plan` prints them: "
            "`plan_price.pro/monthly`. `commetctl explain` lists their forms.",
        ),
        error(
            "unknown_target",
            "The address after `--target` is neither in the file nor in Commet. A plan of nothing would look like a "
            "plan without changes, so it is an error. Correct the address.",
        ),
        error(
            "not_deleted",
            "The address after `--allow-delete` is not deleted by this plan, or goes along with another object. It is "
            "probably a slip, and the permission would be lost on something else. Name what `commetctl plan` shows "
            "with a `-`.",
        ),
        error(
            "bad_source",
            "What begins with `git:` names no file of a revision. Give `git:REV` or `git:REV:PATH`, with a path "
            "relative to the current folder.",
        ),
        error(
            "no_git",
            "A source that begins with `git:` needs git, which is not installed or did not answer. Install it, or "
            "name a file.",
        ),
        error(
            "unknown_environment",
            "There is no overlay for the environment: `commet.NAME.yaml` beside `commet.yaml` does not exist. The "
            "hint names those that there are.",
        ),
        error(
            "same_account",
            "`diff` was asked to compare two environments, and both lead to the same account. That they do not differ "
            "would prove nothing. Give each environment a key of its own.",
        ),
        notice(
            "shadowed",
            "A value has changed for all environments, and the overlay of this one says something else, so nothing "
            "changes here. Change it in the overlay too, if this environment is meant.",
        ),
        notice(
            "not_compared",
            "A field is not known of one of two environments, since Commet does not reveal it, so it is not compared. "
            "Apply a catalog that declares it there, and commetctl remembers it.",
        ),
        refusal(
            "moved",
            "Commet has changed between the plan that was shown and the first write. What was agreed to is not any "
            "more what would be done, so nothing was written. Run it again, and look at the new plan.",
        ),
        refusal(
            "not_confirmed",
            "Nobody said yes: the answer was another word, or there is no terminal to ask on. Nothing was written. "
            "In CI, give `--yes`. A purchase in a sandbox does not need it.",
        ),
        refusal(
            "plan_options",
            "The saved plan was made with `--prune` or a `--target` that this command does not give, or this command "
            "gives one that the plan was made without. A plan file does not choose what is changed or deleted: the "
            "command line does, and both have to say the same. Review the plan, and give the options that the message "
            "names.",
        ),
        refusal(
            "plan_stale",
            "The catalog or the account is not any more what the saved plan was made for; the message says what has "
            "moved. Or the account looks the same, and something in it was changed after the plan was made: the plan "
            "may have been applied and undone. Make the plan again, and have it reviewed again.",
        ),
        refusal(
            "plan_expired",
            "The saved plan changes something for which Commet gives no time of its last change, so nothing would show "
            "that it was applied before and undone. Such a plan is good for 7 days, or for 24 hours if it changes "
            "objects whose list has no times at all, such as credit packs. Make the plan again, and have it reviewed "
            "again.",
        ),
        refusal(
            "plan_target",
            "The saved plan is for another address, API version, environment or mode than this run. Give the options "
            "that it was made with, or make it again.",
        ),
        refusal("plan_spent", "The saved plan was applied before, and a plan works once. Make a new one."),
        refusal(
            "plan_tampered",
            "The saved plan does not match its own digest, or what it says is not what the catalog and the account "
            "lead to. It was damaged, or changed by hand. Make it again.",
        ),
        refusal(
            "plan_version",
            "The saved plan was made by another version of commetctl, or in another plan format. Make it again with "
            "this version.",
        ),
        refusal(
            "plan_unreadable",
            "The file is no saved plan, is not a regular file, or is too large to be one. Make one with "
            "`commetctl plan --out FILE`.",
        ),
        error("plan_unreadable", "The file of the saved plan cannot be opened; the message says why. Check its name."),
        notice(
            "same_name",
            "A new object has the name of one that the file does not declare: perhaps it is the same under another "
            "code. A code cannot be changed. If the new one replaces it, hide or delete the old one as well.",
        ),
        notice(
            "inactive_pack",
            "A pack is declared inactive and is not listed. The API lists active packs only, so it is taken as done, "
            "and its other fields cannot be compared.",
        ),
        notice(
            "restored",
            "An earlier run of the same command was interrupted after it had cleared this object and before it wrote "
            "it back. The journal of that run says what it was, and this run writes it back.",
        ),
        notice(
            "section_dropped",
            "A section that one catalog has is missing in the other: what it declared is not managed any more, and "
            "stays in Commet. To delete it, keep the key with nothing in it, and apply with `--prune`.",
        ),
    ),
)

RUNS = Theme(
    "Applying, and buying a pack",
    "What becomes of a run once it is agreed to.",
    (
        error(
            "ignored_field",
            "Commet accepted a request and did not take a field of it: its answer says another value than was sent. "
            "The change counts as failed. Compare the object in the dashboard, and report it to Commet.",
        ),
        error(
            "not_as_confirmed",
            "Commet confirmed a change, and when the account was read back at the end it was not so. Somebody may "
            "have changed it in the same minute; a regional value that was written out may be kept where it was to "
            "become derived. Run `commetctl plan` to see what is left.",
        ),
        error(
            "changed_beside",
            "When the account was read back at the end, an object was not as the confirmed requests leave it, and no "
            "change of this run was about it. Somebody else may have been at work, or Commet changed it along with "
            "something else. Run `commetctl plan` to compare.",
            5,
        ),
        error(
            "half_done",
            "A step of several requests stopped half way: it changed this object on its way to something else, and "
            "did not write it back. The API can clear the regional prices of a price only all at once, for example. "
            "Run the same command again, with the same options: it writes back what was cleared.",
            5,
        ),
        error(
            "another_object",
            "The answer to a request is about another object than the request was, so nothing confirms the change. "
            "Run `commetctl plan` to see what is there, and report it to Commet.",
        ),
        error(
            "not_read_back",
            "Everything was sent and confirmed, and the account could not be read again afterwards, so it is not "
            "proven. Run `commetctl plan`: no changes means that it holds.",
        ),
        error(
            "partly_applied",
            "Some changes were made and some failed. Fix the cause and run `commetctl apply` again to do the rest; "
            "`commetctl plan` shows what is left.",
            5,
        ),
        error(
            "in_flight",
            "A request was under way when the run was interrupted the second time, so whether it took is not known. "
            "Run `commetctl plan` to see.",
        ),
        error(
            "interrupted",
            "The run was interrupted. What was in flight came to its end, and nothing more was begun. Run it again to "
            "do the rest.",
            130,
        ),
        notice(
            "skipped",
            "A change was not tried, because what it needs was not done or the run had stopped. It stands in the "
            "outcomes of the JSON document. Run it again when the reason is gone.",
        ),
        refusal(
            "wrong_mode",
            "An answer shows that the key belongs to another organization than the plan was made for: live where a "
            "sandbox was expected, or the reverse. The run stops at once. What was just written is there: check it in "
            "the dashboard.",
        ),
        refusal(
            "price_scale",
            "With API version 2026-07-11, the prices of the account prove that its integers mean something else than "
            "`price_scale` says. Going on would bill a hundred times too much or too little. Set `price_scale` as the "
            "hint says, or use API version 2026-08-27.",
        ),
        refusal(
            "busy",
            "Another run on this account is at work in this folder. Two at once could mix what they write. Wait for "
            "its end.",
        ),
        error(
            "journal",
            "The journal of the run cannot be written, and without one nothing is: after a crash, nobody would know "
            "what was under way. Make the folder writable, or name another with `--journal`.",
        ),
        error(
            "unknown_pack",
            "The word is not a key under `credit_packs:` of the file. The key is what the file calls a pack, not its "
            "name.",
        ),
        error(
            "pack_not_live",
            "The pack is declared, and Commet's list of active packs does not have it. Run `commetctl apply` first. A "
            "pack that is not active can be found by its `id:` only; `is_active: true` beside it sells it again.",
        ),
        error(
            "pack_inactive",
            "The pack is not for sale: the file declares it inactive, or Commet lists it as not active. Nothing was "
            "charged. Remove `is_active: false`, and run `commetctl apply`.",
        ),
        refusal(
            "pack_ambiguous",
            "Two packs in Commet could be meant: they have the same name, or the same id with other content. Nothing "
            "was charged. Name the one to buy with `id:` in its entry, or rename the other in the dashboard.",
        ),
        refusal(
            "pack_differs",
            "Commet sells the pack at another price, in another currency or with other credits than the file declares. "
            "Nothing was charged. Run `commetctl apply` to sell it as the file says, or declare what Commet has.",
        ),
        error(
            "no_credits",
            "The subscription has no credits, since its plan is not on the credits model. Packs can be bought on "
            "credits plans only.",
        ),
        error(
            "credits_differ",
            "The pack was bought, and the credits of the subscription did not grow by what it gives. Usage in between "
            "counts too. Compare the subscription in the dashboard. For an hour, the same command does not charge "
            "again.",
            5,
        ),
        error(
            "charge_in_doubt",
            "The customer may have been charged: the answer to the purchase was lost, or was an error of the server. "
            "For an hour, the same command is safe: it sends the same request under the same key, for which Commet "
            "charges once. Later, look in the dashboard first.",
            5,
        ),
        error(
            "charge_unclear",
            "Commet accepted the purchase, and its answer does not say how many credits it bought. Look in the "
            "dashboard what the customer was charged and given. For an hour, the same command does not charge again.",
            5,
        ),
        error(
            "charge_differs",
            "Commet accepted the purchase, and its answer gives another price, pack, subscription, mode or number of "
            "credits than was agreed to. Look in the dashboard what the customer was charged, and report it to Commet. "
            "For an hour, the same command does not charge again.",
            5,
        ),
        error(
            "charge_not_read_back",
            "Commet confirmed the purchase, and the credits of the subscription could not be read afterwards. For an "
            "hour, the same command looks again and does not charge again.",
            5,
        ),
    ),
)
