"""The codes of files and folders, and of what can go wrong anywhere: wrong usage, and bugs."""

from commetctl.reference.codes.code import Theme, error, notice, refusal, warning

FILES = Theme(
    "Files, usage and bugs",
    "What can go wrong with any command.",
    (
        error(
            "no_file",
            "A file cannot be read: it does not exist, is a folder, is not a regular file, or is not in that revision "
            "of git. Name it with `-f FILE`. In CI, fetch the history too.",
        ),
        error("no_folder", "What was named as a folder is something else, or leads elsewhere by a link."),
        refusal(
            "catalog_there",
            "There is a catalog already, and a configuration is carried over into a new file only. Name another with "
            "`-f FILE`, or look at what would be written with `--dry-run`.",
        ),
        error(
            "catalog_there",
            "`commetctl init` found a catalog, and never writes over one. Name another folder, or go on with the "
            "catalog there.",
        ),
        error("file_changed", "A file came to be while `commetctl init` ran, so it is left alone. Run it again."),
        refusal(
            "file_changed",
            "The file was changed by somebody else while this ran, so it is left alone. Run it again.",
        ),
        error(
            "file_elsewhere",
            "The file is a link to another folder. What would be written there is not what was named. Name the file "
            "itself.",
        ),
        error(
            "out_taken",
            "The file after `--out` exists and is not one that commetctl wrote, so it is left alone. Give another "
            "name.",
        ),
        error("out_unwritable", "A file cannot be written; the message says why. Nothing of it was left behind."),
        refusal(
            "not_formattable",
            "`fmt` knows no form of the file that certainly means the same, so it is left as it is. Write it out "
            "without anchors, tags and merges, a key to a line.",
        ),
        error("no_templates", "The installation lacks the templates of `commetctl init`. Install commetctl again."),
        notice("made", "`commetctl init` made this file."),
        notice("kept", "`commetctl init` found this file, and left it alone."),
        warning(
            "not_the_root",
            "`commetctl init` put a workflow below the root of a repository, where CI does not look for it. Move it "
            "to the root, and put the path of the catalog into it; or use `--ci none`.",
        ),
        warning(
            "doctor",
            "A check of `commetctl doctor` that warned or failed, in its JSON document; the name of the check begins "
            "the message. The exit code is that of the first check that failed.",
        ),
        error(
            "io",
            "The system refused to read or write something: a full disk, a limit, a file that went away. The message "
            "says what it said.",
        ),
        error(
            "usage",
            "The command line does not make sense: an unknown option, a missing argument, options that exclude each "
            "other. `--help` works on every command.",
            64,
        ),
        error(
            "bug",
            "commetctl made a mistake that is its own. The message names a file with the traceback, which holds no "
            "key and no values. Please report it.",
            70,
        ),
    ),
)
