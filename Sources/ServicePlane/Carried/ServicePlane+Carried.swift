// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Credentials
import Decision
import NIOCore
import Protocols
package import Transport

/// Requests to services that somebody else carries are read and judged by the code that reads and judges those of this plane.
extension ServicePlane {
    /// What another plane needs for them.
    package var carried: CarriedServices {
        CarriedServices(
            read: { [self] in read($0) },
            obtain: { [self] in obtain($0, for: CredentialRequest(facts: $1, decision: $2), $3, then: $4) })
    }

    private func read(_ request: CarriedRequest) -> CarriedReading {
        guard let service = core.table.service(named: Array(request.service.utf8)) else { return .unread }
        if service.description.isDecoy {
            let note = CarriedNote(cause: ObservationCause.canaryTouched, detail: "the service \(service.name)")
            return .refused(.quarantined, detail: ReasonCode.quarantined.title, notes: [note])
        }
        let context = CarriedContext(request, base: service.base, authorizer: shared.authorizer)
        guard service.description.builtIn == nil, !service.description.isAttached,
            let mediation = service.mediation(context: context, core: core)
        else { return .unread }
        guard let below = Self.below(service.base, request.path) else {
            return .refused(.protocolViolation, detail: "the service is not at this path", notes: [])
        }
        let passing = request.fields.filter { !service.isOwn($0.name) }
        let mediated = MediatedRequest(
            method: request.facts.http?.method ?? "", path: below, query: request.facts.http?.query,
            fields: passing.map { MCPField($0.name, $0.value) }, body: request.body)
        switch mediation.read(mediated) {
        case .answered:
            return .refused(
                .operationUnknown, detail: "the gate answers this itself; call the service through the gate", notes: [])
        case .refused(let reason, let detail, let answer):
            return .refused(
                reason, detail: detail, notes: answer.events.map { CarriedNote(cause: $0.code, detail: $0.detail) })
        case .operation(let operation, let forwarded):
            if let difference = CarriedDifference(between: mediated, and: forwarded) {
                return .refused(.protocolViolation, detail: difference.description, notes: [])
            }
            return .operation(Self.call(operation, mediation, context, request, forwarded))
        }
    }

    private static func call(
        _ operation: Operation, _ mediation: any Mediation, _ context: CarriedContext, _ request: CarriedRequest,
        _ forwarded: ForwardedRequest
    ) -> CarriedCall {
        let known = Set(forwarded.fields.map(\.name))
        return CarriedCall(
            operation, withheld: request.fields.map(\.name).filter { !known.contains($0) },
            provenance: { mediation.provenance.map { "\($0.argument): \($0.origin)" } },
            object: { facts, verdict in
                context.grant = verdict.grant
                let objection = mediation.object(to: facts, under: verdict) ?? mediation.objectToUnseenAnswer()
                if objection != nil { context.giveBack() }
                return objection
            })
    }

    /// The path below the service; `nil` when it is not the service's.
    private static func below(_ base: [UInt8], _ path: String) -> String? {
        guard !base.isEmpty else { return path }
        guard path.utf8.starts(with: base) else { return nil }
        let rest = path.utf8.dropFirst(base.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/") ? String(decoding: Array(rest), as: UTF8.self) : nil
    }

    // MARK: What services are shown

    private func obtain(
        _ name: String, for request: CredentialRequest, _ message: CarriedMessage?,
        then completion: @escaping CarriedServices.CarriedFields
    ) {
        guard let service = core.table.service(named: Array(name.utf8)) else {
            return completion(.failure(CarriedFailure("the service is gone")))
        }
        let description = service.description
        var completion = completion
        var sources: [(source: TokenSource, field: String, prefix: String)] = []
        switch description.credential {
        case .token(let token)?: sources.append((token.source, token.field, token.prefix))
        case .signed(let credential)?:
            guard let message else {
                return completion(
                    .failure(CarriedFailure("the request is not sent as it was judged, and so cannot be signed")))
            }
            do throws(SigV4Error) {
                let signature = try credential.fields(for: message, to: service.authority, at: request.facts.time).map {
                    (name: $0.name, value: Array($0.value.utf8))
                }
                completion = { [completion] in completion($0.map { $0 + signature }) }
            } catch {
                return completion(.failure(CarriedFailure("\(error.rawValue): \(error)")))
            }
        case .fixed?, nil: break
        }
        if let assertion = description.assertion { sources.append((assertion, "Yett-Identity", "")) }
        let gathering = CarriedFieldGathering(sources.count, then: completion)
        for (index, (source, field, prefix)) in sources.enumerated() {
            let take: TokenSource.Completion = { result in
                gathering.take(
                    result.map { (name: field, value: Array(prefix.utf8) + $0.text) }
                        .mapError { CarriedFailure($0.description) }, at: index)
            }
            switch source.obtain(request, then: take) {
            case .ready(let token): take(.success(token))
            case .failed(let failure): take(.failure(failure))
            case .waiting: break
            }
        }
    }
}
