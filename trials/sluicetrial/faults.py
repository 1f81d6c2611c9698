"""Each fault that a host or a network can make, made for real against a real Sluice: what is wanted, what was seen."""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from .appliance import Sluice, build, can_connect, free_port, wait_for
from .liberator import Liberator

ROWS = []
HOST = "a.test"
LAST_CHUNK = b"0\r\n\r\n"


def row(wanted):
    """A row of the table: a function that gets a folder and returns (passed, what was seen)."""
    def add(function):
        ROWS.append((function.__name__.replace("_", " "), wanted, function))
        return function
    return add


class Skipped(Exception):
    """What it needs is not installed here."""


def config(port, liberators, more="", log=""):
    """Hosts a.test, b.test, ... served by the addresses given."""
    names = "abcdefgh"
    head = "" if "responseHeadTimeout" in more else "responseHeadTimeout: 2s, "
    return (f"defaults: {{ connectTimeout: 2s, {head}{more} }}\n{log}"
            f"listeners: [ {{ name: plain, bind: \"0.0.0.0:{port}\" }} ]\n"
            "liberators:\n"
            + "".join(f"  - {{ name: lib-{n}, address: \"{a}\", health: off }}\n" for n, a in zip(names, liberators))
            + "routes:\n" + "".join(f"  - {{ host: {n}.test, liberator: lib-{n} }}\n" for n, _ in zip(names, liberators)))


class Setting:
    """A Liberator, and Sluice before it."""

    def __init__(self, folder, more="", log="", others=(), **how):
        self.liberator = Liberator()
        self.port = free_port()
        addresses = [f"127.0.0.1:{self.liberator.port}", *others]
        self.sluice = Sluice(folder, config(self.port, addresses, more, log), **how)

    def __enter__(self):
        self.sluice.start()
        return self

    def __exit__(self, *_):
        self.sluice.stop()
        self.liberator.close()

    def ask(self, path, host=HOST, fields="", receive=0):
        client = socket.socket()
        if receive:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        client.settimeout(15)
        client.connect(("127.0.0.1", self.port))
        client.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n".encode())
        return client

    def timed(self, path, host=HOST):
        """Status, or what happened instead, and seconds."""
        started = time.monotonic()
        try:
            with self.ask(path, host) as client:
                data = client.recv(4096)
            return data[9:12].decode() if data else "closed", time.monotonic() - started
        except OSError as failed:
            return type(failed).__name__, time.monotonic() - started


def drained(client):
    """Everything to the end, and how it ended: 'end' or 'reset'."""
    data = b""
    try:
        while part := client.recv(65536):
            data += part
        return data, "end"
    except ConnectionResetError:
        return data, "reset"


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@row("the Liberator's connection closed within 1 s, no byte flowing")
def client_gone_from_an_idle_stream(folder):
    with Setting(folder) as s:
        seen = []
        for how in (socket.socket.close, reset):
            client = s.ask("idle")
            client.recv(100)
            time.sleep(0.3)
            started = time.monotonic()
            how(client)
            gone = wait_for(lambda: s.liberator.connections() == 0, 5, 0.01)
            seen.append(time.monotonic() - started if gone else 99)
        return max(seen) < 1, "by FIN {:.2f} s, by RST {:.2f} s".format(*seen)


@row("502 or 503 in under 1 s; served again by the next request")
def liberator_refuses(folder):
    with Setting(folder) as s:
        port = s.liberator.port
        s.liberator.close()
        time.sleep(0.2)
        status, seconds = s.timed("quick")
        s.liberator = Liberator(port=port)
        again, _ = s.timed("quick")
        return status in ("502", "503") and seconds < 1 and again == "200", f"{status} in {seconds:.2f} s, then {again}"


