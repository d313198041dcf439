"""Markets, which were market groups in 2026-07-24."""

from emulator.conftest import MakeApi


def test_create_read_replace_delete(make_api: MakeApi) -> None:
    api = make_api()
    market = api.market("Latam", "BR", "AR")
    assert api.ok("GET", f"/markets/{market}")["countryCodes"] == ["BR", "AR"]
    body = {"name": "Brazil", "countryCodes": ["BR"]}
    replaced = api.ok("PATCH", f"/markets/{market}", {**body, "metadata": {"a": 1}})
    assert (replaced["name"], replaced["object"], replaced["metadata"]) == ("Brazil", "market", {"a": 1})
    assert api.ok("PATCH", f"/markets/{market}", body)["metadata"] == {}, "an update replaces"
    assert api.wrong_fields("PATCH", f"/markets/{market}", {"name": "B"}) == ["countryCodes"]
    assert [item["id"] for item in api.ok("GET", "/markets")] == [market]
    group = api.at("2026-07-24").ok("GET", f"/pricing/market-groups/{market}")
    assert (group["object"], group["id"]) == ("market_group", market)
    assert api.ok("DELETE", f"/markets/{market}")["deleted"] is True
    assert api.refused("GET", f"/markets/{market}") == (404, "market_not_found")


def test_a_country_is_in_one_market(make_api: MakeApi) -> None:
    api = make_api()
    first, second = api.market("A", "BR"), api.market("B", "AR")
    body = {"name": "C", "countryCodes": ["BR", "CL"]}
    assert api.refused("POST", "/markets", body) == (409, "duplicate")
    assert api.refused("PATCH", f"/markets/{second}", body) == (409, "duplicate")
    api.ok("DELETE", f"/markets/{first}")
    api.ok("PATCH", f"/markets/{second}", body)


def test_a_market_with_a_price_stays(make_api: MakeApi) -> None:
    api = make_api()
    market = api.market()
    prices = [{"marketGroupId": market, "currency": "brl", "price": 100}]
    plan = api.plan()
    price = api.price(plan, marketPrices=prices)
    assert api.refused("DELETE", f"/markets/{market}") == (409, "market_in_use")
    assert api.at("2026-07-24").refused("DELETE", f"/pricing/market-groups/{market}")[1] == "market_group_in_use"
    api.ok("DELETE", f"/plans/{plan}/prices/{price}")
    api.ok("DELETE", f"/markets/{market}")
