// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Rego

/// OPA's REST API over the policy that serves: documents, policies, health.
struct DocumentRoutes {
    let gate: any GateControl

    /// Why there is no writing, and what to do instead.
    private static let readOnly =
        "policies and data are read only here: edit the files that policy.files and policy.bundles name and type "
        + "yett reload, or publish a new bundle"

    func add(to router: Router<AdminContext>) {
        for path: RouterPath in ["v1/data", "v1/data/**"] {
            router.get(path) { request, context in await Self.answer { try await get(request, context) } }
            router.post(path) { request, context in await Self.answer { try await post(request, context) } }
        }
        for path: RouterPath in ["v0/data", "v0/data/**"] {
            router.post(path) { request, context in
                await Self.answer { try await bare(request, context, path: Self.segments(of: request.uri.path)) }
            }
        }
        router.post("") { request, context in await Self.answer { try await bare(request, context, path: nil) } }
        router.get("v1/query") { request, context in
            await Self.answer {
                try await query(request, context, text: request.uri.queryParameters["q"].map { String($0) })
            }
        }
        router.post("v1/query") { request, context in await Self.answer { try await query(request, context) } }
        for path: RouterPath in ["v1/data", "v1/data/**", "v1/policies", "v1/policies/**"] {
            for method: HTTPRequest.Method in [.put, .patch, .delete] {
                router.on(path, method: method) { _, _ in
                    await Self.answer { throw DocumentError.refused(Self.readOnly) }
                }
            }
        }
        router.get("v1/policies") { request, _ in await Self.answer { try await policies(request) } }
        router.get("v1/policies/**") { request, _ in await Self.answer { try await policy(request) } }
        router.get("health") { request, _ in await Self.answer { try await health(request) } }
    }

    // MARK: Documents

    private func get(_ request: Request, _ context: AdminContext) async throws -> Response {
        var query = DocumentQuery(path: Self.segments(of: request.uri.path))
        if let text = request.uri.queryParameters["input"] {
            query.input = Array(text.utf8)
            try DocumentBody.check(Array(text.utf8), "parameter contains malformed input document")
        }
        return try await evaluate(query, request, context, lacksInput: false)
    }

    private func post(_ request: Request, _ context: AdminContext) async throws -> Response {
        let body = try await DocumentBody.read(request)
        var query = DocumentQuery(path: Self.segments(of: request.uri.path))
        if !body.isEmpty {
            let heap = Heap()
            let document = try DocumentBody.read(body, heap, "body contains malformed input document")
            guard document.tag == .object else {
                throw DocumentError.malformed("body contains malformed input document: an object is expected")
            }
            let input = document.member(heap.string("input"))
            if input.isDefined { query.input = JSONWriter.bytes(input) }
        }
        return try await evaluate(query, request, context, lacksInput: query.input == nil)
    }

    private func evaluate(
        _ query: DocumentQuery, _ request: Request, _ context: AdminContext, lacksInput: Bool
    ) async throws -> Response {
        var query = query
        query.isStrict = Self.flag("strict-builtin-errors", request)
        query.isIndented = Self.flag("pretty", request)
        let answer = try await gate.evaluate(query, by: context.caller)
        var text = DocumentText(isIndented: query.isIndented)
        if let decision = answer.decision { text.add("decision_id", decision) }
        if Self.flag("provenance", request) {
            var provenance = DocumentText(isIndented: query.isIndented)
            for name in ["version", "build_commit", "build_timestamp", "build_hostname"] {
                provenance.add(name, name == "version" ? answer.version : "")
            }
            if !answer.bundles.isEmpty {
                var bundles = DocumentText(isIndented: false)
                for bundle in answer.bundles {
                    var version = DocumentText(isIndented: false)
                    version.add("revision", bundle.revision)
                    bundles.add(bundle.name, version)
                }
                provenance.add("bundles", bundles)
            }
            text.add("provenance", provenance)
        }
        if Self.flag("metrics", request) || Self.flag("instrument", request) {
            var metrics = DocumentText(isIndented: query.isIndented)
            for metric in answer.metrics { metrics.add(metric.name, json: Array(String(metric.value).utf8)) }
            text.add("metrics", metrics)
        }
        if let result = answer.result { text.add("result", json: result) }
        if lacksInput {
            var warning = DocumentText(isIndented: query.isIndented)
            warning.add("code", "api_usage_warning")
            warning.add("message", "'input' key missing from the request")
            text.add("warning", warning)
        }
        return Self.response(text.bytes, .ok)
    }

    /// Version 0: the body is the input, the answer the bare document.
    private func bare(_ request: Request, _ context: AdminContext, path: [String]?) async throws -> Response {
        let body = try await DocumentBody.read(request)
        var query = DocumentQuery(path: path)
        if !body.isEmpty {
            try DocumentBody.check(body, "body contains malformed input document")
            query.input = body
        }
        let answer = try await gate.evaluate(query, by: context.caller)
        guard let result = answer.result else {
            let name = (["data"] + answer.path).joined(separator: ".")
            throw DocumentError(status: 404, code: "undefined_document", message: "document missing: \(name)")
        }
        return Self.response(result + [UInt8(ascii: "\n")], .ok)
    }

    // MARK: Queries

    private func query(_ request: Request, _ context: AdminContext, text: String?) async throws -> Response {
        guard let text else { throw DocumentError.malformed("missing parameter 'q'") }
        return try await answers(to: text, input: nil, request, context)
    }

