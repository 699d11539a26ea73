#!/usr/bin/env bash
# Puts a demo model into the program: ./embed.sh MODEL. files.txt lists hash, length and name of each file.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
to=$root/weights-tools/demo/src/main/resources/radedit/demo
rm -rf "$to"
mkdir -p "$to"
cp -r "$1"/. "$to"
cd "$to"
find . -type f ! -name files.txt | LC_ALL=C sort | while read -r f; do
    echo "$(sha256sum "$f" | cut -d ' ' -f 1) $(stat -c %s "$f") ${f#./}"
done > files.txt
