// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// The control groups that Firecracker's jailer makes for a machine, as it finds them in the list of mounts.
struct FirecrackerGroups: Sendable, Equatable {
    /// `v1` or `v2`.
    let version: SandboxGroups
    /// Where each controller is mounted.
    private let places: [String: String]

    /// The group in which those of machines lie.
    static let parent = "yett-firecracker"
    private static let controllers = ["cpu", "memory", "pids"]
    private static let threads = 32
    private static let periodMicroseconds = 100_000
    private static let textBytes = 1 << 20

    /// Reads `/proc/mounts`, as the jailer does.
    ///
    /// - Parameter unified: What the unified hierarchy that is mounted there offers, from its `cgroup.controllers`.
    /// - Returns: `nil` when neither version has all controllers that are needed.
    init?(mounts: String, unified: (String) -> String) {
        var first: [String: String] = [:]
        var second: String?
        for line in mounts.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
            // A path in which something is escaped is none that the jailer understands.
            guard fields.count == 6, fields[1].utf8.first == UInt8(ascii: "/"),
                !fields[1].utf8.contains(UInt8(ascii: "\\"))
            else { continue }
            if fields[2].utf8.elementsEqual("cgroup2".utf8) {
                second = second ?? fields[1]
            } else if fields[2].utf8.elementsEqual("cgroup".utf8) {
                let options = Set(fields[3].utf8.split(separator: UInt8(ascii: ",")).map { Array($0) })
                for name in Self.controllers where first[name] == nil && options.contains(Array(name.utf8)) {
                    first[name] = fields[1]
                }
            }
        }
        if let second {
            let offered = Set(
                unified(second).utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { Array($0) })
            if Self.controllers.allSatisfy({ offered.contains(Array($0.utf8)) }) {
                version = .v2
                places = Dictionary(uniqueKeysWithValues: Self.controllers.map { ($0, second) })
                return
            }
        }
        guard Self.controllers.allSatisfy({ first[$0] != nil }) else { return nil }
        version = .v1
        places = first
    }

    /// What this machine has.
    static func found() -> FirecrackerGroups? {
        FirecrackerGroups(mounts: text("/proc/mounts")) { text($0 + "/cgroup.controllers") }
    }

    /// Files and what is to be in them.
    func settings(_ kind: MachineKind) -> [(file: String, value: String)] {
        let quota = kind.processorThousandths &* Self.periodMicroseconds / 1000
        return switch version {
        case .v2:
            [
                ("memory.max", "\(kind.wholeBytes)"), ("pids.max", "\(Self.threads)"),
                ("cpu.max", "\(quota) \(Self.periodMicroseconds)"),
            ]
        default:
            [
                ("memory.limit_in_bytes", "\(kind.wholeBytes)"), ("pids.max", "\(Self.threads)"),
                ("cpu.cfs_quota_us", "\(quota)"),
            ]
        }
    }

    /// The directories of a machine's groups, each once.
    func directories(of id: String) -> [String] {
        Set(places.values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\($0)/\(Self.parent)/\(id)" }
    }

    /// The first limit that is not in force for a machine; `nil` when all are.
    func missing(_ kind: MachineKind, of id: String) -> String? {
        for (file, value) in settings(kind) {
            let controller = String(Substring(file.utf8.prefix { $0 != UInt8(ascii: ".") }))
            let directory = "\(places[controller] ?? "")/\(Self.parent)/\(id)"
            let found = Self.text("\(directory)/\(file)").utf8.prefix { $0 != UInt8(ascii: "\n") }
            guard found.elementsEqual(value.utf8), !Self.text(directory + "/cgroup.procs").isEmpty else { return file }
        }
        return nil
    }

    /// Removes what is empty of the groups of machines whose names begin so, and then the group around them.
    func tidy(_ prefix: String) {
        for place in Set(places.values) {
            let top = "\(place)/\(Self.parent)"
            guard let listing = opendir(top) else { continue }
            var names: [String] = []
            while let entry = readdir(listing) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name.utf8.starts(with: prefix.utf8) { names.append(name) }
            }
            closedir(listing)
            for name in names { rmdir("\(top)/\(name)") }
            rmdir(top)
        }
    }

    private static func text(_ path: String) -> String {
        let file = SandboxDescriptor(open(path, O_RDONLY | O_CLOEXEC))
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < textBytes {
            let count = read(file.number, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
