"""What the command line gives to its surroundings and takes from them: exit codes, and environment variables."""

#: What the process exits with, and what that says.
EXITS = {
    0: "Done, or nothing to do.",
    1: "Failed: the network, an answer of Commet, a file that cannot be read, an address that does not exist.",
    2: "Changes are pending: `plan` and `diff` with `--detailed-exitcode`, `pull` and `fmt` with `--check`.",
    3: "The catalog is invalid, or has warnings and `--strict` is given.",
    4: "Refused: a guard says no, nobody said yes, Commet has changed since the plan, or another run is at work.",
    5: "Partly applied: something was written, and something failed. Run it again to do the rest.",
    6: "No key, or the key is not accepted or not permitted.",
    64: "Wrong usage.",
    70: "A bug in commetctl. The message names a file with the traceback, which holds no key.",
    130: "Interrupted. What was in flight is finished and reported first.",
}

#: What is read of the environment, in the order of reading. NAME is an environment of `--env`, in capitals.
VARIABLES = {
    "COMMET_API_KEY": "The API key. With `--env NAME`, COMMET_API_KEY_NAME comes first.",
    "COMMET_API_URL": "Where Commet is. With `--env NAME`, COMMET_API_URL_NAME comes first.",
    "COMMET_API_VERSION": "The API version to speak; comes before the one of the file.",
    "COMMETCTL_VAR_": "Every variable whose name begins so: the values that a file may ask for with "
    "`${COMMETCTL_VAR_name}`. Nothing else of the environment can get into a catalog.",
    "NO_COLOR": "Where it is set and not empty, nothing is coloured, unless `--color` is given.",
    "TERM": "`dumb` is a terminal without colours.",
    "COLUMNS": "How wide prose may be. Without it, as wide as the terminal, and 100 columns in a log.",
    "HTTPS_PROXY": "The proxy to Commet; ALL_PROXY and NO_PROXY count too. None is used for addresses of this machine.",
    "SSL_CERT_FILE": "The certificates to trust, instead of those that come with the installation.",
    "GITHUB_ACTIONS": "Read by `doctor`, with GITLAB_CI and CI: where it runs.",
}
