// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// What every machine of Firecracker's is started with.
struct FirecrackerParts: MachineMaker {
    /// Firecracker's and its jailer's paths.
    let firecracker: String
    let jailer: String
    let settings: SandboxLauncher.Settings
    let workspace: FirecrackerWorkspace
    let groups: FirecrackerGroups?
    let kernel: SharedFile
    let initrd: SharedFile
    let disk: SharedFile
    let times: FirecrackerTimes

    /// What Firecracker writes besides a saved machine.
    private static let fileBytes = 16 << 20
    /// A saved machine is written to a disk.
    private static let savePatience = 12
    private static let line =
        "reboot=k panic=-1 quiet loglevel=1 mitigations=off nokaslr random.trust_cpu=on 8250.nr_uarts=0"

    private var files: [(name: String, file: SharedFile)] { [("kernel", kernel), ("initrd", initrd), ("disk", disk)] }

    func boot(_ kind: MachineKind) throws(SandboxError) -> Machine {
        let jail = try start(kind, fileBytes: Self.fileBytes)
        return machine(jail, try jail.connect(within: times.bootMilliseconds))
    }

    func template(_ kind: MachineKind) throws(SandboxError) -> any MachineTemplate {
        let memory = kind.guestMebibytes << 20
        let jail = try start(kind, fileBytes: memory &+ Self.fileBytes)
        // The connection ends here: a saved machine has none.
        _ = try jail.connect(within: times.bootMilliseconds)
        let client = try jail.client(patience: Self.savePatience &+ 1)
        try client.ask(.pause)
        try client.ask(.save(state: "/state", memory: "/memory"), patience: Self.savePatience)
        return try FirecrackerTemplate(self, kind, from: jail)
    }

    /// Copies a machine that was saved to these files.
    func copy(_ kind: MachineKind, state: SharedFile, memory: SharedFile) throws(SandboxError) -> Machine {
        let jail = try FirecrackerJail(
            self, kind, files + [("state", state), ("memory", memory)], fileBytes: Self.fileBytes)
        let client = try jail.client()
        try client.checkFresh()
        try client.ask(.load(state: "/state", memory: "/memory"))
        try check(jail, client)
        try client.expectNothingElse(channel: "/" + FirecrackerJail.channel)
        return machine(jail, try jail.connect(within: times.resumeMilliseconds))
    }

    private func start(_ kind: MachineKind, fileBytes: Int) throws(SandboxError) -> FirecrackerJail {
        let jail = try FirecrackerJail(self, kind, files, fileBytes: fileBytes)
        let client = try jail.client()
        let channel = "/" + FirecrackerJail.channel
        try client.checkFresh()
        try client.ask(.machine(mebibytes: kind.guestMebibytes))
        try client.ask(.boot(kernel: "/kernel", initrd: "/initrd", line: Self.line))
        try client.ask(.disk("/disk"))
        try client.ask(.channel(channel))
        try client.ask(.entropy)
        try client.expectNothingElse(channel: channel)
        try client.ask(.start)
        try check(jail, client)
        return jail
    }

    /// The machine runs, in a process that filters its calls.
    private func check(_ jail: FirecrackerJail, _ client: FirecrackerClient) throws(SandboxError) {
        try client.expect("Running")
        try jail.checkFilters(of: client.process)
    }

    private func machine(_ jail: FirecrackerJail, _ channel: StreamChannel) -> Machine {
        Machine(channel: channel, process: jail.process, errors: jail.errors, born: jail.born)
    }
}

/// How long Firecracker and guests may take.
struct FirecrackerTimes: Sendable {
    /// For an answer to one call.
    var answerMilliseconds = 5000
    /// From the start of a machine until its agent is ready.
    var bootMilliseconds = 20_000
    /// The same for a copy.
    var resumeMilliseconds = 10_000
}
