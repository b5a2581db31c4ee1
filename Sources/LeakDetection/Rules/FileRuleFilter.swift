// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What a rule of a rule file demands of a match beside its expression.
struct FileRuleFilter: Sendable {
    /// Number of the group that is the secret; without it the first group that takes part, or else the whole match.
    let group: Int?
    /// Thousandths of a bit for each byte that the secret must exceed.
    let entropy: Int
    /// What matches one of these is no secret.
    let allowedSecrets: [LeakExpression]
    /// What stands in a match, or a line, with one of these is no secret.
    let allowedPlaces: [LeakExpression]
    /// Texts in small letters that no secret has in it.
    let stopwords: [[UInt8]]

    /// Where the secret stands, or nil when it is none.
    func secret(in text: UnsafeBufferPointer<UInt8>, _ groups: [Range<Int>?]) -> Range<Int>? {
        guard let whole = groups.first ?? nil else { return nil }
        var range = whole
        if let group {
            guard group < groups.count, let part = groups[group] else { return nil }
            range = part
        } else if let part = groups.dropFirst().lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) {
            range = part
        }
        guard !range.isEmpty else { return nil }
        let secret = UnsafeBufferPointer(rebasing: text[range])
        guard entropy == 0 || ShannonEntropy.milliBits(secret) > entropy else { return nil }
        guard !allowedSecrets.contains(where: { $0.matches(secret) }) else { return nil }
        if !allowedPlaces.isEmpty {
            let line = line(of: whole, in: text)
            let places = [secret, UnsafeBufferPointer(rebasing: text[whole]), line]
            for expression in allowedPlaces where places.contains(where: expression.matches) { return nil }
        }
        if stopwords.isEmpty { return range }
        let folded = secret.map { ByteClass.isUpper($0) ? $0 | 0x20 : $0 }
        return stopwords.contains { folded.firstRange(of: $0) != nil } ? nil : range
    }

    private func line(of match: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let start = text[..<match.lowerBound].lastIndex(of: 0x0a).map { $0 &+ 1 } ?? 0
        let end = text[match.upperBound...].firstIndex(of: 0x0a) ?? text.count
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }
}
