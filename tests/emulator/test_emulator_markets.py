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


def test_a_market_with_a_subscription_stays(make_api: MakeApi) -> None:
    """A subscription keeps the price that was archived, and that of a plan that was deleted."""
    api = make_api()
    for subscribed in (True, False):
        market, plan = api.market(), api.plan(f"plan_{subscribed}".lower())
        prices = [{"marketGroupId": market, "currency": "brl", "price": 100}]
        price = api.price(plan, marketPrices=prices)
        if subscribed:
            api.subscribe(plan)
        api.price(plan, "yearly", marketPrices=prices, isDefault=True)
        api.ok("DELETE", f"/plans/{plan}/prices/{price}")
        api.ok("DELETE", f"/plans/{plan}")
        if subscribed:
            assert api.refused("DELETE", f"/markets/{market}") == (409, "market_in_use")
            body = {"name": "Elsewhere", "countryCodes": ["AR"]}
            api.ok("PATCH", f"/markets/{market}", body)
        else:
            api.ok("DELETE", f"/markets/{market}")


def test_what_market_prices_are_refused(make_api: MakeApi) -> None:
    api = make_api()
    market, plan = api.market(), api.plan()
    body = {"billingInterval": "monthly", "price": 100}
    right = {"marketGroupId": market, "currency": "brl", "price": 100}
    path = f"/plans/{plan}/prices"
    for wrong, fields in (
        ([right, right], ["marketPrices.1.marketGroupId"]),
        ([{**right, "currency": "xyz"}], ["marketPrices.0.currency"]),
        ([{**right, "price": -1}], ["marketPrices.0.price"]),
        ([{}], ["marketPrices.0.marketGroupId", "marketPrices.0.currency", "marketPrices.0.price"]),
        ({}, ["marketPrices"]),
    ):
        assert api.wrong_fields("POST", path, {**body, "marketPrices": wrong}) == fields
    unknown = {**body, "marketPrices": [{**right, "marketGroupId": "pmg_none"}]}
    assert api.refused("POST", path, unknown) == (404, "market_not_found")
    assert api.at("2026-07-24").refused("POST", path, unknown) == (404, "market_group_not_found")
    for version, at in (("2026-07-31", "/markets/none"), ("2026-07-24", "/pricing/market-groups/none")):
        code = "market_not_found" if version > "2026-07-24" else "market_group_not_found"
        for method, sent in (("GET", None), ("PATCH", {"name": "A", "countryCodes": ["AR"]}), ("DELETE", None)):
            assert api.at(version).refused(method, at, sent) == (404, code)
    assert api.at("2026-07-24").refused("GET", "/markets") == (404, "endpoint_not_available")
