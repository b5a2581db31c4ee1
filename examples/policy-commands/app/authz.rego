# METADATA
# title: Who may do what
package app.authz

default allow := false

# METADATA
# title: Readers
# description: Everybody with a role may read.
allow if {
	input.method == "GET"
	count(data.roles[input.user]) > 0
}

allow if "admin" in data.roles[input.user]
