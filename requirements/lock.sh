#!/bin/sh
# Renews the hash-locked requirements for every supported Python. Needs uv on the PATH.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
lock pyproject.toml --group dev --output-file requirements/dev.txt
# What commetctl itself needs, at the same versions. `make dist` tries the wheel with them.
lock pyproject.toml --constraint requirements/dev.txt --output-file requirements/runtime.txt
# What the Action installs: the same versions without the tools for development.
echo hatchling | lock pyproject.toml - --no-annotate --constraint requirements/dev.txt --output-file ci/requirements.txt
# What builds the site, apart from all that: it is never in the environment that the tests run in.
lock requirements/site.in --output-file requirements/site.txt
# What checks the workflows, apart as well.
lock requirements/actions.in --output-file requirements/actions.txt
# What the benchmarks measure against, apart as well.
lock requirements/bench.in --output-file requirements/bench.txt
# The tools that check a release, apart as well.
lock requirements/release.in --output-file requirements/release.txt
# The tools that the proofs install commetctl with.
lock requirements/tools.in --output-file requirements/tools.txt
for version in 5.3.0 5.5.0 6.0.0 7.5.0 7.10.0 8.0.1 9.0.0 9.4.0 9.7.0; do
    echo "commet-sdk==$version" | lock --no-deps - --output-file "requirements/sdk-$version.txt"
done
