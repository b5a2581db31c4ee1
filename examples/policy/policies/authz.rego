package yett.authz

deny contains {"code": "weak_identity", "message": "production asks for a certificate"} if {
	endswith(input.destination.host, ".prod.example.com")
	input.identity.proof != "x509-svid"
}

hold contains {"code": "payments", "message": "a person must agree"} if {
	input.destination.host in data.app.ask_first
}

deny contains {"code": "read_only", "message": "this week only reading"} if {
	input.operation.name == "request"
	not input.http.method in {"GET", "HEAD"}
}
