// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols
internal import Sandbox
internal import SandboxPlane

/// What of the sandboxes works on this machine; no gate has to run.
public enum SandboxDoctor {
    /// What was found of one driver.
    public struct Finding: Sendable {
        /// Its name.
        public let driver: String
        /// Whether it can run something.
        public let isUsable: Bool
        /// What it offers, or why it does not work.
        public let lines: [String]
        /// What would change that; `nil` where nothing need be done.
        public let remedy: String?
        fileprivate let json: JSONValue
    }

    /// Tries every driver.
    ///
    /// - Parameter images: The directory with installed images, where it is not the usual one.
    public static func examine(images: String? = nil) async -> [Finding] {
        var settings = SandboxPlaneSettings()
        if let images { settings.images = images }
        let plane = SandboxPlane(settings)
        return await plane.probe().map { Self.finding($0) }
    }

    /// The findings for programs.
    public static func json(_ findings: [Finding]) -> String {
        let drivers: JSONValue = ["drivers": .array(findings.map(\.json))]
        return drivers.text
    }

    private static func finding(_ probe: SandboxProbe) -> Finding {
        var json = JSONObject()
        json["driver"] = .string(probe.driver)
        json["probe_us"] = .integer(probe.microseconds)
        switch probe.verdict {
        case .usable(let isolation, let kinds):
            let runs = SandboxProgramKind.allCases.filter(kinds.contains).map(\.rawValue)
            json["usable"] = true
            json["runs"] = .array(runs.map { .string($0) })
            json["isolation"] = isolation.json
            let walls = [
                isolation.isJailed ? "jailed" : nil, isolation.isFiltered ? "system calls filtered" : nil,
                isolation.hasOwnUser ? "a user of its own" : nil,
                isolation.groups == .none ? "no control groups" : "control groups \(isolation.groups.rawValue)",
            ].compactMap { $0 }
            let lines = [
                "runs \(runs.joined(separator: ", "))",
                "strength \(isolation.strength.rawValue)"
                    + (isolation.acceleration.map { ", \($0.rawValue)" } ?? "") + "; "
                    + walls.joined(separator: ", "),
                "tried in \(probe.microseconds / 1000) ms",
            ]
            return Finding(driver: probe.driver, isUsable: true, lines: lines, remedy: nil, json: .object(json))
        case .unusable(let reason, let remedy):
            json["usable"] = false
            json["reason"] = .string(reason)
            json["remedy"] = .string(remedy)
            return Finding(
                driver: probe.driver, isUsable: false, lines: [reason], remedy: remedy.isEmpty ? nil : remedy,
                json: .object(json))
        }
    }
}
