// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses

/// Reads the records of a `ScriptedResolver` and follows their aliases.
struct ScriptedRecords {
    private static let maximumAliases = 8

    let records: [String: [[String]]]

    func response(_ lines: [String], lookup: Int) -> Result<Answers, ResolveError> {
        var addresses: [IPAddress] = []
        var ttl = UInt32.max
        guard collect(lines, lookup: lookup, depth: 0, into: &addresses, ttl: &ttl) else {
            return .failure(.serverFailure)
        }
        return addresses.isEmpty ? .failure(.notFound) : .success(Answers(addresses: addresses, ttl: ttl))
    }

    private func collect(
        _ lines: [String], lookup: Int, depth: Int, into addresses: inout [IPAddress], ttl: inout UInt32
    ) -> Bool {
        guard depth <= Self.maximumAliases else { return false }
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count >= 2 else { return false }
            let seconds = words.dropFirst(2).first { $0.hasPrefix("ttl=") }.map { UInt32($0.dropFirst(4)) } ?? 60
            guard let seconds else { return false }
            ttl = min(ttl, seconds)
            switch (words[0], IPAddress(words[1])) {
            case ("A", .v4(let address)?): addresses.append(.v4(address))
            case ("AAAA", .v6(let address)?): addresses.append(.v6(address))
            case ("CNAME", nil):
                guard let name = try? HostName(parsing: String(words[1])) else { return false }
                let target = records[name.description] ?? []
                let next = lookup < target.count ? target[lookup] : target.last ?? []
                guard collect(next, lookup: lookup, depth: depth + 1, into: &addresses, ttl: &ttl) else { return false }
            default: return false
            }
        }
        return true
    }
}
