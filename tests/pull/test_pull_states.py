"""States of an account that no catalog can say, or not quite: each is said, and nothing else is written."""

import json

import httpx
import pytest

from commetctl.catalog.loading import parse
from commetctl.core.errors import Refused
from harness import Shop
from pull.pulling import NEWER, opened, pulled, settled, text_of

YAML = """\
version: 1
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 10.00, is_default: true}
      yearly: {price: 100.00}
"""


class Edited(httpx.BaseTransport):
    """A Commet whose list of plans reads otherwise in one place."""

    def __init__(self, inner: httpx.BaseTransport, old: str, new: str) -> None:
        self.inner, self.old, self.new = inner, old, new

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if request.method != "GET" or not request.url.path.endswith("/plans"):
            return response
        response.read()
        assert self.old in response.text
        return httpx.Response(200, json=json.loads(response.text.replace(self.old, self.new)))


def edited(shop: Shop, old: str, new: str) -> None:
    shop.recorder.inner = Edited(shop.recorder.inner, old, new)


def test_a_plan_without_a_default_price() -> None:
    with opened(NEWER) as shop:
        shop.make(YAML)
        edited(shop, '"isDefault":true', '"isDefault":false')
        found = pulled(shop)
        assert "monthly: {price: 10.00, is_default: true}" in text_of(found)
        (notice,) = found.notices
        assert (notice.code, str(notice.address)) == ("default_price", "plan.pro")


def test_a_single_price_that_is_not_the_default() -> None:
    with opened(NEWER) as shop:
        shop.make(YAML.replace("      yearly: {price: 100.00}\n", ""))
        edited(shop, '"isDefault":true', '"isDefault":false')
        found = pulled(shop)
        assert "monthly: {price: 10.00}" in text_of(found)
        assert [notice.code for notice in found.notices] == ["default_price"]


def test_line_ends_and_white_space_around_a_description_are_none_of_its_text() -> None:
    for written, kept in (
        (r"One\r\ntwo", "One\ntwo"), (r"For teams\n", "For teams"), ("For teams ", "For teams"), (r"\n\n", None)
    ):  # fmt: skip
        with opened(NEWER) as shop:
            shop.make(YAML.replace("    name: Pro\n", "    name: Pro\n    description: As ever\n"))
            edited(shop, '"description":"As ever"', f'"description":"{written}"')
            for text in (
                None,
                YAML,
                YAML.replace("    name: Pro\n", "    name: Pro\n    description: >-\n      Other\n"),
            ):
                made = text_of(pulled(shop, text))
                (plan,) = (
                    item for item in parse("commet.yaml", made.encode()).desired.values() if item.address.kind == "plan"
                )
                assert plan.fields["description"] == kept
                settled(shop, made)


def test_a_text_that_no_file_can_hold_is_refused_by_its_field() -> None:
    for text in (None, YAML, YAML.replace("    name: Pro\n", "    name: &n Pro\n    description: *n\n")):
        with opened(NEWER) as shop:
            shop.make(YAML)
            edited(shop, '"name":"Pro"', '"name":"Pro\\u00a0"')
            with pytest.raises(Refused, match=r"plan\.pro: `name`: begins or ends with U\+00A0") as caught:
                pulled(shop, text)
            assert caught.value.code == "not_sayable"


def test_a_currency_that_is_not_known_is_left_out_and_said() -> None:
    with opened(NEWER) as shop:
        before = YAML.replace("is_default: true", "is_default: true, regional_prices: {eur: 9.00}")
        shop.make(before)
        edited(shop, '"eur"', '"aud"')
        found = pulled(shop)
        assert "monthly: {price: 10.00, is_default: true}" in text_of(found)
        (notice,) = found.notices
        assert (notice.code, str(notice.address)) == ("not_understood", "regional_price.pro/monthly/aud")


def test_a_field_that_the_answer_lacks_stays_as_the_file_says() -> None:
    with opened(NEWER) as shop:
        before = YAML.replace("    name: Pro\n", "    name: Pro\n    description: 'As ever'   # so\n")
        shop.make(before)
        edited(shop, '"description":', '"descriptionOf":')
        assert text_of(pulled(shop, before)) == before


def test_a_derived_amount_is_left_to_its_rate() -> None:
    with opened(NEWER) as shop:
        shop.make(YAML + "    exchange_rates: {eur: 0.92}\n")
        text = text_of(pulled(shop))
        assert "exchange_rates: {eur: 0.92}" in text
        assert "regional_prices" not in text
