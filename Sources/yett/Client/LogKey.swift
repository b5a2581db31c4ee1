// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Glibc
import Storage

/// Public keys of audit logs on the command line.
enum LogKey {
    /// The key that is given, in a file that is given, or in the directory.
    static func find(_ text: String?, directory: String) throws -> NoteVerifierKey {
        guard let text else {
            do {
                return try AuditReader.key(in: directory)
            } catch {
                throw CommandFailure("\(error)", remedy: "give the key: --key KEY")
            }
        }
        return try parse(text)
    }

    /// A key in its text form, or a file that holds one.
    static func parse(_ text: String) throws -> NoteVerifierKey {
        if let key = NoteVerifierKey(text) { return key }
        let content = String(decoding: try InputFile.read(text, limit: 4096), as: UTF8.self)
        guard let line = content.split(separator: "\n").first, let key = NoteVerifierKey(line) else {
            throw CommandFailure("\(text) holds no key of the form name+hash+base64", code: .usage)
        }
        return key
    }
}
