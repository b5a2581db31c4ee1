// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension HTTP1Fields {
    /// Which message a field section belongs to.
    enum Section {
        /// The head of a request.
        case request
        /// The head of a response.
        case response
        /// The trailer section after a chunked body.
        case trailer
    }

    /// Adds a field and reads it when its name matters. Returns why the message is refused, or nil.
    mutating func register(
        _ field: HTTP1Field, in bytes: UnsafeRawBufferPointer, section: Section, limits: HTTP1Limits
    ) -> HTTP1RefusalReason? {
        guard all.count < limits.headerCount else { return .tooManyFields }
        all.append(field)
        let name = field.knownName
        guard name != .other else { return nil }
        let isRepeated = contains(name)
        present |= name.bit
        let value = field.value.slice(of: bytes)
        if section == .trailer { return Self.mayTrail(name) ? nil : .forbiddenTrailer }
        switch name {
        case .host:
            guard section == .request else { return nil }
            if isRepeated { return .duplicateHost }
            host = field.value
            return HTTP1Authority.isValidHost(value) ? nil : .badHost
        case .contentLength:
            if isRepeated { return .duplicateContentLength }
            contentLength = ByteScan.decimal(value)
            return contentLength == nil ? .badContentLength : nil
        case .transferEncoding:
            return registerTransferEncoding(value, isRepeated: isRepeated)
        case .connection:
            return registerConnection(field.value, in: bytes, limits: limits)
        case .upgrade:
            upgrade = isRepeated ? nil : field.value
            return nil
        case .expect:
            guard section == .request else { return nil }
            guard ByteScan.equalsIgnoringCase(value, "100-continue") else { return .unknownExpectation }
            signals.insert(.expectContinue)
            return nil
        case .proxyAuthorization:
            if isRepeated { return .duplicateField }
            proxyAuthorization = field.value
            return nil
        default:
            return nil
        }
    }

    /// What a trailer field must not be: anything about framing, routing, the connection or who is asking (RFC 9110
    /// section 6.5.1).
    static func mayTrail(_ name: HTTP1FieldName) -> Bool {
        switch name {
        case .other, .via, .forwarding, .identity, .override, .gateway, .alias: true
        default: false
        }
    }

    private mutating func registerTransferEncoding(
        _ value: UnsafeRawBufferPointer, isRepeated: Bool
    ) -> HTTP1RefusalReason? {
        if isRepeated { return .duplicateTransferEncoding }
        isChunked = ByteScan.equalsIgnoringCase(value, "chunked")
        if isChunked { return nil }
        // "gzip, chunked" is well framed, only nobody here decodes gzip; anything else has no certain end.
        var codings = 0
        var last = UnsafeRawBufferPointer(start: nil, count: 0)
        let isList = HTTP1TokenList.forEach(value) { token in
            codings &+= 1
            last = token
            return !ByteScan.equalsIgnoringCase(token, "identity")
        }
        let endsInChunked = isList && codings > 1 && ByteScan.equalsIgnoringCase(last, "chunked")
        return endsInChunked ? .unsupportedTransferEncoding : .badTransferEncoding
    }

    private mutating func registerConnection(
        _ range: ByteRange, in bytes: UnsafeRawBufferPointer, limits: HTTP1Limits
    ) -> HTTP1RefusalReason? {
        let isList = HTTP1TokenList.forEach(range.slice(of: bytes)) { token in
            if ByteScan.equalsIgnoringCase(token, "close") {
                signals.insert(.close)
            } else if ByteScan.equalsIgnoringCase(token, "keep-alive") {
                signals.insert(.keepAlive)
            } else if ByteScan.equalsIgnoringCase(token, "upgrade") {
                signals.insert(.upgrade)
            } else {
                guard nominated.count < limits.connectionOptions, let base = bytes.baseAddress,
                    let start = token.baseAddress
                else { return false }
                let offset = start - base
                nominated.append(ByteRange(offset, offset &+ token.count))
                signals.insert(.nominates)
            }
            return true
        }
        return isList ? nil : .badConnection
    }
}
