// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The member names of the input documents as strings of the policy, so that look-ups compare addresses.
struct FactKeys: @unchecked Sendable {
    let actorChain, address, addresses, arguments, attributes, authTime, body, certificate, contextExtensions: Value
    let destination: Value
    let encoding, expires, extAuthz, gid, groups, headers, host, http, id, identity, issuer, labels, method, name: Value
    let operation, parsedBody, parsedPath, parsedQuery, path, person, pid, plane, port, portValue: Value
    let principal, proof, `protocol`, purpose, query, rawBody, request, risk, scheme, score, selectors: Value
    let service, signals: Value
    let size, socketAddress, source, strength, subject, task, time, tool, truncatedBody, uid, version, yett,
        services: Value
    let authorityField, methodField, pathField, schemeField: Value
    /// Strings of the input whose text is the same for many requests.
    let planes: [Plane: Value]
    let operations: [Operation.Name: Value]

    /// Enters the names into a policy's strings; nobody may read them at the same time.
    init(_ symbols: SymbolTable) {
        func key(_ text: String) -> Value { symbols.intern(Array(text.utf8)) }
        actorChain = key("actor_chain")
        address = key("address")
        addresses = key("addresses")
        arguments = key("arguments")
        attributes = key("attributes")
        authTime = key("auth_time")
        body = key("body")
        certificate = key("certificate")
        contextExtensions = key("contextExtensions")
        destination = key("destination")
        encoding = key("encoding")
        expires = key("expires")
        extAuthz = key("ext_authz")
        gid = key("gid")
        groups = key("groups")
        headers = key("headers")
        host = key("host")
        http = key("http")
        id = key("id")
        identity = key("identity")
        issuer = key("issuer")
        labels = key("labels")
        method = key("method")
        name = key("name")
        operation = key("operation")
        parsedBody = key("parsed_body")
        parsedPath = key("parsed_path")
        parsedQuery = key("parsed_query")
        path = key("path")
        person = key("person")
        pid = key("pid")
        plane = key("plane")
        port = key("port")
        portValue = key("portValue")
        principal = key("principal")
        proof = key("proof")
        `protocol` = key("protocol")
        purpose = key("purpose")
        query = key("query")
        rawBody = key("rawBody")
        request = key("request")
        risk = key("risk")
        scheme = key("scheme")
        score = key("score")
        selectors = key("selectors")
        service = key("service")
        signals = key("signals")
        size = key("size")
        socketAddress = key("socketAddress")
        source = key("source")
        strength = key("strength")
        subject = key("subject")
        task = key("task")
        time = key("time")
        tool = key("tool")
        truncatedBody = key("truncated_body")
        uid = key("uid")
        version = key("version")
        yett = key("yett")
        services = key("services")
        authorityField = key(":authority")
        methodField = key(":method")
        pathField = key(":path")
        schemeField = key(":scheme")
        planes = Dictionary(uniqueKeysWithValues: Plane.allCases.map { ($0, key($0.rawValue)) })
        operations = Dictionary(uniqueKeysWithValues: Operation.Name.allCases.map { ($0, key($0.rawValue)) })
    }
}
