// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOHPACK
import Protocols

/// The fields behind a body, from and to header lists, in both directions.
enum HTTP2TrailerSection {
    /// What passes of a section that was received.
    ///
    /// - Throws: Why the message is malformed.
    static func read(_ headers: HPACKHeaders, limits: HTTP1Limits) throws(HTTP1RefusalReason) -> [TrailerField] {
        var judge = HTTP2Trailers(limits: limits)
        var trailers: [TrailerField] = []
        for (name, value, _) in headers {
            let field = TrailerField(name: name, value: value)
            switch judge.judge(field) {
            case .passes: trailers.append(field)
            case .dropped: continue
            case .refused(let reason): throw reason
            }
        }
        return trailers
    }

    /// The header list of a section to send; `nil` when nothing of it may be sent.
    static func make(_ trailers: [TrailerField], limits: HTTP1Limits) -> HPACKHeaders? {
        guard !trailers.isEmpty else { return nil }
        var judge = HTTP2Trailers(limits: limits)
        var headers = HPACKHeaders()
        for field in trailers where judge.judge(field) == .passes {
            headers.add(name: field.name, value: field.value, indexing: .nonIndexable)
        }
        return headers.isEmpty ? nil : headers
    }
}

extension HTTP2Trailers {
    /// Judges the next field of a section.
    fileprivate mutating func judge(_ field: TrailerField) -> Judgement {
        var (name, value) = (field.name, field.value)
        return name.withUTF8 { name in
            value.withUTF8 { judge(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0)) }
        }
    }
}
