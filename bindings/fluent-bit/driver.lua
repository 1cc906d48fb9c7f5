-- driver.lua: calls a filter as Fluent Bit does (plugins/filter_lua), for the test where Fluent Bit is not installed.
--
--   luajit driver.lua FILTER.lua RECORDS.lua
--
-- RECORDS.lua returns a list of {tag, timestamp, record}. Written is one line of JSON for each: what Fluent Bit would pass on,
-- `null` for a dropped record, `"raw"` where it would pass on what it was given: after an error, an answer of its own kind
-- ("not modified"), an empty record, and one that looks like a list.
dofile(arg[1])

local function json_string(text)
  return '"' .. text:gsub('[%c"\\\127-\255]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

local function json(value)
  if type(value) == "string" then return json_string(value) end
  if type(value) == "number" then return string.format("%.17g", value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  if table.maxn(value) > 0 then
    for i = 1, table.maxn(value) do parts[i] = value[i] == nil and "null" or json(value[i]) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for name, element in pairs(value) do parts[#parts + 1] = json_string(name) .. ":" .. json(element) end
  return "{" .. table.concat(parts, ",") .. "}"
end

jit.off(json)  -- see anonlog.lua: compiled, it lost members now and then

for _, event in ipairs(dofile(arg[2])) do
  local is_done, code, timestamp, record = pcall(cb, event[1], event[2], event[3])
  if is_done and code == -1 then
    print("null")
  elseif not is_done or (code ~= 1 and code ~= 2) or type(record) ~= "table" or next(record) == nil or table.maxn(record) > 0 then
    print('"raw"')
  else
    print(json({time = code == 1 and timestamp or event[2], record = record}))
  end
end
