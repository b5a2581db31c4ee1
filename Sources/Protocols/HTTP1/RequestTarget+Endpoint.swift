// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

extension RequestTarget {
    /// The destination that an absolute-form or authority-form target names, with its host in canonical form. Throws
    /// when the host is no proper name or address, and for the other two forms.
    public func endpoint(in message: UnsafeRawBufferPointer) throws(HostError) -> Endpoint {
        let host = try Host(parsing: host.slice(of: message))
        guard let endpoint = Endpoint(host: host, port: port) else { throw .missingPort }
        return endpoint
    }
}
