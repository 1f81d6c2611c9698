"""The machine: which cores are used, what is installed, what is missing, how it is all called."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

# command -> Debian package
TOOLS = {
    "gcc": "gcc",
    "openssl": "openssl",
    "taskset": "util-linux",
    "setpriv": "util-linux",
}
PEER_PACKAGES = {"nginx": ["nginx", "libnginx-mod-stream"], "haproxy": ["haproxy"]}


def output_of(*command: str, env: dict[str, str] | None = None) -> str:
    """What a command prints on both streams; empty when there is no such command or it takes too long."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30, env=env, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


@dataclass(frozen=True)
class Cores:
    """The core of the proxy and the core of the load."""

    proxy: int
    load: int

    @property
    def shared(self) -> bool:
        """Whether there is only one: then the figures say little."""
        return self.proxy == self.load


def choose_cores() -> Cores:
    """The first core for the proxy, the second for the load."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[1] if len(usable) > 1 else usable[0])


def are_siblings(cores: Cores) -> bool:
    """Whether both cores are threads of one physical core."""
    path = Path(f"/sys/devices/system/cpu/cpu{cores.proxy}/topology/thread_siblings_list")
    try:
        text = path.read_text(encoding="ascii")
    except OSError:
        return False
    found: set[int] = set()
    for part in text.strip().split(","):
        low, _, high = part.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return not cores.shared and cores.load in found


def cpu_model() -> str:
    """The name of the processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib() -> float:
    """Memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def raise_descriptor_limit() -> int:
    """Lifts the soft limit of descriptors to the hard one, for us and for what we start; returns it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def have_openssl_headers() -> bool:
    """Whether a program can be built against OpenSSL."""
    done = subprocess.run(
        ["gcc", "-E", "-x", "c", "-", "-o", os.devnull],
        input="#include <openssl/ssl.h>\n",
        text=True,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def nginx_stream_module() -> str | None:
    """The line that loads nginx's stream module ('' when it is built in); None when there is none."""
    built = output_of("nginx", "-V")
    if "--with-stream_ssl_module" not in built:
        return None
    if "--with-stream=dynamic" not in built:
        return ""
    folder = re.search(r"--modules-path=(\S+)", built)
    path = Path(folder.group(1) if folder else "/usr/lib/nginx/modules") / "ngx_stream_module.so"
    return f"load_module {path};\n" if path.exists() else None


def missing_packages(peers: list[str]) -> dict[str, list[str]]:
    """What is not installed: name -> Debian packages that bring it."""
    missing = {tool: [package] for tool, package in TOOLS.items() if not shutil.which(tool)}
    if "gcc" not in missing and not have_openssl_headers():
        missing["openssl/ssl.h"] = ["libssl-dev"]
    for peer in peers:
        if peer in PEER_PACKAGES and not shutil.which(peer):
            missing[peer] = PEER_PACKAGES[peer]
        elif peer == "nginx" and nginx_stream_module() is None:
            missing["nginx stream module"] = ["libnginx-mod-stream"]
    return missing


@dataclass
class Environment:
    """What a reader needs to know to believe a figure, or to repeat it."""

    started_at: str
    command: str
    cpu: str
    cores: int
    proxy_core: int
    load_core: int
    notes: list[str]
    kernel: str
    memory_gib: float
    descriptors: int
    load_average: str
    versions: dict[str, str]
    tls: str
    revision: str

    def as_dict(self) -> dict:
        """For JSON."""
        return asdict(self)


def describe(started_at: str, command: str, cores: Cores, descriptors: int, versions: dict[str, str]) -> Environment:
    """Reads the machine."""
    notes = []
    if cores.shared:
        notes.append("this machine has one core: proxy and load share it, the figures say little")
    if are_siblings(cores):
        notes.append("both cores are threads of one physical core: the load slows the proxy down")
    here = Path(__file__).parent
    revision = output_of("git", "-C", str(here), "describe", "--always", "--dirty")
    return Environment(
        started_at=started_at,
        command=command,
        cpu=cpu_model(),
        cores=os.cpu_count() or 1,
        proxy_core=cores.proxy,
        load_core=cores.load,
        notes=notes,
        kernel=f"{platform.system()} {platform.release()}",
        memory_gib=round(memory_gib(), 1),
        descriptors=descriptors,
        load_average=" ".join(f"{x:.2f}" for x in os.getloadavg()),
        versions=versions,
        tls="TLS 1.3, TLS_AES_128_GCM_SHA256, P-256 certificate, full handshakes",
        revision=revision if not revision.startswith("fatal") else "",
    )