@row("504 at connectTimeout (2 s); other hosts in under 0.5 s meanwhile")
def SYNs_swallowed(folder):
    deaf = socket.create_server(("127.0.0.1", 0), backlog=0)
    fillers = []
    for _ in range(8):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(deaf.getsockname())
        fillers.append(filler)
    time.sleep(0.3)
    with Setting(folder, others=[f"127.0.0.1:{deaf.getsockname()[1]}"]) as s:
        s.timed("quick")
        result = []
        threads = [threading.Thread(target=lambda: result.append(s.timed("quick", "b.test"))) for _ in range(20)]
        for each in threads:
            each.start()
        others = []
        while any(each.is_alive() for each in threads):
            others.append(s.timed("quick")[1])
        slow = max(seconds for _, seconds in result)
        good = all(status == "504" for status, _ in result) and 1.5 < slow < 4 and max(others) < 0.5
        return good, f"20 times {result[0][0]}, the last after {slow:.2f} s; {len(others)} others, slowest {max(others):.3f} s"


@row("504 at responseHeadTimeout (2 s)")
def liberator_never_answers(folder):
    with Setting(folder) as s:
        status, seconds = s.timed("silent")
        return status == "504" and 1.5 < seconds < 4, f"{status} after {seconds:.2f} s"


@row("before its head 502; later never a clean end")
def liberator_dies_at_every_phase(folder):
    with Setting(folder) as s:
        seen, good = [], True
        for path in ("dies_before", "dies_in_head"):
            status, _ = s.timed(path)
            good &= status == "502"
            seen.append(f"{path} {status}")
        for path in ("dies_in_chunks", "dies_in_length", "dies_until_close"):
            with s.ask(path) as client:
                data, end = drained(client)
            good &= b"first" in data and not data.endswith(b"0\r\n\r\n") and (path != "dies_until_close" or end == "reset")
            seen.append(f"{path} {end}")
        return good and s.liberator.connections() == 0, ", ".join(seen)


@row("accepting pauses without a spin (< 20 % CPU), streams flow, JMX answers, recovery at once")
def descriptors_run_out(folder):
    if not shutil.which("prlimit"):
        raise Skipped("prlimit (util-linux)")
    # A limit on connections that cannot be kept, or admission would stop short of the descriptors.
    with Setting(folder, log="limits: { connections: 10000 }\n", before=["prlimit", "--nofile=256:256"]) as s:
        stream = s.ask("ticks")
        stream.recv(4096)
        s.sluice.streams()
        crowd = []
        for _ in range(400):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", s.port))
            crowd.append(client)
        time.sleep(2)
        cpu = s.sluice.cpu_seconds()
        time.sleep(3)
        cpu = (s.sluice.cpu_seconds() - cpu) / 3
        stream.settimeout(2)
        flows = b"tick" in stream.recv(4096)
        jmx = s.sluice.streams() >= 1
        used = s.sluice.descriptors()
        low = s.sluice.bean("sluice:type=Appliance", "DescriptorsLowTotal")
        for each in crowd:
            each.close()
        started = time.monotonic()
        back = wait_for(lambda: s.timed("quick")[0] == "200", 10, 0.02)
        seconds = time.monotonic() - started
        return (flows and jmx and back and cpu < 0.2 and seconds < 3 and used > 200,
                f"{used} of 256 descriptors (DescriptorsLowTotal={low}), CPU {cpu:.0%}, stream flows: {flows},"
                f" JMX: {jmx}, served again after {seconds:.2f} s")


@row("no stream holds a thread; a request in under 0.5 s beside 500 idle streams")
def threads_and_many_streams(folder):
    with Setting(folder) as s:
        s.timed("quick")
        before = s.sluice.threads()
        clients = [s.ask("idle") for _ in range(500)]
        for each in clients:
            each.recv(100)
        after = s.sluice.threads()
        status, seconds = s.timed("quick")
        for each in clients:
            each.close()
        return after - before < 10 and status == "200" and seconds < 0.5, f"{before} -> {after} threads, {status} in {seconds:.3f} s"


