#!/bin/sh
# A tour of commetctl on the Commet that is part of it: no account, no key, no network, nothing left behind.
# Needs `commetctl` and `python3` on the PATH: run it with `make demo`.
set -eu

examples=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
emulator=

cleanup() {
  if [ -n "$emulator" ]; then
    kill "$emulator" 2>/dev/null || true
    wait "$emulator" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Whatever the environment says, the demo speaks to nothing but its own Commet.
unset COMMET_API_KEY COMMET_API_URL COMMET_API_VERSION
NO_PROXY=127.0.0.1
no_proxy=127.0.0.1
export NO_PROXY no_proxy

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

step() {
  printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

fail() {
  printf 'demo: %s\n' "$1" >&2
  exit 1
}

# expect STATUS COMMAND...: show the command, run it, and stop the demo if it exits with another status.
expect() {
  wanted=$1
  shift
  printf '\n$ %s\n' "$*"
  status=0
  "$@" || status=$?
  [ "$status" -eq "$wanted" ] || fail "\`$*\` exited with $status instead of $wanted"
}

# The same for an apply, which shows its plan first: here only what comes after that.
apply() {
  printf '\n$ %s\n' "$*"
  status=0
  "$@" >apply.log 2>&1 || status=$?
  sed -n '/^  [0-9]* to create,/,$p' apply.log
  if [ "$status" -ne 0 ]; then
    cat apply.log >&2
    fail "\`$*\` exited with $status instead of 0"
  fi
}

cd "$work"
cp "$examples/credits/commet.yaml" commet.yaml

step '1. The prices of a company are a file. Is it right? No key and no network needed.'
expect 0 commetctl validate

step '2. What would change in Commet? `plan` only reads. `--local` works on a Commet in a file.'
expect 2 commetctl plan --local --detailed-exitcode

step '3. Make it so. Each answer is compared with what was sent, and all of it is read back at the end.'
apply commetctl apply --local --yes

step '4. Plan again: nothing left to do, and the exit code says so (0; it was 2 before).'
expect 0 commetctl plan --local --detailed-exitcode

step '5. Does it sell? Serve the same Commet over HTTP, and let three customers subscribe, one of them by the year.'
printf '\n$ commetctl emulator --port 0 --db .commet/local.db &\n'
commetctl emulator --port 0 --db .commet/local.db >url 2>emulator.log &
emulator=$!
tries=0
until [ -s url ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 200 ] || ! kill -0 "$emulator" 2>/dev/null; then
    cat emulator.log >&2
    fail 'the emulator did not start'
  fi
  sleep 0.1
done
url=$(head -n 1 url)
printf '%s\n' "$url"

# Any key that begins with ck_ or rk_ will do: the emulator knows no secrets.
COMMET_API_KEY=ck_sandbox_demo
COMMET_API_URL=$url
export COMMET_API_KEY COMMET_API_URL

# Creating customers and subscriptions is the job of your product, not of a catalog: this is the API by hand.
cat >subscribe.py <<'PYTHON'
import json
import os
import urllib.request


def post(path, body):
    request = urllib.request.Request(
        os.environ["COMMET_API_URL"] + "/api/v1" + path,
        data=json.dumps(body).encode(),
        headers={"x-api-key": os.environ["COMMET_API_KEY"], "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


for name, interval in [("one", "monthly"), ("two", "monthly"), ("three", "yearly")]:
    customer = post("/customers", {"email": f"{name}@example.com"})
    plan = {"planCode": "studio", "billingInterval": interval}
    print(post("/subscriptions", {"customerId": customer["id"], **plan})["id"])
PYTHON
printf '\n$ python3 subscribe.py\n'
python3 subscribe.py >subscriptions
cat subscriptions

step '6. The Studio plan gets dearer. What does the edit mean for whom? Neither key nor network needed.'
cp commet.yaml before.yaml
sed 's/price: 39\.00/price: 45.00/' before.yaml >commet.yaml
expect 2 commetctl diff before.yaml commet.yaml --detailed-exitcode

step '7. Plan, apply, plan. `plan` also counts the subscriptions, and what they bring.'
expect 2 commetctl plan --local --detailed-exitcode
apply commetctl apply --local --yes
expect 0 commetctl plan --local --detailed-exitcode

step '8. Buy a credit pack.'
expect 0 commetctl packs purchase "$(head -n 1 subscriptions)" starter --yes

step 'Done. The file and Commet agree, and a customer has the credits that the file promises.'
printf '\nNext: README.md, docs/guide.md, and the catalogs in examples/.\n'
