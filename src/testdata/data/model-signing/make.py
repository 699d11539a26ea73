"""Makes v1.1.1: pip install model-signing==1.1.1 pyopenssl; python make.py FOLDER"""
import pathlib
import shutil
import subprocess
import sys

from model_signing import hashing, signing

base = pathlib.Path(sys.argv[1])
base.mkdir()
model = base / "model"
(model / "unet").mkdir(parents=True)
(model / ".github").mkdir()
(model / "unet" / "w.bin").write_bytes(bytes(range(256)) * 4)
(model / "unet.json").write_text("{}")
(model / "empty").write_bytes(b"")
(model / "é x").write_text("x")
(model / ".gitattributes").write_text("x")
(model / ".github" / "a").write_text("x")
(model / "notes.txt").write_text("n")


def sign(key, config, to, what=model):
    signer = signing.Config().use_elliptic_key_signer(private_key=base / f"{key}.pem")
    signer.set_hashing_config(config).sign(what, base / to)


def ignoring(*paths, git=True, config=None):
    return (config or hashing.Config()).set_ignored_paths(paths=paths, ignore_git_paths=git)


for curve, key in (("prime256v1", "p256"), ("secp384r1", "p384"), ("secp521r1", "p521")):
    subprocess.run(
        f"openssl ecparam -name {curve} -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out {base}/{key}.pem"
        f" && openssl pkey -in {base}/{key}.pem -pubout -out {base}/{key}-pub.pem",
        shell=True, check=True)
    sign(key, ignoring("notes.txt", "model.sig"), f"{key}.sig")
sign("p256", ignoring("model.sig", config=hashing.Config().use_shard_serialization(shard_size=300)), "shards.sig")
sign("p256", ignoring("model.sig", git=False), "withgit.sig")
sign("p256", ignoring("model.sig", config=hashing.Config().use_file_serialization(hashing_algorithm="blake2")), "blake2.sig")
sign("p256", hashing.Config(), "onefile.sig", model / "unet.json")
shutil.rmtree(model)
for key in base.glob("p???.pem"):
    key.unlink()
