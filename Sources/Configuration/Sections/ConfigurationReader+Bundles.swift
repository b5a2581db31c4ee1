// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `policy.keys`.
    func readBundleKeys(_ value: Value) -> [BundleKeyConfiguration] {
        guard var section = value.mapping("keys") else { return [] }
        return section.all().compactMap { entry in
            guard isName(entry.name, entry.place, "the name of a key") else { return nil }
            guard var section = entry.value.mapping("the key '\(entry.name)'") else { return nil }
            let key = section.required("key").flatMap { secret($0) }
            let algorithm = section.value("algorithm")?.word(Self.algorithms)
            let scope = section.value("scope").flatMap { readScope($0) }
            section.finish()
            guard let key else { return nil }
            var configuration = BundleKeyConfiguration(name: entry.name, key: key)
            configuration.algorithm = algorithm ?? configuration.algorithm
            configuration.scope = scope
            return configuration
        }
    }

    private static var algorithms: KeyValuePairs<String, String> {
        [
            "RS256": "RS256", "RS384": "RS384", "RS512": "RS512", "PS256": "PS256", "PS384": "PS384",
            "PS512": "PS512", "ES256": "ES256", "ES384": "ES384", "ES512": "ES512", "EdDSA": "EdDSA",
            "HS256": "HS256", "HS384": "HS384", "HS512": "HS512",
        ]
    }

    /// Reads `policy.bundles`.
    ///
    /// - Parameter keys: The names in `policy.keys`; `nil` when there is no such section.
    func readBundles(_ value: Value, keys: [String]?) -> [BundleConfiguration] {
        guard var section = value.mapping("bundles") else { return [] }
        return section.all().compactMap { entry in
            guard isName(entry.name, entry.place, "the name of a bundle") else { return nil }
            return readBundle(entry, keys)
        }
    }

    private func readBundle(_ entry: MappingReader.Entry, _ keys: [String]?) -> BundleConfiguration? {
        guard var section = entry.value.mapping("the bundle '\(entry.name)'") else { return nil }
        let path = section.value("path")
        let address = section.value("url")
        var bundle = BundleConfiguration(name: entry.name, source: .path(""))
        let polling = section.value("polling")
        if let polling { bundle.polling = readPolling(polling) }
        let token = section.value("token")
        bundle.token = token.flatMap { secret($0) }
        let tls = section.value("tls")
        bundle.tls = tls.flatMap { readBundleTLS($0) }
        let persist = section.value("persist")
        if let persist = persist?.bool() { bundle.isPersistent = persist }
        if let signing = section.value("signing") { bundle.signing = readSigning(signing, keys) }
        section.finish()
        switch (path, address) {
        case (nil, nil):
            context.error(entry.place, "the bundle '\(entry.name)' needs a path or a url")
            return nil
        case (.some, let address?):
            address.error("a bundle has a path or a url, not both")
            return nil
        case (let path?, nil):
            for (name, value) in [("polling", polling), ("token", token), ("tls", tls), ("persist", persist)] {
                value?.error("'\(name)' is for bundles with a url")
            }
            guard let path = readPolicyFile(path) else { return nil }
            bundle.source = .path(path)
        case (nil, let address?):
            guard let url = readURL(address) else { return nil }
            bundle.source = .url(url)
            checkTransport(url, address, token, keys, bundle.tls)
        }
        return bundle
    }

    /// Refuses what others on the way could read or replace.
    private func checkTransport(
        _ url: String, _ address: Value, _ token: Value?, _ keys: [String]?, _ tls: BundleTLS?
    ) {
        guard url.utf8.starts(with: "http://".utf8) else { return }
        if tls != nil { address.error("tls is for https://") }
        guard !Self.isLoopback(url) else { return }
        token?.error("the token would cross the network in the clear", hint: "use https://")
        if keys?.isEmpty ?? true {
            address.error(
                "over http:// anybody on the way can replace the policy", hint: "use https://, or sign: policy.keys")
        }
    }

    /// Whether a URL names this machine.
    private static func isLoopback(_ url: String) -> Bool {
        let rest = url.utf8.dropFirst("http://".utf8.count)
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        return ["127.0.0.1", "localhost", "[::1]"].contains { name in
            host.elementsEqual(name.utf8)
                || host.starts(with: name.utf8) && host.dropFirst(name.utf8.count).first == UInt8(ascii: ":")
        }
    }

    private func readPolling(_ value: Value) -> BundlePolling {
        let polling = readLimits(value, BundlePolling(), BundlePolling.fields, "polling")
        if polling.minimumDelay > polling.maximumDelay {
            value.error(
                "min_delay is longer than max_delay, which is \(Quantity.time(polling.maximumDelay.milliseconds))")
        }
        if polling.longPolling > .zero, polling.longPolling.milliseconds % 1_000 != 0 {
            value.error("long_polling is in whole seconds")
        }
        return polling
    }

    private func readBundleTLS(_ value: Value) -> BundleTLS? {
        guard var section = value.mapping("tls") else { return nil }
        var tls = BundleTLS()
        tls.authority = section.value("ca").flatMap { secret($0, filesOnly: true) }
        let certificate = section.value("certificate")
        let key = section.value("key")
        tls.certificate = certificate.flatMap { secret($0, filesOnly: true) }
        tls.key = key.flatMap { secret($0, filesOnly: true) }
        section.finish()
        if (certificate == nil) != (key == nil) { value.error("certificate and key stand together") }
        return tls
    }

    private func readSigning(_ value: Value, _ keys: [String]?) -> BundleSigning {
        var signing = BundleSigning()
        guard var section = value.mapping("signing") else { return signing }
        if let keys, !keys.isEmpty {
            signing.keyIdentifier = section.value("key_id").flatMap { readKeyIdentifier($0, keys) }
        } else {
            _ = section.value("key_id")
            value.error("signing needs policy.keys")
        }
        signing.scope = section.value("scope").flatMap { readScope($0) }
        signing.excludedFiles = section.value("exclude_files")?.list("patterns of paths") { readPattern($0) } ?? []
        section.finish()
        return signing
    }

    private func readKeyIdentifier(_ value: Value, _ keys: [String]) -> String? {
        guard let text = value.text("the name of a key") else { return nil }
        if keys.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { return text }
        let near = NearestName.of(text, among: keys)
        value.error("there is no such key in policy.keys", hint: near.map { "did you mean '\($0)'?" })
        return nil
    }

    private func readScope(_ value: Value) -> String? {
        let expected = "what signatures are for, such as write"
        guard let text = value.text(expected) else { return nil }
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }

    private func readPattern(_ value: Value) -> String? {
        let expected = "a pattern of paths in the bundle, such as docs/*.md"
        guard let text = value.text(expected) else { return nil }
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.first != UInt8(ascii: "/"),
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            value.error("\(expected) is expected here, without a slash at the start")
            return nil
        }
        guard !text.utf8.allSatisfy({ $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "/") }) else {
            value.error("this pattern would leave every file unsigned")
            return nil
        }
        return text
    }
}
