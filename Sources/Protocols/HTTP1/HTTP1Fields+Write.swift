// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension HTTP1Fields {
    /// Writes every field that passes, `dropped` and nominated ones left out. Runs of lines that already have their
    /// final form are copied in one piece; in the others whitespace around the value is written anew.
    func write(to writer: inout ByteWriter, from bytes: UnsafeRawBufferPointer, dropping dropped: UInt32) {
        let hasNominations = signals.contains(.nominates)
        var runStart = 0
        var runEnd = 0
        for field in all {
            if dropped & field.knownName.bit != 0 { continue }
            if hasNominations, isNominated(field, in: bytes) { continue }
            let start = Int(field.nameStart)
            if field.isCanonicalLine {
                if start != runEnd {
                    writer.append(ByteRange(runStart, runEnd).slice(of: bytes))
                    runStart = start
                }
                runEnd = field.value.end &+ 2
                continue
            }
            writer.append(ByteRange(runStart, runEnd).slice(of: bytes))
            (runStart, runEnd) = (0, 0)
            writer.append(field.name.slice(of: bytes))
            writer.append(": ")
            writer.append(field.value.slice(of: bytes))
            writer.append("\r\n")
        }
        writer.append(ByteRange(runStart, runEnd).slice(of: bytes))
    }
}
