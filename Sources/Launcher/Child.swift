// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// A started child: killed and reaped when its owner lets go.
final class Child {
    let process: pid_t
    let handle: Descriptor
    private var isReaped = false

    private init(process: pid_t, handle: Descriptor) {
        self.process = process
        self.handle = handle
    }

    deinit {
        kill()
        reap()
    }

    struct Order {
        var executable: Descriptor
        var arguments: [String]
        var descriptors: [Descriptor]
        var standard: StandardDescriptors
        var user: LaunchUser
        var stage: Stage?
        var entries: [VisiblePaths.Entry]
    }

    static func start(_ order: Order) throws(LaunchError) -> Child {
        let arguments = ArgumentVector(order.arguments)
        let kept = order.descriptors.map(\.number)
        let mounts = order.stage?.mounts ?? []
        var failure = yett_failure()
        let process = kept.withUnsafeBufferPointer { kept in
            mounts.withUnsafeBufferPointer { mounts in
                var spawn = yett_spawn()
                spawn.executable = order.executable.number
                spawn.arguments = arguments.pointer
                spawn.descriptors = kept.baseAddress
                spawn.descriptor_count = kept.count
                spawn.standard = (order.standard.input, order.standard.output, order.standard.error)
                spawn.changes_user = order.user.isChanged
                spawn.user = order.user.user
                spawn.group = order.user.group
                spawn.stage = order.stage?.root
                spawn.mounts = mounts.baseAddress
                spawn.mount_count = mounts.count
                return yett_spawn(&spawn, &failure)
            }
        }
        withExtendedLifetime((arguments, order)) {}
        guard process > 0 else { throw explain(failure, order) }
        let handle = yett_pidfd_open(process)
        guard handle >= 0 else {
            let error = errno
            Glibc.kill(process, SIGKILL)
            var code: Int32 = 0
            var signal: Int32 = 0
            yett_wait(process, true, &code, &signal)
            throw .setUp("opening a process handle: \(errorText(error))")
        }
        return Child(process: process, handle: Descriptor(handle))
    }

    func kill() {
        guard !isReaped else { return }
        yett_pidfd_signal(handle.number, SIGKILL)
    }

    /// Waits for the end; the exit code, or 128 and the signal.
    @discardableResult
    func reap() -> Int32 {
        guard !isReaped else { return 0 }
        isReaped = true
        var code: Int32 = 0
        var signal: Int32 = 0
        guard yett_wait(process, true, &code, &signal) == 1 else { return 125 }
        return signal == 0 ? code : 128 + signal
    }

    private static func explain(_ failure: yett_failure, _ order: Order) -> LaunchError {
        let text = errorText(failure.error)
        let index = Int(failure.mount)
        let path = order.entries.indices.contains(index) ? order.entries[index].path.text : "a path"
        switch yett_step(rawValue: UInt32(failure.step)) {
        case yett_step_source: return .refused("\(path): \(text)")
        case yett_step_source_changed: return .refused("\(path) was replaced while the launch was prepared")
        case yett_step_idmapped_mount:
            return .refused(
                "\(path) cannot be given to the launch user (\(text)): its file system has no id-mapped mounts. "
                    + "Use a directory on ext4, XFS, Btrfs or tmpfs, or launch as an ordinary user")
        case yett_step_identity_map: return .missing("mapping the owner of \(path) to the launch user: \(text)")
        case yett_step_mount_namespace: return .missing("a mount namespace (\(text)): root without CAP_SYS_ADMIN?")
        case yett_step_stage: return .setUp("preparing mounts below \(Stage.directory): \(text)")
        case yett_step_user: return .setUp("changing to user id \(order.user.user): \(text)")
        case yett_step_privileges: return .setUp("giving up privileges: \(text)")
        case yett_step_execute: return .setUp("executing \(order.arguments.first ?? ""): \(text)")
        default: return .setUp("starting \(order.arguments.first ?? "a child"): \(text)")
        }
    }
}
