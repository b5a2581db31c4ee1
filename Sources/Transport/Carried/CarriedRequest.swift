// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision

/// A request to a named service whose bytes somebody else carries, such as an Envoy, as far as the carrier shows it. The gate
/// decides on it and neither writes it anew nor sees what is answered.
package struct CarriedRequest {
    /// The service.
    package let service: String
    /// What is known so far: who asks, when, the request line. What is done is not known yet.
    package let facts: Facts
    /// The path at the service, canonical.
    package let path: String
    /// The task that the request belongs to, and those above it, nearest first.
    package let task: TaskContext?
    package let links: [AgentTask]
    /// The fields, names in lower case.
    package let fields: [(name: String, value: String)]
    /// The complete body.
    package let body: [UInt8]
    /// The name of the decision.
    package let decision: DecisionID

    /// Collects what is known.
    package init(
        service: String, facts: Facts, path: String, task: TaskContext?, links: [AgentTask],
        fields: [(name: String, value: String)], body: [UInt8], decision: DecisionID
    ) {
        self.service = service
        self.facts = facts
        self.path = path
        self.task = task
        self.links = links
        self.fields = fields
        self.body = body
        self.decision = decision
    }
}

/// A request as somebody else sends it on to a service.
package struct CarriedMessage: Sendable {
    /// The request line as it is sent: the path with its escapes, the query without `?`.
    package let method: String
    package let path: String
    package let query: String?
    /// The fields, names in lower case, without `host`.
    package let fields: [(name: String, value: String)]
    /// The complete body; empty where it is not known and not signed.
    package let body: [UInt8]

    /// Collects what is sent.
    package init(
        method: String, path: String, query: String?, fields: [(name: String, value: String)], body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }
}

/// What a request that somebody else carries turned out to be.
package enum CarriedReading {
    /// Something to decide on.
    case operation(CarriedCall)
    /// It breaks a rule of the service's protocol, or one that the gate could only keep by carrying it.
    case refused(ReasonCode, detail: String, notes: [CarriedNote])
    /// Nothing reads the requests of this service.
    case unread
}

/// A call that somebody else carries, once it was read.
package struct CarriedCall {
    /// What is done.
    package let operation: Operation
    /// Names of fields that the service shall not get, in lower case.
    package let withheld: [String]
    /// Where the values of an admitted call came from, one text for each.
    package let provenance: () -> [String]
    /// What speaks against it although the policy allows it; counts the call when nothing does.
    package let object: (_ facts: Facts, _ verdict: Verdict) -> Verdict?

    /// A call, with what judges it further.
    package init(
        _ operation: Operation, withheld: [String], provenance: @escaping () -> [String],
        object: @escaping (_ facts: Facts, _ verdict: Verdict) -> Verdict?
    ) {
        self.operation = operation
        self.withheld = withheld
        self.provenance = provenance
        self.object = object
    }
}

/// Something that was seen in a request and that is recorded beside its decision.
package struct CarriedNote: Sendable, Hashable {
    /// A stable code.
    package let cause: String
    /// What it was about; never a value of a message.
    package let detail: String

    /// Something seen.
    package init(cause: String, detail: String) {
        self.cause = cause
        self.detail = detail
    }
}

/// What reads requests to services that somebody else carries, and obtains what is shown to the services. Safe from any
/// thread.
package struct CarriedServices: Sendable {
    /// Reads one request.
    package let read: @Sendable (CarriedRequest) -> CarriedReading
    /// Obtains the fields that a service lets the request in by; the answer comes once, on any thread.
    package let obtain: Obtain

    /// - Parameter message: The request as the service gets it, for services whose requests are signed.
    package typealias Obtain =
        @Sendable (
            _ service: String, _ facts: Facts, DecisionID, _ message: CarriedMessage?, @escaping CarriedFields
        ) -> Void

    /// Told of the fields, or in words why there are none.
    package typealias CarriedFields = @Sendable (Result<[(name: String, value: [UInt8])], CarriedFailure>) -> Void

    /// Collects the two.
    package init(
        read: @escaping @Sendable (CarriedRequest) -> CarriedReading, obtain: @escaping Obtain
    ) {
        self.read = read
        self.obtain = obtain
    }
}

/// Why a request is not given what its service needs. The text goes to agents and records.
package struct CarriedFailure: Error, Sendable, Equatable {
    /// What happened, whose fault it is and what to do.
    package let detail: String

    /// A failure, in words.
    package init(_ detail: String) { self.detail = detail }
}
