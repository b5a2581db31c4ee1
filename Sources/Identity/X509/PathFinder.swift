// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

/// Looks for a path from a leaf to a trusted certificate (RFC 5280 section 6, RFC 4158), within limits.
///
/// The search goes up from the leaf, trusted certificates first, and takes back what leads nowhere. Each pair of
/// certificates has its signature verified once at most, and no certificate, and no name with the same key, stands twice in
/// a path; so that the work is bounded whatever was presented.
public struct PathFinder {
    private let limits: SVIDLimits
    private let now: Int64
    private let trustDomain: TrustDomain?
    private let purpose: CertificatePurpose?
    private var pool: [Candidate] = []
    private var signatures: [Pair: Bool] = [:]
    private var signatureBudget: Int
    private var names: NameConstraintCheck
    private var worst: PathError?

    private struct Candidate {
        let facts: Result<CertificateFacts, PathError>
        let encoded: EncodedCertificate
        let isRoot: Bool
    }

    private struct Pair: Hashable {
        let issuer: Int
        let subject: Int
    }

    private init(now: Int64, trustDomain: TrustDomain?, purpose: CertificatePurpose?, limits: SVIDLimits) {
        self.now = now
        self.trustDomain = trustDomain
        self.purpose = purpose
        self.limits = limits
        signatureBudget = limits.signatures
        names = NameConstraintCheck(comparisons: limits.comparisons)
    }

    /// The path from `leaf` to one of `roots`, both included.
    ///
    /// - Parameters:
    ///   - intermediates: what was presented beside the leaf, in any order.
    ///   - now: Unix seconds.
    ///   - trustDomain: what URIs of issuers must name; nil when SPIFFE plays no part.
    ///   - purpose: what issuers with an extended key usage must allow.
    /// - Throws: ``PathError``.
    public static func path(
        from leaf: EncodedCertificate, through intermediates: [EncodedCertificate], to roots: [EncodedCertificate],
        now: Int64, trustDomain: TrustDomain? = nil, purpose: CertificatePurpose? = nil,
        limits: SVIDLimits = .standard
    ) throws(PathError) -> [EncodedCertificate] {
        guard intermediates.count < limits.certificates else { throw .tooMuchWork }
        var finder = PathFinder(now: now, trustDomain: trustDomain, purpose: purpose, limits: limits)
        finder.add([leaf], isRoot: false)
        finder.add(roots, isRoot: true)
        finder.add(intermediates, isRoot: false)
        return try finder.search()
    }

    private mutating func add(_ certificates: [EncodedCertificate], isRoot: Bool) {
        for encoded in certificates {
            let facts = Result { () throws(PathError) in try CertificateFacts(encoded) }
            pool.append(Candidate(facts: facts, encoded: encoded, isRoot: isRoot))
        }
    }

    private mutating func search() throws(PathError) -> [EncodedCertificate] {
        guard let leaf = pool.first else { throw .noIssuer }
        let facts = try leaf.facts.get()
        try checkTime(facts)
        guard facts.isSignedStrongly else { throw .weakCryptography }
        guard facts.authorityKey != nil else { throw .malformed(.authorityKeyIdentifier) }
        if let path = try extend([0]) { return path.map { pool[$0].encoded } }
        throw worst ?? .noIssuer
    }

    /// A path that starts with these certificates, or nil; what was wrong stays in ``worst``.
    private mutating func extend(_ path: [Int]) throws(PathError) -> [Int]? {
        guard let last = path.last, case .success(let subject) = pool[last].facts else { return nil }
        for index in pool.indices where index != 0 {
            guard try mayFollow(index, path: path, subject: subject) else { continue }
            do throws(PathError) {
                try checkIssuer(index, of: path)
            } catch {
                // Spent limits end the search; everything else ends this attempt.
                if error == .tooMuchWork { throw error }
                worst = error
                continue
            }
            let longer = path + [index]
            if pool[index].isRoot { return longer }
            if let found = try extend(longer) { return found }
        }
        return nil
    }

    /// Whether a certificate could be the issuer by its names, and is not in the path already.
    private mutating func mayFollow(_ index: Int, path: [Int], subject: CertificateFacts) throws(PathError) -> Bool {
        let candidate = pool[index]
        guard candidate.encoded.certificate.subject == subject.certificate.issuer else { return false }
        let facts: CertificateFacts
        switch candidate.facts {
        case .success(let success): facts = success
        case .failure(let error):
            worst = error
            return false
        }
        guard facts.mayHaveIssued(subject) else { return false }
        // Without its issuer's key it is self-signed, and leads on to nobody.
        guard candidate.isRoot || facts.authorityKey != nil else { return false }
        return !path.contains { pool[$0].encoded == candidate.encoded || isSameEntity(pool[$0].encoded, facts) }
    }

    private func isSameEntity(_ other: EncodedCertificate, _ facts: CertificateFacts) -> Bool {
        other.certificate.subject == facts.certificate.subject
            && other.certificate.publicKey == facts.certificate.publicKey
    }

    /// Everything that the next issuer of a path must be.
    private mutating func checkIssuer(_ index: Int, of path: [Int]) throws(PathError) {
        guard let last = path.last, case .success(let issuer) = pool[index].facts else { throw .noIssuer }
        guard path.count < limits.pathLength else { throw .tooLong }
        try checkTime(issuer)
        try issuer.checkIssuer(trustDomain: trustDomain)
        let isRoot = pool[index].isRoot
        guard isRoot || issuer.isSignedStrongly else { throw .weakCryptography }
        // What a trusted certificate is for was decided by whoever trusts it.
        guard isRoot || issuer.allows(purpose) else { throw .keyUsage }
        let below = path.dropFirst().compactMap { try? pool[$0].facts.get() }
        let intermediates = below.count { !$0.isSelfIssued }
        if let maximum = issuer.authority?.maximumPathLength, intermediates > maximum { throw .pathLengthConstraint }
        let isIntermediate = !isRoot && !issuer.isSelfIssued
        guard intermediates &+ (isIntermediate ? 1 : 0) <= limits.intermediates else { throw .tooLong }
        try checkSignature(issuer: index, subject: last)
        if let constraints = issuer.constraints, let leaf = try? pool[0].facts.get() {
            // Section 6.1.3: self-issued intermediates are exempt, the leaf is not.
            for facts in [leaf] + below.filter({ !$0.isSelfIssued }) {
                try names.check(facts.constrainedNames, against: constraints)
            }
        }
    }

    private func checkTime(_ facts: CertificateFacts) throws(PathError) {
        guard facts.encoded.notBefore <= now else { throw .notYetValid }
        guard now <= facts.encoded.notAfter else { throw .expired }
    }

    private mutating func checkSignature(issuer: Int, subject: Int) throws(PathError) {
        let pair = Pair(issuer: issuer, subject: subject)
        if let known = signatures[pair] {
            guard known else { throw .signature }
            return
        }
        guard signatureBudget > 0 else { throw .tooMuchWork }
        signatureBudget &-= 1
        guard case .success(let issuerFacts) = pool[issuer].facts, case .success(let facts) = pool[subject].facts else {
            throw .signature
        }
        let isValid = issuerFacts.hasSigned(facts)
        signatures[pair] = isValid
        guard isValid else { throw .signature }
    }
}
