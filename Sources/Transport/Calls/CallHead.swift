// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOHPACK

/// What a call says before its first message.
package struct CallHead: Sendable {
    /// `/Service/Method`.
    package let path: String
    /// Whether the metadata has `workload.spiffe.io: true`, once and spelled exactly so. A program that was tricked into
    /// connecting, such as a server that fetches what others ask it to, does not send it.
    package let hasSecurityHeader: Bool

    /// Reads the head.
    ///
    /// - Returns: `nil` for a request that is not gRPC.
    package init?(_ headers: HPACKHeaders) {
        guard Self.only(":method", in: headers) == "POST", let path = Self.only(":path", in: headers),
            let type = Self.only("content-type", in: headers), Self.isGRPC(type)
        else { return nil }
        self.path = path
        hasSecurityHeader = Self.only("workload.spiffe.io", in: headers)?.utf8.elementsEqual("true".utf8) ?? false
    }

    private static func only(_ name: String, in headers: HPACKHeaders) -> String? {
        let values = headers[name]
        return values.count == 1 ? values.first : nil
    }

    private static func isGRPC(_ type: String) -> Bool {
        let subtype = "application/grpc".utf8
        guard type.utf8.starts(with: subtype) else { return false }
        switch type.utf8.dropFirst(subtype.count).first {
        case nil, UInt8(ascii: "+"), UInt8(ascii: ";"): return true
        default: return false
        }
    }
}
