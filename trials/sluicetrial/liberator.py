"""A Liberator for faults: one thread for each connection, and a path that says how it ends."""

import socket
import struct
import sys
import threading
import time


class Liberator:
    def __init__(self, host="127.0.0.1", port=0):
        self.server = socket.create_server((host, port), backlog=1024)
        self.port = self.server.getsockname()[1]
        self.open = {}
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                connection, _ = self.server.accept()
                threading.Thread(target=self.converse, args=(connection,), daemon=True).start()
        except OSError:
            pass  # closed

    def converse(self, connection):
        self.open[connection] = None
        try:
            buffer = b""
            while True:
                while b"\r\n\r\n" not in buffer:
                    data = connection.recv(65536)
                    if not data:
                        return
                    buffer += data
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                if not getattr(self, head.split(b" ")[1].decode().strip("/"))(connection):
                    return
        except OSError:
            pass
        finally:
            self.open.pop(connection, None)
            connection.close()

    def connections(self):
        return len(self.open)

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)  # or the thread in accept would keep it listening
        self.server.close()
        for each in list(self.open):
            each.close()

    @staticmethod
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    # ------------------------------------------------------------ what it does, by path

    def quick(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        return True

    def ticks(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            c.sendall(b"5\r\ntick\n\r\n")
            time.sleep(0.1)

    def idle(self, c):
        """One chunk, then silence until the other end goes."""
        c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        return bool(c.recv(1))

    def flood(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            c.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")

    def silent(self, c):
        return bool(c.recv(1))

    def dies_before(self, c):
        return False

    def dies_in_head(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-")
        self.reset(c)
        return False

    def dies_in_chunks(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        time.sleep(0.2)
        return False

    def dies_in_length(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
        time.sleep(0.2)
        return False

    def dies_until_close(self, c):
        c.sendall(b"HTTP/1.1 200 OK\r\n\r\nfirst")
        time.sleep(0.2)
        self.reset(c)
        return False


if __name__ == "__main__":  # in a process of its own, until its input ends
    print(Liberator().port, flush=True)
    sys.stdin.read()
