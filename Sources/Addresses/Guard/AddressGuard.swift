// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Judges every address before it is dialled.
///
/// Order: the gate's own listeners (no exception unlocks them), then the registries, embedded IPv4 addresses and metadata
/// addresses, then the exceptions. What no rule allows is refused: IPv6 outside 2000::/3, every form that embeds an IPv4
/// address (the embedded one included, so that translation cannot launder an address), and a name without answers.
public struct AddressGuard: Sendable {
    private let exceptions: [UInt16: [AddressException]]
    private let listeners: OwnListeners
    private let registry = SpecialPurposeRegistry.standard

    /// Makes a guard.
    /// - Parameters:
    ///   - exceptions: what may be dialled although it is not public.
    ///   - ownListeners: every address and port on which the gate listens; 0.0.0.0 and :: mean all local addresses.
    ///   - localAddresses: the addresses of the machine, for wildcard listeners. Without them a wildcard listener's port
    ///     is refused on every address that is not public.
    public init(
        exceptions: [AddressException] = [], ownListeners: [(IPAddress, UInt16)] = [],
        localAddresses: Set<IPAddress>? = nil
    ) {
        self.exceptions = Dictionary(grouping: exceptions, by: \.port)
        listeners = OwnListeners(ownListeners, localAddresses: localAddresses)
    }

    /// Judges one address that was given or resolved for a host.
    public func judge(_ address: IPAddress, host: Host, port: UInt16) -> AddressVerdict {
        let embedded = Self.embedded(in: address)
        let loops = embedded.map { listeners.contain(.v4($0.address), port: port) } ?? false
        if loops || listeners.contain(address, port: port) {
            return .refused(AddressRefusal(.ownListener, address: address, embedded: embedded))
        }
        guard let refusal = refusal(of: address, embedded: embedded) else { return .allowed(nil) }
        let exception = exceptions[port]?.first { exception in
            exception.covers(address, host: host, port: port)
                && vouches(exception, for: address, embedding: embedded, host: host, port: port)
        }
        return exception.map { .allowed($0) } ?? .refused(refusal)
    }

    /// Judges all answers for a name: one forbidden answer refuses the name, and so does none at all.
    public func judgeAll(_ answers: [IPAddress], host: Host, port: UInt16) -> AnswersVerdict {
        guard !answers.isEmpty else { return .refused(AddressRefusal(.noAnswer)) }
        var judged: [JudgedAddress] = []
        judged.reserveCapacity(answers.count)
        for address in answers {
            switch judge(address, host: host, port: port) {
            case .refused(let refusal):
                return .refused(refusal)
            case .allowed(let exception):
                let entry = JudgedAddress(address: address, port: port, host: host, exception: exception)
                if !judged.contains(entry) { judged.append(entry) }
            }
        }
        return .allowed(judged)
    }

    private func refusal(of address: IPAddress, embedded: EmbeddedIPv4?) -> AddressRefusal? {
        let row = registry.row(for: address)
        if embedded == nil {
            switch (row?.reach, address) {
            case (.yes, _), (nil, .v4): return nil
            default: break
            }
        }
        let metadata =
            CloudMetadata.service(at: address) ?? embedded.flatMap { CloudMetadata.service(at: .v4($0.address)) }
        let rule: AddressRefusal.Rule = metadata != nil ? .metadata : embedded != nil ? .embedded : .specialPurpose
        return AddressRefusal(rule, address: address, row: row, embedded: embedded, metadataService: metadata)
    }

    /// An exception for a translation prefix does not vouch for every address that can be written behind the prefix:
    /// unless it names one address, the IPv4 address inside must be allowed by itself.
    private func vouches(
        _ exception: AddressException, for address: IPAddress, embedding embedded: EmbeddedIPv4?, host: Host,
        port: UInt16
    ) -> Bool {
        guard let embedded, case .v6(let outer) = address, !exception.block.isSingleAddress else { return true }
        var inner = embedded.address
        if embedded.mechanism == .localNAT64 {
            // The prefix that the operator wrote says where RFC 6052 puts the address.
            let length = exception.block.prefixLength
            guard let translated = EmbeddedIPv4.translated(outer, prefixLength: length) else { return false }
            inner = translated
        }
        return judge(.v4(inner), host: host, port: port).isAllowed
    }

    private static func embedded(in address: IPAddress) -> EmbeddedIPv4? {
        guard case .v6(let outer) = address else { return nil }
        return EmbeddedIPv4(in: outer)
    }
}
