// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

/// A driver whose Firecracker and jailer are the programs in `Fake`, with a plan of what goes wrong.
final class FakeFirecracker {
    let directory = "/var/tmp/yett-fake-\(UInt64.random(in: 0...UInt64.max))"
    let driver: FirecrackerDriver
    private let image: SandboxImageTests.Small

    /// Long enough for a busy machine to start two interpreters, short enough to wait for.
    static let times = FirecrackerTimes(
        answerMilliseconds: 1500, bootMilliseconds: 3000, resumeMilliseconds: 3000)

    /// With other users than other tests' sandboxes.
    static var jail: NamespaceDriver.Settings {
        var jail = NamespaceDriver.Settings()
        jail.users = 61_200...61_263
        return jail
    }

    /// - Parameters:
    ///   - plan: What the fake does otherwise than Firecracker, as JSON; see `Fake/firecracker.py`.
    ///   - prepare: Changes the image in this directory.
    init(
        _ plan: String = "{}", warm: Int = 0, times: FirecrackerTimes = times,
        image prepare: (String) -> Void = { _ in },
        virtualization: @escaping @Sendable () throws(FirecrackerHost.Obstacle) -> Void = {
            () throws(FirecrackerHost.Obstacle) in
        }
    ) throws {
        let fake = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fake"
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: false)
        chmod(directory, 0o755)
        for (source, name, mode) in [
            ("\(fake)/firecracker.py", "firecracker", mode_t(0o755)), ("\(fake)/jailer.py", "jailer", 0o755),
            ("\(fake)/guest.py", "guest.py", 0o644), (TestImage.recipe + "/agent.py", "agent.py", 0o644),
        ] {
            try files.copyItem(atPath: source, toPath: "\(directory)/\(name)")
            chmod("\(directory)/\(name)", mode)
        }
        for (name, text, mode) in [
            ("plan.json", plan, mode_t(0o644)), ("calls.log", "", 0o666), ("jailer.log", "", 0o644),
        ] {
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
            chmod("\(directory)/\(name)", mode)
        }
        image = try SandboxImageTests.Small()
        prepare(image.directory)
        var settings = FirecrackerDriver.Settings()
        settings.image = image.directory
        settings.firecracker = directory + "/firecracker"
        settings.jailer = directory + "/jailer"
        settings.workspace = directory + "/machines"
        settings.warm = warm
        settings.times = times
        settings.host.virtualization = virtualization
        driver = FirecrackerDriver(settings, jail: Self.jail)
    }

    deinit {
        driver.stop()
        // A thread that makes the next machine gives up a little later.
        let last = ContinuousClock.now + .seconds(8)
        while !workspaces.isEmpty, ContinuousClock.now < last { usleep(10_000) }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// What the machines did: a line of JSON each.
    var log: [JSONLine] { Self.lines(directory + "/calls.log") }

    /// The calls of one machine, in order, as `PUT /path {…}`.
    func calls(_ machine: Int = 0) -> [String] {
        log.compactMap { line in
            guard line["machine"] as? Int == machine, let call = line["call"] as? String else { return nil }
            guard let body = line["body"] as? [String: Any],
                let data = try? JSONSerialization.data(
                    withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes])
            else { return call }
            return "\(call) \(String(decoding: data, as: UTF8.self))"
        }
    }

    /// What the guests noted of that kind.
    func notes(_ kind: String) -> [JSONLine] { log.filter { $0["guest"] as? String == kind } }

    func run(
        _ code: String = "print(6 * 7)", _ language: SandboxLanguage = .python, seconds: Double = 5,
        adjust: (inout SandboxRequest) -> Void = { _ in }
    ) async throws -> SandboxResult {
        try await Bench.run(language, code, seconds: seconds, on: driver, adjust: adjust)
    }

    /// What is left of machines, and of drivers that were stopped; see ``leftovers``.
    var remains: [String] { leftovers + workspaces }

    /// What there is of drivers.
    var workspaces: [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory + "/machines")) ?? [] }

    /// What is left of machines: processes, files and groups; empty when nothing is.
    var leftovers: [String] {
        var left = Bench.processes(naming: directory).map { "process \($0)" }
        let files = FileManager.default
        for owner in (try? files.contentsOfDirectory(atPath: directory + "/machines")) ?? [] {
            let jails = "\(directory)/machines/\(owner)/firecracker"
            left += ((try? files.contentsOfDirectory(atPath: jails)) ?? []).map { "jail \($0)" }
            for root in ["memory", "pids", "cpu", "unified", ""] {
                let groups = "/sys/fs/cgroup/\(root)/\(FirecrackerGroups.parent)"
                left += ((try? files.contentsOfDirectory(atPath: groups)) ?? []).filter { $0.hasPrefix(owner) }
                    .map { "group \(root)/\($0)" }
            }
        }
        return left
    }

    /// What ``leftovers`` are when they are gone, or after some seconds: a driver that waits for its next machine ends then.
    func settled(_ left: KeyPath<FakeFirecracker, [String]> = \.leftovers) async -> [String] {
        let last = ContinuousClock.now + .seconds(6)
        var found = self[keyPath: left]
        while !found.isEmpty, ContinuousClock.now < last {
            try? await Task.sleep(for: .milliseconds(10))
            found = self[keyPath: left]
        }
        return found
    }

    typealias JSONLine = [String: Any]

    static func lines(_ path: String) -> [JSONLine] {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { line in
            try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? JSONLine
        }
    }
}

/// Machines of Firecracker's, with everything real but Firecracker: yett-sandbox, namespaces, groups, users and files.
@Suite(.serialized, .enabled(if: geteuid() == 0, "takes root, as Firecracker's jailer does"))
enum FirecrackerSuites {}
