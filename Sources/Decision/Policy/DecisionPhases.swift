// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Kinds of requests by plane and operation: what a plane knows when it asks for a decision depends on both.
public struct DecisionPhases: OptionSet, Sendable, Hashable {
    /// The phases as bits.
    public let rawValue: UInt32

    /// Makes a set from bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A tunnel through the forward proxy: `CONNECT` or SOCKS5.
    public static let egressTunnel = DecisionPhases(rawValue: 1 << 0)
    /// A request in absolute form through the forward proxy.
    public static let egressRequest = DecisionPhases(rawValue: 1 << 1)
    /// A request for a WebSocket through the forward proxy.
    public static let egressWebSocket = DecisionPhases(rawValue: 1 << 2)
    /// A request to a named service.
    public static let serviceRequest = DecisionPhases(rawValue: 1 << 3)
    /// A request for a WebSocket to a named service.
    public static let serviceWebSocket = DecisionPhases(rawValue: 1 << 4)
    /// The call of a tool of a named service.
    public static let serviceToolCall = DecisionPhases(rawValue: 1 << 5)
    /// The call of a model of a named service.
    public static let serviceModelCall = DecisionPhases(rawValue: 1 << 6)
    /// A message to a skill of a named service.
    public static let serviceSkillCall = DecisionPhases(rawValue: 1 << 7)
    /// A step of the protocol of a named service.
    public static let serviceSession = DecisionPhases(rawValue: 1 << 8)
    /// A request to a named service that an Envoy carries.
    public static let meshRequest = DecisionPhases(rawValue: 1 << 9)

    /// All requests of the forward proxy.
    public static let egress: DecisionPhases = [.egressTunnel, .egressRequest, .egressWebSocket]
    /// All requests to named services.
    public static let service: DecisionPhases = [
        .serviceRequest, .serviceWebSocket, .serviceToolCall, .serviceModelCall, .serviceSkillCall, .serviceSession,
    ]
    /// All phases.
    public static let all: DecisionPhases = [.egress, .service, .meshRequest]

    /// One phase with the values of `input.plane` and `input.operation.name` in it.
    struct Phase {
        let set: DecisionPhases
        let plane: Plane
        let operation: Operation.Name
        /// The request in words, after "for".
        let words: String
    }

    static let list = [
        Phase(set: .egressTunnel, plane: .egress, operation: .tunnel, words: "a tunnel (CONNECT, SOCKS5)"),
        Phase(set: .egressRequest, plane: .egress, operation: .request, words: "a request"),
        Phase(set: .egressWebSocket, plane: .egress, operation: .websocket, words: "a WebSocket"),
        Phase(set: .serviceRequest, plane: .service, operation: .request, words: "a request"),
        Phase(set: .serviceWebSocket, plane: .service, operation: .websocket, words: "a WebSocket"),
        Phase(set: .serviceToolCall, plane: .service, operation: .toolCall, words: "a tool call"),
        Phase(set: .serviceModelCall, plane: .service, operation: .modelCall, words: "a call of a model"),
        Phase(set: .serviceSkillCall, plane: .service, operation: .skillCall, words: "a message to a skill"),
        Phase(set: .serviceSession, plane: .service, operation: .session, words: "a step of a protocol"),
        Phase(set: .meshRequest, plane: .mesh, operation: .request, words: "a request"),
    ]

    /// The phases of some planes.
    public static func phases(of planes: Set<Plane>) -> DecisionPhases {
        list.reduce(into: []) { if planes.contains($1.plane) { $0.insert($1.set) } }
    }

    /// The first phase.
    var first: Phase? { Self.list.first { contains($0.set) } }
}
