// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// Who launches: the tests run as each of them where the tests themselves may.
enum Account: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case root = "as root"
    case ordinary = "as an ordinary user"

    static let nobody: UInt32 = 65_534

    /// An ordinary user can test only as itself.
    static var available: [Account] { geteuid() == 0 ? allCases : [.ordinary] }

    var testDescription: String { rawValue }

    var user: UInt32 {
        switch self {
        case .root: 0
        case .ordinary: geteuid() == 0 ? Self.nobody : geteuid()
        }
    }

    /// What to put before a command so that this account runs it.
    var prefix: [String] {
        guard self == .ordinary, geteuid() == 0 else { return [] }
        return ["/usr/bin/setpriv", "--reuid", "\(Self.nobody)", "--regid", "\(Self.nobody)", "--clear-groups"]
    }
}
