// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `signals`.
    func readSignals(_ value: Value) -> SignalsConfiguration? {
        guard var section = value.mapping("signals") else { return nil }
        var signals = SignalsConfiguration()
        let address = section.value("address").flatMap {
            socketAddress($0, "an address with a port such as \"127.0.0.1:8446\"", minimumPort: 0)
        }
        let tls = section.value("tls")
        let receivers = section.value("receivers")
        let transmitter = section.value("transmitter")
        section.finish()
        signals.address = address?.address
        signals.port = address?.port ?? 0
        signals.tls = tls.flatMap { readPagesTLS($0) }
        signals.receivers = receivers?.list("receivers") { readSignalReceiver($0) } ?? []
        signals.streams = transmitter.flatMap { readTransmitter($0) } ?? []
        if let address, tls == nil, !address.address.isLoopback {
            value.error("events come over TLS: add tls, or listen on a loopback address")
        }
        if tls != nil, address == nil { value.error("tls is for address") }
        check(signals, value)
        return signals
    }

    private func check(_ signals: SignalsConfiguration, _ value: Value) {
        var names: Set<String> = []
        var issuers: Set<String> = []
        var paths: Set<String> = []
        for receiver in signals.receivers {
            if !names.insert(receiver.name).inserted { value.error("two receivers have the name \(receiver.name)") }
            // Which of two would judge a token depends on where it comes in.
            if !issuers.insert(receiver.transmitter.issuer.description).inserted {
                value.error("two receivers have the issuer \(receiver.transmitter.issuer)")
            }
            guard case .push(let path, _) = receiver.delivery else { continue }
            if signals.address == nil {
                value.error("'address' is missing in signals: where \(receiver.name) pushes to")
            }
            if !paths.insert(path).inserted { value.error("two receivers have the path \(path)") }
        }
        var streams: Set<String> = []
        for stream in signals.streams where !streams.insert(stream.name).inserted {
            value.error("two streams have the name \(stream.name)")
        }
    }

    // MARK: Receivers

    private func readSignalReceiver(_ value: Value) -> SignalReceiverConfiguration? {
        guard var section = value.mapping("a receiver") else { return nil }
        let name = section.required("name").flatMap { readSignalName($0) }
        let issuer = section.required("issuer").flatMap { readProviderIssuer($0) }
        let audience = section.required("audience").flatMap { word($0, "who the gate is in the tokens") }
        let file = section.value("keys")
        let place = section.value("keys_url")
        let algorithms = section.value("algorithms").flatMap { readAlgorithms($0) }
        let people = section.value("people")?.list("issuers") { readProviderIssuer($0) }
        let domains = section.value("trust_domains")?.list("trust domains") { element in
            element.parsed("a trust domain") { try TrustDomain(parsing: $0) }
        }
        let isOpaque = section.value("opaque_subjects")?.bool() ?? false
        let age = section.value("max_age").flatMap { $0.duration(60_000...604_800_000) }
        let authority = section.value("ca").flatMap { secret($0, filesOnly: true) }
        let isPrivateAllowed = section.value("allow_private")?.bool() ?? false
        let push = section.value("push")
        let poll = section.value("poll")
        section.finish()
        if (file == nil) == (place == nil) {
            value.error("one of keys and keys_url says where the transmitter's keys are")
        }
        if (push == nil) == (poll == nil) { value.error("one of push and poll says how its events come") }
        let keys =
            file.flatMap { path($0) }.map(TokenIssuerConfiguration.Keys.file)
            ?? place.flatMap { readKeysURL($0) }.map(TokenIssuerConfiguration.Keys.url)
        guard let delivery = push.flatMap({ readPush($0) }) ?? poll.flatMap({ readPoll($0) }), let keys, let name,
            let issuer, let audience
        else { return nil }
        var receiver = SignalReceiverConfiguration(
            name: name,
            transmitter: SecurityEventTransmitter(
                issuer: issuer, audience: audience, algorithms: algorithms ?? OpenIDProvider.standardAlgorithms,
                people: people, trustDomains: domains ?? [], hasOpaqueSubjects: isOpaque,
                maximumAge: age?.components.seconds ?? 86_400), keys: keys, delivery: delivery)
        receiver.authority = authority
        receiver.isPrivateAllowed = isPrivateAllowed
        return receiver
    }

    private func readSignalName(_ value: Value) -> String? {
        guard let text = value.text("a name"), isName(text, value.place, "the name of a receiver or stream") else {
            return nil
        }
        return text
    }

    private func readPush(_ value: Value) -> SignalReceiverConfiguration.Delivery? {
        guard var section = value.mapping("push") else { return nil }
        let path = section.required("path")
        let credential = section.required("credential").flatMap { secret($0) }
        section.finish()
        guard let path, let text = path.text("a path such as /signals/idp") else { return nil }
        guard text.utf8.first == UInt8(ascii: "/"), (2...256).contains(text.utf8.count),
            Self.consists(text, ofLettersDigitsAnd: "/-_."), !text.utf8.starts(with: "/.well-known".utf8)
        else {
            path.error("a path of letters, digits, '/', '-', '_' and '.' is expected here, such as /signals/idp")
            return nil
        }
        return credential.map { .push(path: text, credential: $0) }
    }

    private func readPoll(_ value: Value) -> SignalReceiverConfiguration.Delivery? {
        guard var section = value.mapping("poll") else { return nil }
        let url = section.required("url").flatMap { readSecureURL($0) }
        let credential = section.required("credential").flatMap { secret($0) }
        guard let url, let credential else {
            _ = readLimits(
                &section, SignalPollConfiguration(url: "", credential: .environment("X")),
                SignalPollConfiguration.fields)
            section.finish()
            return nil
        }
        let poll = readLimits(
            &section, SignalPollConfiguration(url: url, credential: credential), SignalPollConfiguration.fields)
        section.finish()
        return .poll(poll)
    }

    // MARK: Streams

    private func readTransmitter(_ value: Value) -> [SignalStreamConfiguration]? {
        guard var section = value.mapping("transmitter") else { return nil }
        let streams = section.required("streams")
        section.finish()
        return streams?.list("streams") { readStream($0) }
    }

    private func readStream(_ value: Value) -> SignalStreamConfiguration? {
        guard var section = value.mapping("a stream") else { return nil }
        let name = section.required("name").flatMap { readSignalName($0) }
        let url = section.required("url").flatMap { readSecureURL($0) }
        let audience = section.required("audience").flatMap { word($0, "who the receiver is in the tokens") }
        let credential = section.required("credential").flatMap { secret($0) }
        let authority = section.value("ca").flatMap { secret($0, filesOnly: true) }
        let isPrivateAllowed = section.value("allow_private")?.bool() ?? false
        section.finish()
        guard let name, let url, let audience, let credential else { return nil }
        var stream = SignalStreamConfiguration(name: name, url: url, audience: audience, credential: credential)
        stream.authority = authority
        stream.isPrivateAllowed = isPrivateAllowed
        return stream
    }

    private func readSecureURL(_ value: Value) -> String? {
        guard let text = readURL(value) else { return nil }
        guard text.utf8.starts(with: "https://".utf8) else {
            value.error("a URL that starts with https:// is expected here")
            return nil
        }
        return text
    }
}
