// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import NIOHPACK

extension HPACKHeaders {
    /// Hands over the bytes of each decoded field, in order, without a copy.
    @inline(__always)
    package func forEachField(_ take: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        for (name, value, _) in self {
            var (name, value) = (name, value)
            name.withUTF8 { name in
                value.withUTF8 { value in take(UnsafeRawBufferPointer(name), UnsafeRawBufferPointer(value)) }
            }
        }
    }
}
