// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What somebody may do at the dashboard; each role may do what the ones before it may.
public enum DashboardRole: String, Codable, Sendable, Hashable, CaseIterable, Comparable {
    /// Looks.
    case viewer
    /// Answers, cuts, quarantines, releases, revokes, stops tasks.
    case `operator`
    /// Reloads, approves definitions of tools, changes identities and keys.
    case admin

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }

    /// Whether the second may do more.
    public static func < (left: DashboardRole, right: DashboardRole) -> Bool { left.rank < right.rank }
}

/// Which people have which role.
public struct DashboardRoles: Sendable, Hashable {
    /// Those of one role.
    public struct Members: Sendable, Hashable {
        /// Groups, as the provider names them.
        public var groups: [String]
        /// People: issuer, `#`, subject.
        public var people: [String]

        /// Collects them.
        public init(groups: [String] = [], people: [String] = []) {
            self.groups = groups
            self.people = people
        }
    }

    private let members: [DashboardRole: Members]

    /// Assigns the roles.
    public init(_ members: [DashboardRole: Members]) { self.members = members }

    /// The highest role of a person; `nil` for none. Names are compared byte by byte.
    func role(of person: DashboardPerson) -> DashboardRole? {
        DashboardRole.allCases.last { role in
            guard let members = members[role] else { return false }
            return members.people.contains { Self.isSame($0, person.name) }
                || members.groups.contains { group in person.groups.contains { Self.isSame($0, group) } }
        }
    }

    /// The groups that have a role, for whoever has none.
    var groups: [(role: DashboardRole, groups: [String])] {
        DashboardRole.allCases.compactMap { role in
            guard let groups = members[role]?.groups, !groups.isEmpty else { return nil }
            return (role, groups)
        }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}

/// A person, as the provider knows them.
public struct DashboardPerson: Sendable, Hashable {
    /// Issuer, `#`, subject.
    public var name: String
    /// The groups that hold now.
    public var groups: [String]

    /// Describes a person.
    public init(name: String, groups: [String]) {
        self.name = name
        self.groups = groups
    }
}
