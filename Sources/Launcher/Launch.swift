// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// Starts the plan's program where its only way out is the gate, runs it in the foreground and returns its exit code
/// (128 and the signal's number when a signal ended it). Blocks the calling thread, which must not end before; signals
/// to this process are forwarded. One launch at a time in a process.
///
/// - Throws: `LaunchError` when a layer is missing, a path is refused, or the self-test inside finds a leak.
public func launch(_ plan: LaunchPlan) throws(LaunchError) -> Int32 {
    try launch(plan) { $0 }
}

/// The launch itself. `adjusting` sees bubblewrap's options: the tests take one wall away and expect a refusal.
func launch(_ plan: LaunchPlan, adjusting: ([String]) -> [String]) throws(LaunchError) -> Int32 {
    guard let name = plan.command.first else { throw .refused("there is no program to launch") }
    try plan.standardDescriptors.judge()
    let bubblewrap = try Prerequisites.bubblewrap()
    let helper = try Prerequisites.helper(plan.jailHelper)
    try Prerequisites.kernel()

    let visible = try VisiblePaths(plan, homes: LaunchUser.homes(plan.callerEnvironment))
    let searchPath = plan.callerEnvironment.first { Path.same($0.name, "PATH") }?.value
    let search = ProgramSearch(visible: visible, searchPath: searchPath ?? ProgramSearch.standardPath)
    let program = try search.find(name)
    let environment = try SandboxEnvironment(plan, path: search.pathInside)

    let user = try LaunchUser.forThisLaunch()
    let gate = try GateSocket(plan.gateSocket, user: user)
    let canary = try Canary()
    let configuration = try JailConfiguration(
        plan: plan, visible: visible, program: program, environment: environment, canary: canary.name)
    let configurationFile = try Descriptor.holding(configuration.bytes, name: "launch")

    let control = try ControlChannel()
    let information = try InformationPipe()
    let stage = user.isChanged ? Stage(visible.entries) : nil
    let options = try BubblewrapOptions(
        plan: plan, user: user, visible: visible, stage: stage, helper: helper, information: information.write)
    let optionsFile = try Descriptor.holding(nulTerminated(adjusting(options.words)), name: "options")

    let signals = try ForwardedSignals()
    yett_become_subreaper()
    let sandbox = try Child.start(
        Child.Order(
            executable: bubblewrap,
            arguments: [
                "bwrap", "--args", "\(optionsFile.number)", "--", BubblewrapOptions.helper, "inside",
                "\(control.inside.number)", "\(configurationFile.number)",
            ],
            descriptors: options.descriptors + [optionsFile, configurationFile, control.inside],
            standard: plan.standardDescriptors, user: user, stage: stage, entries: visible.entries))
    control.closeInside()
    information.closeWrite()

    var supervision = Supervision(
        sandbox: sandbox, control: control, information: information, signals: signals
    ) { (listeners: [Descriptor]) throws(LaunchError) in
        let helper = try Prerequisites.helper(plan.jailHelper)
        return try Relay.start(helper: helper, listeners: listeners, gate: gate, user: user)
    }
    let result: Result<Int32, LaunchError>
    do throws(LaunchError) {
        result = .success(try supervision.run())
    } catch {
        result = .failure(error)
    }
    supervision.end()
    withExtendedLifetime((canary, user)) {}
    return try result.get()
}

/// The words as bubblewrap reads them from a descriptor.
private func nulTerminated(_ words: [String]) -> [UInt8] {
    words.flatMap { Array($0.utf8) + [0] }
}
