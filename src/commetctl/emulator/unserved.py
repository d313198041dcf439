"""The operations of Commet that the emulator does not serve, so that it can refuse them as such.

They are taken from the official SDKs 3.0.0 to 9.7.0, each with the first and the last API version that has it.
"""

from collections.abc import Mapping

from commetctl.emulator.versions import FIRST_NEW, LAST_OLD, NESTED, WRITES

_FIRST, _LAST = "2026-05-01", ""

#: Verbs and paths, by the first and the last version that has them; no last version where it is the newest.
UNSERVED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (_FIRST, _LAST): (
        "POST /customers/batch",
        *("POST /seats", "PUT /seats", "GET /seats/balance", "GET /seats/balances", "PUT /seats/bulk"),
        *("POST /subscriptions/<id>/cancel", "POST /usage/events"),
    ),
    # What a customer may use, until GET /features became the catalog.
    (_FIRST, NESTED): ("GET /features", "GET /features/<code>"),
    (_FIRST, LAST_OLD): ("PUT /customers/<id>", "POST /portal/request-access", "DELETE /seats"),
    (WRITES, _LAST): (
        *("GET /api-keys", "POST /api-keys", "DELETE /api-keys/<id>"),
        *("POST /invoices", "POST /invoices/<id>/send"),
        *("POST /subscriptions/<id>/balance/adjust", "POST /subscriptions/<id>/balance/topup"),
        *("POST /subscriptions/<id>/change-plan", "POST /subscriptions/<id>/preview-change"),
        "POST /subscriptions/<id>/uncancel",
        *("GET /transactions", "GET /transactions/<id>"),
        *("POST /transactions/<id>/refund", "POST /transactions/<id>/retry"),
        *("POST /usage/check", "GET /usage/quota", "POST /usage/quota", "PUT /usage/quota", "GET /usage/quota/all"),
        *("GET /webhooks", "POST /webhooks", "GET /webhooks/<id>", "DELETE /webhooks/<id>"),
        "POST /webhooks/<id>/test",
    ),
    (WRITES, LAST_OLD): (
        "PUT /webhooks/<id>",
        *("GET /invoices/<id>/download", "PUT /invoices/<id>/status", "DELETE /usage/quota"),
    ),
    (NESTED, _LAST): ("POST /payouts", "POST /payouts/bank-accounts", "POST /payouts/verification"),
    ("2026-06-10", _LAST): (
        *("GET /feature-access", "GET /feature-access/<code>"),
        *("GET /payments", "POST /payments", "GET /payments/<id>"),
        *("POST /payments/<id>/cancel", "POST /payments/charge"),
        *("POST /subscriptions/<id>/payment-method/update", "POST /subscriptions/<id>/reactivate"),
    ),
    ("2026-06-10", LAST_OLD): ("POST /subscriptions/<id>/recovery-link",),
    (LAST_OLD, _LAST): ("POST /claim-link", "PUT /usage"),
    (FIRST_NEW, _LAST): (
        "PATCH /webhooks/<id>",
        *("PATCH /customers/<id>", "POST /invoices/<id>/download-links", "PATCH /invoices/<id>/status"),
        *("POST /portal/sessions", "POST /seats/remove", "POST /usage/quota/remove"),
        "POST /subscriptions/<id>/recovery-links",
    ),
    ("2026-07-31", _LAST): (
        *("GET /customers/<id>/credits", "POST /customers/<id>/credits"),
        "POST /customers/<id>/credits/<grant_id>/revoke",
        *("GET /customers/<id>/plan-grants", "POST /customers/<id>/plan-grants"),
        *("PATCH /customers/<id>/plan-grants/<grant_id>", "POST /customers/<id>/plan-grants/<grant_id>/revoke"),
    ),
    ("2026-08-27", _LAST): (
        *("POST /subscriptions/<id>/pause", "PATCH /subscriptions/<id>/pause", "DELETE /subscriptions/<id>/pause"),
        *("POST /subscriptions/<id>/prepaid-periods", "POST /subscriptions/<id>/resume"),
    ),
}
