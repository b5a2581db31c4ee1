// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension CertificateChain.Demands {
    /// Names of purposes, at the position of Go's number.
    private static let purposeNames: [StaticString] = [
        "KeyUsageAny", "KeyUsageServerAuth", "KeyUsageClientAuth", "KeyUsageCodeSigning", "KeyUsageEmailProtection",
        "KeyUsageIPSECEndSystem", "KeyUsageIPSECTunnel", "KeyUsageIPSECUser", "KeyUsageTimeStamping",
        "KeyUsageOCSPSigning", "KeyUsageMicrosoftServerGatedCrypto", "KeyUsageNetscapeServerGatedCrypto",
        "KeyUsageMicrosoftCommercialCodeSigning", "KeyUsageMicrosoftKernelCodeSigning",
    ]

    /// Reads the options of `crypto.x509.parse_and_verify_certificates_with_options`.
    init(options: Value, seconds: Int64) throws(BuiltinFailure) {
        self.init(seconds: seconds)
        for (key, value) in options.members where key.isString {
            if key.isText("DNSName") {
                if !value.isString { throw .value("'DNSName' should be a string") }
                hostName = value.utf8.isEmpty ? nil : Array(value.utf8)
            } else if key.isText("CurrentTime") {
                if !value.isNumber { throw .value("'CurrentTime' should be a number") }
                guard let time = value.exactInteger else {
                    throw .value("'CurrentTime' should be a valid int64 number")
                }
                self.seconds = time / 1_000_000_000
            } else if key.isText("MaxConstraintComparisons") {
                // Taken, though the number of comparisons is bounded by the size of the operand anyway.
                if !value.isNumber { throw .value("'MaxConstraintComparisons' should be a number") }
                if value.exactInteger == nil { throw .value("'MaxConstraintComparisons' should be a valid number") }
            } else if key.isText("KeyUsages") {
                try readPurposes(value)
            } else {
                throw .value("invalid key option")
            }
        }
    }

    private mutating func readPurposes(_ list: Value) throws(BuiltinFailure) {
        guard list.tag == .array || list.tag == .set else { throw .value("'KeyUsages' should be an Array or Set") }
        var unknown: [String] = []
        for name in list.elements where name.isString {
            if let purpose = Self.purposeNames.firstIndex(where: { name.isText($0) }) {
                purposes.append(Int64(purpose))
            } else {
                unknown.append(name.string)
            }
        }
        if !unknown.isEmpty {
            throw .value("invalid entries for 'KeyUsages' found: [\(unknown.joined(separator: " "))]")
        }
    }
}
