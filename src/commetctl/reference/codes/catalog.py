"""The codes of what is wrong with a catalog, before any rule of billing: the file, its keys and its values."""

from commetctl.reference.codes.code import Theme, problem

FILE = Theme(
    "The file",
    "What is wrong with the file as such, or with the way in which several files make one catalog.",
    (
        problem(
            "empty",
            "There is nothing in the file. An empty file could be a lost one, so it does not stand for a catalog "
            "without objects. Begin it with `version: 1`; a section that is to declare nothing is written `plans: {}`.",
        ),
        problem(
            "too_large",
            "The file, together with those that it includes, has more than 1 MiB. Ten thousand lines are about "
            "400 kB, so it is rather another file than a catalog. Check the name.",
        ),
        problem(
            "too_many_values",
            "The file has more than 200,000 values, or repeats more than 50,000 of them through aliases. The limit "
            "keeps a small file from keeping a machine busy. Write out what the aliases stand for, or split the "
            "catalog.",
        ),
        problem(
            "too_deep",
            "The file is nested more than 24 levels deep. No catalog needs half of that: look for an indentation that "
            "went wrong.",
        ),
        problem("not_utf8", "The file is not UTF-8 text. Save it as UTF-8; the message names the first wrong place."),
        problem(
            "not_unicode",
            'An escape stands for half of a character, such as `"\\ud800"`. It cannot be sent or shown. Write the '
            "character itself.",
        ),
        problem(
            "yaml_syntax",
            "The file is not YAML, or holds more than one document. Usual causes are a tab as indentation, a bracket "
            "that is not closed, and text with `: ` in it that has no quotes. Nothing else is said about the file "
            "until it can be read.",
        ),
        problem(
            "not_a_mapping",
            "The top level of the file is a list or a single value. A catalog is keys with values: begin it with "
            "`version: 1`.",
        ),
        problem(
            "duplicate_key",
            "A key stands twice in a mapping, or two files of a catalog declare the same object. Readers of YAML "
            "silently take one of the two; which price that would be is not left to chance here. Remove one.",
        ),
        problem(
            "bad_key",
            "A key is not a word: it is a list, a mapping or nothing. Put it in quotes if it is meant as a word.",
        ),
        problem(
            "bad_merge",
            "`<<` is followed by something that cannot be merged. Point it at an anchor of a mapping, or at a list of "
            "such anchors.",
        ),
        problem("tag", "A YAML tag such as `!!python/object` has no meaning in a catalog. Remove it."),
        problem(
            "unknown_version",
            "`version` is not 1, or `schemaVersion` is not, in a configuration that is migrated. What a later format "
            "means is not known to this version of commetctl, so nothing else is said about the file. Upgrade "
            "commetctl, or correct the number.",
        ),
        problem(
            "bad_include",
            "A file under `include:` cannot be used: it does not exist, is listed twice, lies outside of the folder "
            "of the catalog, is hidden or is not YAML by its name. What a catalog may read is kept to its own folder, "
            "so that a pull request cannot make anything else readable. Correct the list, or make the file.",
        ),
        problem(
            "misplaced_key",
            "A key stands in a file where it does not count. `mode`, `policy` and the other settings belong into the "
            "main file, or into the overlay of an environment; only the main file includes others. Move it there.",
        ),
        problem(
            "bare_key",
            "Nothing is written after a key. To YAML that is `null`, as if the key were not there; a value that was "
            "forgotten, or lines that were commented out, must not decide what customers are offered. Write a value, "
            "`{}` for an empty mapping, or remove the key; an explicit `null` stands for a key that is not there, and "
            "in an overlay takes it away.",
        ),
        problem(
            "decimal_comma",
            "A number has a comma. Between braces a comma ends the number, so that `{eur: 45,90}` would be 45 euros "
            "and a key `90`. Write a point before decimals, and nothing between thousands. `1,500` may be either, so "
            "the hint names both.",
        ),
        problem(
            "nothing_to_remove",
            "An overlay takes away with `null` what the catalog does not have. It is a slip, or a leftover. Remove "
            "the key from the overlay.",
        ),
        problem(
            "bad_variable",
            "What looks like a variable is none: the name has other characters than letters, digits and `_`, the "
            "brace is not closed, it stands in a key, or its value is longer than any text of a catalog. Variables "
            "are written `${COMMETCTL_VAR_name}`; `$${COMMETCTL_VAR_name}` is plain text.",
        ),
        problem(
            "undefined_variable",
            "A variable of the file is not set in the environment, or is empty. A value that is missing by accident "
            "would silently have its default, so it is an error. Set the variable, also in CI.",
        ),
    ),
)

VALUES = Theme(
    "Keys and values",
    "What is wrong with a single key or a single value.",
    (
        problem(
            "unknown_key",
            "The object has no such key. It may be a slip of the pen, or stand a level too high or too low. The hint "
            "names the key that was probably meant; `commetctl explain KIND` lists those that there are.",
        ),
        problem(
            "missing_key",
            "A key is missing that has to be there and has no default. Add it; `commetctl explain KIND` says what it "
            "takes.",
        ),
        problem(
            "bad_value",
            "The value has the wrong type, is out of range, or is not one of the possible words. The message says "
            "what it must be.",
        ),
        problem(
            "amount",
            "An amount is not a plain number, or is negative. It is written as on a price tag, in major units: "
            "`49.00`, `49`. Signs, exponents, separators and currency symbols are refused, since each of them is read "
            "differently somewhere.",
        ),
        problem(
            "bad_amount",
            "An amount has more digits after the point than its currency, or is too large to be sent exactly. Amounts "
            "are never rounded: `7200.50` yen or a fifth decimal of a unit price is a mistake with a place. In a "
            "configuration that is migrated, the amount does not fit the unit that was given.",
        ),
        problem(
            "rate",
            "An exchange rate is not above zero, or has more than 15 digits, which the numbers of JSON do not keep. It "
            "is how much of the currency one US dollar is.",
        ),
        problem(
            "bad_rate",
            "At this exchange rate, an amount of the plan becomes too large to be sent exactly. The rate is probably "
            "upside down or has a point too little.",
        ),
        problem(
            "text",
            "Text is empty, begins or ends with white space, holds control characters, or would be read as a number "
            "or a boolean. Put it in quotes, or leave the key out.",
        ),
        problem(
            "metadata",
            "A label under `metadata` is neither text, nor a whole number, nor a boolean, or is a number too large to "
            "be kept exactly. Put it in quotes.",
        ),
        problem(
            "bad_code",
            "A code has other characters than lower-case letters, digits and underscores, which are all that Commet "
            "takes. A code never changes, so choose it with care.",
        ),
        problem(
            "reserved_key",
            "The metadata key `commetctl` is where commetctl remembers what Commet does not give back. Choose another "
            "key.",
        ),
    ),
)
