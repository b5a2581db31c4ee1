// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The members of one kind of object in A2A, and a search for others that a second reader takes for them.
///
/// Readers made from protocol buffers take `task_id` for `taskId`, and the last of both; others match without regard to
/// case. A gate that reads `taskId` must not let an agent read something else.
struct A2AMembers: Sendable {
    private let known: [[UInt8]: String]

    init(_ names: [String]) {
        known = Dictionary(names.map { (Self.folded($0), $0) }) { first, _ in first }
    }

    /// The known members of an object, without those that are `null`.
    func known(of object: JSONObject) throws(A2ARefusalReason) -> JSONObject {
        var result = JSONObject()
        try judge(object)
        for member in object.members where !member.value.isNull {
            guard known[Self.folded(member.name)] != nil else { continue }
            result[member.name] = member.value
        }
        return result
    }

    /// Refuses an object with a name that could be taken for a known one.
    func judge(_ object: JSONObject) throws(A2ARefusalReason) {
        for member in object.members {
            if member.name.utf8.elementsEqual("__proto__".utf8) { throw .ambiguousName }
            guard let exact = known[Self.folded(member.name)] else { continue }
            guard exact.utf8.elementsEqual(member.name.utf8) else { throw .ambiguousName }
        }
    }

    /// The name with ASCII letters in lower case and without `_` and `-`; so are the two other characters whose case
    /// folding is an ASCII letter.
    static func folded(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count)
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x5f, 0x2d: continue
            case 0x17f: bytes.append(0x73)
            case 0x212a: bytes.append(0x6b)
            case 0..<0x80: bytes.append(ByteScan.lowercase(UInt8(truncatingIfNeeded: scalar.value)))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }

    static let send = A2AMembers(["configuration", "message", "metadata", "tenant"])
    static let message = A2AMembers([
        "contextId", "extensions", "kind", "messageId", "metadata", "parts", "referenceTaskIds", "role", "taskId",
    ])
    static let part = A2AMembers([
        "data", "file", "filename", "kind", "mediaType", "metadata", "raw", "text", "url",
    ])
    static let file = A2AMembers(["bytes", "mimeType", "name", "uri"])
    static let configuration = A2AMembers([
        "acceptedOutputModes", "blocking", "historyLength", "pushNotificationConfig", "returnImmediately",
        "taskPushNotificationConfig",
    ])
    static let push = A2AMembers(["authentication", "id", "taskId", "tenant", "token", "url"])
    static let oldSetPush = A2AMembers(["metadata", "pushNotificationConfig", "taskId"])
    static let task = A2AMembers(["historyLength", "id", "metadata", "tenant"])
    static let list = A2AMembers([
        "contextId", "historyLength", "includeArtifacts", "lastUpdatedAfter", "metadata", "pageSize", "pageToken",
        "status", "statusTimestampAfter", "tenant",
    ])
    static let namedPush = A2AMembers(["id", "metadata", "pageSize", "pageToken", "taskId", "tenant"])
    static let oldNamedPush = A2AMembers(["id", "metadata", "pushNotificationConfigId"])
    static let card = A2AMembers(["metadata", "tenant"])

    // Answers.
    static let wrapper = A2AMembers(["artifactUpdate", "kind", "message", "statusUpdate", "task"])
    static let taskResult = A2AMembers(["artifacts", "contextId", "history", "id", "kind", "metadata", "status"])
    static let update = A2AMembers([
        "append", "artifact", "contextId", "final", "kind", "lastChunk", "metadata", "status", "taskId",
    ])
    static let listResult = A2AMembers(["nextPageToken", "pageSize", "tasks", "totalSize"])
    static let pushResult = A2AMembers([
        "authentication", "id", "pushNotificationConfig", "taskId", "tenant", "token", "url",
    ])
    static let pushList = A2AMembers(["configs", "nextPageToken"])
}

/// Which identifiers and skills are taken.
public enum A2ANames {
    /// Whether a text is an identifier of a task, a conversation or a place.
    public static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// Whether a skill's name can be called and granted.
    public static func isSkill(_ name: String) -> Bool { MCPNames.isToolName(name) }

    /// Whether a segment of a path is plain: unreserved characters only.
    static func isPlain(_ segment: some Collection<UInt8>) -> Bool {
        !segment.isEmpty && segment.count <= 256 && segment.allSatisfy(ByteSet.unreserved.contains)
            && !segment.allSatisfy { $0 == 0x2e }
    }
}
