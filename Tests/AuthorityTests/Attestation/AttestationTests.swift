// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CLinux
import Foundation
import Glibc
import Identity
import ProcessSupport
import Testing

@testable import Authority

/// Attestation of real processes, and what somebody would try who wants to be taken for another one.
@Suite(.serialized) struct AttestationTests {
    private let workspace: Workspace
    private static let all = Set(Selector.Kind.allCases)
    private static var isRoot: Bool { geteuid() == 0 }

    init() throws { workspace = try Workspace() }

    /// A copy of `cat` in the workspace.
    private func program(_ name: String = "agent") throws -> String {
        let path = try #require(realpath(workspace.directory, nil).map { String(cString: $0) }) + "/" + name
        try FileManager.default.copyItem(atPath: "/bin/cat", toPath: path)
        return path
    }

    private func values(_ kind: Selector.Kind, _ selectors: Set<Selector>) -> [String] {
        selectors.filter { $0.kind == kind }.map(\.value)
    }

    private func digest(_ path: String) -> String {
        String(Shell.run(["sha256sum", path]).output.prefix(64))
    }

    // MARK: What is seen

    @Test func `sees user, group, program and digest`() throws {
        let agent = try program()
        let peer = try Peer(workspace)
        try peer.become(agent)
        let selectors = try peer.selectors()
        #expect(values(.uid, selectors) == ["\(geteuid())"])
        #expect(values(.gid, selectors) == ["\(getegid())"])
        #expect(values(.path, selectors) == [agent])
        #expect(values(.sha256, selectors) == [digest(agent)])
        if geteuid() == 0 {
            #expect(values(.user, selectors) == ["root"])
            #expect(values(.group, selectors) == ["root"])
        }
    }

    @Test func `digests and names only what an entry asks for`() throws {
        let peer = try Peer(workspace)
        let selectors = try Attestor.attest(peer.caller(), wanting: [.uid]).selectors
        #expect(values(.sha256, selectors).isEmpty)
        #expect(values(.user, selectors).isEmpty)
        #expect(!values(.uid, selectors).isEmpty)
    }

    @Test func `without a descriptor of the process only the connection's user and group are believed`() throws {
        let peer = try Peer(workspace)
        let attestation = try Attestor.attest(peer.caller(withDescriptor: false), wanting: Self.all)
        #expect(attestation.selectors.allSatisfy { [.uid, .gid, .user, .group].contains($0.kind) })
        #expect(attestation.isUnchanged())
    }

