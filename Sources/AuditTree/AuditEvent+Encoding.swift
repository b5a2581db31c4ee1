// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension AuditEvent {
    /// Encodes the record and appends it.
    public func encode(into buffer: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.largestRecord) { space in
            let count = encode(into: space)
            buffer.append(contentsOf: UnsafeBufferPointer(rebasing: space[..<count]))
        }
    }

    /// Encodes the record at the start of `space`, which must hold `largestRecord` bytes.
    ///
    /// - Returns: the number of bytes written; 0 when the space is too small.
    public func encode(into space: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard space.count >= Self.largestRecord, let base = space.baseAddress else { return 0 }
        var writer = RecordWriter(base: base, capacity: Self.largestRecord, longestText: Self.longestText)
        write(to: &writer)
        if writer.isFull {
            writer = RecordWriter(base: base, capacity: Self.largestRecord, longestText: Self.shortenedText)
            write(to: &writer)
        }
        return writer.count
    }

    // The members in the order of RFC 8785 section 3.2.3, which for ASCII names is the order of their bytes.
    private func write(to writer: inout RecordWriter) {
        writer.list(",\"actors\":", actors)
        writer.text(",\"address\":", address)
        writer.text(",\"agent\":", agent)
        writer.text(",\"argument_sha256\":", argumentSHA256)
        writer.number(",\"bytes_down\":", bytesDown)
        writer.number(",\"bytes_up\":", bytesUp)
        writer.text(",\"cause\":", cause)
        writer.text(",\"connection\":", connection)
        writer.text(",\"decision\":", decision)
        writer.text(",\"detail\":", detail)
        writer.text(",\"durability\":", durability)
        writer.number(",\"duration_us\":", duration)
        writer.text(",\"effect\":", effect)
        writer.list(",\"evidence\":", evidence)
        writer.text(",\"grant\":", grant)
        writer.text(",\"host\":", host)
        writer.text(",\"kind\":", kind.rawValue)
        writer.list(",\"labels\":", labels)
        writer.text(",\"method\":", method)
        writer.list(",\"obligations\":", obligations)
        writer.text(",\"operation\":", operation)
        writer.number(",\"outbound_bits\":", outboundBits)
        writer.text(",\"path\":", path)
        writer.text(",\"path_sha256\":", pathSHA256)
        writer.text(",\"person\":", person)
        writer.text(",\"plane\":", plane)
        writer.number(",\"port\":", port.map(Int64.init))
        writer.text(",\"proof\":", proof)
        writer.text(",\"provenance\":", provenance)
        writer.list(",\"reasons\":", reasons)
        writer.text(",\"revision\":", revision)
        writer.number(",\"risk_permille\":", riskPermille.map(Int64.init))
        writer.text(",\"role\":", role)
        writer.text(",\"service\":", service)
        writer.text(",\"source\":", source)
        writer.number(",\"strength\":", strength.map(Int64.init))
        writer.text(",\"task\":", task)
        writer.number(",\"time_us\":", time)
        writer.text(",\"tool\":", tool)
        writer.text(",\"verdict\":", verdict?.rawValue)
        writer.finish()
    }
}
