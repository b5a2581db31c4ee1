// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Evaluator {
    /// Notes that execution came by an instruction.
    @inline(never)
    func note(_ place: Int) {
        if notedPlaces.indices.contains(place) { notedPlaces[place] = true }
    }

    /// The places of statements that were looked at and of rules that had a value, in all evaluations so far; none unless
    /// the program notes places.
    public var visitedPlaces: Set<Location> {
        var result: Set<Location> = []
        for (place, isNoted) in notedPlaces.enumerated() where isNoted { result.insert(program.locations[place]) }
        return result
    }
}
