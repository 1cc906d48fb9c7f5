-- filter.lua: what Fluent Bit's Lua filter is told to load; see ../README.md.
local anonlog = dofile("/usr/share/anonlog/anonlog.lua")
local filter = anonlog.filter{
  policy = "balanced",                -- a preset, or the path of a policy
  keyring = "/etc/anonlog/keyring",   -- without one pseudonyms last only until a restart
}
cb = filter.call
