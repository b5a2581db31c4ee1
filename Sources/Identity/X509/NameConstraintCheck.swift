// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import X509

/// Whether names lie within what an authority may vouch for (RFC 5280 section 4.2.1.10).
///
/// A constraint or a name that cannot be compared refuses the path; nothing passes because it was not understood.
struct NameConstraintCheck {
    /// Comparisons that are left.
    private(set) var comparisons: Int

    init(comparisons: Int) { self.comparisons = comparisons }

    mutating func check(_ names: [GeneralName], against constraints: NameConstraints) throws(PathError) {
        let count = constraints.permittedSubtrees.count &+ constraints.excludedSubtrees.count
        try spend(count)
        let permitted = try subtrees(constraints.permittedSubtrees)
        let excluded = try subtrees(constraints.excludedSubtrees)
        for name in names {
            try spend(count)
            try check(ConstrainedName(name), permitted: permitted, excluded: excluded)
        }
    }

    private mutating func spend(_ count: Int) throws(PathError) {
        guard count <= comparisons else { throw .tooMuchWork }
        comparisons &-= count
    }

    private func subtrees(_ names: [GeneralName]) throws(PathError) -> [ConstrainedSubtree] {
        var subtrees: [ConstrainedSubtree] = []
        for name in names {
            guard let subtree = ConstrainedSubtree(name) else { throw .nameConstraint }
            subtrees.append(subtree)
        }
        return subtrees
    }

    private func check(
        _ name: ConstrainedName, permitted: [ConstrainedSubtree], excluded: [ConstrainedSubtree]
    ) throws(PathError) {
        var isPermitted = true
        for subtree in permitted where subtree.form == name.form {
            isPermitted = subtree.contains(name)
            if isPermitted { break }
        }
        guard isPermitted, !excluded.contains(where: { $0.form == name.form && $0.overlaps(name) }) else {
            throw .nameConstraint
        }
    }
}
