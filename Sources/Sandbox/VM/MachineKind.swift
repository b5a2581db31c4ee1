// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What virtual machines have in common that can stand in for one another. The limits of a single job are held inside,
/// by the guest's control groups; the machine is a size larger.
struct MachineKind: Hashable {
    /// The image's digest.
    var image: String
    /// For jobs, in MiB.
    var jobMebibytes: Int
    /// Processor time per wall time, in thousandths of one processor.
    var processorThousandths: Int

    /// The largest job's memory.
    static let mostMebibytes = 2048
    /// For the guest's kernel, its agent, and the program itself.
    private static let guestMebibytes = 96
    /// For the emulator beside the guest's memory.
    private static let emulatorMebibytes = 192

    /// The kind for such a job; `nil` when no machine is so large.
    init?(image: String, _ limits: SandboxLimits) {
        var size = 64
        while size << 20 < limits.memoryBytes {
            size &*= 2
            guard size <= Self.mostMebibytes else { return nil }
        }
        self.image = image
        jobMebibytes = size
        processorThousandths = limits.processorThousandths
    }

    /// The guest's memory.
    var guestMebibytes: Int { jobMebibytes &+ Self.guestMebibytes }

    /// What everything together may use.
    var wholeBytes: Int { (guestMebibytes &+ Self.emulatorMebibytes) << 20 }
}
