#!/usr/bin/env bash
# Makes the two classifiers of the stress test: ./run.sh WORK [PYTHON]. What is done already is not done again.
# Needs a JDK (25 or newer) and a Python with requirements.txt installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
radedit=$here/../../../radedit
work=$1
python=${2:-python3}
mkdir -p "$work"

[ -e "$work/train" ] || "$radedit" weights phantom "$work/train" --count 8000 --seed 471 --packed
[ -e "$work/test" ] || "$radedit" weights phantom "$work/test" --count 2000 --seed 472 --packed
# An edited film is decoded by the autoencoder, so films after its round trip are learnt too: everything is kept, nothing edited.
[ -e "$work/tripped" ] || "$radedit" weights phantom "$work/tripped" --count 2500 --seed 473
[ -e "$work/trips/results.csv" ] || "$radedit" stress run --images "$work/tripped/films" --edit-mask all --keep-mask all \
    --prompt "" --weight 0 --steps 2 --skip-ratio 0.5 -o "$work/trips"

for name in weak strong; do
    "$python" "$here/train.py" "$name" --work "$work" | tee "$work/$name.log"
done
