#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Verifies an audit log or a .tlog-proof file without any code of the gate.

    verify-audit.py log DIRECTORY --key KEY [--checkpoint FILE]
    verify-audit.py proof FILE --key KEY [--record FILE] [--witness KEY ...]

KEY is a note verifier key, name+hash+base64, or a file that holds one. Only the Python standard library is used;
Ed25519 is written down from RFC 8032. Exit status: 0 verified, 1 not verified, 2 wrong usage.
"""

import argparse
import base64
import hashlib
import json
import os
import sys
import zlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


class Refused(Exception):
    """The files are not what was signed."""


# Ed25519 (RFC 8032 section 5.1), points as extended coordinates (X, Y, Z, T).


def point_add(a, b):
    left = (a[1] - a[0]) * (b[1] - b[0]) % P
    right = (a[1] + a[0]) * (b[1] + b[0]) % P
    t = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = right - left, z - t, z + t, right + left
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return point_equal(point_multiply(s, BASE), point_add(r, point_multiply(h, a)))


# Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).


def decode(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Refused("base64 is not canonical")
    return data


class Key:
    def __init__(self, text):
        self.name, _, rest = text.strip().partition("+")
        hash_text, _, material = rest.partition("+")
        material = decode(material)
        self.type, self.public = material[0], material[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        if self.id.hex() != hash_text or self.type not in (1, 4) or len(self.public) != 32:
            raise Refused(f"{text!r} is no Ed25519 verifier key")

    @staticmethod
    def load(argument):
        if os.path.exists(argument):
            with open(argument, encoding="utf-8") as file:
                argument = file.readline()
        return Key(argument)

    def verifies(self, text, signature):
        if self.type == 1:
            return ed25519_verify(self.public, text, signature)
        time = int.from_bytes(signature[:8], "big")
        return ed25519_verify(self.public, b"cosignature/v1\ntime %d\n" % time + text, signature[8:])


class Checkpoint:
    def __init__(self, data, key, witnesses=()):
        split = data.rfind(b"\n\n")
        if split < 0 or not data.endswith(b"\n"):
            raise Refused("the checkpoint is no signed note")
        text, lines = data[: split + 1], data[split + 2 :].decode().splitlines()
        self.signers = []
        for line in lines:
            dash, name, blob = line.split(" ")
            blob = decode(blob)
            for known in (key, *witnesses):
                if dash == "\u2014" and known.name == name and known.id == blob[:4]:
                    if not known.verifies(text, blob[4:]):
                        raise Refused(f"the signature of {name} does not verify")
                    self.signers.append(known)
        if key not in self.signers:
            raise Refused(f"the checkpoint is not signed by {key.name}")
        parts = text.decode().split("\n")
        self.origin, self.size, self.root = parts[0], int(parts[1]), decode(parts[2])
        if self.origin != key.name or str(self.size) != parts[1] or len(self.root) != 32:
            raise Refused("the checkpoint is malformed or of another log")


# Merkle trees (RFC 6962 section 2.1).


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_hash(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [node_hash(leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) // 2 * 2 :]
    return leaves[0]


def inclusion_root(index, size, hash_, path):
    if index >= size:
        raise Refused("the index is outside the tree")
    node, last = index, size - 1
    for sibling in path:
        if last == 0:
            raise Refused("the path is too long")
        if node & 1 or node == last:
            hash_ = node_hash(sibling, hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise Refused("the path is too short")
    return hash_


# Files of a log (C2SP tlog-tiles).


def tile_path(level, index, width):
    groups = [f"{index % 1000:03d}"]
    index //= 1000
    while index:
        groups.insert(0, f"x{index % 1000:03d}")
        index //= 1000
    return f"tile/{level}/" + "/".join(groups) + ("" if width == 256 else f".p/{width}")


def tiles_of(count):
    for index in range((count + 255) // 256):
        yield index, min(256, count - index * 256)


def read(directory, path):
    try:
        with open(os.path.join(directory, path), "rb") as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def read_tile(directory, level, index, width):
    path = tile_path(level, index, width)
    if width < 256 and not os.path.exists(os.path.join(directory, path)):
        data = read(directory, tile_path(level, index, 256))
        return path, data if level == "entries" else data[: width * 32]
    return path, read(directory, path)


def bundle_entries(path, data, width):
    entries, offset = [], 0
    while offset < len(data) and len(entries) < width:
        length = int.from_bytes(data[offset : offset + 2], "big")
        if offset + 2 + length > len(data):
            raise Refused(f"{path} ends inside an entry")
        entries.append(data[offset + 2 : offset + 2 + length])
        offset += 2 + length
    if len(entries) != width:
        raise Refused(f"{path} holds {len(entries)} entries, not {width}")
    return entries


def check_canonical(index, entry):
    value = json.loads(entry)
    if json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() != entry:
        raise Refused(f"record {index} is not canonical JSON (RFC 8785)")
    if not all(isinstance(number, int) for number in value.values() if isinstance(number, (int, float))):
        raise Refused(f"record {index} holds a number that is no integer")


def journal_records(directory):
    folder = os.path.join(directory, "journal")
    expected = None
    for name in sorted(os.listdir(folder)):
        index = int(name.removesuffix(".log"))
        if expected is not None and index != expected:
            raise Refused(f"journal/{name} does not continue at record {expected}")
        data, offset = read(directory, "journal/" + name), 0
        while offset + 8 <= len(data):
            length = int.from_bytes(data[offset : offset + 4], "big")
            record = data[offset + 8 : offset + 8 + length]
            if len(record) != length or zlib.crc32(record) != int.from_bytes(data[offset + 4 : offset + 8], "big"):
                break
            yield index, record
            index, offset = index + 1, offset + 8 + length
        expected = index


def verify_log(directory, key, external):
    head = Checkpoint(read(directory, "checkpoint"), key)
    signed = Checkpoint(read(directory, "signed-head"), key)
    if signed.size < head.size or signed.size == head.size and signed.root != head.root:
        raise Refused("checkpoint and signed-head contradict each other")
    leaves = []
    for index, width in tiles_of(signed.size):
        entries = bundle_entries(*read_tile(directory, "entries", index, width), width)
        hashes = [leaf_hash(entry) for entry in entries]
        path, tile = read_tile(directory, 0, index, width)
        for position in range(width):
            if tile[position * 32 : position * 32 + 32] != hashes[position]:
                raise Refused(f"record {index * 256 + position}: bundle and {path} differ")
            check_canonical(index * 256 + position, entries[position])
        leaves += hashes
    level, row = 1, [tree_hash(leaves[i : i + 256]) for i in range(0, len(leaves) // 256 * 256, 256)]
    while row:
        for index, width in tiles_of(len(row)):
            path, tile = read_tile(directory, level, index, width)
            if tile != b"".join(row[index * 256 : index * 256 + width]):
                raise Refused(f"{path} differs from the tiles below it")
        row = [tree_hash(row[i : i + 256]) for i in range(0, len(row) // 256 * 256, 256)]
        level += 1
    heads = [("signed-head", signed), ("checkpoint", head)]
    if external:
        heads.append((external, Checkpoint(read(".", external), key)))
    for name, known in heads:
        if known.size > len(leaves):
            raise Refused(f"the records {len(leaves)} to {known.size - 1} that {name} covers are missing")
        if tree_hash(leaves[: known.size]) != known.root:
            raise Refused(f"the records do not hash to the root in {name}")
    end = 0
    for index, record in journal_records(directory):
        if index < len(leaves) and leaf_hash(record) != leaves[index]:
            raise Refused(f"record {index}: journal and bundle differ")
        end = index + 1
    if end < signed.size and os.listdir(os.path.join(directory, "journal")):
        raise Refused(f"the journal ends at record {end}, before the signed size {signed.size}")
    print(f"verified {signed.size} records of {key.name}, root {base64.b64encode(signed.root).decode()}")


def verify_proof(path, key, record, witnesses):
    data = read(".", path)
    header, _, checkpoint = data.partition(b"\n\n")
    lines = header.decode().split("\n")
    if lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Refused("the first line is not c2sp.org/tlog-proof@v1")
    extra = decode(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else None
    index = int(lines.pop(0).removeprefix("index "))
    head = Checkpoint(checkpoint, key, witnesses)
    if any(witness not in head.signers for witness in witnesses):
        raise Refused("a witness has not cosigned")
    entry = read(".", record) if record else extra
    if entry is None:
        raise Refused("the proof holds no record and none was given")
    if inclusion_root(index, head.size, leaf_hash(entry), [decode(line) for line in lines]) != head.root:
        raise Refused(f"the record is not number {index} of the log")
    print(f"record {index} is in {key.name} of size {head.size}: {entry.decode()}")


def main():
    parser = argparse.ArgumentParser(description="Verify an audit log or a .tlog-proof file.")
    commands = parser.add_subparsers(dest="command", required=True)
    log = commands.add_parser("log")
    log.add_argument("directory")
    log.add_argument("--checkpoint")
    proof = commands.add_parser("proof")
    proof.add_argument("file")
    proof.add_argument("--record")
    proof.add_argument("--witness", action="append", default=[])
    for command in (log, proof):
        command.add_argument("--key", required=True)
    arguments = parser.parse_args()
    try:
        key = Key.load(arguments.key)
        if arguments.command == "log":
            verify_log(arguments.directory, key, arguments.checkpoint)
        else:
            verify_proof(arguments.file, key, arguments.record, [Key.load(text) for text in arguments.witness])
    except (Refused, ValueError, IndexError) as error:
        print(f"NOT VERIFIED: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
