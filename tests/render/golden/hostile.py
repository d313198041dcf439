"""A review in which every name, value, message and place is one text that somebody else has chosen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from commetctl.core.call import Step
from commetctl.core.change import Create, Delete, FieldChange, Update
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem, Refused
from commetctl.core.impact import CurrencyRevenue, Doubt, Effect, Impact, Revenue, Touched, When
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Origin, Resource, ResourceSet
from commetctl.reading import Reading, reading_of
from commetctl.reading.scheduled import Dated, Scheduled
from commetctl.review.heading import Heading
from commetctl.review.review import Cause, Review

PLAN = Address("plan", "pro")
PRICE = Address("plan_price", "pro/monthly")
REGIONAL = Address("regional_price", "pro/monthly/eur")

#: What a text may try to be, other than a text.
TEXTS = (
    "a | b || c",
    "`code` ``more`` ```",
    "</summary></details></details><details open>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "[x](http://evil.invalid) ![](https://evil.invalid/x.png) [y][z] [z]: http://evil.invalid",
    "https://evil.invalid/a?b=c&d http://x.invalid ftp://x.invalid www.evil.invalid WWW.evil.invalid",
    "<https://evil.invalid> <me@evil.invalid> me@evil.invalid mailto:me@evil.invalid xmpp:me@evil.invalid",
    "@someone @org/team and@no (@me) .@me",
    "#1 GH-1 gh-2 owner/repo#1 owner/repo@0123456789abcdef0123456789abcdef01234567",
    "0123456789abcdef0123456789abcdef01234567 deadbee 0000000000000000000000000000000000000000",
    ":tada: :+1: a:100:b ::-1::",
    "$x$ $$y$$ $`z`$ \\(a\\) costs $5 or $6",
    "<!-- commetctl:plan --> --> <!--",
    "&lt;b&gt; &amp; &#60; &nosuch; &copy",
    "# heading", "## heading ##", "- item", "* item", "+ item", "1. item", "2) item", "> quote", "---", "***", "___",
    "===", "```fence", "~~~fence", "    indented", "\tindented", "| a | b |", "|---|---|", ": definition", "[ ] task",
    "[x] task", "- [x] task", "[^1] and [^1]: note", "[!WARNING] alert",
    "_x_ __x__ *x* **x** ***x*** ~x~ ~~x~~ snake_case __init__ _a a_ b_ _b *a b*",
    "trailing \\", "trailing space ", " leading space", "two  spaces  ", "a\\|b", "\\<b\\> \\` \\*",
    "unbroken" * 400,
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 abc",
    "\u202ereversed\u202c \u2066x\u2069 \u200b \ufeff \ud800 \x00 \x1b[31m \x85 \u2028",
    "line\nbreak\r\n\n# heading\n- item\n\n    code",
    "##[error]x ##vso[task.setvariable]y ::error::z",
    "::stop-commands::x", "%0A::error::x %25 \r", "a,b:c=d",
    "]]> <![CDATA[x]]> <?php x ?> <!DOCTYPE x>",
    "\u65e5\u672c\u8a9e \U0001f680 \u0301e",
    "\uffff\ufffe\U0001fffe", "{{x}} {% x %} ${x}", "", " ",
    "$", "@", "#", "_", "\\", "`", "|", "<", "&", ":", "-", "=",
)  # fmt: skip
HARMLESS = "harmless"


@dataclass(frozen=True)
class Told:
    """A review, and what else a command has to say."""

    review: Review
    findings: list[Problem]
    warnings: list[CommetctlError]
    errors: list[CommetctlError]


def told(text: str) -> Told:
    """A review in which whatever may be any text is this one."""
    error = CommetctlError(text, text, code="x")
    error.address = text
    problems = [Problem("code", text, text, Origin(text, 3, 5), text), Problem("code", text)]
    warning = Refused(f"`apply` would refuse: {text}", text, code="blocked")
    return Told(review(text), problems, [warning], [error, InvalidCatalog(text, problems)])


def reading(text: str) -> Reading:
    """The reading of such a review, with one that is scheduled for a date."""
    refused = [Refused(text, text, code="notice"), Refused(text, "", code="existing")]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    head = Dated(text, now, text, "from", now, date(2025, 12, 1), 30)
    return reading_of(review(text), (), "", [Scheduled(head, reading_of(review(text), refused), text)])


def review(text: str) -> Review:
    """Changes of every sort, blocked ones, notices, and what is known of them."""
    before = [
        Resource(PLAN, {"name": text, "description": "x"}, origin=Origin(text, 1, 1)),
        Resource(PRICE, {"price": Money(Decimal(49))}, (PLAN,), PLAN),
        Resource(REGIONAL, {"price": Derived(Money(Decimal(45), "eur"))}, (PRICE,), PRICE),
        Resource(Address("feature", "old"), {"name": text}),
        Resource(Address("credit_pack", text), {"name": text, "credits": 1, "price": Money(Decimal(1))}),
    ]
    changes = (
        Update(before[0], _with(before[0], description=text), _fields(text)),
        Update(
            before[1],
            _with(before[1], price=Money(Decimal(59))),
            (FieldChange("price", Money(Decimal(49)), Money(Decimal(59))),),
        ),
        Create(Resource(Address("plan_feature", "pro/calls"), {"enabled": True, text: text, "unit": text})),
        Create(Resource(Address("credit_pack", "new"), {"description": text})),
        Delete(before[2]),
        Delete(before[4]),
    )
    addresses = [change.address for change in changes]
    revenue = Revenue(Money(Decimal(-1)), Money(Decimal(1)))
    touched = Touched(
        5, {"active": 5}, 2, date(2026, 1, 1), date(2026, 2, 1), at_most=True,
        revenue=revenue, uncounted={text: 3}, doubts=frozenset(Doubt),
    )  # fmt: skip
    return Review(
        Changeset(
            changes,
            tuple(Step(str(address), (address,), (), note=text) for address in addresses),
            {},
            (Blocked(Update(before[3], _with(before[3], name="x"), (FieldChange(text, text, "x"),)), text, text),),
            (Address("plan", text),),
            (Notice("code", text, text, Address("plan", text)), Notice("code", text)),
            {addresses[4]: (PRICE,)},
        ),
        ResourceSet(before),
        effects={address: (Effect("", When.AT_ONCE, text, "row"),) for address in addresses},
        impact=Impact(
            dict.fromkeys(addresses, touched),
            text,
            text,
            touched.revenue,
            (CurrencyRevenue(revenue, revenue, revenue, ("+1%",), estimated=True),),
            {text: 3},
            frozenset(Doubt),
        ),
        causes=dict.fromkeys(addresses, Cause.BOTH),
        base=text or "base",
        heading=Heading(text, "live", text, text, text, datetime(2026, 1, 1, tzinfo=UTC)),
    )


def _with(resource: Resource, **fields: object) -> Resource:
    return Resource(resource.address, {**resource.fields, **fields}, origin=resource.origin)  # type: ignore[dict-item]


def _fields(text: str) -> tuple[FieldChange, ...]:
    return (
        FieldChange("description", "x", text),
        FieldChange(f"metadata.{text}", text, "x"),
        FieldChange("metadata.more", {"a": text}, {"b": text}),
    )
