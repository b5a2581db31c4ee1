// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import NIOCore
import Protocols

/// The parts of a parsed request head that a decision needs, as values of their own.
struct Draft {
    let form: RequestTarget.Form
    let method: String
    let host: Result<Host, HostError>
    let port: UInt16
    let credentials: ProxyCredentials

    init(_ head: borrowing HTTP1RequestHead, in buffer: ByteBuffer) {
        let target = head.target
        form = target.form
        port = target.port
        var method = ""
        var credentials = ProxyCredentials.absent
        let isKnown = head.method != .other
        if isKnown { method = head.method.name }
        let methodRange = head.methodRange
        let authorization = head.fields.proxyAuthorization
        host = buffer.withUnsafeReadableBytes { bytes -> Result<Host, HostError> in
            if !isKnown { method = methodRange.text(in: bytes) }
            if let authorization { credentials = ProxyCredentials(parsing: authorization.slice(of: bytes)) }
            do throws(HostError) {
                return .success(try Host(parsing: target.host.slice(of: bytes)))
            } catch {
                return .failure(error)
            }
        }
        self.method = method
        self.credentials = credentials
    }
}

extension HTTP1Method {
    /// The method's name, or the empty string for a method that is none of the known ones.
    var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other: ""
        }
    }
}
