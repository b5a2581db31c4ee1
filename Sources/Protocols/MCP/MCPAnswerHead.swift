// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The head of a server's HTTP answer, as far as MCP gives its parts a meaning.
public struct MCPAnswerHead: Sendable {
    /// What follows the head.
    public enum Form: Sendable, Hashable {
        /// One JSON-RPC message.
        case json
        /// A stream of events.
        case eventStream
        /// Nothing: a notification or a response was taken.
        case accepted
        /// An error status. The body is a JSON-RPC error when `isJSON`, and of no interest else.
        case failed(status: UInt16, isJSON: Bool)
    }

    /// What follows.
    public let form: Form

    /// The session that the server opened with its answer to `initialize`.
    public let session: String?

    /// Judges the head of the answer to a request. Fields that have no meaning here are ignored and not passed on.
    public init(status: UInt16, fields: [MCPField], to request: MCPRequest) throws(MCPRefusal) {
        do throws(MCPResponseRefusalReason) {
            var type: String?
            var session: String?
            for field in fields.prefix(512) {
                let name = field.name.utf8.map(ByteScan.lowercase)
                if name.elementsEqual("content-type".utf8) {
                    guard type == nil else { throw .duplicateField }
                    type = field.value
                } else if name.elementsEqual("content-encoding".utf8) {
                    guard field.value.utf8.map(ByteScan.lowercase).elementsEqual("identity".utf8) else {
                        throw .contentEncoding
                    }
                } else if name.elementsEqual("mcp-session-id".utf8) {
                    guard session == nil else { throw .duplicateField }
                    session = field.value
                }
            }
            guard request.method == .initialize, let session else {
                self.session = nil
                form = try Self.form(status, type, request)
                return
            }
            guard !session.isEmpty, session.utf8.count <= 1024, session.utf8.allSatisfy(ByteSet.visible.contains) else {
                throw .badSession
            }
            self.session = session
            form = try Self.form(status, type, request)
        } catch { throw MCPRefusal(.response(error), fault: .server, id: request.id) }
    }

    private static func form(
        _ status: UInt16, _ type: String?, _ request: MCPRequest
    ) throws(MCPResponseRefusalReason) -> Form {
        let isJSON = MediaTypes.isUTF8(type, "application/json")
        switch status {
        case 400..<600: return .failed(status: status, isJSON: isJSON)
        case 200..<300: break
        default: throw .status
        }
        let opensStream = if case .openStream = request.operation { true } else { false }
        guard request.id != nil || opensStream else { return .accepted }
        guard status == 200 else { throw .status }
        if MediaTypes.isUTF8(type, "text/event-stream") { return .eventStream }
        guard isJSON, !opensStream else { throw .contentType }
        return .json
    }
}
