// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// What went wrong on a socket of a test.
package enum SocketFailure: Error, CustomStringConvertible {
    /// A system call failed.
    case system(String, CInt)
    /// Nothing happened in time.
    case timeout
    /// The peer reset the connection, or it was closed here.
    case closed(CInt)
    /// The peer closed before what was waited for had come; these bytes had.
    case ended([UInt8])

    /// The failure in a sentence.
    package var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .timeout: "nothing came in time"
        case .closed(let code): "the connection is gone: \(String(cString: strerror(code)))"
        case .ended(let bytes): "the peer closed after \(String(decoding: bytes, as: UTF8.self).debugDescription)"
        }
    }
}
