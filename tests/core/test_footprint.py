"""Footprints laid over an account, one form after another."""

from commetctl.core.footprint import Account, Cleared, Either, Footprint, Gone, Put, Set
from commetctl.core.resource import Address, Resource, ResourceSet

PLAN, PRICE = Address("plan", "pro"), Address("plan_price", "pro/monthly")
EUR, JPY = Address("regional_price", "pro/monthly/eur"), Address("regional_price", "pro/monthly/jpy")


def resource(address: Address, parent: Address | None = None, **fields: int) -> Resource:
    return Resource(address, fields, (parent,) if parent else (), parent)


LIVE = ResourceSet(
    [resource(PLAN, size=1), resource(PRICE, PLAN, amount=49), resource(EUR, PRICE, amount=45)],
)


def after(*footprints: Footprint) -> Account:
    account = Account(LIVE)
    account.carry_out(footprints)
    return account


def fields(account: Account) -> dict[str, dict[str, object]]:
    return {str(address): dict(found.fields) for address, found in account.resources().items()}


def test_an_account_without_calls_is_the_live_one() -> None:
    assert dict(after().resources()) == dict(LIVE)


def test_what_is_put_is_there_whether_it_was_or_not() -> None:
    account = after(Put(resource(EUR, PRICE, amount=46)), Put(resource(JPY, PRICE, amount=7200)))
    assert fields(account)[str(EUR)] == {"amount": 46}
    assert fields(account)[str(JPY)] == {"amount": 7200}


def test_nothing_is_put_below_what_is_not_there() -> None:
    assert str(EUR) not in fields(after(Gone(PRICE), Put(resource(EUR, PRICE, amount=46))))


def test_a_set_leaves_the_other_fields_alone_and_makes_nothing() -> None:
    account = after(Set(PLAN, {"other": 2}), Set(JPY, {"amount": 1}))
    assert fields(account)[str(PLAN)] == {"size": 1, "other": 2}
    assert str(JPY) not in fields(account)


def test_what_goes_takes_everything_below_it_along_also_what_was_made_before() -> None:
    account = Account(LIVE)
    account.carry_out([Put(resource(JPY, PRICE, amount=7200))])
    touched = account.carry_out([Gone(PLAN)])
    assert touched == {PLAN, PRICE, EUR, JPY}
    assert fields(account) == {}


def test_clearing_takes_one_kind_below_one_parent() -> None:
    account = after(Put(resource(JPY, PRICE, amount=7200)), Cleared(PRICE, "regional_price"))
    assert set(fields(account)) == {str(PLAN), str(PRICE)}


def test_what_is_open_is_likely_as_it_was_and_settled_by_the_next_call() -> None:
    before = LIVE[EUR]
    account = after(Either(EUR, (None,), or_as_it_was=True))
    assert account.states(EUR) == (before, None)
    assert account.state(EUR) == before
    assert set(account.unsure) == {EUR}
    account.carry_out([Set(EUR, {"amount": 47})])
    assert [state and dict(state.fields) for state in account.states(EUR)] == [{"amount": 47}, None]
    account.carry_out([Put(resource(EUR, PRICE, amount=48))])
    assert account.unsure == {}
    assert fields(account)[str(EUR)] == {"amount": 48}


def test_what_is_open_is_touched_and_told_in_its_order() -> None:
    new = resource(EUR, PRICE, amount=50)
    account = Account(LIVE)
    assert account.carry_out([Either(EUR, (new, LIVE[EUR]))]) == {EUR}
    assert account.state(EUR) == new
