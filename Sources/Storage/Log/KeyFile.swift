// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc

/// The private key of a log or a witness: one line `PRIVATE+KEY+name+hash+base64` in a file of mode 0600.
enum KeyFile {
    /// Reads the key; refuses a file that others may read, a symbolic link, or a key of another name.
    static func read(
        _ path: String, name: NoteName, algorithm: NoteVerifierKey.Algorithm
    ) throws(AuditLogError) -> NoteSigningKey {
        let file = try OpenFile(path, O_RDONLY)
        try Files.requirePrivate(file)
        let bytes = try file.readAll(limit: 4096)
        let line = bytes.last == 0x0a ? bytes.dropLast() : bytes[...]
        guard let key = NoteSigningKey(text: String(decoding: line, as: UTF8.self)) else {
            throw .key(path: path, reason: "is no private key of the form PRIVATE+KEY+name+hash+base64")
        }
        guard key.verifier.name == name, key.verifier.algorithm == algorithm else {
            throw .key(path: path, reason: "is the key of \(key.verifier.name), not of \(name)")
        }
        return key
    }

    /// Makes a key of 32 bytes from the kernel's generator; fails when the file exists.
    static func create(
        _ path: String, name: NoteName, algorithm: NoteVerifierKey.Algorithm
    ) throws(AuditLogError) -> NoteSigningKey {
        var generator = SystemRandomNumberGenerator()
        let seed = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        guard let key = NoteSigningKey(name: name, algorithm: algorithm, seed: seed) else {
            throw .key(path: path, reason: "no key could be made")
        }
        let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(Array((key.secretText() + "\n").utf8))
        try file.synchronize()
        try Files.synchronizeDirectory(of: path)
        return key
    }
}
