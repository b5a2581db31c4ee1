// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Glibc
import NIOCore

/// Puts a failed dial into words for the person behind the agent.
enum DialFailure {
    static func describe(_ error: any Error, _ destination: Destination) -> String {
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
            return "\(target) did not answer within egress.limits.dial_time"
        }
        return "\(target) could not be reached"
    }
}
