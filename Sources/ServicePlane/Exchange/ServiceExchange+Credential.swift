// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Decision
import NIOCore
import Protocols
import Transport

/// What was obtained for one request, and what is still waited for.
struct ObtainedFields {
    /// For what it is obtained.
    let request: CredentialRequest
    var token: ServiceToken?
    var assertion: ServiceToken?
    /// Numbers of those who wait at the sources.
    var waitingForToken: UInt64?
    var waitingForAssertion: UInt64?

    var isComplete: Bool { waitingForToken == nil && waitingForAssertion == nil }
}

/// Phase `obtaining`: what the service needs to let the request in, when it is not the same each time.
extension ServiceExchange {
    /// Obtains what there is to obtain, and goes on to the service then.
    func obtainCredentials() {
        guard let service, service.obtains, let facts else { return connectUpstream() }
        let request = CredentialRequest(facts: facts, decision: decision)
        obtained = ObtainedFields(request: request)
        phase = .obtaining
        deadline = loop.now &+ loop.settings.dialTime
        if case .token(let credential)? = service.description.credential {
            switch credential.source.obtain(request, then: completion { $0.take($1, \.waitingForToken, \.token) }) {
            case .ready(let token): obtained?.token = token
            case .failed(let failure): return refuseWithout(failure)
            case .waiting(let number): obtained?.waitingForToken = number
            }
        }
        if let source = service.description.assertion {
            switch source.obtain(request, then: completion { $0.take($1, \.waitingForAssertion, \.assertion) }) {
            case .ready(let assertion): obtained?.assertion = assertion
            case .failed(let failure): return refuseWithout(failure)
            case .waiting(let number): obtained?.waitingForAssertion = number
            }
        }
        if isReadingSignedBody {
            deadline = Int64.max
            letBodyCome()
        }
        goOnWithCredentials()
    }

    /// Brings a result to the loop. It comes from another thread, so the step that it answers is noted by then.
    private func completion(
        _ take: @escaping @Sendable (ServiceExchange, Result<ServiceToken, CredentialFailure>) -> Void
    ) -> TokenSource.Completion {
        let bound = LoopBound(self, on: loop.eventLoop)
        return { result in bound.run { take($0, result) } }
    }

    private func take(
        _ result: Result<ServiceToken, CredentialFailure>, _ waiting: WritableKeyPath<ObtainedFields, UInt64?>,
        _ token: WritableKeyPath<ObtainedFields, ServiceToken?>
    ) {
        guard phase == .obtaining, obtained?[keyPath: waiting].take() != nil else { return }
        switch result {
        case .success(let obtained):
            self.obtained?[keyPath: token] = obtained
            goOnWithCredentials()
        case .failure(let failure): refuseWithout(failure)
        }
    }

    private func refuseWithout(_ failure: CredentialFailure) {
        abandonCredentials()
        refuseLate(.credentialUnavailable, detail: failure.description)
    }

    /// Writes what was obtained into the head, and connects.
    func goOnWithCredentials() {
        guard phase == .obtaining, let service, let obtained, obtained.isComplete, !isReadingSignedBody else { return }
        switch service.description.credential {
        case .token(let credential)?:
            guard let token = obtained.token else { return }
            head.writeBytes(credential.line(token))
        case .signed(let credential)?:
            guard sign(with: credential) else { return }
        case .fixed?, nil: break
        }
        if let assertion = obtained.assertion {
            head.writeStaticString("Yett-Identity: ")
            head.writeBytes(assertion.text)
            head.writeStaticString("\r\n")
        }
        connectUpstream()
    }

    /// Waits for nothing any more.
    func abandonCredentials() {
        guard var obtained else { return }
        if let number = obtained.waitingForToken.take(), case .token(let credential)? = service?.description.credential
        {
            credential.source.abandon(number, obtained.request)
        }
        if let number = obtained.waitingForAssertion.take() {
            service?.description.assertion?.abandon(number, obtained.request)
        }
        self.obtained = obtained
    }

    /// The service lets nobody in with what it was given: the next request has something new.
    func credentialWasRefused() {
        guard let obtained, let service else { return }
        if let token = obtained.token, case .token(let credential)? = service.description.credential {
            credential.source.refused(token, of: obtained.request)
        }
        if let assertion = obtained.assertion {
            service.description.assertion?.refused(assertion, of: obtained.request)
        }
    }

    /// The time for obtaining is over.
    func credentialIsOverdue() {
        abandonCredentials()
        refuseLate(
            .credentialUnavailable,
            detail: "what the service needs to let the gate in did not come within service_proxy.limits.dial_time; "
                + "try again, and tell the gate's operator if it persists")
    }

    // MARK: Secrets in answers

    /// What is looked for in the answer.
    var secrets: SecretPatterns? {
        guard let service else { return nil }
        var patterns = service.description.secrets
        guard let obtained else { return patterns }
        for token in [obtained.token, obtained.assertion] {
            guard let more = token?.patterns else { continue }
            patterns = patterns?.adding(more) ?? more
        }
        return patterns
    }

    // MARK: Signatures

    /// Whether the body is still read, so that its hash can be signed.
    var isReadingSignedBody: Bool {
        guard phase == .obtaining, mediation == nil, !isBodyReceived else { return false }
        guard case .signed(let credential)? = service?.description.credential else { return false }
        return credential.payload == .hashed && framing != .none
    }

    /// Takes a piece of a body whose hash is to be signed.
    func gatherSigned(_ bytes: ByteBuffer) {
        guard (body?.readableBytes ?? 0) &+ bytes.readableBytes <= loop.settings.requestBody else {
            return refuseLate(
                .requestTooLarge,
                detail: "a body that is signed is read as a whole, and service_proxy.limits.request_body is reached")
        }
        keep(bytes)
    }

    private func sign(with credential: SigningCredential) -> Bool {
        let isStreamed = framing != .none && mediation == nil && credential.payload == .unsigned
        let whole = isStreamed ? nil : body ?? ByteBuffer()
        do throws(SigV4Error) {
            head = try credential.sign(head, body: whole, at: loop.time)
            // What follows a body is in no signature.
            trailers = []
            if let whole { framing = whole.readableBytes > 0 ? .contentLength(UInt64(whole.readableBytes)) : .none }
            return true
        } catch {
            let isOwn = [.reservedField, .host, .payload, .unsignedPayload].contains(error)
            refuseLate(isOwn ? .credentialUnavailable : .protocolViolation, detail: "\(error.rawValue): \(error)")
            return false
        }
    }
}
