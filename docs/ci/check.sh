#!/usr/bin/env bash
# Checks every product of a shelf in a pipeline and leaves reports for people and machines.
#
#   check.sh [SHELF [REPORTS]]
#
# Exit code: 0 every product is good, 1 something was found, 2 something cannot be read.
set -uo pipefail

shelf="${1:-products}"
reports="${2:-reports}"
covercast="${COVERCAST:-covercast}"
cache="${COVERCAST_CACHE:-.covercast-cache}"

mkdir -p "$reports"
# The first run judges; the others tell the same findings in another form, from the cache.
$covercast check --all --shelf "$shelf" --cache "$cache"
code=$?
$covercast check --all --shelf "$shelf" --cache "$cache" --format sarif -o "$reports/check.sarif" >/dev/null
$covercast check --all --shelf "$shelf" --cache "$cache" --format junit -o "$reports/check.xml" >/dev/null
exit "$code"
