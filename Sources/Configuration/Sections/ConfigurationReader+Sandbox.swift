// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision

extension ConfigurationReader {
    /// Reads `sandbox`.
    func readSandbox(_ value: Value) -> SandboxConfiguration? {
        guard var section = value.mapping("sandbox") else { return nil }
        var sandbox = readLimits(&section, SandboxConfiguration(), SandboxConfiguration.fields)
        sandbox.place = value.place
        if let isOn = section.value("enabled")?.bool() { sandbox.isOn = isOn }
        if let drivers = section.value("drivers") {
            for element in drivers.list("names of drivers") ?? [] {
                guard let name = element.text("the name of a driver"),
                    isName(name, element.place, "the name of a driver")
                else { continue }
                if sandbox.drivers.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
                    element.error("the driver '\(name)' is named already")
                } else {
                    sandbox.drivers.append(name)
                }
            }
            drivers.refuseEmpty("driver")
        }
        if let images = section.value("images").flatMap({ path($0) }) { sandbox.images = images }
        if let limits = section.value("limits") {
            sandbox.limits = readLimits(limits, sandbox.limits, SandboxAmounts.fields, "limits of a run")
        }
        // Where nobody says how much more somebody may have, nobody may have more.
        sandbox.ceilings = sandbox.limits
        if let ceilings = section.value("ceilings") {
            sandbox.ceilings = readLimits(ceilings, sandbox.ceilings, SandboxAmounts.fields, "ceilings of a run")
            for (limit, ceiling) in zip(sandbox.limits.values, sandbox.ceilings.values)
            where limit.value > ceiling.value {
                ceilings.error("the ceiling of \(limit.name) is below what every run has")
            }
        }
        if let required = section.value("require") { readIsolation(required, &sandbox.requirement) }
        if let showsSource = section.value("source_to_policy")?.bool() { sandbox.showsSource = showsSource }
        section.finish()
        return sandbox
    }

    /// The service that the gate itself is where sandboxes are on.
    func addSandbox(_ sandbox: SandboxConfiguration?, to services: inout [ServiceConfiguration]) {
        guard let sandbox, sandbox.isOn else { return }
        let name = SandboxConfiguration.serviceName
        if let other = services.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            context.error(
                other.place, "the name '\(name)' is that of the gate's own sandboxes",
                hint: "give the service another name, or switch off: 'sandbox: {enabled: false}'")
            return
        }
        guard let place = try? Endpoint(parsing: "sandbox.invalid:80") else { return }
        var service = ServiceConfiguration(name: name, host: place.host, port: place.port)
        service.protocolName = .mcp
        service.isBuiltIn = true
        service.place = sandbox.place
        services.append(service)
    }

    // MARK: Demands

    /// Reads `sandbox` of a grant.
    func readSandboxTerms(_ value: Value, of service: ServiceConfiguration?) -> SandboxTerms? {
        if service?.isBuiltIn != true { value.error("'sandbox' is for grants of the service 'sandbox'") }
        guard var section = value.mapping("demands on sandboxes") else { return nil }
        var terms = SandboxTerms()
        if let required = section.value("require") { readIsolation(required, &terms) }
        if let limits = section.value("limits") { readAmounts(limits, &terms) }
        section.finish()
        return terms
    }

    private func readIsolation(_ value: Value, _ terms: inout SandboxTerms) {
        guard var section = value.mapping("what isolation must be") else { return }
        if let strength = section.value("strength") { terms.strength = word(strength, SandboxTerms.strengths) }
        if let acceleration = section.value("accel") {
            terms.acceleration = word(acceleration, SandboxTerms.accelerations)
        }
        for wall in SandboxTerms.walls where section.value(wall)?.bool() ?? false { terms.needs.insert(wall) }
        section.finish()
    }

    private func word(_ value: Value, _ words: [String]) -> String? {
        guard let text = value.text("one of \(words.joined(separator: ", "))") else { return nil }
        guard let word = SandboxTerms.word(text, among: words) else {
            let near = NearestName.of(text, among: words)
            value.error(
                "one of \(words.joined(separator: ", ")) is expected here", hint: near.map { "did you mean '\($0)'?" })
            return nil
        }
        return word
    }

    /// Only the amounts that are named.
    private func readAmounts(_ value: Value, _ terms: inout SandboxTerms) {
        guard var section = value.mapping("limits of a run") else { return }
        for (index, field) in SandboxAmounts.fields.enumerated() {
            let name = SandboxTerms.limitNames[index]
            guard let entry = section.value(field.name) else { continue }
            switch field.storage {
            case .count: terms.limits[name] = entry.integer(field.range).map { Int64($0) }
            case .size: terms.limits[name] = entry.size(field.range).map { Int64($0) }
            case .time: terms.limits[name] = entry.duration(field.range).map { Int64($0.milliseconds) }
            }
        }
        section.finish()
    }
}
