// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension ConfigurationCheck {
    /// What access tokens need from other sections.
    func checkTokenIssuers() {
        let issuers = configuration.serviceProxy?.issuers ?? []
        for (agent, attestation) in attestations() {
            guard case .jwt(let selector) = attestation.kind else { continue }
            if !issuers.contains(where: { $0.name.utf8.elementsEqual(selector.issuer.utf8) }) {
                context.error(
                    attestation.place,
                    "agent '\(agent.name)' is known by tokens of '\(selector.issuer)', which is no issuer here",
                    hint: "name it in 'service_proxy.issuers'")
            }
        }
        checkOverlaps()
        guard let proxy = configuration.serviceProxy else { return }
        if !issuers.isEmpty, proxy.url == nil {
            context.error(
                proxy.place, "tokens of issuers are for the resources below 'url', and there is none",
                hint: "add 'url' to service_proxy: how clients reach it")
        }
        for issuer in issuers where isOwn(issuer) {
            context.error(issuer.place, "the issuer '\(issuer.name)' is the gate itself, whose tokens count anyway")
        }
        for service in configuration.services where service.resource != nil && proxy.url == nil {
            context.error(
                service.place, "service '\(service.name)' is an OAuth resource, and 'service_proxy.url' is missing",
                hint: "add 'url' to service_proxy: how clients reach it")
        }
    }

    private func isOwn(_ issuer: TokenIssuerConfiguration) -> Bool {
        configuration.identity.endpoints.map { $0.issuer.utf8.elementsEqual(issuer.issuer.issuer.description.utf8) }
            ?? false
    }

    /// A token that fits two agents is nobody's: what one of them asks for must exclude the other.
    private func checkOverlaps() {
        var seen: [(selector: IssuedTokenSelector, agent: String)] = []
        for (agent, attestation) in attestations() {
            guard case .jwt(let selector) = attestation.kind else { continue }
            let other = seen.first { other in
                other.agent != agent.name && other.selector.issuer.utf8.elementsEqual(selector.issuer.utf8)
                    && other.selector.claims.allSatisfy { name, text in
                        selector.claims[name].map { $0.utf8.elementsEqual(text.utf8) } ?? true
                    }
            }
            if let other {
                context.error(
                    attestation.place,
                    "one token can be both agent '\(agent.name)' and agent '\(other.agent)'",
                    hint: "tell them apart by a claim that both name, such as client_id")
            }
            seen.append((selector, agent.name))
        }
    }
}
