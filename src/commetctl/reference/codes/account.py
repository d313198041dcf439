"""The codes of the way to Commet: the key, the address, the answers, and the errors that Commet itself answers."""

from commetctl.reference.codes.code import Theme, error

KEY = Theme(
    "Key and address",
    "What stops a run before its first request.",
    (
        error(
            "no_key",
            "There is no API key, or the file that holds it cannot be read. Set `COMMET_API_KEY`, name a file with "
            "`--api-key-file`, or use `--local`, which needs none.",
            6,
        ),
        error(
            "bad_key",
            "The API key cannot be one of Commet: those begin with `ck_` or `rk_` and hold no white space. It was not "
            "sent. Copy it again from the dashboard.",
            6,
        ),
        error(
            "bad_url",
            "`--api-url` is not an address, or is one to which the key would travel without encryption. Use https, or "
            "http to this machine.",
        ),
        error(
            "bad_environment",
            "The proxy or the certificates that the environment names cannot be used. Check `HTTPS_PROXY`, "
            "`ALL_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`.",
        ),
        error(
            "local_database",
            "The file of the embedded Commet cannot be used: it is something else than such a database, or cannot be "
            "written. `--local` takes the word after it as its file; the catalog is named with `-f`.",
        ),
        error("bad_id", "An id is empty or leads out of its path, so it cannot be one of Commet. Check it."),
    ),
)

ANSWERS = Theme(
    "Answers that cannot be used",
    "No answer came, or one that is not from the Commet API. Nothing is guessed from such an answer.",
    (
        error(
            "unreachable",
            "No answer came: the network, the proxy or the address is wrong, or Commet is down. Requests that may be "
            "sent again were, as `--retries` allows. After a write, `commetctl plan` shows whether it took.",
        ),
        error(
            "redirect",
            "The address answers with another one. The key is sent nowhere else than was asked, so this is not "
            "followed. Give the final address with `--api-url`.",
        ),
        error(
            "not_json",
            "The answer is not JSON, though the API answers nothing else. It is usually a login page or another "
            "server. Check `--api-url`.",
        ),
        error(
            "not_a_list",
            "The answer to a request for a list is something else. Check that `--api-url` points at the Commet API.",
        ),
        error(
            "too_large",
            "An answer is larger than any that the API gives. Check that `--api-url` points at the Commet API.",
        ),
        error(
            "unexpected_answer",
            "An answer lacks what the API describes, or has it in another shape. commetctl does not work on with a "
            "value that it does not understand. Check `--api-url`, and report it if that is right.",
        ),
        error(
            "incomplete_list",
            "The API says that a list goes on, and not how to get the rest. What is missing from half a list looks "
            "deleted, so nothing is compared. Report it to Commet.",
        ),
        error("error", "Something failed that has no code of its own. The message and the hint say all there is."),
    ),
)

COMMET = Theme(
    "What Commet answers",
    "Errors of the API are passed on under Commet's own codes, with the message, the request id and the page that it "
    "names; any code of Commet may come. These are those for which commetctl has a hint, or acts on.",
    (
        error(
            "unauthorized",
            "Commet does not accept the key. It may have been revoked, or belong to another organization. Check "
            "`COMMET_API_KEY`.",
            6,
        ),
        error(
            "forbidden",
            "The key is accepted and may not do this. Give it the permission in the dashboard, or use another key; "
            "`commetctl doctor` lists what a key may read.",
            6,
        ),
        error(
            "duplicate",
            "Something with that name or code exists already, perhaps deactivated, so that no list shows it. A credit "
            "pack is found again with `id:`.",
        ),
        error(
            "feature_already_exists",
            "A feature with that code or name exists already, perhaps deactivated. See it in the dashboard.",
        ),
        error(
            "feature_in_use",
            "Commet does not delete a feature that a plan or an add-on includes. Remove it from each of them first.",
        ),
        error(
            "price_in_use",
            "Commet refuses to remove a price on which customers or other prices depend. Move them first, or keep the "
            "price.",
        ),
        error(
            "endpoint_not_available",
            "The chosen API version does not have this operation. Choose another with `--api-version` or in the file.",
        ),
        error(
            "endpoint_deprecated",
            "The chosen API version is retired. Choose another with `--api-version` or in the file.",
        ),
        error(
            "rate_limited",
            "Commet gets more requests than it takes, and the wait that it asks for is longer than `--max-wait`, or "
            "it does not say one. The run stops. Wait, and try again with a lower `--parallelism`.",
        ),
        error(
            "idempotency_key_mismatch",
            "Commet has seen the key of this request with another content, which must not happen. The run stops. Run "
            "it again, which makes new keys, and report it if it stays.",
        ),
        error(
            "idempotency_in_progress",
            "Commet is still working on this very request. commetctl waits and asks again; this says that the wait "
            "was too long. Run it again.",
        ),
        error(
            "unknown_error",
            "Commet answered an error without a code. The message has the status, and the request id for support.",
        ),
    ),
)
