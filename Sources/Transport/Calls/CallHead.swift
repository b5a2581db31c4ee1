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
        var (method, path, type, security) = (Only(), Only(), Only(), Only())
        for (name, value, _) in headers {
            switch name {
            case ":method": method.add(value)
            case ":path": path.add(value)
            case "content-type": type.add(value)
            case "workload.spiffe.io": security.add(value)
            default: break
            }
        }
        guard method.value == "POST", let path = path.value, let type = type.value, Self.isGRPC(type) else {
            return nil
        }
        self.path = path
        hasSecurityHeader = security.value?.utf8.elementsEqual("true".utf8) ?? false
    }

    /// The value of a field that stands there once.
    private struct Only {
        private(set) var value: String?
        private var isRepeated = false

        mutating func add(_ value: String) {
            self.value = isRepeated || self.value != nil ? nil : value
            isRepeated = isRepeated || self.value == nil
        }
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
