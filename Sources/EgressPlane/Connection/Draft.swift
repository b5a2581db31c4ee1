// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import NIOCore
import Protocols
import Transport

/// The parts of a parsed request head that a decision needs, as values of their own.
struct Draft {
    let form: RequestTarget.Form
    let method: String
    let host: Result<Host, HostError>
    let port: UInt16
    let credentials: BearerCredentials

    init(_ head: borrowing HTTP1RequestHead, in buffer: ByteBuffer) {
        let target = head.target
        form = target.form
        port = target.port
        var method = ""
        var credentials = BearerCredentials.absent
        let isKnown = head.method != .other
        if isKnown { method = head.method.name }
        let methodRange = head.methodRange
        let authorization = head.fields.proxyAuthorization
        host = buffer.withUnsafeReadableBytes { bytes -> Result<Host, HostError> in
            if !isKnown { method = methodRange.text(in: bytes) }
            if let authorization { credentials = BearerCredentials(parsing: authorization.slice(of: bytes)) }
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
