"""The configurations of the proxies. They are written to the output folder, so that a reader can judge them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

HOST = "liberator-a.example.com"


@dataclass(frozen=True)
class Ports:
    """Where a side listens; 0: it has no such listener."""

    plain: int
    tls: int
    direct: int
    direct_tls: int

    def of(self, kind: str, tls: bool) -> int:
        """The port for a kind of stream."""
        if kind == "direct":
            return self.direct_tls if tls else self.direct
        return self.tls if tls else self.plain


NGINX = """\
{load_stream}# One worker on the proxy's core (pinned from outside).
# No access log, nothing buffered, keep-alive both ways.
daemon off;
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {work}/nginx.pid;
error_log {work}/nginx-error.log warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  tcp_nodelay on;
  keepalive_timeout 3600s;
  keepalive_requests 100000000;
  client_body_temp_path {work}/nginx-body;
  proxy_temp_path {work}/nginx-proxy;
  fastcgi_temp_path {work}/nginx-fastcgi;
  uwsgi_temp_path {work}/nginx-uwsgi;
  scgi_temp_path {work}/nginx-scgi;
  ssl_certificate {work}/chain.pem;
  ssl_certificate_key {work}/key.pem;
  ssl_protocols TLSv1.3;
  map $http_upgrade $connection_up {{ default upgrade; '' ''; }}
  upstream liberator_a {{
    server 127.0.0.1:{backend};
    keepalive 1024;
    keepalive_requests 100000000;
    keepalive_timeout 3600s;
  }}
  server {{
    listen 127.0.0.1:{plain} backlog=4096;
    listen 127.0.0.1:{tls} ssl http2 backlog=4096;
    server_name {host};
    location / {{
      proxy_pass http://liberator_a;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_up;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_buffering off;
      proxy_read_timeout 3600s;
      proxy_send_timeout 3600s;
    }}
  }}
}}
stream {{
  tcp_nodelay on;
  proxy_timeout 3600s;
  ssl_certificate {work}/chain.pem;
  ssl_certificate_key {work}/key.pem;
  ssl_protocols TLSv1.3;
  server {{ listen 127.0.0.1:{direct} backlog=4096; proxy_pass 127.0.0.1:{backend}; }}
  server {{ listen 127.0.0.1:{direct_tls} ssl backlog=4096; proxy_pass 127.0.0.1:{backend}; }}
}}
"""

HAPROXY = """\
# One thread on the proxy's core (pinned from outside). No log, nothing buffered, keep-alive both ways.
global
  nbthread 1
  maxconn {maxconn}
  ulimit-n {descriptors}
  ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  option http-no-delay
frontend public
  option forwardfor
  bind 127.0.0.1:{plain} backlog 4096
  bind 127.0.0.1:{tls} ssl crt {work}/both.pem alpn h2,http/1.1 backlog 4096
  default_backend liberator-a
backend liberator-a
  server a 127.0.0.1:{backend}
listen direct
  mode tcp
  bind 127.0.0.1:{direct} backlog 4096
  bind 127.0.0.1:{direct_tls} ssl crt {work}/both.pem backlog 4096
  server a 127.0.0.1:{backend}
"""

SLUICE = """\
# Limits out of the way, health checks off (there is no Liberator between two runs), no line per stream.
version: 1

listeners:
  - name: plain
    bind: 127.0.0.1:{plain}
    kind: http
    limits: {{ connections: 50000, connectionsPerAddress: 50000 }}
  - name: public
    bind: 127.0.0.1:{tls}
    kind: http
    protocols: [ h2, http/1.1 ]
    tls:
      certificates:
        - {{ chain: {work}/chain.pem, key: {work}/key.pem }}
      versions: [ TLSv1.3 ]
    limits: {{ connections: 50000, connectionsPerAddress: 50000 }}
  - name: direct-a
    bind: 127.0.0.1:{direct}
    kind: direct
    liberator: lib-a
    limits: {{ connections: 50000, connectionsPerAddress: 50000 }}
  - name: direct-a-tls
    bind: 127.0.0.1:{direct_tls}
    kind: direct
    liberator: lib-a
    tls:
      certificates:
        - {{ chain: {work}/chain.pem, key: {work}/key.pem }}
      versions: [ TLSv1.3 ]
    limits: {{ connections: 50000, connectionsPerAddress: 50000 }}

liberators:
  - name: lib-a
    address: 127.0.0.1:{backend}
    tls: off
    maxConnections: 50000
    newStreamsPerSecond: 0
    health: {{ check: off }}

routes:
  - host: {host}
    liberator: lib-a
    listeners: [ plain, public ]

management:
  jmx: {{ bind: 127.0.0.1:{jmx} }}
  metrics: off

log: {{ file: {work}/{name}.log, audit: {work}/{name}-audit.log, streams: [] }}
"""


def nginx(work: Path, ports: Ports, backend: int, descriptors: int, load_stream: str) -> str:
    """nginx.conf."""
    return NGINX.format(
        work=work,
        host=HOST,
        backend=backend,
        descriptors=descriptors,
        connections=descriptors - 100,
        load_stream=load_stream,
        **vars(ports),
    )


def haproxy(work: Path, ports: Ports, backend: int, descriptors: int) -> str:
    """haproxy.cfg; a stream has two descriptors, and HAProxy refuses a maxconn that the limit cannot hold."""
    maxconn = descriptors // 2 - 200
    return HAPROXY.format(work=work, backend=backend, descriptors=descriptors, maxconn=maxconn, **vars(ports))


def sluice(work: Path, name: str, ports: Ports, backend: int, jmx: int) -> str:
    """sluice.yaml."""
    return SLUICE.format(work=work, name=name, host=HOST, backend=backend, jmx=jmx, **vars(ports))


def write_certificate(work: Path) -> None:
    """A self-signed P-256 certificate: chain.pem and key.pem (PKCS#8), and both in one for HAProxy."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        + ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        + ["-keyout", str(work / "key.pem"), "-out", str(work / "chain.pem")],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    chain, key = (work / "chain.pem").read_text(encoding="ascii"), (work / "key.pem").read_text(encoding="ascii")
    (work / "both.pem").write_text(chain + key, encoding="ascii")
