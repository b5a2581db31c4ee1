// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A text with signatures in the C2SP signed-note format, split into its parts; nothing is verified yet.
public struct SignedNote: Hashable, Sendable {
    /// One signature line: `— name base64(key id ‖ signature)`.
    public struct Signature: Hashable, Sendable {
        /// The name of the key.
        public let name: NoteName
        /// The key id.
        public let identifier: UInt32
        /// The bytes after the key id.
        public let bytes: [UInt8]

        /// A signature out of its parts.
        public init(name: NoteName, identifier: UInt32, bytes: [UInt8]) {
            self.name = name
            self.identifier = identifier
            self.bytes = bytes
        }
    }

    /// Why a note is refused.
    public enum Fault: Error, Equatable {
        /// The bytes are no note; the string says what is wrong.
        case malformed(String)
        /// No signature is from a key that was given.
        case noKnownSignature
        /// The signature of a key that was given does not verify.
        case badSignature(name: String)
    }

    /// The most bytes of a note.
    public static let largest = 1 << 20
    /// The most signatures of a note.
    public static let mostSignatures = 64

    /// The signed text with its final newline.
    public let text: String

    /// The signatures in their order.
    public var signatures: [Signature]

    /// A note out of its parts. The text must end in a newline.
    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Parses a note strictly: valid UTF-8, no control character but the newline, at least one signature.
    public init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= Self.largest else { throw .malformed("larger than \(Self.largest) bytes") }
        guard bytes.last == 0x0a else { throw .malformed("does not end with a newline") }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0a }) else { throw .malformed("holds a control character") }
        guard let whole = String(validating: bytes, as: UTF8.self) else { throw .malformed("is not UTF-8") }
        guard let split = Self.lastBlankLine(in: bytes) else { throw .malformed("has no blank line") }
        text = String(decoding: bytes[...split], as: UTF8.self)
        guard split + 2 < bytes.count else { throw .malformed("has no signature") }
        let lines = bytes[(split + 2)..<(bytes.count - 1)].split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= Self.mostSignatures else {
            throw .malformed("has more than \(Self.mostSignatures) signatures")
        }
        _ = whole
        signatures = []
        for line in lines {
            guard let signature = Self.signature(line) else { throw .malformed("has a malformed signature line") }
            signatures.append(signature)
        }
    }

    private static func lastBlankLine(in bytes: [UInt8]) -> Int? {
        var position = bytes.count - 1
        while position > 0 {
            if bytes[position] == 0x0a, bytes[position - 1] == 0x0a { return position - 1 }
            position -= 1
        }
        return nil
    }

    /// Parses signature lines alone, as a witness answers them.
    public static func signatures(_ bytes: [UInt8]) -> [Signature]? {
        guard bytes.count <= largest, bytes.last == 0x0a else { return nil }
        let lines = bytes.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= mostSignatures else { return nil }
        var signatures: [Signature] = []
        for line in lines {
            guard let signature = signature(line) else { return nil }
            signatures.append(signature)
        }
        return signatures
    }

    private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
        let dash: [UInt8] = [0xe2, 0x80, 0x94, 0x20]
        guard line.starts(with: dash) else { return nil }
        let parts = line.dropFirst(dash.count).split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = NoteName(String(decoding: parts[0], as: UTF8.self)),
            let bytes = Base64.decode(parts[1]), bytes.count > 4
        else { return nil }
        let identifier = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Signature(name: name, identifier: identifier, bytes: Array(bytes.dropFirst(4)))
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        Array(text.utf8) + [0x0a] + signatures.flatMap { Array(Self.line($0).utf8) }
    }

    /// One signature as a line with its newline.
    public static func line(_ signature: Signature) -> String {
        let identifier = (0..<4).map { UInt8(truncatingIfNeeded: signature.identifier >> UInt32(24 - 8 * $0)) }
        return "\u{2014} \(signature.name) \(Base64.encode(identifier + signature.bytes))\n"
    }
}

extension SignedNote {
    /// Signs a text as a log does (signature type 0x01).
    public init(signing text: String, with key: NoteSigningKey) throws {
        guard text.utf8.last == 0x0a else { throw Fault.malformed("does not end with a newline") }
        let signature = try key.signature(of: Array(text.utf8))
        self.init(
            text: text,
            signatures: [
                Signature(name: key.verifier.name, identifier: key.verifier.identifier, bytes: signature)
            ])
    }

    /// The keys whose signatures verify. Unknown signatures are ignored; a known key that fails refuses the note.
    public func verify(with keys: [NoteVerifierKey]) throws(Fault) -> [NoteVerifierKey] {
        var verified: [NoteVerifierKey] = []
        for signature in signatures {
            for key in keys where key.identifier == signature.identifier && key.name == signature.name {
                let isValid =
                    switch key.algorithm {
                    case .ed25519: key.verifies(signature.bytes, of: Array(text.utf8))
                    case .cosignature: Cosignature(signature.bytes)?.isValid(text: text, key: key) ?? false
                    }
                guard isValid else { throw .badSignature(name: key.name.description) }
                if !verified.contains(key) { verified.append(key) }
            }
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }
}
