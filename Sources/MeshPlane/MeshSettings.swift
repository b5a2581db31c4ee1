// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Identity

/// What the mesh plane needs of a service: its name, what it speaks, and the place that decisions are about.
public struct MeshService: Sendable {
    /// What is read of its requests.
    public enum Language: Sendable, Hashable {
        /// Method and path.
        case http
        /// Messages of the service's own protocol, as the service plane reads them.
        case read
        /// Something that is not read behind Envoy; nothing is allowed.
        case other(String)
    }

    /// The name that grants refer to.
    public var name: String
    /// What it speaks.
    public var language: Language
    /// The place that grants and policies see.
    public var destination: Destination
    /// Hosts that mean this service where Envoy's route says nothing, in lower case.
    public var hosts: [String]
    /// Whether a call must belong to a task.
    public var requiresTask: Bool
    /// The tools to whose calls a person has to agree, by the bytes of their names.
    public var approvedTools: Set<[UInt8]>

    /// What is added to each request after the verdict.
    public var credential = MeshCredential.none

    /// Describes a service.
    public init(
        name: String, language: Language, destination: Destination, hosts: [String] = [], requiresTask: Bool = false,
        approvedTools: Set<[UInt8]> = []
    ) {
        self.name = name
        self.language = language
        self.destination = destination
        self.hosts = hosts
        self.requiresTask = requiresTask
        self.approvedTools = approvedTools
    }
}

/// What Envoy is told to add to a service's requests.
public enum MeshCredential: Sendable {
    /// Nothing.
    case none
    /// A field that is the same in each request.
    case field(name: String, secret: [UInt8])
    /// Fields that are obtained, and kept for a while.
    case obtained
    /// A signature of each request, besides fields that are obtained.
    case signed(hashesBody: Bool)
    /// Something that Envoy cannot be told.
    case other
}

extension MeshCredential: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Who may ask, and about what.
public struct MeshSettings: Sendable {
    /// The Envoys that are believed, by what their certificates say.
    public var envoys: Set<SPIFFEID>
    /// The users whose processes may ask on the Unix socket.
    public var users: Set<UInt32>
    /// The services.
    public var services: [MeshService]
    /// The services, by the bytes of their names, whose routes may ask to be told only and not refused.
    public var observed: Set<[UInt8]> = []
    /// The services, by the bytes of their names, whose open requests are followed.
    public var followed: Set<[UInt8]> = []

    /// Collects them.
    public init(envoys: Set<SPIFFEID> = [], users: Set<UInt32> = [], services: [MeshService] = []) {
        self.envoys = envoys
        self.users = users
        self.services = services
    }

    func service(named name: String) -> MeshService? {
        services.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The service of a host, with or without a port.
    func service(at host: String) -> MeshService? {
        let name = host.utf8.prefix { $0 != UInt8(ascii: ":") }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return services.first { $0.hosts.contains { $0.utf8.elementsEqual(name) } }
    }
}
