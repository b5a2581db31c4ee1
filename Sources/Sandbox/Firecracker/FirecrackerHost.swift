// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox
internal import Glibc

/// What Firecracker needs of this machine, and what is in its way.
struct FirecrackerHost: Sendable {
    /// Something that is missing, and what would change it.
    struct Obstacle: Error {
        let reason: String
        let remedy: String

        var error: SandboxError { .refused(.unavailable, remedy.isEmpty ? reason : "\(reason) (\(remedy))") }
    }

    /// Where Firecracker and its jailer are, when somebody said it.
    var firecracker: String?
    var jailer: String?
    /// Whether the processor runs a guest's kernel itself; tests have another answer.
    var virtualization: @Sendable () throws(Obstacle) -> Void = FirecrackerHost.probe

    static let releases =
        "install firecracker and jailer of one release from "
        + "https://github.com/firecracker-microvm/firecracker/releases to /usr/local/bin, root's"
    private static let directories = ["/usr/local/bin", "/usr/bin"]

    /// Firecracker's and its jailer's paths, free of links; nobody but root can have changed them.
    func programs() throws(Obstacle) -> (firecracker: String, jailer: String) {
        guard geteuid() == 0 else {
            throw Obstacle(reason: "Firecracker's jailer needs root", remedy: "run the gate as root")
        }
        let firecracker = try Self.program("firecracker", firecracker)
        let jailer = try Self.program("jailer", jailer)
        // The jailer takes no other name.
        let name = firecracker.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
        guard Array(name.utf8).firstRange(of: Array("firecracker".utf8)) != nil else {
            throw Obstacle(reason: "\(firecracker) must have 'firecracker' in its name", remedy: "rename it")
        }
        try virtualization()
        return (firecracker, jailer)
    }

    private static func program(_ name: String, _ given: String?) throws(Obstacle) -> String {
        for path in given.map({ [$0] }) ?? directories.map({ "\($0)/\(name)" }) {
            guard access(path, F_OK) == 0 else { continue }
            let file: TrustedFile
            do throws(SandboxError) {
                file = try TrustedFile(path, onlyRoot: true)
            } catch {
                throw Obstacle(reason: error.description, remedy: "")
            }
            guard access(file.path, X_OK) == 0 else {
                throw Obstacle(reason: "\(file.path) cannot be executed", remedy: "chmod 755 \(file.path)")
            }
            return file.path
        }
        let place = given ?? directories.map { "\($0)/\(name)" }.joined(separator: " or ")
        throw Obstacle(reason: "\(name) is not installed at \(place)", remedy: releases)
    }

    private static func probe() throws(Obstacle) {
        var error: Int32 = 0
        switch yett_virtualization_probe(&error) {
        case yett_virtualization_hardware: return
        case yett_virtualization_slow:
            throw Obstacle(
                reason: "the processor does not run a guest's kernel itself: a loop in one took more than 10 ms",
                remedy: "a machine with virtualization of its own: bare metal, or nested virtualization switched on")
        default:
            let why = error == 0 ? "" : ": \(String(cString: strerror(error)))"
            throw Obstacle(
                reason: "/dev/kvm cannot be used\(why)",
                remedy: "modprobe kvm_intel or kvm_amd, and virtualization switched on in the firmware")
        }
    }
}
