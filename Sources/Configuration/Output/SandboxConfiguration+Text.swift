// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols

extension SandboxConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        writer.entry("enabled", raw: "\(isOn)")
        if !drivers.isEmpty { writer.list("drivers", drivers) }
        writer.entry("images", images)
        writer.section("limits") { writeLimits(SandboxAmounts.fields, limits, &$0) }
        writer.section("ceilings") { writeLimits(SandboxAmounts.fields, ceilings, &$0) }
        if !requirement.isEmpty { writer.section("require") { requirement.write(&$0) } }
        writeLimits(Self.fields, self, &writer)
        writer.entry("source_to_policy", raw: "\(showsSource)")
    }
}

extension SandboxTerms {
    /// Writes what isolation must be.
    func write(_ writer: inout YAMLWriter) {
        if let strength { writer.entry("strength", strength) }
        if let acceleration { writer.entry("accel", acceleration) }
        for wall in Self.walls where needs.contains(wall) { writer.entry(wall, raw: "true") }
    }

    /// Writes `sandbox` of a grant.
    func writeGrant(_ writer: inout YAMLWriter) {
        var isolation = self
        isolation.limits = [:]
        if !isolation.isEmpty { writer.section("require") { isolation.write(&$0) } }
        guard !limits.isEmpty else {
            if isolation.isEmpty { writer.entry("require", raw: "{}") }
            return
        }
        writer.section("limits") { writer in
            for (name, field) in zip(Self.limitNames, SandboxAmounts.fields) {
                guard let most = limits[name] else { continue }
                let text =
                    switch field.storage {
                    case .count: String(most)
                    case .size: Quantity.size(Int(clamping: most))
                    case .time: Quantity.time(Int(clamping: most))
                    }
                writer.entry(field.name, raw: text)
            }
        }
    }

    /// The same for policies, with the names that requests have.
    var data: JSONValue {
        var required = JSONObject()
        if let strength { required["strength"] = .string(strength) }
        if let acceleration { required["accel"] = .string(acceleration) }
        for wall in Self.walls where needs.contains(wall) { required[wall] = true }
        var amounts = JSONObject()
        for name in Self.limitNames { amounts[name] = limits[name].map { .integer($0) } }
        return ["limits": .object(amounts), "require": .object(required)]
    }
}
