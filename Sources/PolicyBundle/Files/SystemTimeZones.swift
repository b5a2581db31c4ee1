// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
public import Rego

/// The time zone database of the machine, for builtins as `time.clock([ns, "Europe/Berlin"])`.
public enum SystemTimeZones {
    /// The directory where Linux distributions keep the database (Debian: `tzdata`).
    private static let directory = "/usr/share/zoneinfo"
    /// More than any file of the database has.
    private static let sizeLimit = 1 << 20

    /// Lets the policies of this process name every zone that the machine knows.
    public static func use() { TimeZones.use(rules) }

    /// The rules of a zone; nil if the machine does not know it. Reads a file: once per zone where `TimeZones` asks.
    ///
    /// - Parameter name: A name as `Europe/Berlin`, which must not lead out of the database.
    @Sendable public static func rules(_ name: String) -> TimeZoneRules? {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.first != UInt8(ascii: ".") }), !name.utf8.contains(0),
            let file = try? OpenDescriptor(directory + "/" + name, O_RDONLY | O_NONBLOCK), (try? file.isFile()) == true,
            let bytes = try? file.readAll(limit: sizeLimit)
        else { return nil }
        return TimeZoneRules(tzif: bytes)
    }
}
