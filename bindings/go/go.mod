// The module has no home on the network yet: use it with `replace`, as README.md shows. It has no dependency.
module anonlog.internal/anonlog

go 1.21
