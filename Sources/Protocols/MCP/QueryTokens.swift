// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds access tokens in a query, where MCP and RFC 6750 section 5.3 do not want them.
enum QueryTokens {
    private static let names = [
        "access_token", "accesstoken", "auth_token", "authorization", "bearer", "bearer_token", "id_token",
        "refresh_token", "token",
    ]

    /// Whether a parameter of the query is named like a token, percent-encoding and case left aside.
    static func hasToken(_ query: String) -> Bool {
        Array(query.utf8).split(whereSeparator: { $0 == 0x26 || $0 == 0x3b }).contains { parameter in
            let name = decoded(parameter.prefix { $0 != 0x3d })
            return names.contains { $0.utf8.elementsEqual(name) }
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2, let high = ByteScan.hexValue(rest[rest.startIndex]),
                let low = ByteScan.hexValue(rest[rest.startIndex &+ 1])
            {
                output.append(ByteScan.lowercase(high &<< 4 | low))
                rest.removeFirst(2)
            } else if byte != 0x2b {
                output.append(ByteScan.lowercase(byte))
            }
        }
        return output
    }
}
