// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the kernel says about the process at the other end of a Unix socket.
public struct ProcessCredentials: Sendable, Hashable {
    /// The process.
    public var pid: Int32
    /// Its user at the time it connected.
    public var uid: UInt32
    /// Its group at the time it connected.
    public var gid: UInt32
    /// The path of its executable, when it could be read.
    public var path: String?

    /// Collects what the kernel says.
    public init(pid: Int32, uid: UInt32, gid: UInt32, path: String?) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.path = path
    }

    /// The selectors in the form of the SPIRE agent's `unix` attestor.
    public var selectors: [String] {
        var selectors = ["unix:uid:\(uid)", "unix:gid:\(gid)"]
        if let path { selectors.append("unix:path:\(path)") }
        return selectors
    }
}

/// A condition on a process; every part that is given must hold.
public struct ProcessSelector: Sendable, Hashable {
    /// The user, by number.
    public var uid: UInt32?
    /// The group, by number.
    public var gid: UInt32?
    /// The executable's path.
    public var path: String?

    /// Collects the parts.
    public init(uid: UInt32? = nil, gid: UInt32? = nil, path: String? = nil) {
        self.uid = uid
        self.gid = gid
        self.path = path
    }

    /// Whether every part that is given holds. A selector without parts matches nothing.
    public func matches(_ process: ProcessCredentials) -> Bool {
        matches(selectors: process.selectors)
    }

    /// Whether every part that is given is among `selectors`.
    func matches(selectors: [String]) -> Bool {
        let wanted = wantedSelectors
        return !wanted.isEmpty
            && wanted.allSatisfy { part in selectors.contains { $0.utf8.elementsEqual(part.utf8) } }
    }

    private var wantedSelectors: [String] {
        var wanted: [String] = []
        if let uid { wanted.append("unix:uid:\(uid)") }
        if let gid { wanted.append("unix:gid:\(gid)") }
        if let path { wanted.append("unix:path:\(path)") }
        return wanted
    }
}
