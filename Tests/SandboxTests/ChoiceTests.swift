// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox
import Testing

/// For all isolations × demands: what runs is never weaker than what was demanded.
@Suite struct ChoiceTests {
    /// Every isolation that can be described.
    static let isolations: [SandboxIsolation] = {
        var all: [SandboxIsolation] = []
        let accelerations: [SandboxAcceleration?] = SandboxAcceleration.allCases + [nil]
        for wall in SandboxStrength.allCases {
            for acceleration in accelerations {
                for groups in SandboxGroups.allCases {
                    for flags in 0..<8 {
                        all.append(
                            SandboxIsolation(
                                driver: "any", wall: wall, acceleration: acceleration, isJailed: flags & 1 != 0,
                                isFiltered: flags & 2 != 0, groups: groups, hasAtomicKill: false,
                                hasOwnUser: flags & 4 != 0, isOneShot: true, image: ""))
                    }
                }
            }
        }
        return all
    }()

    /// Every demand that can be made.
    static let requirements: [SandboxRequirement] = {
        var all: [SandboxRequirement] = []
        let accelerations: [SandboxAcceleration?] = SandboxAcceleration.allCases + [nil]
        for strength in SandboxStrength.allCases {
            for acceleration in accelerations {
                for flags in 0..<16 {
                    var requirement = SandboxRequirement()
                    requirement.strength = strength
                    requirement.acceleration = acceleration
                    requirement.needsJail = flags & 1 != 0
                    requirement.needsFilter = flags & 2 != 0
                    requirement.needsGroups = flags & 4 != 0
                    requirement.needsOwnUser = flags & 8 != 0
                    all.append(requirement)
                }
            }
        }
        return all
    }()

    /// The demand in plain terms, written apart from the code under test.
    private static func meets(_ isolation: SandboxIsolation, _ demand: SandboxRequirement) -> Bool {
        let order: [SandboxStrength] = [.namespace, .wasm, .userKernel, .vm]
        var wall = isolation.wall
        let isReal = isolation.acceleration == .hardware || isolation.acceleration == .ring3
        if wall == .vm, !isReal, !isolation.isJailed { wall = .userKernel }
        guard let has = order.firstIndex(of: wall), let wants = order.firstIndex(of: demand.strength) else {
            return false
        }
        return has >= wants && (demand.acceleration == nil || demand.acceleration == isolation.acceleration)
            && (isolation.isJailed || !demand.needsJail) && (isolation.isFiltered || !demand.needsFilter)
            && (isolation.groups != .none || !demand.needsGroups) && (isolation.hasOwnUser || !demand.needsOwnUser)
    }

    @Test("never chooses below the demand, and refuses only where nothing meets it")
    func neverBelow() throws {
        var chosen = 0
        var refused = 0
        for requirement in Self.requirements {
            for isolation in Self.isolations {
                let probes = [
                    SandboxProbe(
                        driver: "absent", verdict: .unusable(reason: "it is not there", remedy: "bring it"),
                        microseconds: 0, boot: ""),
                    SandboxProbe(
                        driver: "any", verdict: .usable(isolation, [.python]), microseconds: 0, boot: ""),
                ]
                do {
                    let choice = try SandboxChoice.choose(for: .python, demanding: requirement, among: probes)
                    if choice.index != 1 || !Self.meets(choice.isolation, requirement) {
                        Issue.record("\(isolation) was chosen for \(requirement)")
                    }
                    chosen += 1
                } catch {
                    if Self.meets(isolation, requirement) || error.kind != .unsatisfied {
                        Issue.record("\(isolation) was refused for \(requirement): \(error)")
                    }
                    refused += 1
                }
            }
        }
        #expect(chosen > 1000 && refused > 1000)
        #expect(chosen + refused == Self.isolations.count * Self.requirements.count)
    }

    @Test("of several drivers takes the first that meets the demand, whatever the order")
    func severalDrivers() {
        var seed: UInt64 = 0x5eed
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(bound))
        }
        for _ in 0..<20_000 {
            let requirement = Self.requirements[random(Self.requirements.count)]
            let kind = SandboxProgramKind.allCases[random(4)]
            let probes = (0..<random(6)).map { number in
                let kinds = Set(SandboxProgramKind.allCases.filter { _ in random(2) == 0 })
                let isolation = Self.isolations[random(Self.isolations.count)]
                let verdict: SandboxVerdict =
                    random(4) == 0 ? .unusable(reason: "gone", remedy: "") : .usable(isolation, kinds)
                return SandboxProbe(driver: "\(number)", verdict: verdict, microseconds: 0, boot: "")
            }
            let expected = probes.firstIndex { probe in
                guard case .usable(let isolation, let kinds) = probe.verdict else { return false }
                return kinds.contains(kind) && Self.meets(isolation, requirement)
            }
            let found = try? SandboxChoice.choose(for: kind, demanding: requirement, among: probes).index
            #expect(found == expected)
        }
    }

    @Test("says for each driver why not")
    func reasons() {
        var requirement = SandboxRequirement()
        requirement.strength = .vm
        let weak = SandboxIsolation(
            driver: "namespace", wall: .namespace, acceleration: nil, isJailed: false, isFiltered: true, groups: .v1,
            hasAtomicKill: true, hasOwnUser: true, isOneShot: true, image: "")
        let probes = [
            SandboxProbe(driver: "namespace", verdict: .usable(weak, [.python]), microseconds: 0, boot: ""),
            SandboxProbe(
                driver: "microvm",
                verdict: .unusable(reason: "QEMU is missing", remedy: "apt-get install qemu-system-x86"),
                microseconds: 0, boot: ""),
        ]
        let error = #expect(throws: SandboxError.self) {
            try SandboxChoice.choose(for: .python, demanding: requirement, among: probes)
        }
        let wanted =
            "no sandbox here meets the demand: namespace: its strength is namespace, vm is demanded; "
            + "microvm: QEMU is missing (apt-get install qemu-system-x86)"
        #expect(error?.description == wanted)
        let nothing = #expect(throws: SandboxError.self) {
            try SandboxChoice.choose(for: .python, demanding: requirement, among: [])
        }
        #expect(nothing?.description.contains("no driver is switched on") == true)
    }

    @Test("two demands together are no weaker than either")
    func bothDemands() {
        for first in Self.requirements {
            for second in Self.requirements.reversed().prefix(97) {
                guard let both = first.and(second) else {
                    #expect(first.acceleration != nil && second.acceleration != nil)
                    continue
                }
                for isolation in Self.isolations.prefix(200) where both.lacks(isolation).isEmpty {
                    if !first.lacks(isolation).isEmpty || !second.lacks(isolation).isEmpty {
                        Issue.record("\(first) and \(second) became \(both)")
                    }
                }
            }
        }
    }
}
