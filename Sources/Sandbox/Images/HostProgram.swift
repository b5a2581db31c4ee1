// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc

/// Programs of the host that an operator's command runs: never for a request.
enum HostProgram {
    private static let saidBytes = 4096

    /// Runs a program to its end, with nothing but a path and a language in its environment.
    ///
    /// - Throws: `setUp` with the end of what it said when it fails.
    static func run(_ words: [String]) throws(SandboxError) {
        guard let program = words.first else { return }
        var ends: [Int32] = [-1, -1]
        guard yett_pipe(&ends) == 0 else { throw .unavailable("making a pipe", errno) }
        let (reading, writing) = (SandboxDescriptor(ends[0]), SandboxDescriptor(ends[1]))
        _ = fcntl(ends[0], F_SETFL, 0)
        _ = fcntl(ends[1], F_SETFL, 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writing.number, 1)
        posix_spawn_file_actions_adddup2(&actions, writing.number, 2)
        var vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        vector.append(nil)
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
        variables.append(nil)
        defer { (vector + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &actions, nil, &vector, &variables)
        writing.close()
        guard code == 0 else { throw .unavailable(program, code) }
        let said = read(reading)
        var exit: Int32 = 0
        var signal: Int32 = 0
        yett_wait(process, true, &exit, &signal)
        guard exit == 0, signal == 0 else {
            let end = String(decoding: said.suffix(saidBytes), as: UTF8.self)
            throw .refused(.setUp, "\(words.joined(separator: " ")) failed: \(end)")
        }
    }

    /// What a builder of packages needs, and a proxy where the host has one.
    private static var environment: [String] {
        var environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/nonexistent"]
        let passed = [
            "http_proxy", "https_proxy", "no_proxy", "SOURCE_DATE_EPOCH", "YETT_DEBIAN_MIRROR", "YETT_DEBIAN_SUITE",
            "TMPDIR",
        ]
        for name in passed {
            if let value = getenv(name) { environment.append("\(name)=\(String(cString: value))") }
        }
        return environment
    }

    private static func read(_ pipe: SandboxDescriptor) -> [UInt8] {
        var said: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(pipe.number, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return said }
            said += piece[..<count]
            if said.count > 2 * saidBytes { said.removeFirst(said.count &- saidBytes) }
        }
    }
}