@row("-Xmx128m carries 500 stalled readers; requests are served; all given back")
def heap_of_128_MiB_and_stalled_readers(folder):
    with Setting(folder, "responseHeadTimeout: 60s", flags=["-Xmx128m"]) as s:
        clients = [s.ask("flood", receive=4096) for _ in range(500)]
        lent_now = lambda: int(s.sluice.bean("sluice:type=Appliance", "BuffersLent"))  # noqa: E731
        wait_for(lambda: lent_now() >= 500, 60, 0.5)
        lent, streams = lent_now(), s.sluice.streams()
        time.sleep(2)
        status, seconds = s.timed("quick")
        resident = s.sluice.status("VmRSS") // 1024
        for each in clients:
            reset(each)
        back = wait_for(lambda: s.sluice.streams() == 0, 20, 0.2)
        left = s.sluice.bean("sluice:type=Appliance", "BuffersLent")
        alive = s.sluice.process.poll() is None
        return (alive and streams == 500 and lent >= 450 and status == "200" and back and left == "0",
                f"{streams} streams, {lent} of them behind, {resident} MiB resident, {status} in {seconds:.2f} s, afterwards {left} lent, streams gone: {back}")


@row("a changed address serves new connections; the open stream stays where it is")
def DNS_changes(folder):
    hosts = pathlib.Path(folder) / "hosts"
    hosts.parent.mkdir(parents=True, exist_ok=True)
    hosts.write_text("127.0.0.1 moving.test\n")
    first = Liberator("127.0.0.1")
    second = Liberator("127.0.0.2", first.port)
    with Setting(folder, others=[f"moving.test:{first.port}"],
                 flags=[f"-Djdk.net.hosts.file={hosts}", "-Dsun.net.inetaddr.ttl=1"]) as s:
        stream = s.ask("ticks", "b.test")
        stream.recv(4096)
        hosts.write_text("127.0.0.2 moving.test\n")
        moved = wait_for(lambda: s.timed("quick", "b.test") and s.ask("idle", "b.test").recv(9)
                         and second.connections() > 0, 10, 0.5)
        time.sleep(0.3)
        flows = b"tick" in stream.recv(4096)
        first.close()
        second.close()
        return moved and flows, f"new address used: {moved}, old stream flows: {flows}"


@row("a resolver that hangs delays nobody else (< 0.5 s)")
def DNS_hangs(folder):
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        raise Skipped("unshare -rm (a user namespace)")
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    hole = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    hole.bind(("127.0.0.53", 0))
    (folder / "resolv.conf").write_text("nameserver 192.0.2.1\noptions timeout:5 attempts:2\n")
    inside = f"mount --bind {folder}/resolv.conf /etc/resolv.conf && exec \"$@\""
    with Setting(folder, others=["hangs.example.com:9"], before=["unshare", "-rm", "sh", "-c", inside, "sh"]) as s:
        s.timed("quick")
        slow = [threading.Thread(target=lambda: s.timed("quick", "b.test"), daemon=True) for _ in range(30)]
        for each in slow:
            each.start()
        end, others = time.monotonic() + 4, []
        while time.monotonic() < end:
            others.append(s.timed("quick"))
        worst = max(seconds for _, seconds in others)
        good = all(status == "200" for status, _ in others) and worst < 0.5
        return good, f"{len(others)} requests beside 30 that hang, slowest {worst:.3f} s"


