# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Ways out over sockets."""
import errno
import os
import signal
import socket
import struct
import time

from attempts import abstract, address, attempt, call, fails, gate_socket, host_socket


@attempt
def direct_tcp():
    return [fails(socket.create_connection, (host, port), 2)
            for host in ("1.1.1.1", address, "169.254.169.254", "8.8.8.8") for port in (53, 443)]


@attempt
def udp_dns():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return [fails(probe.sendto, b"\0" * 12, (host, 53)) for host in ("1.1.1.1", address)]


@attempt
def resolver():
    began = time.monotonic()
    result = fails(socket.getaddrinfo, "example.com", 443)
    assert time.monotonic() - began < 3, "a query waited for an answer"
    return result


@attempt
def ipv6_link_local_and_multicast():
    probe = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    return [fails(probe.sendto, b"x", (host, 53, 0, 0)) for host in ("2606:4700:4700::1111", "fe80::1", "ff02::1")]


@attempt
def broadcast_and_multicast():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    return [fails(probe.sendto, b"x", (host, 5353)) for host in ("224.0.0.251", "255.255.255.255")]


@attempt
def raw_socket():
    return [fails(socket.socket, family, socket.SOCK_RAW, 1) for family in (socket.AF_INET, socket.AF_INET6)]


@attempt
def packet_socket():
    return fails(socket.socket, socket.AF_PACKET, socket.SOCK_RAW, 0x300)


@attempt
def netlink_other_than_route():
    return [fails(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW, protocol) for protocol in range(1, 32)]


@attempt
def netlink_route_changes_nothing():
    link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    link.bind((0, 0))
    body = struct.pack("=BxHiII", 0, 0, 0, 1, 1)
    name = struct.pack("=HH", 4 + 6, 3) + b"dummy0" + b"\0\0"
    kind = struct.pack("=HH", 4 + 4 + 5, 18) + struct.pack("=HH", 4 + 5, 1) + b"dummy" + b"\0\0\0"
    data = body + name + kind
    link.send(struct.pack("=IHHII", 16 + len(data), 16, 0x605, 1, 0) + data)
    answer = link.recv(4096)
    code = struct.unpack_from("=i", answer, 16)[0]
    assert code < 0, "an interface was made"
    return errno.errorcode[-code]


@attempt
def only_loopback_exists():
    names = sorted(name for _, name in socket.if_nameindex())
    assert names == ["lo"], names
    return names


@attempt
def vsock():
    return fails(socket.socket, 40, socket.SOCK_STREAM)


@attempt
def kernel_crypto_and_other_families():
    return [fails(socket.socket, family, kind) for family in range(3, 64) if family not in (10, 16)
            for kind in (1, 2, 3, 5)][0]


@attempt
def family_with_upper_half_set():
    result, error = call(41, (1 << 32) | 40, 1, 0)
    assert result == -1, "vsock by a 64-bit family"
    return error


@attempt
def multipath_and_sctp_protocols():
    return [fails(socket.socket, socket.AF_INET, socket.SOCK_STREAM, protocol) for protocol in (132, 262, 33, 136)]


@attempt
def abstract_host_socket():
    return fails(socket.socket(socket.AF_UNIX).connect, "\0" + abstract)


@attempt
def pathname_host_sockets():
    paths = [host_socket, gate_socket, "/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private",
             "/run/snapd.socket", "/run/yett/admin.sock", "/dev/log"]
    return [fails(socket.socket(socket.AF_UNIX).connect, path) for path in paths]


@attempt
def take_the_relays_port():
    found = []
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        found.append(fails(probe.bind, ("127.0.0.1", 3128)))
        found.append(fails(probe.bind, ("127.0.0.1", 1080)))
    return found


@attempt
def kill_everything_and_still_have_only_the_gate():
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    os.kill(-1, signal.SIGKILL)
    os.waitpid(child, 0)
    probe = socket.create_connection(("127.0.0.1", 3128), 30)
    probe.sendall(b"CONNECT denied.example:443 HTTP/1.1\r\nHost: denied.example\r\n\r\n")
    answer = probe.recv(64)
    assert answer.startswith(b"HTTP/1.1 403"), answer
    return "the relay lives outside"


@attempt
def descriptor_passed_through_a_shown_directory():
    """A socket in the working directory is reachable by design; nothing listens there but what the inside made."""
    listener = socket.socket(socket.AF_UNIX)
    if os.path.exists("own.sock"):
        os.unlink("own.sock")
    listener.bind("own.sock")
    listener.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect("own.sock")
    peer, _ = listener.accept()
    credentials = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    directory = os.open("/", os.O_PATH)
    socket.send_fds(client, [b"x"], [directory])
    _, received, _, _ = socket.recv_fds(peer, 1, 1)
    result = fails(os.open, "root", os.O_RDONLY, dir_fd=received[0])
    for item in (directory, *received):
        os.close(item)
    peer.close()
    client.close()
    listener.close()
    return credentials, result


@attempt
def forged_peer_credentials():
    first, second = socket.socketpair(socket.AF_UNIX)
    second.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    forged = struct.pack("3i", 1, 0, 0)
    return fails(first.sendmsg, [b"x"], [(socket.SOL_SOCKET, 2, forged)])
