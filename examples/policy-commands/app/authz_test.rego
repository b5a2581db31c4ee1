package app.authz_test

import data.app.authz

test_admin_may_write if authz.allow with input as {"user": "alice", "method": "POST"}

test_stranger_may_not_read if {
	not authz.allow with input as {"user": "eve", "method": "GET"}
}

test_methods[method] if {
	some method, wanted in {"GET": true, "POST": false}
	authz.allow == wanted with input as {"user": "bob", "method": method}
}