@row("streams and deadlines take no notice of the clock (+1 h, -1 h)")
def clock_jumps(folder):
    library = next(iter(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
    if not library:
        raise Skipped("libfaketime (Debian: faketime)")
    stamp = pathlib.Path(folder) / "now"
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text("+0")
    env = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(stamp), "FAKETIME_NO_CACHE": "1",
           "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with Setting(folder, env=env, more="streamIdleTimeout: 10s", log="log: { streams: [ open, end, poll ] }\n") as s:
        stream = s.ask("ticks")
        stream.recv(4096)
        seen = []
        for jump in ("+3600", "-3600", "+0"):
            stamp.write_text(jump)
            time.sleep(1.5)
            data = stream.recv(65536)
            seen.append(data.count(b"tick"))
            status, _ = s.timed("quick")
            if status != "200":
                return False, f"{status} after {jump}"
        jumped = len({line[:13] for line in s.sluice.output().splitlines() if " INFO " in line}) > 1
        return min(seen) > 5 and jumped, f"ticks after each jump {seen}; the log's clock jumped: {jumped}"


@row("traffic goes on, lines are dropped and counted, an alarm in JMX, logging resumes by itself")
def disk_full_on_the_log(folder):
    log = pathlib.Path(folder) / "sluice.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.symlink_to("/dev/full")
    appliance = "sluice:type=Appliance"
    with Setting(folder, log=f"log: {{ file: {log}, streams: [ open, end, poll ] }}\n") as s:
        statuses = {s.timed("quick")[0] for _ in range(20)}
        alarm = wait_for(lambda: s.sluice.bean(appliance, "LogFailing") == "true", 5)
        dropped = int(s.sluice.bean(appliance, "LogLinesDroppedTotal"))
        log.unlink()

        def resumed():
            s.timed("quick")
            return s.sluice.bean(appliance, "LogFailing") == "false"
        back = wait_for(resumed, 10, 0.2)
        text = log.read_text() if log.exists() else ""
        good = statuses == {"200"} and alarm and dropped > 5 and back and "log.resumed" in text
        return good, f"{statuses}, alarm {alarm}, {dropped} lines dropped, resumed {back}: {text.splitlines()[:1]}"


@row("noticed within 60 s to 75 s of silence, both sides closed, counted with the deadline")
def client_gone_without_a_FIN(folder):
    if not shutil.which("ip") or subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        raise Skipped("ip (Debian: iproute2) and unshare -rn")
    inside = [sys.executable, "-m", "sluicetrial.halfopen", str(folder)]
    done = subprocess.run(["unshare", "-rn", *inside], capture_output=True, text=True, timeout=180)
    return done.returncode == 0, (done.stdout + done.stderr).strip().splitlines()[-1] if done.stdout or done.stderr else "nothing"


@row("killed with -9: both sides reset; started again on the same ports in under 5 s")
def kill_9_and_restart(folder):
    with Setting(folder) as s:
        stream = s.ask("ticks")
        stream.recv(4096)
        s.sluice.process.kill()
        s.sluice.process.wait()
        _, end = drained(stream)
        gone = wait_for(lambda: s.liberator.connections() == 0, 3)
        s.sluice.start()
        status, _ = s.timed("quick")
        return (status == "200" and s.sluice.start_seconds < 5 and end == "reset" and gone,
                f"stream ended by {end}, Liberator told: {gone}, {status} {s.sluice.start_seconds:.1f} s after the start")


@row("TERM: listeners closed at once, streams ended within drainTime, exit 0, started again at once")
def SIGTERM_drains(folder):
    with Setting(folder) as s:
        stream = s.ask("ticks")
        stream.recv(4096)
        started = time.monotonic()
        s.sluice.signal(signal.SIGTERM)
        closed = wait_for(lambda: not can_connect(s.port), 3)
        stream.settimeout(30)
        data, end = drained(stream)
        code = s.sluice.process.wait(60)
        seconds = time.monotonic() - started
        s.sluice.start()
        again, _ = s.timed("quick")
        return (closed and code == 0 and again == "200" and seconds < 45,
                f"listener closed: {closed}, stream {end} ({'with' if data.endswith(LAST_CHUNK) else 'without'}"
                f" a last chunk), exit {code} after {seconds:.1f} s, then {again}")


@row("the old configuration stays in force, the error names file and line")
def bad_configuration_at_reload(folder):
    with Setting(folder) as s:
        good = s.sluice.file.read_text()
        s.sluice.file.write_text(good.replace("health: off", "health: maybe"))
        s.sluice.signal(signal.SIGHUP)
        named = wait_for(lambda: f"{s.sluice.file}:" in s.sluice.output(), 5)
        status, _ = s.timed("quick")
        return named and status == "200", f"named: {named}, then {status}"


def slowhttptest(folder, path, *mode):
    """500 slow connections for 20 s; others are served in under 1 s, and the slow ones must be closed by their deadlines."""
    if not shutil.which("slowhttptest"):
        raise Skipped("slowhttptest (Debian: slowhttptest)")
    deadlines = "requestHeadTimeout: 5s, requestBodyMinRate: 10B/5s, stalledClientTimeout: 5s"
    other = subprocess.Popen([sys.executable, "-m", "sluicetrial.liberator"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    setting = Setting(folder, deadlines)
    slow = free_port()
    addresses = [f"127.0.0.1:{setting.liberator.port}", f"127.0.0.1:{other.stdout.readline().strip()}"]
    setting.sluice.write(config(setting.port, addresses, deadlines).replace(
        "listeners: [", f'listeners: [ {{ name: slow, bind: "127.0.0.1:{slow}", liberator: lib-b }},'))
    attack = None
    try:
        with setting as s:
            s.timed("quick")
            attack = subprocess.Popen(
                ["slowhttptest", "-c", "500", "-r", "250", "-l", "20", "-p", "2", *mode,
                 "-u", f"http://127.0.0.1:{slow}/{path}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            others, most = [], 0
            while attack.poll() is None:
                others.append(s.timed("quick"))
                most = max(most, s.sluice.descriptors())
                time.sleep(0.2)
            gone = wait_for(lambda: s.sluice.streams() == 0, 15, 0.2)
    finally:
        other.kill()
        if attack:
            attack.kill()
    worst = max(seconds for _, seconds in others)
    good = all(status == "200" for status, _ in others) and worst < 1 and gone
    return good, (f"up to {most} descriptors; {len(others)} other requests, all {others[0][0]}, slowest {worst:.3f} s;"
                  f" slow streams gone: {gone}")


@row("slow heads do not disturb others, and are closed at requestHeadTimeout")
def slow_heads(folder):
    return slowhttptest(folder, "quick", "-H", "-i", "2", "-x", "24", "-t", "GET")


@row("slow bodies do not disturb others, and are closed below requestBodyMinRate")
def slow_bodies(folder):
    return slowhttptest(folder, "silent", "-B", "-i", "4", "-s", "8192", "-x", "2", "-t", "POST")


@row("many overlapping ranges do not disturb others")
def slow_ranges(folder):
    return slowhttptest(folder, "quick", "-R", "-a", "10", "-b", "3000", "-t", "HEAD")


@row("slow readers do not disturb others, and are closed at stalledClientTimeout")
def slow_readers(folder):
    return slowhttptest(folder, "flood", "-X", "-w", "1", "-y", "1", "-n", "5", "-z", "1")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="scripts/faults", description=__doc__)
    parser.add_argument("rows", nargs="*", help="words of the rows to make; all if none is given")
    options = parser.parse_args(arguments)
    build()
    failed = 0
    folder = tempfile.mkdtemp(prefix="sluice-faults-")
    for number, (name, wanted, function) in enumerate(ROWS):
        if options.rows and not any(word.lower() in name.lower() for word in options.rows):
            continue
        try:
            passed, seen = function(os.path.join(folder, str(number)))
            mark = "pass" if passed else "FAIL"
        except Skipped as missing:
            mark, seen = "skip", f"needs {missing}"
        except Exception as broken:  # a row that breaks must not hide the others
            mark, seen = "FAIL", f"{type(broken).__name__}: {broken}"
        failed += mark == "FAIL"
        print(f"{mark}  {name}\n      wanted: {wanted}\n      seen:   {seen}", flush=True)
    if not failed:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"{failed} failed; their files: {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
