// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import YettConfiguration

extension GateConfiguration {
    /// The services that an Envoy can carry and ask about, and why the others are left out.
    var meshServices: (carried: [ServiceConfiguration], notes: [String]) {
        var carried: [ServiceConfiguration] = []
        var notes: [String] = []
        for service in services where !service.isBuiltIn {
            if let reason = service.reasonOutsideMesh {
                notes.append("\(service.name) is left out: \(reason); agents call it through the gate")
            } else {
                carried.append(service)
            }
        }
        return (carried, notes)
    }

    /// Every name that means a service to an Envoy, in lower case, the first service that has it counting.
    func meshDomains(of service: ServiceConfiguration) -> [String] {
        var names = service.virtualHosts.map(\.description)
        if case .name(let name) = service.host { names.append(name.description) }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The gate's own SPIFFE ID.
    var gateIdentity: String { "spiffe://\(trustDomain.name)/yett/gate" }
}

extension ServiceConfiguration {
    /// Why an Envoy cannot stand before the service, if so.
    fileprivate var reasonOutsideMesh: String? {
        guard isSomewhere else { return "it is nowhere that an Envoy could connect to" }
        switch protocolName {
        case .http, .mcp, .llm, .a2a: break
        case .postgres, .tcp: return "it does not speak HTTP"
        }
        switch credential {
        case .fixed, .oauth, .exchange, .toolToken, nil: return nil
        case .aws: return "its requests are signed"
        }
    }
}
