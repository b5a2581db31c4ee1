// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import YettConfiguration

/// Fetches the secrets that the configuration refers to.
enum SecretReader {
    /// The most bytes of one secret.
    static let largest = 1 << 20

    /// Why a secret cannot be used; never any part of it.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The secret's bytes, without the line feed that editors put at the end.
    static func read(_ reference: SecretReference) throws(Fault) -> [UInt8] {
        var bytes: [UInt8]
        switch reference {
        case .environment(let name):
            guard let value = getenv(name) else { throw Fault(description: "the variable \(name) is not set") }
            bytes = Array(String(cString: value).utf8)
        case .file(let path):
            bytes = try file(path, isModeChecked: true)
        case .credential(let name):
            bytes = try file(try credentialPath(name), isModeChecked: false)
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Fault(description: "\(reference) is empty") }
        return bytes
    }

    /// What is wrong with a reference, or `nil`.
    static func problem(with reference: SecretReference) -> String? {
        do {
            _ = try read(reference)
            return nil
        } catch {
            return error.description
        }
    }

    /// The file that a reference stands for.
    static func path(of reference: SecretReference) throws(Fault) -> String {
        switch reference {
        case .environment(let name):
            throw Fault(description: "env:\(name) is no file; use file: or credential:")
        case .file(let path): return path
        case .credential(let name): return try credentialPath(name)
        }
    }

    private static func credentialPath(_ name: String) throws(Fault) -> String {
        guard let directory = getenv("CREDENTIALS_DIRECTORY") else {
            throw Fault(
                description: "credential:\(name) needs a service manager that sets CREDENTIALS_DIRECTORY; "
                    + "add LoadCredential=\(name):PATH to the unit")
        }
        return String(cString: directory) + "/" + name
    }

    private static func file(_ path: String, isModeChecked: Bool) throws(Fault) -> [UInt8] {
        do {
            let bytes = try SmallFile.read(path, limit: largest)
            // Certificates and public keys are public; a private key or a token beside them makes the file secret.
            if isModeChecked, !holdsOnlyPublicParts(bytes) {
                _ = try SmallFile.read(path, limit: largest, isSecret: true)
            }
            return bytes
        } catch {
            throw Fault(description: error.description)
        }
    }

    private static func holdsOnlyPublicParts(_ bytes: [UInt8]) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let marks = lines.filter { $0.starts(with: "-----BEGIN ".utf8) }
        return !marks.isEmpty
            && marks.allSatisfy { mark in
                ["CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY"].contains {
                    mark.starts(with: "-----BEGIN \($0)-----".utf8)
                }
            }
    }
}
