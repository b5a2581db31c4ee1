// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols
import Transport

/// Which endpoint of a service a request goes to, and whether it goes to another one when that came to nothing.
///
/// The choice is made before facts are judged, so that verdict, permit and record are about the endpoint that is dialled.
/// What goes elsewhere is decided on anew: every address there is judged, and there is a record of its own.
extension ServiceExchange {
    /// Chooses where the request goes. What asks a service several things asks them in one place while that is well.
    func chooseEndpoint() {
        guard let endpoints = service?.endpoints else { return }
        leaveEndpoint()
        let now = loop.now
        if let place, place.endpoint.state.isAvailable(at: now) {
            enter(EndpointPlace(again: place, of: endpoints))
        } else {
            enter(EndpointPlace(endpoints.choose(on: loop.index, at: now), of: endpoints))
        }
    }

    private func enter(_ place: EndpointPlace) {
        self.place = place
        self.place?.isCounted = true
        place.endpoint.state.enter(on: loop.index)
        facts?.destination.host = place.endpoint.place.host
        facts?.destination.port = place.endpoint.place.port
    }

    /// The request is not under way at its endpoint any more.
    func leaveEndpoint() {
        guard let place, place.isCounted else { return }
        self.place?.isCounted = false
        place.endpoint.state.leave(on: loop.index)
    }

    /// Writes the endpoint's name into the head, in place of that of the service's first one.
    func nameEndpoint() {
        guard let place else { return }
        if let head = repeatable?.head {
            repeatable?.head = Self.head(head, naming: place.endpoint.authority)
        } else {
            head = Self.head(head, naming: place.endpoint.authority)
        }
    }

    /// A head that the gate wrote, with another value of `Host`, which is its first field.
    private static func head(_ head: ByteBuffer, naming authority: [UInt8]) -> ByteBuffer {
        let bytes = head.readableBytesView
        guard let line = bytes.firstIndex(of: 0x0A) else { return head }
        let value = line &+ 1 &+ "Host: ".utf8.count
        guard value < bytes.endIndex, let end = bytes[value...].firstIndex(of: 0x0D),
            !bytes[value..<end].elementsEqual(authority)
        else { return head }
        var named = ByteBufferAllocator().buffer(capacity: head.readableBytes &+ authority.count &+ 512)
        named.writeBytes(bytes[..<value])
        named.writeBytes(authority)
        named.writeBytes(bytes[end...])
        return named
    }

    // MARK: What came of it

    /// The endpoint answered.
    func endpointAnswered(_ status: UInt16) {
        guard let place else { return }
        if 502...504 ~= status {
            endpointFailed("it answered with status \(status)")
        } else {
            place.endpoint.state.succeeded()
        }
    }

    /// The endpoint failed by its own fault.
    func endpointFailed(_ detail: String) {
        guard let place, let endpoints = service?.endpoints,
            let time = endpoints.failed(place.endpoint, because: detail, at: loop.now)
        else { return }
        note([
            MediationEvent(
                code: "endpoint_ejected",
                detail: "\(place.endpoint.name) gets no requests for \(time / ServiceSettings.second) s after "
                    + "\(endpoints.ejection.failures) failures; the last one: \(detail)")
        ])
    }

    /// The name of the destination led to no address.
    func unresolved(_ reason: ReasonCode, _ detail: String) {
        guard place != nil else { return deny(reason, detail: detail) }
        endpointFailed(detail)
        permit = nil
        verdict = Verdict.deny(reason, detail: detail, grant: verdict.grant)
        recordDecision(isWaitedFor: false)
        guard !goElsewhere(reason, detail) else { return }
        refuse()
    }

    /// Has the request go to another endpoint that is well, when there is one and nothing can have come of it here.
    ///
    /// - Returns: False when it does not.
    func goElsewhere(_ reason: ReasonCode, _ detail: String) -> Bool {
        guard let place, let service, let endpoints = service.endpoints, !isOver, !isAnswerStarted,
            phase != .exchanging || repeatable != nil, place.count < loop.settings.endpointsTried,
            let index = endpoints.choose(on: loop.index, at: loop.now, besides: place.tried)
        else { return false }
        let next = EndpointPlace(index, of: endpoints, after: place)
        // A signature is about one name only.
        if next.hasCredentials, case .signed? = service.description.credential,
            next.endpoint.authority != place.endpoint.authority
        {
            return false
        }
        if live != nil {
            loop.context.record(
                ServiceRecord.end(
                    of: self, CutReason(reason, detail: detail), time: loop.context.clock.wall(),
                    duration: loop.now &- startedAt))
        }
        upstream.take()?.reset()
        permit = nil
        finishLive()
        leaveEndpoint()
        if let request = repeatable { body = request.body }
        renew()
        enter(next)
        decideElsewhere()
        return true
    }

    private func decideElsewhere() {
        guard let facts else { return }
        generation = loop.shared.authorizer.generation
        var judgement = loop.shared.authorizer.authorizeElsewhere(facts, decision: decision)
        verdict = judgement.verdict
        revision = judgement.revision
        guard judgement.verdict.effect == .allow, let permit = judgement.takePermit() else {
            return deny(judgement.verdict.reason, detail: judgement.verdict.detail)
        }
        self.permit = consume permit
        findAddresses()
    }
}
