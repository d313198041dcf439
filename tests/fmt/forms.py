"""Texts and the form of each, by hand. Where a text is in form already, there is no other."""

#: Name to text, and to what becomes of it; None where that is the text itself.
FORMS: dict[str, tuple[str, str | None]] = {
    "the smallest": (
        "version: 1\n",
        None,
    ),
    "order at the top": (
        """\
credit_packs: {}
plans: {}
features: {}
policy: {max_deletes: 5}
mode: sandbox
api_version: "2026-08-27"
version: 1
""",
        """\
version: 1
api_version: "2026-08-27"
mode: sandbox

policy: {max_deletes: 5}

features: {}

plans: {}

credit_packs: {}
""",
    ),
    "an unknown key goes to the end": (
        """\
note: [one, two]
plans: {pro: {colour: red, name: Pro, tint: blue}}
version: 1
""",
        """\
version: 1

plans:
  pro:
    name: Pro
    colour: red
    tint: blue

note: [one, two]
""",
    ),
    "keys of the author stand before the sections, and behind the fields of an object": (
        """\
plans: {pro: {x-why: 0x10, name: Pro, prices: {monthly: {price: 49}}}}
version: 1
x-b: {z: 1,   a: 0.900}
x-rates:  &rates {eur: 0.900,   brl: 5}  # shared
mode: live
""",
        """\
version: 1
mode: live

x-b: {z: 1, a: 0.900}

x-rates: &rates {eur: 0.900, brl: 5}  # shared

plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49.00}
    x-why: 0x10
""",
    ),
    "keys of the author with anchors stay before their use": (
        """\
%YAML 1.2
---
version: 1
x-rates:  &rates {eur: 0.9,   brl: 5.2}
plans: {pro: {exchange_rates: *rates, name: Pro, prices: {monthly: {price: 49}}}}
features: {}
""",
        """\
%YAML 1.2
---
version: 1

x-rates: &rates {eur: 0.9, brl: 5.2}

features: {}

plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49.00}
    exchange_rates: *rates
""",
    ),
    "order of fields, and of prices": (
        """\
version: 1
plans:
  pro:
    lifecycle: {protect: true}
    prices:
      one_time: {price: 900.00}
      yearly: {is_default: true, price: 490.00}
      weekly: {price: 12.00}
      hourly: {price: 1.00}
    exchange_rates: {eur: 0.92}
    name: Pro
""",
        """\
version: 1

plans:
  pro:
    name: Pro
    prices:
      weekly: {price: 12.00}
      yearly: {price: 490.00, is_default: true}
      one_time: {price: 900.00}
      hourly: {price: 1.00}
    exchange_rates: {eur: 0.92}
    lifecycle: {protect: true}
""",
    ),
    "the order of the author": (
        """\
version: 1

features:
  sso: {name: SSO, type: boolean}
  api: {name: API, type: usage}

plans:
  zeta:
    name: Zeta
    metadata: {b: 1, a: 2}
    prices:
      monthly: {price: 9.00, regional_prices: {jpy: 1200, eur: 8.00}}
    features:
      sso: true
      api: unlimited

  alpha:
    name: Alpha
""",
        None,
    ),
    "digits": (
        """\
version: 1
plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49
        included_balance: 49.5
        regional_prices: {eur: 45.0, jpy: 7200.00, clp: 9, brl: {price: "250", included_balance: '9.90'}, xyz: 1}
    features:
      api: {overage: {unit_price: 0.0020, regional_prices: {eur: 1, jpy: 0.5}}, margin_percent: 20, included_amount: 5}
    exchange_rates: {eur: "0.920", jpy: 150}
credit_packs: {small: {name: Small, credits: 100, price: 10.000}}
""",
        """\
version: 1

plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49.00
        included_balance: 49.50
        regional_prices:
          eur: 45.00
          jpy: 7200
          clp: 9
          brl: {price: 250.00, included_balance: 9.90}
          xyz: 1
    features:
      api:
        included_amount: 5
        overage: {unit_price: 0.0020, regional_prices: {eur: 1.00, jpy: 0.5}}
        margin_percent: 20
    exchange_rates: {eur: 0.920, jpy: 150}

credit_packs:
  small: {name: Small, credits: 100, price: 10.00}
""",
    ),
    "an amount has the digits of the currency that stands beside it": (
        """\
version: 1
plans:
  pro:
    name: Pro
    prices:
      monthly:
        variants: {b: {market_prices: {jp: {price: 5000.00, currency: jpy}}}}
        market_prices: {br: {price: 199, currency: brl}, jp: {currency: jpy, price: 7.0}, x: {currency: xyz, price: 1}}
        price: 49
markets: {br: {countries: [BR], name: Brazil}}
""",
        """\
version: 1

markets:
  br: {name: Brazil, countries: [BR]}

plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49.00
        market_prices:
          br: {currency: brl, price: 199.00}
          jp: {currency: jpy, price: 7}
          x: {currency: xyz, price: 1}
        variants:
          b: {market_prices: {jp: {currency: jpy, price: 5000}}}
""",
    ),
    "what is no amount stays": (
        """\
version: 1

plans:
  pro:
    name: 49
    prices:
      monthly: {price: 4e1, trial_days: 014}
      yearly: {price: -5, included_balance: .5}
""",
        None,
    ),
    "quotes": (
        """\
"version": 1
'mode': "sandbox"
plans:
  "pro":
    name: 'Pro'
    description: "what it's for: all"
    metadata: {"a": 'true', 'b': "1", c: "x, y", d: 'so: "hi"', e: "caf\\u00e9", "on": "# no", f: ""}
""",
        """\
version: 1
mode: sandbox

plans:
  pro:
    name: Pro
    description: "what it's for: all"
    metadata: {a: "true", b: "1", c: "x, y", d: 'so: "hi"', e: café, "on": "# no", f: ""}
""",
    ),
    "a date is not a text": (
        """\
version: 1
api_version: "2026-08-27"
""",
        None,
    ),
    "into braces with quotes": (
        """\
version: 1
plans:
  pro:
    metadata:
      url: http://x.example/#a
      list: a, b
      plain: c d
""",
        """\
version: 1

plans:
  pro:
    metadata: {url: "http://x.example/#a", list: "a, b", plain: c d}
""",
    ),
    "words of other spellings": (
        """\
version: 1
plans: {pro: {is_free: TRUE, block_on_exhaustion: False, description: Null}}
""",
        """\
version: 1

plans:
  pro:
    description: Null
    is_free: true
    block_on_exhaustion: false
""",
    ),
    "comments travel": (
        """\
version: 1
plans:
  # about pro
  pro:
    # about features

    # what it has
    features: {sso: true}   # only this
    # its name
    # in two lines
    name: Pro   # here
    # the end of pro
# the end
""",
        """\
version: 1

plans:
  # about pro
  pro:
    # about features

    # its name
    # in two lines
    name: Pro   # here
    # what it has
    features:  # only this
      sso: true
    # the end of pro
# the end
""",
    ),
    "a head stays at the top": (
        """\
# yaml-language-server: $schema=schema.json
# The prices.

# what there is
plans: {}
# the format
version: 1
""",
        """\
# yaml-language-server: $schema=schema.json
# The prices.

# the format
version: 1

# what there is
plans: {}
""",
    ),
    "a line for editors without a blank line": (
        """\
# yaml-language-server: $schema=schema.json
# what there is
plans: {}
version: 1
""",
        """\
# yaml-language-server: $schema=schema.json
version: 1

# what there is
plans: {}
""",
    ),
    "comments in braces": (
        """\
version: 1
features: {   # all of them
  # the first
  sso: {name: SSO,   # its name
    type: boolean},  # nothing to count
  api: {name: API, type: usage}  # the last
  # no more
}  # really
""",
        """\
version: 1

# really
features:  # all of them
  # the first
  sso:  # nothing to count
    name: SSO  # its name
    type: boolean
  api: {name: API, type: usage}  # the last
  # no more
""",
    ),
    "columns of comments": (
        """\
version: 1                      # the format
mode: sandbox                   # where

plans:
  pro:
    name: Pro # near
    visibility: public          # far
    metadata: {a_long_key: and a long text}   # here
""",
        """\
version: 1                      # the format
mode: sandbox                   # where

plans:
  pro:
    name: Pro  # near
    visibility: public          # far
    metadata: {a_long_key: and a long text}   # here
""",
    ),
    "ignored warnings stay at their keys": (
        """\
version: 1
plans:
  pro: {name: Pro, prices: {monthly: {price: 5.00,  # commetctl: ignore=odd_price it is so
      trial_days: 7},
    # commetctl: ignore=currency_missing sold here only
    yearly: {price: 50}}
  }  # commetctl: ignore=nothing at no key
  basic: {name: Basic}
""",
        """\
version: 1

plans:
  pro:  # commetctl: ignore=odd_price it is so
    name: Pro
    prices:
      monthly: {price: 5.00, trial_days: 7}
      # commetctl: ignore=currency_missing sold here only
      yearly: {price: 50.00}

  # commetctl: ignore=nothing at no key

  basic:
    name: Basic
""",
    ),
    "blank lines": (
        """\



version: 1



mode: sandbox
features:

  a: {name: A, type: boolean}


  b: {name: B, type: boolean}
  c:
    name: C

    type: boolean


plans: {}

""",
        """\
version: 1

mode: sandbox

features:
  a: {name: A, type: boolean}

  b: {name: B, type: boolean}
  c:
    name: C

    type: boolean

plans: {}
""",
    ),
    "long texts": (
        f"version: 1\nplans: {{pro: {{description: '{'word ' * 30}.', name: Pro}}}}\n",
        f"version: 1\n\nplans:\n  pro:\n    name: Pro\n    description: {'word ' * 30}.\n",
    ),
    "texts over lines": (
        """\
version: 1
plans:
  pro:
      description: >
            One paragraph
              with an indent

            and another
      name: |-
         Pro
      metadata: {short: "in
         two", long: a text that goes on and on and on and on and on and on and on
         and on and on and on and on and on and on}
""",
        """\
version: 1

plans:
  pro:
    name: |-
      Pro
    description: >
      One paragraph
        with an indent

      and another
    metadata:
      short: in two
      long: a text that goes on and on and on and on and on and on and on
        and on and on and on and on and on and on
""",
    ),
    "a text that ends with the file": (
        """\
plans:
  pro:
    description: |
      text""",
        """\
plans:
  pro:
    description: |-
      text
""",
    ),
    "kept line ends": (
        """\
plans:
  pro: {name: Pro}
  b:
    description: |+
      text


version: 1
""",
        """\
version: 1

plans:
  pro:
    name: Pro

  b:
    description: |+
      text


""",
    ),
    "anchors in their order": (
        """\
version: 1
plans:
  a:
    exchange_rates: &rates {eur: 0.92}
    name: A
  b: {exchange_rates: *rates, name: &name B, description: *name}
  c: {description: &text C, name: *text}
""",
        """\
version: 1

plans:
  a:
    name: A
    exchange_rates: &rates {eur: 0.92}

  b:
    name: &name B
    description: *name
    exchange_rates: *rates

  c:
    description: &text C
    name: *text
""",
    ),
    "sections that cannot change places": (
        """\
credit_packs: {a: &pack {name: A, credits: 1, price: 1}}
features: {b: {<<: *pack}}
version: 1
""",
        """\
credit_packs:
  a: &pack {name: A, credits: 1, price: 1}

features:
  b: {<<: *pack}

version: 1
""",
    ),
    "merges": (
        """\
version: 1
plans:
  a: &a {name: A, visibility: public}
  b: &b {name: B, description: b}
  c:
    name: C
    <<: *b   # first
  d: {prices: {}, <<: [*a, *b]}
""",
        """\
version: 1

plans:
  a: &a
    name: A
    visibility: public

  b: &b
    name: B
    description: b

  c:
    <<: *b   # first
    name: C

  d:
    <<: [*a, *b]
    prices: {}
""",
    ),
    "an anchor in two roles": (
        """\
version: 1
plans: {a: {metadata: &m {price: 5, name: x}, prices: {monthly: *m}}}
""",
        """\
version: 1

plans:
  a:
    metadata: &m {price: 5, name: x}
    prices:
      monthly: *m
""",
    ),
    "tags": (
        """\
version: !!int 1
plans: !!map {pro: !!map {name: !!str 5, prices: {monthly: {price: !!str "49"}}}}
""",
        """\
version: !!int 1

plans: !!map
  pro: !!map
    name: !!str 5
    prices:
      monthly: {price: !!str "49"}
""",
    ),
    "variables": (
        """\
version: 1

plans:
  pro:
    name: "${COMMETCTL_VAR_name}"
    description: 'for ${COMMETCTL_VAR_whom}'
    prices:
      monthly:
        price: ${COMMETCTL_VAR_price}
      yearly: {price: "${COMMETCTL_VAR_price}0"}
""",
        None,
    ),
    "nothing is not null": (
        """\
version: 1
plans:
  pro:
    name: Pro
    metadata: {a: , b: null, c: ~}
    description:
""",
        """\
version: 1

plans:
  pro:
    name: Pro
    description:
    metadata:
      a:
      b: null
      c: ~
""",
    ),
    "lists": (
        """\
include: [features.yaml,   'plans/pro.yaml']
version: 1
other:
- a
-   b: 1
    c: 2
- # c
  - d
""",
        """\
version: 1

include: [features.yaml, plans/pro.yaml]

other:
  - a
  - {b: 1, c: 2}
  -  # c
    - d
""",
    ),
    "a list in lines": (
        """\
version: 1

include:
  - features.yaml
  # the plans
  - plans/pro.yaml
""",
        None,
    ),
    "long forms stay": (
        """\
version: 1

plans:
  pro:
    prices:
      monthly: {price: 9.00, regional_prices: {eur: {price: 8.00}}}
    features:
      sso: {enabled: true}
      api: {unlimited: true}
""",
        None,
    ),
    "markers": (
        """\
---  # here
mode: sandbox
version:   1
...
# end
""",
        """\
---  # here
version: 1
mode: sandbox
...
# end
""",
    ),
    "explicit keys": (
        """\
? version
: 1
? plans
: ? pro
  : name: Pro
""",
        """\
version: 1

plans:
  pro:
    name: Pro
""",
    ),
    "an invalid catalog": (
        """\
verison: 2
plans: [a, b]
features: {api: 5, x: {typ: usage, name: X}}
""",
        """\
features:
  api: 5
  x: {name: X, typ: usage}

plans: [a, b]

verison: 2
""",
    ),
    "no space before a comment": (
        """\
version: 1
plans: {a: {name: A},#one
  b: {name: 'B'}#two
}
""",
        """\
version: 1

plans:
  a:  #one
    name: A

  b:  #two
    name: B
""",
    ),
    "nothing but comments in braces": (
        """\
{ # a
 # b
} # c
# d
""",
        """\
{}  # a
# c
# b
# d
""",
    ),
    "anchors of a name": (
        """\
plans:
  a: {name: &x A, description: *x}
  b: {description: &x B, name: *x}
""",
        """\
plans:
  a:
    name: &x A
    description: *x

  b:
    description: &x B
    name: *x
""",
    ),
    "comments behind an anchor": (
        """\
plans: &p # c
  !!map # d
  a: &q # e
    name: A
""",
        """\
# d
plans: &p !!map  # c
  a: &q  # e
    name: A
""",
    ),
    "lists in lists": (
        """\
x: [[1, 2], [3, {a: b}]]
y:
- - a
  - b
- - c
  # z
""",
        """\
x: [[1, 2], [3, {a: b}]]

y:
  -
    - a
    - b
  -
    - c
    # z
""",
    ),
    "a list at the column of its key": (
        """\
include:
- a.yaml # x
# between
- b.yaml
# after
version: 1
""",
        """\
# after
version: 1

include:
  - a.yaml  # x
  # between
  - b.yaml
""",
    ),
    "an alias as a key": (
        """\
plans: {a: {name: &n foo, metadata: {*n : 1}}}
""",
        """\
plans:
  a:
    name: &n foo
    metadata: {*n : 1}
""",
    ),
    "more that is ignored": (
        """\
plans:
  a: {name: A} # commetctl: ignore=x
  # commetctl: ignore=y

  b: # commetctl: ignore=z
    name:
      B # commetctl: ignore=w
    description: "a
      b" # commetctl: ignore=v
# commetctl: ignore=u
version: 1
# commetctl: ignore=t
""",
        """\
# commetctl: ignore=u
version: 1

plans:
  a:  # commetctl: ignore=x
    name: A
  # commetctl: ignore=y

  b:  # commetctl: ignore=z
    name: B
    # commetctl: ignore=w

    description: a b
    # commetctl: ignore=v

# commetctl: ignore=t
""",
    ),
}
