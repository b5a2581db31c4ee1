// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `aws`.
    func readAWS(_ value: Value) -> AWSKeys? {
        guard var section = value.mapping("aws") else { return nil }
        let key = section.required("access_key_id").flatMap { readKeyID($0) }
        let secretKey = section.required("secret_access_key").flatMap { secret($0) }
        let session = section.value("session_token")
        let region = section.required("region").flatMap { readAWSName($0, "a region such as eu-west-1") }
        let service = section.required("service").flatMap { readAWSName($0, "a service such as bedrock") }
        let payloads: KeyValuePairs<String, AWSKeys.Payload> = ["hashed": .hashed, "unsigned": .unsigned]
        let payload = section.value("payload")
        section.finish(isSecret: true)
        let reference = session.flatMap { secret($0) }
        guard let key, let secretKey, let region, let service, session == nil || reference != nil else { return nil }
        var keys = AWSKeys(accessKeyID: key, secretAccessKey: secretKey, region: region, service: service)
        keys.sessionToken = reference
        if let payload, let word = payload.word(payloads) {
            keys.payload = word
            if word == .unsigned, !service.utf8.elementsEqual("s3".utf8) {
                payload.error("only s3 takes requests whose body is not signed")
            }
        }
        return keys
    }

    /// The public name of a key. Its secret part is longer, and may have been put here by mistake.
    private func readKeyID(_ value: Value) -> String? {
        guard let text = value.text("the identifier of an access key") else { return nil }
        let isPlain = Self.consists(text, ofLettersDigitsAnd: "_")
        guard (1...32).contains(text.utf8.count), isPlain else {
            value.error("the identifier of an access key is expected here, 1 to 32 letters and digits, not its secret")
            return nil
        }
        return text
    }

    private func readAWSName(_ value: Value, _ expected: String) -> String? {
        guard let text = value.text(expected) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard (1...64).contains(text.utf8.count), isPlain else {
            value.error("\(expected) is expected here, in lower case")
            return nil
        }
        return text
    }
}
