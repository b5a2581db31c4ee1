package yett.authz

deny contains "no uploads" if input.http.method == "PUT"

deny contains "not from here" if input.identity.prof == "token"
