// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// Who gets which identity: a caller that has all of the selectors is the SPIFFE ID.
public struct RegistrationEntry: Sendable, Hashable {
    /// Where an entry comes from.
    public enum Origin: String, Sendable, Hashable {
        /// `yett.yaml`; it changes with a reload.
        case configuration
        /// An operator's command.
        case `operator`
    }

    /// Names the entry. Made from what it says, so that the same entry has the same name after a restart.
    public private(set) var id: String
    /// The identity that is given.
    public let spiffeID: SPIFFEID
    /// The node on which callers must be: ``LocalNode/id(in:)`` for this machine.
    public let parentID: SPIFFEID
    /// What a caller must have; all of them, sorted, each once.
    public let selectors: [Selector]
    /// Seconds for which an X509-SVID holds; the authority's own time where it is `nil`.
    public let x509Lifetime: Int64?
    /// Seconds for which a JWT-SVID holds; the authority's own time where it is `nil`.
    public let jwtLifetime: Int64?
    /// Tells identities of one caller apart; may be empty.
    public let hint: String
    /// Names for the certificate, lower-case.
    public let dnsNames: [String]
    /// The foreign trust domains whose bundles the caller is given.
    public let federatesWith: [TrustDomain]
    /// Unix seconds after which the entry is gone.
    public let expires: Int64?
    /// Where it comes from.
    public let origin: Origin

    /// The most selectors of an entry.
    public static let mostSelectors = 32
    /// The most DNS names of an entry.
    public static let mostDNSNames = 16
    /// The most trust domains that an entry names.
    public static let mostDomains = 64
    /// The longest hint, in bytes.
    public static let longestHint = 1024
    /// The lifetimes of X509-SVIDs that are allowed, in seconds.
    public static let x509Lifetimes: ClosedRange<Int64> = 1...86_400
    /// The lifetimes of JWT-SVIDs that are allowed, in seconds.
    public static let jwtLifetimes: ClosedRange<Int64> = 1...JWTSVID.maximumLifetime
    /// No entry gives an ID under this path.
    public static let reservedPath = "/yett/"

    /// Makes an entry, with everything about it checked.
    public init(
        spiffeID: SPIFFEID, parentID: SPIFFEID, selectors: some Sequence<Selector>, x509Lifetime: Int64? = nil,
        jwtLifetime: Int64? = nil, hint: String = "", dnsNames: [String] = [], federatesWith: [TrustDomain] = [],
        expires: Int64? = nil, origin: Origin
    ) throws(EntryError) {
        id = ""
        self.spiffeID = spiffeID
        self.parentID = parentID
        self.selectors = Set(selectors).sorted()
        self.x509Lifetime = x509Lifetime
        self.jwtLifetime = jwtLifetime
        self.hint = hint
        self.dnsNames = dnsNames
        self.federatesWith = federatesWith
        self.expires = expires
        self.origin = origin
        try check()
        id = name()
    }

    private func check() throws(EntryError) {
        guard spiffeID.trustDomain == parentID.trustDomain else { throw .foreignDomain }
        guard !spiffeID.path.isEmpty, !parentID.path.isEmpty else { throw .noPath }
        guard !spiffeID.path.utf8.starts(with: Self.reservedPath.utf8) else { throw .reserved }
        guard !selectors.isEmpty else { throw .noSelectors }
        guard selectors.count <= Self.mostSelectors else { throw .tooMany("selectors", limit: Self.mostSelectors) }
        guard !selectors.allSatisfy(\.kind.isProgram) else { throw .programOnly }
        guard dnsNames.count <= Self.mostDNSNames else { throw .tooMany("DNS names", limit: Self.mostDNSNames) }
        guard dnsNames.allSatisfy(DNSName.isValid) else { throw .dnsName }
        guard federatesWith.count <= Self.mostDomains else { throw .tooMany("domains", limit: Self.mostDomains) }
        guard !federatesWith.contains(spiffeID.trustDomain) else { throw .ownDomain }
        guard hint.utf8.count <= Self.longestHint, !hint.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .hint
        }
        if let x509Lifetime, !Self.x509Lifetimes.contains(x509Lifetime) {
            throw .lifetime("the lifetime of an X509-SVID", Self.x509Lifetimes)
        }
        if let jwtLifetime, !Self.jwtLifetimes.contains(jwtLifetime) {
            throw .lifetime("the lifetime of a JWT-SVID", Self.jwtLifetimes)
        }
    }

    /// Digests who gets what under which evidence; two entries that agree on it are the same one.
    private func name() -> String {
        var hash = SHA256()
        for text in [origin.rawValue, spiffeID.description, parentID.description] + selectors.map(\.description) {
            hash.update(data: Array(text.utf8) + [0])
        }
        return hash.finalize().prefix(12).hexadecimal
    }

    /// Whether it still counts at `now`.
    package func isCurrent(at now: Int64) -> Bool { expires.map { now < $0 } ?? true }
}

/// The machine that the gate runs on, as the parent of entries.
public enum LocalNode {
    /// Its ID: `spiffe://<trust domain>/yett/node/local`.
    public static func id(in trustDomain: TrustDomain) throws(SPIFFEIDError) -> SPIFFEID {
        try SPIFFEID(parsing: "spiffe://\(trustDomain.name)\(RegistrationEntry.reservedPath)node/local")
    }
}
