// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `people`.
    func readPeople(_ value: Value) -> PeopleConfiguration? {
        guard var section = value.mapping("people") else { return nil }
        let address = section.required("address").flatMap {
            socketAddress($0, "an address with a port such as \"127.0.0.1:8444\"", minimumPort: 0)
        }
        let url = section.value("url")
        let tls = section.value("tls")
        let providers = section.required("providers")
        let age = section.value("task_max_age")
        var people = PeopleConfiguration(
            address: address?.address ?? .v4(IPv4Address(127, 0, 0, 1)), port: address?.port ?? 0)
        people = readLimits(&section, people, PeopleConfiguration.fields)
        section.finish()
        people.taskMaximumAge = age.flatMap { $0.duration(60_000...86_400_000) }
        people.tls = tls.flatMap { readPagesTLS($0) }
        people.providers = providers?.list("providers") { readProvider($0) } ?? []
        if let providers { check(people.providers, providers) }
        if let url { people.url = readURL(url, isSecure: tls != nil) }
        guard let address else { return nil }
        if tls == nil, !address.address.isLoopback {
            value.error("people sign in over TLS: add tls, or listen on a loopback address")
        }
        if tls != nil, url == nil { value.error("'url' is missing in people: the name that the certificate is for") }
        let times = [people.idle, people.session, people.refresh] + [people.taskMaximumAge].compactMap { $0 }
        if times.contains(where: { $0.components.attoseconds != 0 }) {
            value.error("the times of people are whole seconds")
        }
        if people.idle > people.session { value.error("idle must not be longer than session") }
        return people
    }

    private func check(_ providers: [ProviderConfiguration], _ value: Value) {
        if providers.isEmpty, value.list("providers")?.isEmpty == true {
            value.error("people need at least one provider")
        }
        var names: Set<String> = []
        var issuers: Set<[UInt8]> = []
        for provider in providers.map(\.provider) {
            if !names.insert(provider.name).inserted { value.error("two providers have the name \(provider.name)") }
            // Of two registrations with one issuer either could be meant.
            if !issuers.insert(Array(provider.issuer.description.utf8)).inserted {
                value.error("two providers have the issuer \(provider.issuer)")
            }
        }
    }

    func readURL(_ value: Value, isSecure: Bool) -> ProviderURL? {
        let expected =
            isSecure
            ? "a URL of https, a host and perhaps a port, such as https://gate.example.org:8444"
            : "a URL of http and a loopback address, such as http://127.0.0.1:8444"
        guard let text = value.text(expected) else { return nil }
        guard let url = ProviderURL(text, allowsLoopback: true), url.isSecure == isSecure,
            url.origin.utf8.elementsEqual(text.utf8)
        else {
            value.error("\(expected) is expected here, in lower case and without a path")
            return nil
        }
        return url
    }

    /// Reads the certificate of a listener for browsers.
    func readPagesTLS(_ value: Value) -> PeopleTLS? {
        guard var section = value.mapping("tls") else { return nil }
        let certificate = section.required("certificate").flatMap { secret($0, filesOnly: true) }
        let key = section.required("key").flatMap { secret($0, filesOnly: true) }
        section.finish()
        guard let certificate, let key else { return nil }
        return PeopleTLS(certificate: certificate, key: key)
    }

    // MARK: Providers

    private func readProvider(_ value: Value) -> ProviderConfiguration? {
        guard var section = value.mapping("a provider") else { return nil }
        let name = section.required("name").flatMap { value -> String? in
            guard let text = value.text("a name"), isName(text, value.place, "the name of a provider") else {
                return nil
            }
            return text
        }
        let issuer = section.required("issuer")
        let client = section.required("client_id").flatMap { word($0, "the gate's name at the provider") }
        let secret = section.value("client_secret").flatMap { self.secret($0) }
        let authority = section.value("ca").flatMap { self.secret($0, filesOnly: true) }
        let scopes = section.value("scopes")?.list("scopes") { word($0, "a scope such as profile") } ?? []
        let groups = section.value("groups_claim").flatMap { word($0, "the name of a claim such as groups") }
        let algorithms = section.value("algorithms").flatMap { readAlgorithms($0) }
        let frontEnds = section.value("front_ends")?.list("client names") { word($0, "a client's name") } ?? []
        let assumesS256 = section.value("assume_s256")?.bool() ?? false
        let isPrivateAllowed = section.value("allow_private")?.bool() ?? false
        section.finish()
        guard let url = issuer.flatMap({ readProviderIssuer($0) }), let name, let client else {
            return nil
        }
        var provider = ProviderConfiguration(
            OpenIDProvider(
                name: name, issuer: url, clientID: client,
                algorithms: algorithms ?? OpenIDProvider.standardAlgorithms, scopes: scopes, groupsClaim: groups,
                frontEnds: frontEnds, assumesS256: assumesS256))
        provider.secret = secret
        provider.authority = authority
        provider.isPrivateAllowed = isPrivateAllowed
        return provider
    }

    func readProviderIssuer(_ value: Value) -> ProviderURL? {
        let expected = "the provider's issuer, a URL of https without a query"
        guard let text = value.text(expected) else { return nil }
        guard let url = ProviderURL(text), !url.hasQuery else {
            value.error("\(expected) is expected here", hint: "write it as the provider's tokens have it")
            return nil
        }
        return url
    }

    func readAlgorithms(_ value: Value) -> Set<JWSAlgorithm>? {
        let names = JWSAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
        let algorithms = value.list("algorithms") { element in
            element.parsed("one of \(names)") { text throws(UnknownAlgorithm) in
                guard let algorithm = JWSAlgorithm(name: text) else { throw UnknownAlgorithm() }
                return algorithm
            }
        }
        guard let algorithms, !algorithms.isEmpty else {
            if algorithms != nil { value.error("at least one algorithm is needed") }
            return nil
        }
        return Set(algorithms)
    }

    /// Visible ASCII without spaces, quotes and backslashes (RFC 6749 appendix A).
    func word(_ value: Value, _ expected: String) -> String? {
        guard let text = value.text(expected) else { return nil }
        guard (1...256).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c })
        else {
            value.error("\(expected) is expected here, without spaces")
            return nil
        }
        return text
    }
}

private struct UnknownAlgorithm: Error, CustomStringConvertible {
    var description: String { "this algorithm is unknown, symmetric or none" }
}
