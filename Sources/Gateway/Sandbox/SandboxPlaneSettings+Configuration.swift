// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Sandbox
internal import SandboxPlane
internal import YettConfiguration

extension SandboxPlaneSettings {
    /// What the configuration says of sandboxes.
    ///
    /// - Throws: ``GatewayError`` when it names a driver that there is not.
    init(_ configuration: SandboxConfiguration) throws(GatewayError) {
        self.init()
        let unknown = configuration.drivers.filter { name in
            !SandboxDrivers.names.contains { $0.utf8.elementsEqual(name.utf8) }
        }
        guard unknown.isEmpty else {
            throw GatewayError(
                unknown.map {
                    "sandbox.drivers: there is no driver '\($0)'; there are \(SandboxDrivers.names.joined(separator: ", "))"
                }, isConfiguration: true)
        }
        if !configuration.drivers.isEmpty { drivers = configuration.drivers }
        images = configuration.images
        limits = SandboxLimits(configuration.limits)
        ceilings = SandboxLimits(configuration.ceilings)
        running = configuration.running
        waiting = configuration.waiting
        waitTime = configuration.waitTime
        showsSource = configuration.showsSource
        guard let requirement = SandboxRequirement(configuration.requirement) else {
            throw GatewayError(["sandbox.require: a word is not known"], isConfiguration: true)
        }
        self.requirement = requirement
    }
}

extension SandboxLimits {
    fileprivate init(_ amounts: SandboxAmounts) {
        self = .standard
        let values = amounts.values
        for (name, limit) in Self.names {
            guard let value = values.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { continue }
            self[keyPath: limit] = Int(clamping: value.value)
        }
    }
}

extension SandboxPlane {
    /// The plane of a configuration; `nil` where sandboxes are off.
    static func make(_ configuration: SandboxConfiguration?) throws(GatewayError) -> SandboxPlane? {
        guard let configuration, configuration.isOn else { return nil }
        return SandboxPlane(try SandboxPlaneSettings(configuration))
    }
}
