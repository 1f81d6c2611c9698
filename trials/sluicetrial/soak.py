"""Random clients of all kinds and random ends of all kinds, for as long as asked; then everything is back where it was.

What a Liberator sends is signed: its own name, the stream's id, a number that counts up, and a checksum; what a client
sends up comes back as a checksum. So a byte that is lost, doubled or altered shows, and so does a stream that was
answered by another Liberator than its route's.
"""

import argparse
import asyncio
import base64
import hashlib
import os
import random
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from .appliance import Sluice, build, free_port, wait_for

NAMES = ("lib-a", "lib-b")
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Fault(Exception):
    """Something that must never happen."""


class Count(dict):
    def up(self, key, by=1):
        self[key] = self.get(key, 0) + by


def record(name, stream, number, last, filler):
    text = f"{name} {stream} {number} {'last' if last else 'more'} {filler}"
    return f"{text} {zlib.crc32(text.encode()):08x}\n".encode()


class Reading:
    """Checks the records of one stream as they come."""

    def __init__(self, name, stream):
        self.name, self.stream, self.next, self.last = name, stream, 0, False
        self.rest, self.seen = b"", ""

    def feed(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            text, _, checksum = line.decode("ascii", "replace").rpartition(" ")
            if f"{zlib.crc32(text.encode()):08x}" != checksum:
                raise Fault(f"stream {self.stream}: altered: {line[:120]!r}")
            name, stream, number, more = text.split(" ")[:4]
            if name != self.name or stream != self.stream:
                raise Fault(f"stream {self.stream} of {self.name} got a record of {name}, stream {stream}")
            if int(number) != self.next or self.last:
                raise Fault(f"stream {self.stream}: record {number} where {self.next} was due")
            self.next += 1
            self.last, self.seen = more == "last", text


def abort(writer):
    """Ends a connection with a reset, if it has not ended yet."""
    try:
        sock = writer.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    except (OSError, AttributeError):
        pass  # TLS transports forget what they stood on


class Liberator:
    """Answers what the path asks for; ends badly when it is told to in the path."""

    def __init__(self, name, seed):
        self.name, self.random = name, random.Random(seed)

    async def start(self, http, direct):
        self.servers = [
            await asyncio.start_server(self.http, "127.0.0.1", http),
            await asyncio.start_server(self.direct, "127.0.0.1", direct)]

    def filler(self):
        return "x" * self.random.choice((0, 5, 80, 800, 9000))

    async def records(self, stream, count, breaks, write):
        for number in range(count):
            if number == breaks:
                return False
            await write(record(self.name, stream, number, number == count - 1, self.filler()))
            if self.random.random() < 0.3:
                await asyncio.sleep(self.random.random() * 0.05)
        return True

    async def http(self, reader, writer):
        try:
            while await self.exchange(reader, writer):
                pass
            writer.close()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            abort(writer)

    async def exchange(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        _, kind, stream, count, breaks = head.split(" ")[1].split("/")
        count, breaks = int(count), int(breaks)
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head.split("\r\n")[1:])}

        async def send(data):
            writer.write(data)
            await writer.drain()

        async def send_chunk(data):
            await send(b"%x\r\n%s\r\n" % (len(data), data))

        async def send_frame(data):
            size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
            await send(b"\x82" + size + data)

        if kind == "upload":
            body = await self.body(reader, fields)
            if breaks == 0:
                abort(writer)
                return False
            answer = record(self.name, stream, 0, True, f"{zlib.crc32(body):08x}")
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
            return True
        if kind == "poll":
            parts = b"".join(record(self.name, stream, n, n == count - 1, self.filler()) for n in range(count))
            await send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(parts))
            await send(parts if breaks < 0 else parts[:len(parts) // 2])
        elif kind == "ws":
            accept = base64.b64encode(hashlib.sha1((fields["sec-websocket-key"] + GUID).encode()).digest())
            await send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            if await self.records(stream, count, breaks, send_frame):
                await asyncio.sleep(0.05)
            writer.close() if breaks < 0 else abort(writer)
            return False
        elif kind == "chunked":
            await send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            if await self.records(stream, count, breaks, send_chunk):
                await send(b"0\r\n\r\n")
        else:
            await send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            if await self.records(stream, count, breaks, send):
                writer.close()
                return False
        if breaks >= 0:
            abort(writer)
            return False
        return True

    async def body(self, reader, fields):
        if "content-length" in fields:
            return await reader.readexactly(int(fields["content-length"]))
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return body

    async def direct(self, reader, writer):
        try:
            _, stream, count, breaks = (await reader.readuntil(b"\n")).decode().split()

            async def send(data):
                writer.write(data)
                await writer.drain()
            done = await self.records(stream, int(count), int(breaks), send)
            writer.close() if done else abort(writer)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            abort(writer)


class Drains:
    """Liberators are emptied and come back, at random. A stream may then end in order before its last record: that is
    what a drain is for. It ends between two records even then."""

    def __init__(self, sluice, seed, counts):
        self.sluice, self.random, self.counts = sluice, random.Random(seed), counts
        self.drained_until = dict.fromkeys(NAMES, 0.0)

    def touched(self, name, since):
        """Whether a drain was under way at any time since."""
        return self.drained_until[name] > since

    async def run(self):
        while True:
            await asyncio.sleep(self.random.uniform(1, 4))
            name = self.random.choice(NAMES)
            bean = f"sluice:type=Liberator,name={name}"
            self.drained_until[name] = float("inf")
            await asyncio.to_thread(self.sluice.call, bean, "drain", self.random.choice((0, 20, 100)), 2)
            await asyncio.sleep(self.random.uniform(0.2, 3))
            await asyncio.to_thread(self.sluice.call, bean, "undrain")
            self.drained_until[name] = time.monotonic() + 1
            self.counts.up("drains")


class Clients:
    def __init__(self, ports, seed, counts, trust, drains):
        self.ports, self.random, self.counts, self.trust = ports, random.Random(seed), counts, trust
        self.drains, self.serial = drains, 0

    async def one(self):
        """One client connection with whatever it does, until it ends in whatever way."""
        name = self.random.choice(NAMES)
        kind = self.random.choice(("poll", "poll", "upload", "upload", "chunked", "sse", "ws", "direct"))
        gone = self.random.random() < 0.25
        secure = self.random.random() < 0.4 and kind != "direct"
        port = self.ports[f"direct {name}"] if kind == "direct" else self.ports["tls" if secure else "plain"]
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=self.trust if secure else None,
                server_hostname=f"{name}.test" if secure else None)
        except (OSError, ssl.SSLError):
            self.counts.up("not connected")
            return
        try:
            turns = self.random.randint(1, 4) if kind in ("poll", "upload", "chunked") else 1
            for _ in range(turns):
                leaves = gone and self.random.random() < 0.5
                goes_on = await asyncio.wait_for(self.turn(kind, name, reader, writer, leaves), 60)
                self.counts.up(kind)
                if not goes_on:
                    break
            writer.close()
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            self.counts.up("broken off")
        except asyncio.TimeoutError:
            raise Fault(f"{kind} of {name} stands still")
        except Left:
            self.counts.up("client left")
        finally:
            abort(writer) if self.random.random() < 0.5 else writer.close()

    async def turn(self, kind, name, reader, writer, leaves):
        """One stream from head to end; whether the connection goes on after it."""
        self.serial += 1
        stream, count = str(self.serial), self.random.randint(1, 30)
        breaks = self.random.randrange(count) if self.random.random() < 0.2 else -1
        reading = Reading(name, stream)
        began = time.monotonic()
        leave_at = self.random.randrange(count) if leaves else None

        def feed(data):
            reading.feed(data)
            if leave_at is not None and reading.next > leave_at:
                raise Left

        if kind == "direct":
            writer.write(f"hello {stream} {count} {breaks}\n".encode())
            while data := await reader.read(4096):
                feed(data)
            self.ended(reading, breaks, began)
            return False
        body, fields = b"", ""
        if kind == "upload":
            count, breaks = 1, min(breaks, 0)
            body = self.random.randbytes(self.random.choice((0, 1, 500, 70_000, 300_000)))
            fields = f"Content-Length: {len(body)}\r\n"
            if self.random.random() < 0.5:
                cuts = [body[i:i + 5000] for i in range(0, len(body), 5000)]
                fields = "Transfer-Encoding: chunked\r\n"
                checksum = zlib.crc32(body)
                body = b"".join(b"%x;soak\r\n%s\r\n" % (len(cut), cut) for cut in cuts) + b"0\r\n\r\n"
            else:
                checksum = zlib.crc32(body)
        if kind == "ws":
            key = base64.b64encode(self.random.randbytes(16)).decode()
            fields = ("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Key: {key}\r\n")
        method = "POST" if kind == "upload" else "GET"
        head = f"{method} /{kind}/{stream}/{count}/{breaks} HTTP/1.1\r\nHost: {name}.test\r\n{fields}\r\n"
        writer.write(head.encode() + (body[:len(body) // 2] if leaves and body else body))
        if leaves and body:
            raise Left
        await writer.drain()
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = answer[9:12]
        if status not in ("200", "101"):
            self.counts.up(f"status {status}")
            if breaks < 0 and status not in ("502", "503"):
                raise Fault(f"{kind} of {name}: {answer!r}")
            raise ConnectionError("refused")
        lower = answer.lower()
        if status == "101":
            while frame := await self.frame(reader):
                feed(frame)
            self.ended(reading, breaks, began)
        elif "content-length:" in lower:
            left = int(lower.split("content-length:")[1].split("\r\n")[0])
            while left:
                data = await reader.read(min(left, 4096))
                if not data:
                    raise asyncio.IncompleteReadError(b"", left)
                left -= len(data)
                feed(data)
            self.whole(reading, breaks, began)
        elif "chunked" in lower:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                feed(await reader.readexactly(size))
                await reader.readexactly(2)
            await reader.readexactly(2)
            self.whole(reading, breaks, began)
        else:
            while data := await reader.read(4096):
                feed(data)
            self.ended(reading, breaks, began)
        if kind == "upload" and f"{checksum:08x}" not in reading.seen:
            raise Fault(f"upload {stream}: altered on its way up")
        return "connection: close" not in lower and status != "101"

    async def frame(self, reader):
        """The payload of the next frame; nothing at the end, or at a close frame."""
        first = await reader.read(1)
        if not first or first[0] & 15 == 8:
            return b""
        size = (await reader.readexactly(1))[0]
        if size == 126:
            size = struct.unpack(">H", await reader.readexactly(2))[0]
        return await reader.readexactly(size)

    def whole(self, reading, breaks, began):
        """The framing said that it is complete."""
        if self.was_drained(reading, began):
            return
        if breaks >= 0 or not reading.last or reading.rest:
            raise Fault(f"stream {reading.stream}: looked complete, and was cut short at {reading.next}")

    def ended(self, reading, breaks, began):
        """The connection ended in an orderly way, which is how such a stream ends."""
        if self.was_drained(reading, began):
            return
        if breaks < 0 and not reading.last:
            raise Fault(f"stream {reading.stream}: ended in order before its last record, at {reading.next}")
        if breaks >= 0:
            raise Fault(f"stream {reading.stream}: its Liberator was reset, and its end looked orderly")

    def was_drained(self, reading, began):
        """Whether it was ended by a drain, between two records."""
        drained = not reading.last and not reading.rest and self.drains.touched(reading.name, began)
        if drained:
            self.counts.up("drained")
        return drained


class Left(Exception):
    """The client has gone, as it meant to."""


def config(ports, folder, version):
    host = f"  - {{ host: extra-{version}.test, liberator: lib-a }}\n" if version % 2 else ""
    return (f"defaults: {{ connectTimeout: 3s, requestHeadTimeout: {10 + version % 7}s }}\n"
            "listeners:\n"
            f"  - {{ name: plain, bind: \"127.0.0.1:{ports['plain']}\" }}\n"
            f"  - {{ name: tls, bind: \"127.0.0.1:{ports['tls']}\", tls: {{ certificates: [ {{ chain: {folder}/tls.crt,"
            f" key: {folder}/tls.key }} ] }} }}\n"
            + "".join(f"  - {{ name: direct-{n}, bind: \"127.0.0.1:{ports['direct ' + n]}\", kind: direct,"
                      f" liberator: {n} }}\n" for n in NAMES)
            + "liberators:\n"
            + "".join(f"  - {{ name: {n}, address: \"127.0.0.1:{ports['http ' + n]}\","
                      f" direct: \"127.0.0.1:{ports['raw ' + n]}\", health: off }}\n" for n in NAMES)
            + "routes:\n" + "".join(f"  - {{ host: {n}.test, liberator: {n} }}\n" for n in NAMES) + host)


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=soak", "-addext", "subjectAltName=DNS:lib-a.test,DNS:lib-b.test",
         "-keyout", f"{folder}/new.key", "-out", f"{folder}/new.crt"], check=True, capture_output=True)
    os.replace(f"{folder}/new.key", f"{folder}/tls.key")
    os.replace(f"{folder}/new.crt", f"{folder}/tls.crt")


class State:
    """What must be back at its start value."""

    SLACK = {"descriptors": 3, "threads": 3, "streams": 0, "lent": 0, "violations": 0}

    def __init__(self, sluice, before=None):
        wait_for(lambda: sluice.streams() == 0 and connections(sluice) == 0, 60)
        if before:
            wait_for(lambda: all(getattr(sluice, each)() <= getattr(before, each) + self.SLACK[each]
                                 for each in ("descriptors", "threads")), 30, 0.5)
        self.heap = min(sluice.heap_after_gc() for _ in range(2))
        self.descriptors, self.threads = sluice.descriptors(), sluice.threads()
        self.direct, self.streams = sluice.direct_bytes(), sluice.streams()
        self.lent = int(sluice.bean("sluice:type=Appliance", "BuffersLent")) if has(sluice, "BuffersLent") else 0
        self.violations = sum(
            int(sluice.bean(name, "StickinessViolationsTotal"))
            for name in sluice.ask("names sluice:type=Liberator,*").split())

    def __str__(self):
        return (f"descriptors={self.descriptors} threads={self.threads} direct_kib={self.direct // 1024}"
                f" lent_buffers={self.lent} streams={self.streams} heap_kib={self.heap // 1024}"
                f" stickiness_violations={self.violations}")


def connections(sluice):
    """Open ones, of clients and to Liberators."""
    return sum(int(sluice.bean("sluice:type=Appliance", each))
               for each in ("ConnectionsActive", "LiberatorConnectionsActive"))


def has(sluice, attribute):
    try:
        sluice.bean("sluice:type=Appliance", attribute)
        return True
    except RuntimeError:
        return False


async def soak(sluice, ports, folder, minutes, seed, width):
    counts, rng = Count(), random.Random(seed)
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    for i, name in enumerate(NAMES):
        await Liberator(name, seed + i).start(ports["http " + name], ports["raw " + name])
    drains = Drains(sluice, seed + 20, counts)
    clients = Clients(ports, seed + 10, counts, trust, drains)

    async def round_of(seconds):
        end = time.monotonic() + seconds

        async def again():
            while time.monotonic() < end:
                await clients.one()
        await asyncio.gather(*(again() for _ in range(width)))

    print(f"soak: seed {seed}, {minutes:g} minutes, {width} clients at a time", flush=True)
    await round_of(max(10, min(30, minutes * 10)))  # warm: code loaded, pools grown
    before = await asyncio.to_thread(State, sluice)
    print(f"start: {before}", flush=True)
    counts.clear()
    started, version = time.monotonic(), 0
    draining = asyncio.create_task(drains.run())
    while time.monotonic() - started < minutes * 60:
        await round_of(min(10, minutes * 60 / 3))
        version += 1
        if rng.random() < 0.4:
            await asyncio.to_thread(certificate, folder)
            counts.up("certificates")
        sluice.reload(config(ports, folder, version))
        counts.up("reloads")
        print(f"{time.monotonic() - started:5.0f} s  {dict(sorted(counts.items()))}", flush=True)
        if sluice.process.poll() is not None:
            raise Fault("Sluice has ended")
        if draining.done():
            draining.result()
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    for name in NAMES:
        await asyncio.to_thread(sluice.call, f"sluice:type=Liberator,name={name}", "undrain")
    after = await asyncio.to_thread(State, sluice, before)
    print(f"end:   {after}", flush=True)
    return before, after, counts


def judge(before, after, output):
    grown = []
    for key, slack in State.SLACK.items():
        if getattr(after, key) > getattr(before, key) + slack:
            grown.append(f"{key}: {getattr(before, key)} -> {getattr(after, key)}")
    if after.direct > before.direct + 4 * 1024 * 1024:
        grown.append(f"direct memory: {before.direct} -> {after.direct}")
    if after.heap > before.heap * 1.25 + 2 * 1024 * 1024:
        grown.append(f"heap after GC: {before.heap} -> {after.heap}")
    grown += [line for line in output.splitlines() if " ERROR " in line][:5]
    return grown


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--clients", type=int, default=40, help="at a time (%(default)s)")
    options = parser.parse_args(arguments)
    build()
    folder = tempfile.mkdtemp(prefix="sluice-soak-")
    keys = ["plain", "tls"] + [f"{what} {name}" for what in ("direct", "http", "raw") for name in NAMES]
    ports = {key: free_port() for key in keys}
    certificate(folder)
    sluice = Sluice(folder, config(ports, folder, 0)).start()
    try:
        before, after, counts = asyncio.run(
            soak(sluice, ports, folder, options.minutes, options.seed, options.clients))
        grown = judge(before, after, sluice.output())
    except Fault as fault:
        grown, counts = [str(fault)], {}
    finally:
        sluice.stop()
    for each in grown:
        print(f"FAULT: {each}")
    if grown:
        print(f"what was left: {folder}")
        return 1
    shutil.rmtree(folder)
    streams = sum(n for key, n in counts.items() if key in ("poll", "upload", "chunked", "sse", "ws", "direct"))
    print(f"passed: {streams} streams whole, {counts.get('broken off', 0)} broken off,"
          f" {counts.get('client left', 0)} left by their clients, {counts.get('drained', 0)} ended by"
          f" {counts.get('drains', 0)} drains, {counts.get('reloads', 0)} reloads,"
          f" {counts.get('certificates', 0)} certificates; nothing lost, doubled, crossed or left")
    return 0


if __name__ == "__main__":
    sys.exit(main())
