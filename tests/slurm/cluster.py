# SPDX-License-Identifier: Apache-2.0
"""A Slurm cluster of one node for tests: munged, slurmctld and slurmd as this user, in a folder of its own, on free ports.

Ends with 77 (skipped) and a reason where one of the three is not installed."""
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

SKIPPED = 77
PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "sinfo"]

# SlurmdTimeout and the scheduling intervals are short, so that a lost node is noticed in seconds rather than minutes.
CONFIG = """\
ClusterName=assay
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
SlurmctldPort={controller}
SlurmdPort={node}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=6
MessageTimeout=5
KillWait=2
SchedulerParameters=defer,sched_interval=2,bf_interval=2,batch_sched_delay=0
RequeueExit=75
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def path_with_sbin():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def require_programs():
    for program in PROGRAMS:
        if not shutil.which(program, path=path_with_sbin()):
            print(f"skipped: {program} is not installed (Debian packages munge, slurmctld, slurmd, slurm-client)")
            sys.exit(SKIPPED)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, condition, seconds):
    """The condition's first true value; fails with `what` when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds} s")


class Cluster:
    def __init__(self, folder, cpus=2):
        self.folder = Path(folder)
        self.daemons = {}
        self.host = socket.gethostname().split(".")[0]
        (self.folder / "state").mkdir(mode=0o700)
        (self.folder / "spool").mkdir(mode=0o700)
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o400)
        config = self.folder / "slurm.conf"
        user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
        config.write_text(CONFIG.format(host=self.host, user=user, folder=self.folder, controller=free_port(), node=free_port(), cpus=cpus))
        self.environment = {**os.environ, "SLURM_CONF": str(config), "PATH": path_with_sbin()}

    def start(self):
        f = self.folder
        self.daemon("munged", "--foreground", "--force", f"--key-file={f}/munge.key", f"--socket={f}/munge.socket", f"--pid-file={f}/munge.pid",
                    f"--log-file={f}/munge.log", f"--seed-file={f}/munge.seed")
        wait_for("munged listens", (f / "munge.socket").exists, 20)
        self.daemon("slurmctld", "-D", "-c")
        self.start_node()
        wait_for("the node is idle", lambda: "idle" in self.states(), 60)

    def start_node(self):
        self.daemon("slurmd", "-D")

    def daemon(self, name, *arguments):
        log = open(self.folder / f"{name}.out", "ab")
        self.daemons[name] = subprocess.Popen([shutil.which(name, path=path_with_sbin()), *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                              stdout=log, stderr=log, start_new_session=True)
        log.close()

    def kill(self, name):
        self.daemons[name].kill()
        self.daemons[name].wait()

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)

    def states(self):
        return self.run("sinfo", "-h", "-o", "%T").stdout

    def queue(self):
        """State by task: {"17_3": "RUNNING"}; pending tasks of an array are one line each."""
        lines = self.run("squeue", "-h", "-r", "-t", "all", "-o", "%i %T").stdout.split("\n")
        return dict(line.split() for line in lines if line.strip())

    def busy(self):
        return {task: state for task, state in self.queue().items() if state not in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")}

    def stop(self):
        for name in ("slurmd", "slurmctld", "munged"):
            process = self.daemons.get(name)
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def logs(self):
        out = []
        for name in ("slurmctld.log", "slurmd.log", "slurmctld.out", "slurmd.out", "munged.out"):
            file = self.folder / name
            if file.exists():
                out.append(f"--- {name}\n" + "\n".join(file.read_text(errors="replace").split("\n")[-40:]))
        return "\n".join(out)
