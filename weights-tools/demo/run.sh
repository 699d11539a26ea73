#!/usr/bin/env bash
# Makes the demo model: ./run.sh WORK [PYTHON]. What is done already is not done again; stop and start as you like.
# Needs a JDK (25 or newer) and a Python with requirements.txt installed. Everything lands under WORK, the model in WORK/model.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$1
python=${2:-python3}
export OMP_WAIT_POLICY=PASSIVE
train() { nice -n 19 "$python" "$here/train.py" "$@" --work "$work/run" --resume; }

[ -e "$work/train" ] || "$root/radedit" weights phantom "$work/train" --count 32000 --seed 1 --packed
[ -e "$work/test" ] || "$root/radedit" weights phantom "$work/test" --count 1500 --seed 99 --packed

# The autoencoder does not depend on the others: a thread each.
train vae --data "$work/train" --steps "${VAE_STEPS:-2500}" --threads 1 &
vae=$!
train text --data "$work/train" --steps "${TEXT_STEPS:-3300}" --threads 1
train pair --data "$work/train" --steps "${PAIR_STEPS:-1500}" --threads 1 --anneal
wait "$vae"
# Latents stay as they are from here on.
train decoder --data "$work/train" --steps "${DECODER_STEPS:-2000}" --threads 1 --anneal &
decoder=$!
train unet --data "$work/train" --steps "${UNET_STEPS:-8000}" --batch 32 --rate 1.4 --films 20000 --anneal
wait "$decoder"

"$python" "$here/train.py" export --work "$work/run" --out "$work/model"
"$python" "$here/train.py" score --data "$work/test" --work "$work/run" --steps 1000 | tee "$work/score.txt"
"$root/radedit" demo evaluate --model "$work/model" --pictures "$work/pictures" | tee "$work/evaluation.txt"
