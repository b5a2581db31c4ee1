// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// The parts of the system that a launch cannot do without, each with what brings it.
enum Prerequisites {
    static func bubblewrap() throws(LaunchError) -> Descriptor {
        for path in ["/usr/bin/bwrap", "/usr/local/bin/bwrap"] {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            if file >= 0 { return Descriptor(file) }
        }
        throw .missing("bubblewrap is not installed: apt-get install bubblewrap")
    }

    /// The helper beside the running executable, in its `libexec`, or where the plan says.
    static func helper(_ given: String?) throws(LaunchError) -> Descriptor {
        var candidates: [String] = []
        if let given {
            candidates = [given]
        } else if let executable = Path.real("/proc/self/exe") {
            let directory = Path.parent(executable)
            candidates = [directory + "/yett-jail", Path.parent(directory) + "/libexec/yett/yett-jail"]
        }
        for path in candidates {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            if file >= 0 { return Descriptor(file) }
        }
        throw .missing(
            "the helper yett-jail is missing, it belongs at \(candidates.joined(separator: " or ")): install it again")
    }

    static func kernel() throws(LaunchError) {
        if setting("/proc/sys/user/max_user_namespaces") == 0 {
            throw .missing("user namespaces are switched off: sysctl -w user.max_user_namespaces=15000")
        }
        if setting("/proc/sys/kernel/unprivileged_userns_clone") == 0 {
            throw .missing(
                "user namespaces are switched off for ordinary users: sysctl -w kernel.unprivileged_userns_clone=1")
        }
        if access("/proc/sys/kernel/seccomp/actions_avail", F_OK) != 0 {
            throw .missing("the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)")
        }
    }

    /// What may be behind a failure of bubblewrap that it cannot name itself.
    static var hint: String {
        if setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1 {
            return "; AppArmor restricts user namespaces here: allow bubblewrap in a profile, or "
                + "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        }
        return "; bubblewrap's own message stands above (0.8 or newer is needed)"
    }

    private static func setting(_ path: String) -> Int? {
        guard let bytes = SystemFiles.contents(of: path, atMost: 64) else { return nil }
        return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
