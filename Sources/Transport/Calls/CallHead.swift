// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOHPACK
package import Protocols

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
        var reader = Reader()
        headers.forEachField { reader.take($0, $1) }
        self.init(reader)
    }

    /// Reads the head.
    ///
    /// - Returns: `nil` for a request that is not gRPC.
    package init?(_ fields: HTTP2HeaderList) {
        var reader = Reader()
        fields.forEachField { reader.take($0, $1) }
        self.init(reader)
    }

    private init?(_ reader: Reader) {
        guard reader.method == .once(true), case .once(let path) = reader.path, reader.isGRPC == .once(true) else {
            return nil
        }
        self.path = path
        hasSecurityHeader = reader.security == .once(true)
    }

    /// What was found, where it stands there once.
    private enum Found<Value: Equatable>: Equatable {
        case nothing
        case once(Value)
        case repeated

        mutating func add(_ value: Value) { self = self == .nothing ? .once(value) : .repeated }
    }

    private struct Reader {
        /// Whether it is POST.
        var method = Found<Bool>.nothing
        var path = Found<String>.nothing
        var isGRPC = Found<Bool>.nothing
        /// Whether it is `true`.
        var security = Found<Bool>.nothing

        mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
            if ByteScan.equals(name, ":method") {
                method.add(ByteScan.equals(value, "POST"))
            } else if ByteScan.equals(name, ":path") {
                path.add(String(decoding: value, as: UTF8.self))
            } else if ByteScan.equals(name, "content-type") {
                isGRPC.add(CallHead.isGRPC(value))
            } else if ByteScan.equals(name, "workload.spiffe.io") {
                security.add(ByteScan.equals(value, "true"))
            }
        }
    }

    private static func isGRPC(_ type: UnsafeRawBufferPointer) -> Bool {
        let subtype: StaticString = "application/grpc"
        let begin = UnsafeRawBufferPointer(rebasing: type.prefix(subtype.utf8CodeUnitCount))
        guard ByteScan.equals(begin, subtype) else { return false }
        guard type.count > begin.count else { return true }
        let next = type[begin.count]
        return next == UInt8(ascii: "+") || next == UInt8(ascii: ";")
    }
}
