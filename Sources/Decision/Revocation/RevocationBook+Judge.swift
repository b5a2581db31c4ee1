// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What is void. Everywhere the whole second counts in which something was revoked, where times have no smaller parts.
extension RevocationBook {
    /// What facts rest on that is revoked: proof, token, key, task, person, or an agent that delegated.
    ///
    /// - Parameter tasks: The tasks that decisions know.
    /// - Returns: `nil` when nothing is.
    public func refusal(of facts: borrowing Facts, in tasks: TaskBook) -> Verdict? {
        guard !isEmpty else { return nil }
        if let identity = facts.identity, let refusal = refusal(of: identity) { return refusal }
        let basis = facts.identity?.basis ?? ProofBasis()
        if let task = facts.task {
            guard let id = TaskID(task.id) else { return nil }
            return refusal(of: id, in: tasks)
        }
        let since = basis.tokenSince ?? basis.since ?? .min
        for agent in facts.actorChain {
            guard let revocation = self[.agent(agent)], since <= revocation.time else { continue }
            return .deny(.agentRevoked, detail: Self.text(revocation, "an agent that delegated this, \(agent)"))
        }
        guard let person = facts.person else { return nil }
        return refusal(of: person, since: since)
    }

    /// What a proof rests on that is revoked.
    public func refusal(of identity: VerifiedIdentity) -> Verdict? {
        guard !isEmpty else { return nil }
        let basis = identity.basis
        for key in basis.keys {
            guard let revocation = self[.key(Revocation.ExactText(key))] else { continue }
            return .deny(.keyRevoked, detail: Self.text(revocation, "key \(key)"))
        }
        for token in basis.tokens {
            guard let revocation = self[.token(Revocation.ExactText(token))] else { continue }
            return .deny(.tokenRevoked, detail: revocation.why)
        }
        guard let revocation = self[.agent(identity.id)], revocation.voids(basis) else { return nil }
        return .deny(.agentRevoked, detail: Self.text(revocation, nil))
    }

    /// Whether a task, or one above it, is void: by itself, with its agent or with its person.
    public func refusal(of id: TaskID, in tasks: TaskBook) -> Verdict? {
        guard !isEmpty else { return nil }
        guard let links = tasks.links(of: id) else {
            return self[.task(id)].map { .deny(.taskRevoked, detail: $0.why) }
        }
        for link in links {
            if let revocation = self[.task(link.id)] { return .deny(.taskRevoked, detail: revocation.why) }
            let started = ProofBasis(tokenIssuedAt: link.started, tokenID: nil, keyID: nil).since ?? .min
            if let revocation = self[.agent(link.agent)], started <= revocation.time {
                return .deny(.agentRevoked, detail: Self.text(revocation, "task \(link.id) of \(link.agent)"))
            }
            if let person = link.person, let refusal = refusal(of: person, since: started) { return refusal }
        }
        return nil
    }

    /// Whether what was given on behalf of a person at a time is void, in microseconds since 1970.
    public func refusal(of person: Person, since time: Int64) -> Verdict? {
        let name = Revocation.PersonName(issuer: person.issuer, subject: person.subject)
        guard let revocation = self[.person(name)], time <= revocation.time else { return nil }
        return .deny(.personRevoked, detail: Self.text(revocation, nil))
    }

    /// Whether one of the gate's own tokens is void.
    ///
    /// - Parameter keyID: `kid` of its head.
    public func voids(_ claims: ToolTokenClaims, keyID: String?, in tasks: TaskBook) -> Bool {
        guard !isEmpty else { return false }
        if self[.token(Revocation.ExactText(claims.tokenID))] != nil { return true }
        if let keyID, self[.key(Revocation.ExactText(keyID))] != nil { return true }
        if let id = TaskID(claims.transaction), refusal(of: id, in: tasks) != nil { return true }
        let basis = ProofBasis(tokenIssuedAt: claims.issuedAt, tokenID: nil, keyID: nil)
        let since = basis.since ?? .min
        if let revocation = person(tokenSubject: claims.subject), since <= revocation.time { return true }
        return (claims.actors + [claims.clientID]).contains { agent in
            self[.agent(agent)].map { since <= $0.time } ?? false
        }
    }

    private static func text(_ revocation: Revocation, _ what: String?) -> String? {
        guard let what else { return revocation.why }
        return revocation.why.map { "\(what): \($0)" } ?? what
    }
}

extension Revocation {
    /// Whether a proof of the agent counts no more. Of which nothing is known, that counts no more.
    func voids(_ basis: ProofBasis) -> Bool {
        if let digest = basis.tokenDigest, tokenDigests.contains(digest) { return true }
        if let start = basis.certificateStart, start <= certificatesFrom { return true }
        guard let since = basis.since else { return basis.certificateStart == nil }
        return since <= time
    }

    /// The same about everything of its target that there is at all, whatever its age: what is open when somebody revokes
    /// is older than that.
    public var ofAllTime: Revocation {
        Revocation(target, time: .max, certificatesFrom: .max, tokenDigests: tokenDigests, why: why, origin: origin)
    }
}
