#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--deb] BUILD: installs BUILD into an empty prefix and uses assay from there only.

The command: doctor, a model run, proofs of one unit where the provers are there. The consumer project of this folder: C++ on the model and on the engine, C on libassay_dpi, pkg-config.
The lines of docs/dpi.md in an empty folder, with the installed tree and with the sources: a SystemVerilog bench of one's own reaches a verdict.
With --deb also: cpack's Debian package, unpacked and installed into a root of its own; doctor from there.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(*argv, cwd=None, env=None, expect=0, timeout=900):
    done = subprocess.run([str(a) for a in argv], cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout)
    if done.returncode != expect:
        sys.exit(f"FAILED ({done.returncode}, expected {expect}): {' '.join(map(str, argv))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    print("ok  ", " ".join(map(str, argv))[:150], flush=True)
    return done.stdout


def clean_environment(prefix):
    """No way back into the sources but those of the prefix."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ASSAY_")}
    env["PATH"] = f"{prefix}/bin:" + env["PATH"]
    return env


def library_folder(prefix):
    return next(pathlib.Path(prefix).rglob("libassay_dpi.so")).parent


def use_command(prefix, work):
    env = clean_environment(prefix)
    out = run("assay", "doctor", "--json", cwd=work, env=env)
    if "int8_8x8" not in out:
        sys.exit("FAILED: doctor does not find the installed configs\n" + out)
    record = run("assay", "run", "--test", "gemm", "--no-rtl", "--json", "-", cwd=work, env=env)
    root = re.search(r'"root": "([^"]*)"', record).group(1)
    if not root.startswith(str(prefix)):
        sys.exit(f"FAILED: the installed command works with {root}, expected a folder below {prefix}")


def use_prover(prefix, work):
    """Both sides of a unit are proved from the installed sources."""
    provers = subprocess.run(["/usr/bin/python3", "-c", "import z3"], capture_output=True).returncode == 0
    if not provers or not all(map(shutil.which, ("yosys", "cadical", "g++", "verilator"))):
        print("skipped: proofs, a prover is not there")
        return
    out = run("assay", "prove", "accumulate", "--tie", "0", cwd=work, env=clean_environment(prefix))
    if "5 proved" not in out:
        sys.exit("FAILED: the installed prover did not prove both sides of accumulate\n" + out)


def use_libraries(prefix, work):
    config = prefix / "share/assay/rtl/configs/int8_4x4.yaml"
    run("cmake", "-S", HERE, "-B", work / "consumer", f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release")
    run("cmake", "--build", work / "consumer")
    run(work / "consumer/step_model", config)
    run(work / "consumer/list_fields", config, prefix / "share/assay")
    run(work / "consumer/use_dpi", config)
    env = clean_environment(prefix)
    env["PKG_CONFIG_PATH"] = f"{library_folder(prefix)}/pkgconfig"
    if shutil.which("pkg-config"):
        flags = run("pkg-config", "--cflags", "--libs", "assay-dpi", env=env).split()
        run("cc", HERE / "use_dpi.c", "-o", work / "use_dpi", *flags, f"-Wl,-rpath,{library_folder(prefix)}")
        run(work / "use_dpi", config)


def follow_guide(tree, share, lib, env, folder):
    """The commands of docs/dpi.md in an empty folder, as they stand there; only the two folders are those of `tree`."""
    text = (share / "docs/dpi.md").read_text()
    block = next(b for b in re.findall(r"```\n(.*?)```", text, re.S) if b.startswith("SHARE="))
    block, lines = re.subn(r"^SHARE=\S+ LIB=\S+$", f"SHARE={share} LIB={lib}", block, flags=re.M)
    if lines != 1:
        sys.exit("FAILED: the guide's block does not begin with the line SHARE=… LIB=…")
    folder.mkdir()
    out = run("bash", "-ec", block, cwd=folder, env=env)
    if "assay: pass on int8_8x8 after" not in out:
        sys.exit(f"FAILED: the guide's bench gave no verdict with the {tree}\n" + out[-3000:])
    print(f"{tree}:", re.search(r"assay: pass.*", out).group(0))


def use_debian_package(build, work):
    run("cpack", "-G", "DEB", "-B", work / "deb", cwd=build)
    package = next((work / "deb").glob("*.deb"))
    root = work / "root"
    for folder in ("var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/dpkg/triggers"):
        (root / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    (root / "var/lib/dpkg/available").touch()
    run("dpkg", f"--root={root}", "--force-depends", "--force-not-root", "--force-script-chrootless", f"--log={work}/dpkg.log", "-i", package)
    use_command(root / "usr", work)
    print("package", package.name, f"{package.stat().st_size / 1e6:.1f} MB")


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if "--help" in sys.argv or len(arguments) != 1:
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    build = pathlib.Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(prefix="assay-consumer-") as folder:
        work = pathlib.Path(folder).resolve()
        prefix = work / "prefix"
        run("cmake", "--install", build, "--prefix", prefix)
        use_command(prefix, work)
        use_prover(prefix, work)
        use_libraries(prefix, work)
        if shutil.which("verilator"):
            follow_guide("installed tree", prefix / "share/assay", library_folder(prefix), clean_environment(prefix), work / "guide")
            follow_guide("source tree", ROOT, build / "lib", clean_environment(build), work / "guide_sources")
        if "--deb" in sys.argv:
            use_debian_package(build, work)
    print("the installed tree serves")
    return 0


if __name__ == "__main__":
    sys.exit(main())
