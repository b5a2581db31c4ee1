package yett.authz

# Nobody reads tickets with this policy. Try it: yett policy replay --against examples/policy-commands/gate
deny contains {"code": "tickets_closed", "message": "tickets are closed"} if {
	startswith(input.destination.host, "tickets.")
}
