// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Protocols

/// Firecracker's API on its socket: one connection, one call after the other. It is closed before any code that is not the
/// image's runs, so that a guest that took over its emulator has nobody to talk to.
struct FirecrackerClient {
    /// The process that answers, as the host numbers it.
    let process: pid_t
    private let socket: SandboxDescriptor
    private let milliseconds: Int
    /// When all must have been answered, in microseconds of the steady clock.
    private let end: Int64

    private static let chunk = 16 << 10
    /// The first release that tells guests of a copy that their connections are gone.
    private static let oldest = (major: 1, minor: 10)

    /// - Parameters:
    ///   - milliseconds: How long an answer may take.
    ///   - patience: How many times as long all of them may take.
    init(_ connection: JailedSocket.Connection, milliseconds: Int, patience: Int) {
        socket = connection.socket
        process = connection.process
        self.milliseconds = milliseconds
        end = SteadyClock.microseconds() &+ Int64(milliseconds &* patience) &* 1000
    }

    /// Refuses a release that is too old, and a process that is not at its beginning.
    func checkFresh() throws(SandboxError) {
        let release = try ask(.version)?["firecracker_version"]?.string ?? ""
        guard Self.isNewEnough(release) else {
            let shown = String(
                decoding: release.utf8.prefix(32).map { (0x21...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self)
            throw .refused(
                .unavailable, "Firecracker \(shown) is not 1.\(Self.oldest.minor) or newer: \(FirecrackerHost.releases)"
            )
        }
        try expect("Not started")
    }

    /// Refuses a machine in another state.
    func expect(_ state: String) throws(SandboxError) {
        guard let found = try ask(.state)?["state"]?.string, found.utf8.elementsEqual(state.utf8) else {
            throw .refused(.setUp, "Firecracker says that its machine is not in the state '\(state)'")
        }
    }

    /// Refuses a machine that has more than a disk to read from, a channel at this path, and random numbers.
    func expectNothingElse(channel path: String) throws(SandboxError) {
        guard let all = try ask(.configuration)?.object else {
            throw .refused(.setUp, "Firecracker does not say what its machine has")
        }
        for name in ["network-interfaces", "pmem"] {
            guard all[name].map({ $0.array?.isEmpty ?? ($0 == .null) }) ?? true else {
                throw .refused(.setUp, "Firecracker's machine has \(name), and must have none")
            }
        }
        for name in ["balloon", "memory-hotplug", "mmds-config"] {
            guard all[name].map({ $0 == .null }) ?? true else {
                throw .refused(.setUp, "Firecracker's machine has \(name), and must have none")
            }
        }
        guard let disks = all["drives"]?.array, disks.count == 1, disks.first?["is_read_only"] == .bool(true),
            all["vsock"]?["uds_path"]?.string?.utf8.elementsEqual(path.utf8) == true
        else { throw .refused(.setUp, "Firecracker's machine has another disk or channel than it was given") }
    }

    /// Makes a call; what the answer holds.
    ///
    /// - Parameter patience: How many times as long as others it may take.
    /// - Throws: `setUp`, with what Firecracker said.
    @discardableResult
    func ask(_ call: FirecrackerCall, patience: Int = 1) throws(SandboxError) -> JSONValue? {
        let last = min(end, SteadyClock.microseconds() &+ Int64(milliseconds &* patience) &* 1000)
        let name = "\(call.method) \(call.path)"
        guard JailedSocket.write(call.bytes, to: socket.number, until: last) else {
            throw .refused(.setUp, "Firecracker does not take \(name)")
        }
        var answer = FirecrackerAnswer()
        while true {
            switch JailedSocket.read(socket.number, most: Self.chunk, until: last) {
            case .late: throw .refused(.setUp, "Firecracker did not answer \(name) in time")
            case .end: throw .refused(.setUp, "Firecracker ended without an answer to \(name)")
            case .bytes(let bytes):
                let whole: FirecrackerAnswer.Whole?
                do throws(FirecrackerAnswer.Malformed) {
                    whole = try answer.append(bytes)
                } catch {
                    throw .refused(.setUp, "Firecracker answered \(name) with \(error.why)")
                }
                guard let whole else { continue }
                guard whole.status == call.status else {
                    throw .refused(
                        .setUp,
                        "Firecracker refused \(name) with \(whole.status): \(FirecrackerAnswer.fault(whole.body))")
                }
                return whole.body
            }
        }
    }

    static func isNewEnough(_ release: String) -> Bool {
        let parts = release.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 3,
            parts.prefix(2).allSatisfy({ (1...4).contains($0.count) && $0.allSatisfy { (0x30...0x39).contains($0) } }),
            let major = Int(Substring(parts[0])), let minor = Int(Substring(parts[1]))
        else { return false }
        return major == oldest.major && minor >= oldest.minor
    }
}
