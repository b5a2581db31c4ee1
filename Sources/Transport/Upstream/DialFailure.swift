// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
internal import Glibc
internal import NIOCore

/// Puts a failed dial into words for the person behind the agent.
package enum DialFailure {
    /// What happened, and whose fault it is.
    ///
    /// - Parameter limit: The name of the limit of time in the configuration.
    package static func describe(_ error: any Error, _ destination: Destination, limit: String) -> String {
        let target = "\(destination.host):\(destination.port)"
        if let error = error as? IOError {
            switch error.errnoCode {
            case ECONNREFUSED: return "\(target) refused the connection; nothing listens there"
            case ENETUNREACH, EHOSTUNREACH: return "there is no route to \(target)"
            case ETIMEDOUT: return "\(target) did not answer in time"
            case EMFILE, ENFILE: return "the gate has no file descriptor left; raise the limit of open files"
            default: break
            }
        }
        if let error = error as? ChannelError, case .connectTimeout = error {
            return "\(target) did not answer within \(limit)"
        }
        return "\(target) could not be reached"
    }
}
