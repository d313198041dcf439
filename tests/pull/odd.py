"""Catalogs as people really write them: legal, and odd. Every one has a plan `pro` whose monthly price is 49.

`AMOUNT` marks that price; it is the only place that may change when the account has another one.
"""

import json
from typing import Any

BODY = """\
features:
  sso: {name: Single sign-on, type: boolean}
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: AMOUNT}
    features:
      sso: true
"""
PLAIN = "version: 1\n" + BODY

#: Name to text, as it is before `AMOUNT` is filled in.
ODD: dict[str, str] = {
    "plain": PLAIN,
    "flow": "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: AMOUNT}}}}\n",
    "json": '{"version": 1, "plans": {"pro": {"name": "Pro", "prices": {"monthly": {"price": AMOUNT}}}}}',
    "json in lines": """{
    "version": 1,
    "plans": {
        "pro": {
            "name": "Pro",
            "prices": {
                "monthly": {
                    "price": AMOUNT
                }
            }
        }
    }
}
""",
    "flow over lines with comments": """\
version: 1
plans: {
  pro: {   # the plan
    name: Pro,  # its name
    # what it costs
    prices: {monthly: {price: AMOUNT,   # dollars
      trial_days: 14,  # days
    }},
  },
}
""",
    "comments everywhere": """\
# top
version: 1   # of the file

# before the plans

plans:   # beside the plans
  # before pro
  pro:   # beside pro
    # before the name
    name: Pro   # beside the name
    prices:   # beside prices
      # before monthly
      monthly:   # beside monthly
        # before price
        price: AMOUNT   # beside price
        # after price
      # after monthly
    # after prices
  # after pro
# end
""",
    "anchor of a mapping": """\
version: 1
plans:
  pro:
    name: Pro
    prices: {monthly: {price: AMOUNT, regional_prices: &r {eur: 45.00, brl: 249.00}, is_default: true},
             yearly: {price: 490.00, regional_prices: *r}}
""",
    "anchor of the amount, used once": "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: &p AMOUNT}}}}\n",
    "merge of another field": """\
version: 1
plans:
  basic: &base
    name: Basic
    visibility: public   # for all
    metadata: {tier: one}
    prices: {monthly: {price: 9.00}}
  pro:
    <<: *base
    name: Pro
    prices:
      monthly: {price: AMOUNT}
""",
    "merge of several": """\
version: 1
plans:
  a: &a {name: A, visibility: public, prices: {monthly: {price: 1.00}}}
  b: &b {name: B, description: the second, prices: {monthly: {price: 2.00}}}
  pro:
    <<: [*a, *b]   # both
    name: Pro
    prices: {monthly: {price: AMOUNT}}
""",
    "windows": PLAIN.replace("\n", "\r\n"),
    "windows with comments": "# top\r\nversion: 1\r\nplans:\r\n  pro:  # Ünï\r\n    name: Pro\r\n    prices:\r\n"
    "      monthly:\r\n        price: AMOUNT  # dollars\r\n",
    "old macintosh": PLAIN.replace("\n", "\r"),
    "byte order mark": "\ufeff" + PLAIN,
    "byte order mark on windows": "\ufeff" + PLAIN.replace("\n", "\r\n"),
    "non-ASCII": """\
version: 1
plans:
  pro:
    name: プロ 🚀 für Größere   # コメント 💶
    prices: {monthly: {price: AMOUNT}}   # ドル
""",
    "quoted keys": """\
"version": 1
'plans':
  "pro":
    'name': "Pro"
    "prices": {'monthly': {"price": AMOUNT}}
""",
    "escaped key": 'version: 1\nplans: {"p\\u0072o": {name: Pro, prices: {monthly: {"pr\\x69ce": AMOUNT}}}}\n',
    "block scalars": """\
version: 1
plans:
  pro:
    name: >-
      Pro
    description: |-   # several lines
      One: with a colon
        # not a comment
      three

    prices:
      monthly:
        price: AMOUNT
""",
    "block scalar with an indicator": """\
version: 1
plans:
  pro:
    name: Pro
    description: |2-
      none in
        two in
    prices: {monthly: {price: AMOUNT}}
""",
    "kept line breaks": """\
version: 1
plans:
  pro:
    metadata:
      note: |+
        kept

    name: Pro
    prices: {monthly: {price: AMOUNT}}
""",
    "multi-line plain and quoted": """\
version: 1
plans:
  pro:
    name: Pro
    description: a plain text
      over two lines
    metadata: {note: "a quoted \\
      text", other: 'and

      another'}
    prices: {monthly: {price: AMOUNT}}
""",
    "document markers": "---\n" + PLAIN + "...\n# after the end\n",
    "document marker with a comment": "# first\n--- # here\n" + PLAIN,
    "tabs in comments": "version: 1 #\ttab\nplans: #\ttab\n  pro:\n    name: Pro #\ttabs\there\n"
    "    prices: {monthly: {price: AMOUNT}} #\there\n",
    "no final newline": "version: 1\nplans:\n  pro:\n    name: Pro\n    prices:\n      monthly:\n        price: AMOUNT",
    "comment without final newline": PLAIN + "# the end",
    "blank lines at both ends": "\n\n" + PLAIN + "\n\n\n",
    "spaces at line ends": "version: 1   \nplans:  \n  pro:   \n    name: Pro  \n"
    "    prices: {monthly: {price: AMOUNT}}   \n",
    "one space": "version: 1\nplans:\n pro:\n  name: Pro\n  prices:\n   monthly:\n    price: AMOUNT\n",
    "seven spaces": "version: 1\nplans:\n       pro:\n              name: Pro\n              prices:\n"
    "                     monthly: {price: AMOUNT}\n",
    "uneven indentation": """\
version: 1
features:
      sso: {name: SSO, type: boolean}
plans:
 pro:
     name: Pro
     prices:
        monthly:
                price: AMOUNT
     features:
       sso: true
""",
    "everything indented": "".join(f"    {line}\n" for line in PLAIN.splitlines()),
    "very long lines": "version: 1\nplans: {pro: {name: Pro, description: " + "long " * 400 + "text, prices: {monthly: "
    "{price: AMOUNT}}}}   # " + "comment " * 100 + "\n",
    "explicit keys": """\
version: 1
? plans
: ? pro
  : name: Pro
    ? prices
    : monthly: {price: AMOUNT}
""",
    "value below its key": "version: 1\nplans:\n  pro:\n    name:\n      Pro\n    prices:\n      monthly:\n"
    "        price:\n          AMOUNT   # below\n",
    "nulls": "version: 1\npolicy: ~\nfeatures: null\nplans:\n  pro:\n    name: Pro\n    description: null\n"
    "    metadata: ~\n    prices: {monthly: {price: AMOUNT, trial_days: ~, regional_prices: null}}\n  gone: null\n",
    "defaults spelled out": """\
version: 1
plans:
  pro:
    name: Pro
    visibility: private
    is_free: False
    block_on_exhaustion: False
    metadata: {}
    prices:
      monthly: {trial_days: 0, price: AMOUNT, is_default: TRUE, regional_prices: {}, lifecycle: {protect: false}}
    features: {}
    exchange_rates: {}
""",
    "standard tags": "version: !!int 1\nplans: !!map\n  pro:\n    name: !!str Pro\n"
    "    prices: {monthly: {price: AMOUNT}}\n",
    "keys in another order": """\
plans:
  pro:
    features: {sso: true}
    prices: {monthly: {price: AMOUNT}}
    name: Pro
features: {sso: {type: boolean, name: SSO}}
version: 1
""",
    "aligned": """\
version:  1
plans:
  pro:    {name: Pro,    prices: {monthly: {price: AMOUNT},            yearly:  {price: 490.00, is_default: true}}}
  basic:  {name: Basic,  prices: {monthly: {price:  9.00},             yearly:  {price:  90.00, is_default: true}}}
""",
    "looks like comments": """\
version: 1
plans:
  pro:
    name: "# Pro"
    description: 'a # in it'   # a comment
    metadata: {a#b: c#d, url: http://x/#y}
    prices: {monthly: {price: AMOUNT}}   #comment without a space
""",
    "the same amount elsewhere": """\
version: 1
plans:
  pro:
    name: "49.00"
    metadata: {price: "49.00"}
    prices: {monthly: {price: AMOUNT, is_default: true}, yearly: {price: 49.00, trial_days: 49}}   # 49.00
""",
}


def anchored(value: Any, known: dict[str, str], indent: int = 0) -> str:
    """A catalog in which whatever is there twice is an alias the second time; mappings with a line for each key."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if text in known:
        return f"*{known[text]} "
    known[text] = name = f"a{len(known)}"
    if not isinstance(value, dict) or not value:
        return f"&{name} {text}"
    pad = "\n" + " " * indent
    lines = [f"{pad}{json.dumps(key)}: {anchored(item, known, indent + 2)}" for key, item in value.items()]
    return f"&{name}" + "".join(lines)


#: How the amount may be written, and what it is once it has changed.
AMOUNTS = {"49.00": "59.00", "49": "59", '"49.00"': '"59.00"', "'49'": "'59'", "49.0": "59.00"}
