// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

extension GateConfiguration {
    /// Every secret that the configuration refers to, each once, in the order of the sections.
    var secretReferences: [SecretReference] {
        var all = agents.flatMap(\.attestations).compactMap { attestation -> SecretReference? in
            if case .token(let reference) = attestation.kind { reference } else { nil }
        }
        all += services.compactMap(\.credential).flatMap(\.secretReferences)
        all += (egress.listeners + (serviceProxy?.listeners ?? [])).flatMap { $0.tls?.secretReferences ?? [] }
        all += policy.bundles.flatMap { bundle in
            [bundle.token, bundle.tls?.authority, bundle.tls?.certificate, bundle.tls?.key].compactMap(\.self)
        }
        all += policy.keys.map(\.key)
        all += [decisionLog.token, audit.key].compactMap(\.self)
        switch identity.sealing {
        case .key(let reference), .passphrase(let reference): all.append(reference)
        case nil: break
        }
        if case .web(_, let key) = identity.bundleEndpoint?.profile { all.append(key) }
        all += [people?.tls, signals?.tls, dashboard?.tls].compactMap(\.self).flatMap { [$0.certificate, $0.key] }
        all += (people?.providers ?? []).flatMap { [$0.secret, $0.authority].compactMap(\.self) }
        all += signals?.secretReferences ?? []
        all += [approvals.webhook?.secret, approvals.webhook?.authority].compactMap(\.self)
        all += ((leaks?.secrets ?? []) + (leaks?.canaries ?? [])).map(\.value)
        if case .files(let authority, let certificate, let key) = cluster?.tls {
            all += [authority, certificate, key].compactMap(\.self)
        }
        if let otlp = telemetry.otlp {
            all += otlp.headers.sorted { $0.key < $1.key }.map(\.value) + [otlp.authority].compactMap(\.self)
        }
        var seen: Set<SecretReference> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Every other file that the configuration names by an absolute path and that must be there at the start.
    var publicFiles: [String] {
        var all = services.flatMap { service in
            var paths = [service.openAPI].compactMap(\.self)
            if case .web(let authority?) = service.tls { paths.append(authority) }
            switch service.credential {
            case .oauth(let client, _), .exchange(let client): paths += [client.authority].compactMap(\.self)
            case .fixed, .aws, .toolToken, nil: break
            }
            return paths
        }
        for issuer in serviceProxy?.issuers ?? [] {
            if case .file(let path) = issuer.keys { all.append(path) }
            all += [issuer.authority].compactMap(\.self)
        }
        for domain in identity.federation {
            all += [domain.bundle].compactMap(\.self)
            if case .web(let ca?) = domain.profile { all.append(ca) }
        }
        if case .web(let certificate, _) = identity.bundleEndpoint?.profile { all.append(certificate) }
        for receiver in signals?.receivers ?? [] {
            if case .file(let path) = receiver.keys { all.append(path) }
        }
        all += [leaks?.rules].compactMap(\.self)
        var seen: Set<[UInt8]> = []
        return all.filter { seen.insert(Array($0.utf8)).inserted }
    }
}

extension ServiceAccess {
    fileprivate var secretReferences: [SecretReference] {
        switch self {
        case .fixed(let secret): [secret.secret]
        case .oauth(let client, let refreshToken): [client.clientSecret, refreshToken].compactMap(\.self)
        case .exchange(let client): [client.clientSecret].compactMap(\.self)
        case .aws(let keys): [keys.secretAccessKey, keys.sessionToken].compactMap(\.self)
        case .toolToken: []
        }
    }
}

extension ListenerTLS {
    fileprivate var secretReferences: [SecretReference] {
        switch self {
        case .svid: []
        case .files(let files): [files.certificate, files.key, files.clientAuthority]
        }
    }
}

extension SignalsConfiguration {
    fileprivate var secretReferences: [SecretReference] {
        let received = receivers.flatMap { receiver -> [SecretReference] in
            let credential =
                switch receiver.delivery {
                case .push(_, let credential): credential
                case .poll(let poll): poll.credential
                }
            return [credential, receiver.authority].compactMap(\.self)
        }
        return received + streams.flatMap { [$0.credential, $0.authority].compactMap(\.self) }
    }
}
