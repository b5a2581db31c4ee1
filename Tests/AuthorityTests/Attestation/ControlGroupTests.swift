// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Authority

@Suite struct ControlGroupTests {
    private static let hex = String(repeating: "0123456789abcdef", count: 4)
    private static let other = String(repeating: "f", count: 64)

    @Test(
        arguments: [
            ("0::/system.slice/agent.service", "agent.service", nil),
            ("0::/system.slice/system-agent.slice/agent@1.service", "agent@1.service", nil),
            ("0::/system.slice/agent.service/sub/other.service", "agent.service", nil),
            ("0::/user.slice/user-1000.slice/session-1.scope", "session-1.scope", nil),
            // Whoever has a user's service manager may name units as he likes.
            ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/agent.service", "user@1000.service", nil),
            ("0::/", nil, nil),
            ("0::/agent.service.d/agent.service", nil, nil),
            ("0::/init.scope", "init.scope", nil),
            ("0::/system.slice/docker-\(hex).scope", "docker-\(hex).scope", hex),
            ("0::/system.slice/docker-\(hex).scope/docker/\(other)", "docker-\(hex).scope", hex),
            ("0::/machine.slice/libpod-\(hex).scope/container", "libpod-\(hex).scope", hex),
            ("0::/docker/\(hex)", nil, hex),
            ("0::/kubepods/burstable/pod1/\(hex)", nil, hex),
            (
                "0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-\(hex).scope",
                "cri-containerd-\(hex).scope", hex
            ),
            // A user's own groups prove no container.
            (
                "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(hex).scope", "user@1000.service",
                nil
            ),
            ("12:cpu:/docker/\(hex)\n1:name=systemd:/system.slice/agent.service\n0::/", "agent.service", nil),
            ("4:memory:/a\n1:name=systemd:/docker/\(hex)\n0::/system.slice/x.service", nil, hex),
        ] as [(String, String?, String?)])
    func `finds the unit and the container that the system made`(file: String, unit: String?, container: String?) throws
    {
        let group = try #require(ControlGroup(file: Array(file.utf8)))
        #expect(group.unit == unit)
        #expect(group.container == container)
    }

    @Test(arguments: ["", "0::", "0::relative", "garbage", "0::/../../system.slice/agent.service", "0:/", "0::/a\n:"])
    func `believes nothing of a file that is not as the kernel writes it`(file: String) {
        #expect(ControlGroup(file: Array(file.utf8)) == nil)
    }
}