    @Test func `a kernel that gives descriptors and gives none this time says that the process is gone`() {
        #expect(throws: AttestationError.ended) {
            try LocalCaller(
                pid: getpid(), uid: geteuid(), gid: getegid(), pidfd: nil, isDescriptorExpected: true)
        }
    }

    // MARK: The end of a process

    @Test func `tells when the process has ended`() async throws {
        let peer = try Peer(workspace)
        let caller = try peer.caller()
        let attestation = try Attestor.attest(caller, wanting: Self.all)
        #expect(attestation.isUnchanged())
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let watch = try #require(caller.watch { end.finish() })
        try peer.end()
        for await _ in ends {}
        #expect(!attestation.isUnchanged())
        #expect(!caller.isAlive)
        watch.cancel()
    }

    @Test func `a watch that is cancelled says nothing`() throws {
        let peer = try Peer(workspace)
        let watch = try #require(try peer.caller().watch { Issue.record("the process was not to be watched") })
        watch.cancel()
        try peer.end()
    }

    @Test func `a process that ended before it was looked at is refused`() throws {
        let peer = try Peer(workspace)
        try peer.end()
        #expect(throws: AttestationError.self) { try peer.caller() }
    }

    @Test func `a process that ended between connection and attestation is refused`() throws {
        let peer = try Peer(workspace)
        let caller = try peer.caller()
        try peer.end()
        #expect(throws: AttestationError.ended) { try Attestor.attest(caller, wanting: Self.all) }
    }

    // MARK: Numbers that are given out again

    @Test func `a number that belongs to another process is refused`() throws {
        let peer = try Peer(workspace)
        let descriptor = yett_pidfd_open(peer.process.processIdentifier)
        #expect(throws: AttestationError.hidden) {
            try LocalCaller(pid: getpid(), uid: geteuid(), gid: getegid(), pidfd: descriptor)
        }
    }

    @Test(.enabled(if: isRoot, "choosing the next process number takes root"))
    func `the successor with the same number is not taken for the caller`() throws {
        for _ in 0..<200 {
            let peer = try Peer(workspace)
            let number = peer.process.processIdentifier
            try peer.end()
            // The kernel gives out the number after this one next.
            try "\(number - 1)".write(toFile: "/proc/sys/kernel/ns_last_pid", atomically: false, encoding: .utf8)
            let successor = ChildProcess()
            successor.executableURL = URL(fileURLWithPath: "/bin/cat")
            successor.standardInput = Pipe()
            try successor.run()
            defer {
                kill(successor.processIdentifier, SIGKILL)
                successor.waitUntilExit()
            }
            guard successor.processIdentifier == number else { continue }
            #expect(throws: AttestationError.ended) { try peer.caller() }
            return
        }
        Issue.record("no process number was given out again")
    }

    // MARK: Another program in the same process

    @Test func `a process that becomes another program is not the caller any more`() throws {
        let peer = try Peer(workspace)
        let attestation = try Attestor.attest(peer.caller(), wanting: Self.all)
        #expect(attestation.isUnchanged())
        try peer.become(program())
        #expect(!attestation.isUnchanged())
    }

    @Test func `a process that starts its own program again is not the caller any more`() throws {
        let peer = try Peer(workspace)
        let attestation = try Attestor.attest(peer.caller(), wanting: Self.all)
        #expect(attestation.isUnchanged())
        try peer.tell("again")
        #expect(!attestation.isUnchanged())
    }

    @Test func `a program that was replaced under its path has no path, and keeps its digest`() throws {
        let agent = try program()
        let peer = try Peer(workspace)
        try peer.become(agent)
        let attestation = try Attestor.attest(peer.caller(), wanting: Self.all)
        let before = digest(agent)
        let other = try program("other")
        try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: other))
        #expect(rename(other, agent) == 0)
        #expect(!attestation.isUnchanged())
        let selectors = try peer.selectors()
        #expect(values(.path, selectors).isEmpty)
        #expect(values(.sha256, selectors) == [before])
    }

    @Test func `a program that was deleted has no path, also when a file has the name that the kernel shows then`()
        throws
    {
        let agent = try program()
        let peer = try Peer(workspace)
        try peer.become(agent)
        #expect(unlink(agent) == 0)
        _ = try program("agent (deleted)")
        #expect(values(.path, try peer.selectors()).isEmpty)
    }

    @Test func `a link in the place of the program is not the program`() throws {
        let agent = try program()
        let peer = try Peer(workspace)
        try peer.become(agent)
        #expect(rename(agent, agent + ".real") == 0)
        #expect(symlink(agent + ".real", agent) == 0)
        #expect(values(.path, try peer.selectors()) == [agent + ".real"])
    }

    // MARK: Another user in the same process

    @Test(.enabled(if: isRoot, "changing users takes root"))
    func `a process whose effective user is not its real one is refused`() throws {
        let peer = try Peer(workspace, user: 60_999)
        let caller = try peer.caller()
        #expect(caller.uid == 60_999)
        #expect(throws: AttestationError.mixedCredentials) { try Attestor.attest(caller, wanting: Self.all) }
    }

    @Test(.enabled(if: isRoot, "changing users takes root"))
    func `a process that changes its user after it connected is refused`() throws {
        let peer = try Peer(workspace)
        let caller = try peer.caller()
        let attestation = try Attestor.attest(caller, wanting: Self.all)
        try peer.tell("user 60999")
        #expect(!attestation.isUnchanged())
        #expect(throws: AttestationError.mixedCredentials) { try Attestor.attest(caller, wanting: Self.all) }
    }

    @Test(.enabled(if: isRoot, "changing groups takes root"))
    func `sees the further groups`() throws {
        let peer = try Peer(workspace, wrapper: ["setpriv", "--groups", "60997,60998"])
        #expect(Set(values(.supplementaryGID, try peer.selectors())) == ["60997", "60998"])
    }

    // MARK: Namespaces

    @Test(arguments: [(UInt32(65_534), UInt32(0)), (0, 65_534), (.max, 0), (0, .max)])
    func `users and groups that a namespace does not map are refused`(uid: UInt32, gid: UInt32) {
        #expect(throws: AttestationError.hidden) { try LocalCaller(pid: getpid(), uid: uid, gid: gid, pidfd: nil) }
    }

    @Test func `a process of another process namespace is refused`() {
        #expect(throws: AttestationError.hidden) { try LocalCaller(pid: 0, uid: 0, gid: 0, pidfd: nil) }
    }

    @Test func `in a user namespace of its own, a process is still its real user and has no program`() throws {
        let peer = try Peer(workspace, wrapper: ["unshare", "--user", "--map-root-user"])
        let selectors = try peer.selectors()
        #expect(values(.uid, selectors) == ["\(geteuid())"])
        #expect(values(.path, selectors).isEmpty)
        #expect(values(.sha256, selectors).isEmpty)
    }

    @Test(.enabled(if: isRoot, "mounting takes root"))
    func `a program that is mounted over another one's path does not get its path`() throws {
        let trusted = try program("trusted")
        let hostile = try program("hostile")
        let mount = "mount --bind \(hostile) \(trusted) && exec \"$@\""
        let peer = try Peer(workspace, wrapper: ["unshare", "--mount", "sh", "-c", mount, "sh"])
        try peer.become(trusted)
        let selectors = try peer.selectors()
        #expect(!values(.path, selectors).contains(trusted))
    }

    // MARK: Launches

    @Test func `a launched agent has its name and its launch, until the launch ends`() throws {
        var isOpen = true
        let open = AttestedCaller.launched(agent: "coder", launch: "7f3a") { true }
        #expect(open.selectors == Set(try ["yett:agent:coder", "yett:launch:7f3a"].map { try Selector(parsing: $0) }))
        #expect(open.isUnchanged())
        isOpen = false
        let ended = AttestedCaller.launched(agent: "coder", launch: "7f3a") { [isOpen] in isOpen }
        #expect(!ended.isUnchanged())
    }
}
