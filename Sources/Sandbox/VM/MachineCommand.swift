// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox

/// The emulator's command line and that of its jail. Pure.
struct MachineCommand {
    /// Where a machine's memory is.
    enum Memory {
        /// Its own, given up with it.
        case own
        /// A file that others will copy.
        case template
        /// Copied from a file page by page, when it writes.
        case copy
    }

    /// How the guest's processor is run.
    var acceleration: SandboxAcceleration
    /// The rate of the host's time stamp, in kHz: a guest that must find it out by itself hangs at times.
    var timestampKilohertz: UInt32
    var guestMebibytes: Int
    var memory: Memory
    /// How many filters of system calls the emulator gets.
    var filters: Int

    static let emulator = "/usr/bin/qemu-system-x86_64"
    /// Numbers of descriptors inside, which the launcher gives in order.
    static let channel = Int(yett_job_data_target)
    static let control = channel + 1
    static let kernel = channel + 2
    static let initrd = channel + 3
    static let root = channel + 4
    static let memoryFile = channel + 5

    private var isHardware: Bool { acceleration == .hardware }

    /// The program and its arguments. There is no network card, and no device but a disk to read from and a channel.
    var words: [String] {
        var machine = "microvm,x-option-roms=off,isa-serial=off,acpi=off"
        machine += isHardware ? ",pit=off,pic=off,rtc=off" : ""
        machine += memory == .own ? "" : ",memory-backend=ram"
        var words = [Self.emulator, "-accel", isHardware ? "kvm" : "tcg,tb-size=64", "-M", machine]
        if memory != .own {
            let share = memory == .template ? "on" : "off"
            words += [
                "-object",
                "memory-backend-file,id=ram,size=\(guestMebibytes)M,mem-path=/proc/self/fd/\(Self.memoryFile),share=\(share)",
            ]
        }
        words += [
            "-cpu", isHardware ? "host" : "max", "-m", "\(guestMebibytes)", "-smp", "1", "-nodefaults",
            "-no-user-config",
            "-no-reboot", "-display", "none", "-nic", "none", "-kernel", "/proc/self/fd/\(Self.kernel)", "-initrd",
            "/proc/self/fd/\(Self.initrd)", "-append", line, "-device", "virtio-serial-device", "-chardev",
            "socket,id=channel,fd=\(Self.channel)", "-device", "virtserialport,chardev=channel,name=yett,nr=1",
            "-add-fd",
            "fd=\(Self.root),set=1", "-drive", "id=root,file=/dev/fdset/1,format=raw,if=none,readonly=on", "-device",
            "virtio-blk-device,drive=root",
        ]
        if memory != .own {
            words += ["-chardev", "socket,id=control,fd=\(Self.control)", "-mon", "chardev=control,mode=control"]
        }
        if memory == .copy { words += ["-incoming", "defer"] }
        // The allow-list of the jail has no place for the calls of hardware; the emulator's own list refuses the worst.
        if filters == 0 {
            words += ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"]
        }
        return words
    }

    /// The kernel's.
    private var line: String {
        let common = "reboot=t panic=-1 quiet loglevel=1 mitigations=off no_timer_check nokaslr random.trust_cpu=on"
        return isHardware ? common : common + " tsc=reliable tsc_early_khz=\(timestampKilohertz)"
    }

    /// Bubblewrap's options: the emulator with its libraries and firmware, and nothing else. Descriptors of filters begin
    /// with `firstFilter`.
    func jail(firstFilter: Int, links: [(path: String, target: String?)]) -> [String] {
        var words = [
            "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup",
            "--disable-userns", "--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL",
            "--uid", "65534", "--gid", "65534", "--clearenv",
        ]
        for index in 0..<filters { words += ["--add-seccomp-fd", "\(firstFilter &+ index)"] }
        words += ["--ro-bind", Self.emulator, Self.emulator, "--ro-bind", "/usr/lib/x86_64-linux-gnu"]
        words += ["/usr/lib/x86_64-linux-gnu"]
        for place in ["/usr/lib64", "/usr/share/qemu", "/usr/share/seabios"] {
            words += ["--ro-bind-try", place, place]
        }
        for link in links {
            words += link.target.map { ["--symlink", $0, link.path] } ?? ["--ro-bind-try", link.path, link.path]
        }
        words += ["--proc", "/proc", "--remount-ro", "/proc"]
        if isHardware { words += ["--dev-bind", "/dev/kvm", "/dev/kvm"] }
        words += ["--remount-ro", "/", "--chdir", "/"]
        words += ["--info-fd", "\(yett_job_information_target)", "--block-fd", "\(yett_job_barrier_target)"]
        return words
    }
}
