// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// The user id that the program runs under: the caller's own, or for root one from a reserved range that no other
/// launch and no process bears.
final class LaunchUser {
    static let reserved: ClosedRange<UInt32> = 60_000...60_999
    /// Where root keeps the claims and prepares mounts; nothing in it outlives the processes that use it.
    static let directory = "/run/yett-exec"

    let user: UInt32
    let group: UInt32
    let isChanged: Bool
    private let claim: Descriptor?

    private init(user: UInt32, group: UInt32, claim: Descriptor?) {
        self.user = user
        self.group = group
        self.claim = claim
        isChanged = claim != nil
    }

    static func forThisLaunch() throws(LaunchError) -> LaunchUser {
        guard geteuid() == 0 else {
            guard getuid() == geteuid() else { throw .refused("yett exec must not be installed set-user-id") }
            return LaunchUser(user: geteuid(), group: getegid(), claim: nil)
        }
        try makeDirectory(directory, mode: 0o755)
        try makeDirectory(directory + "/users", mode: 0o700)
        try makeDirectory(directory + "/stage", mode: 0o755)
        let borne = bornUsers()
        for user in reserved where !borne.contains(user) {
            let path = directory + "/users/\(user)"
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw .setUp("\(path): \(errorText(errno))") }
            let claim = Descriptor(file)
            // Looked at again under the lock: a launch that ended between may have left a process.
            if yett_lock(file) == 0, !bornUsers().contains(user) {
                return LaunchUser(user: user, group: user, claim: claim)
            }
        }
        throw .setUp("all user ids from \(reserved.lowerBound) to \(reserved.upperBound) are in use")
    }

    private static func makeDirectory(_ path: String, mode: mode_t) throws(LaunchError) {
        if mkdir(path, mode) != 0, errno != EEXIST { throw .setUp("\(path): \(errorText(errno))") }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0,
            status.st_mode & 0o022 == 0
        else { throw .setUp("\(path) is not a directory that only root can change; remove it") }
    }

    /// The reserved ids that some process bears, ended but unreaped ones included.
    private static func bornUsers() -> Set<UInt32> {
        var found: Set<UInt32> = []
        guard let processes = opendir("/proc") else { return Set(reserved) }
        defer { closedir(processes) }
        while let entry = readdir(processes) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard UInt32(name) != nil, let bytes = SystemFiles.contents(of: "/proc/\(name)/status", atMost: 65_536)
            else { continue }
            for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: "Uid:".utf8) {
                for word in line.split(separator: UInt8(ascii: "\t")) {
                    guard let user = UInt32(String(decoding: word, as: UTF8.self)) else { continue }
                    if reserved.contains(user) { found.insert(user) }
                }
            }
        }
        return found
    }

    /// The home directories that must stay hidden: the caller's, and those of root and of people in `/etc/passwd`.
    static func homes(_ environment: [EnvironmentVariable]) -> [String] {
        var homes = environment.filter { Path.same($0.name, "HOME") && Path.isAbsolute($0.value) }.map(\.value)
        if let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir { homes.append(String(cString: home)) }
        let people: (UInt32) -> Bool = { $0 == 0 || (1000..<60_000).contains($0) }
        for line in (SystemFiles.contents(of: "/etc/passwd", atMost: 4 << 20) ?? []).split(
            separator: UInt8(ascii: "\n"))
        {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 7, let user = UInt32(String(decoding: fields[2], as: UTF8.self)), people(user) else {
                continue
            }
            homes.append(String(decoding: fields[5], as: UTF8.self))
        }
        return homes.filter { Path.isAbsolute($0) }.map { Path.real($0) ?? Path.normalized($0) }
            .filter { !Path.same($0, "/") }
    }
}