    private func query(_ request: Request, _ context: AdminContext) async throws -> Response {
        let body = try await DocumentBody.read(request)
        let heap = Heap()
        let document = try DocumentBody.read(body, heap, "error(s) occurred while decoding request")
        let text = document.tag == .object ? document.member(heap.string("query")) : .undefined
        guard text.isString else { throw DocumentError.malformed("missing required 'query' value") }
        let input = document.member(heap.string("input"))
        return try await answers(
            to: text.string, input: input.isDefined ? JSONWriter.bytes(input) : nil, request, context)
    }

    private func answers(
        to text: String, input: [UInt8]?, _ request: Request, _ context: AdminContext
    ) async throws -> Response {
        guard text.utf8.count <= Self.longestQuery else {
            throw DocumentError.malformed("the query is longer than \(Self.longestQuery) bytes")
        }
        var parameters = DocumentQuery(path: nil, input: input)
        parameters.isStrict = Self.flag("strict-builtin-errors", request)
        let answers = try await gate.answers(to: text, parameters, by: context.caller)
        var answer = DocumentText(isIndented: Self.flag("pretty", request))
        if let answers { answer.add("result", json: answers) }
        return Self.response(answer.bytes, .ok)
    }

    private static let longestQuery = 64 << 10

    // MARK: Policies

    private func policies(_ request: Request) async throws -> Response {
        let isIndented = Self.flag("pretty", request)
        var list = Array("[".utf8)
        for (position, policy) in try await gate.policies().enumerated() {
            if position > 0 { list += ",".utf8 }
            list += Self.text(of: policy)
        }
        var text = DocumentText(isIndented: isIndented)
        text.add("result", json: list + Array("]".utf8))
        return Self.response(text.bytes, .ok)
    }

    private func policy(_ request: Request) async throws -> Response {
        let id = Self.segments(of: request.uri.path).joined(separator: "/")
        // A name that begins with a slash is asked for without it.
        let found = try await gate.policies().first { policy in
            policy.id.utf8.elementsEqual(id.utf8) || policy.id.utf8.elementsEqual("/\(id)".utf8)
        }
        guard let found else { throw DocumentError.missing("storage_not_found_error: policy id \"\(id)\"") }
        var text = DocumentText(isIndented: Self.flag("pretty", request))
        text.add("result", json: Self.text(of: found))
        return Self.response(text.bytes, .ok)
    }

    private static func text(of policy: PolicyText) -> [UInt8] {
        var text = DocumentText(isIndented: false)
        text.add("id", policy.id)
        text.add("raw", String(decoding: policy.bytes, as: UTF8.self))
        return text.bytes.dropLast()
    }

    // MARK: Health

    private func health(_ request: Request) async throws -> Response {
        let status = try await gate.status()
        if Self.flag("cluster", request), let cluster = status.cluster, !cluster.isFresh || cluster.isClockDoubtful {
            return Self.unwell(cluster.isFresh ? "the clock is not trusted" : "the state that gates share is too old")
        }
        guard Self.flag("bundles", request) || Self.flag("plugins", request),
            !(status.bundles.allSatisfy { $0.isActive || $0.isCandidate == true })
        else { return Self.response([UInt8]("{}\n".utf8), .ok) }
        return Self.unwell(
            Self.flag("bundles", request) ? "one or more bundles are not activated" : "one or more plugins are not up")
    }

    private static func unwell(_ why: String) -> Response {
        var text = DocumentText(isIndented: false)
        text.add("error", why)
        return response(text.bytes, .internalServerError)
    }

    // MARK: Parts of requests

    /// The segments behind `/v1/data` and the like.
    private static func segments(of path: String) -> [String] {
        path.split(separator: "/").dropFirst(2).map { $0.removingURLPercentEncoding() ?? String($0) }
    }

    private static func flag(_ name: Substring, _ request: Request) -> Bool {
        switch request.uri.queryParameters[name] {
        case "true", "1", "": true
        default: false
        }
    }

    // MARK: Responses

    private static func answer(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let error as DocumentError {
            return response(text(of: error), HTTPResponse.Status(code: error.status))
        } catch {
            let failure = DocumentError(status: 500, code: "internal_error", message: "\(error)")
            return response(text(of: failure), .internalServerError)
        }
    }

    private static func text(of error: DocumentError) -> [UInt8] {
        var text = DocumentText(isIndented: true)
        text.add("code", error.code)
        text.add("message", error.message)
        if !error.errors.isEmpty {
            var list = Array("[".utf8)
            for (position, error) in error.errors.enumerated() {
                if position > 0 { list += ",".utf8 }
                var entry = DocumentText(isIndented: false)
                entry.add("code", error.code)
                entry.add("message", error.message)
                var location = DocumentText(isIndented: false)
                location.add("file", error.file)
                location.add("row", json: Array(String(error.location.row).utf8))
                location.add("col", json: Array(String(error.location.column).utf8))
                entry.add("location", location)
                list += entry.bytes.dropLast()
            }
            text.add("errors", json: list + Array("]".utf8))
        }
        return text.bytes
    }

    private static func response(_ bytes: [UInt8], _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Substring {
    /// The text without its percent escapes.
    fileprivate func removingURLPercentEncoding() -> String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
