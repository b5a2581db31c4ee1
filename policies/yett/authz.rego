# METADATA
# title: The policy of the gate
# description: |
#   The gate asks for data.yett.authz.verdict before it lets any request through. This policy allows what the grants
#   of the configuration cover. Files of your own in the same package add to it; one that defines verdict replaces it.
package yett.authz

verdict := {
	"allow": allow,
	"deny": deny,
	"hold": hold,
	"obligations": obligations,
	"sandbox": sandbox,
}

default allow := false

# A grant of the agent covers the request.
allow if yett.granted(input)

# What is refused in spite of a grant, each as {"code": ..., "message": ...}. One element is enough to refuse.
deny contains {"code": "never", "message": "nothing is refused beyond the grants"} if false

# What waits for a person's consent, in the form of denials.
hold contains {"code": "never", "message": "nothing waits for a person"} if false

# What the gate must do besides, by name: "require_matching_server_name", "allow_encrypted_client_hello".
obligations contains "never" if false

# What a run of generated code must be and may have at most, as
# {"require": {"strength": "vm", "jailed": true}, "limits": {"wall_ms": 1000}}; it narrows what operator and grants say.
default sandbox := {}
