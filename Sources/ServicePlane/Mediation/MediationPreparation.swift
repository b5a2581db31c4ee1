// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision

/// What the gate asks a service on its own account before a client's request can be read.
///
/// The order: as long as ``next()`` gives a request, send it and give what comes back to ``take(_:_:)``; a request that
/// fails ends it. Then ``Mediation/read(_:)`` with the client's request once more.
protocol MediationPreparation: AnyObject {
    /// The most bytes of each answer.
    var limit: Int { get }
    /// The next request; `nil` when nothing more is to be asked.
    func next() -> ForwardedRequest?
    /// The complete answer to the last request; what happened that somebody should know.
    func take(_ head: MediatedAnswerHead, _ body: [UInt8]) -> [MediationEvent]
}

extension Mediation {
    /// Nothing is known.
    var provenance: [ProvenanceRecord] { [] }
    /// Nothing.
    func preparation() -> (any MediationPreparation)? { nil }
}
