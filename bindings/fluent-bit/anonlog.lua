-- anonlog.lua: takes the people out of the records of Fluent Bit's Lua filter, through LuaJIT's FFI on libanonlog.so.0.
--
-- README.md says how it is set up. What Fluent Bit does with a filter's answer (plugins/filter_lua) decides what must never
-- happen here: an error, an empty record, or one whose names are numbers, and it passes the whole chunk on as it came. So
-- nothing gets out of a call as an error, and what is not fit to be passed on is answered with -1: the record is dropped.
local ffi = require("ffi")

-- What anonlog.h declares: scripts/ffi-declarations --into anonlog.lua
local function declare()
ffi.cdef[[
typedef struct anonlog_plan anonlog_plan;
typedef struct anonlog_stream anonlog_stream;
typedef enum anonlog_status {
  ANONLOG_OK = 0,
  ANONLOG_NEED_ROOM = 1,
  ANONLOG_STOPPED = 2,
  ANONLOG_WITHHELD = 3,
  ANONLOG_BAD_ARGUMENT = -1,
  ANONLOG_BAD_POLICY = -2,
  ANONLOG_BAD_KEYRING = -3,
  ANONLOG_BAD_FORMAT = -4,
  ANONLOG_UNKNOWN_CLASS = -5,
  ANONLOG_NO_MEMORY = -6,
  ANONLOG_INTERNAL = -7
} anonlog_status;
typedef struct anonlog_input {
  const char *data;
  size_t size;
  size_t pos;
} anonlog_input;
typedef struct anonlog_output {
  char *data;
  size_t size;
  size_t pos;
} anonlog_output;
typedef struct anonlog_options {
  size_t struct_size;
  const char *policy;
  size_t policy_size;
  const char *keyring;
  size_t keyring_size;
  const char *format;
  size_t format_size;
  const char *recipient;
  size_t recipient_size;
  int has_now;
  int64_t now;
  const char *output_shape;
  size_t output_shape_size;
  int has_own_names;
  size_t has_messages;
} anonlog_options;
typedef enum anonlog_kind {
  ANONLOG_KIND_TEXT = 0,
  ANONLOG_KIND_NUMBER = 1,
  ANONLOG_KIND_BOOLEAN = 2,
  ANONLOG_KIND_NULL = 3,
  ANONLOG_KIND_OPEN = 4,
  ANONLOG_KIND_CLOSE = 5
} anonlog_kind;
typedef struct anonlog_field {
  const char *name;
  size_t name_size;
  const char *value;
  size_t value_size;
  int kind;
  int safe_kind;
  const char *safe_name;
  size_t safe_name_size;
  const char *safe_value;
  size_t safe_value_size;
} anonlog_field;
typedef struct anonlog_record {
  size_t struct_size;
  size_t field_size;
  anonlog_field *fields;
  size_t field_count;
  int has_time;
  int has_safe_time;
  int64_t time;
  int64_t safe_time;
} anonlog_record;
const char *anonlog_version(void);
const char *anonlog_kernel_name(void);
const char *anonlog_status_text(anonlog_status status);
anonlog_status anonlog_plan_create(const anonlog_options *options, anonlog_plan **plan, char *message, size_t message_size);
void anonlog_plan_free(anonlog_plan *plan);
size_t anonlog_plan_output_bound(const anonlog_plan *plan, size_t line_size);
size_t anonlog_plan_longest_line(const anonlog_plan *plan);
const char *anonlog_plan_policy_fingerprint(const anonlog_plan *plan);
anonlog_status anonlog_stream_create(const anonlog_plan *plan, anonlog_stream **stream);
void anonlog_stream_free(anonlog_stream *stream);
anonlog_status anonlog_stream_feed(anonlog_stream *stream, anonlog_input *input, anonlog_output *output, anonlog_output *rejects);
anonlog_status anonlog_stream_finish(anonlog_stream *stream, anonlog_output *output, anonlog_output *rejects);
anonlog_status anonlog_value(anonlog_stream *stream, const char *class_name, const char *value, size_t value_size, const int64_t *time, anonlog_output *output);
size_t anonlog_record_bound(const anonlog_plan *plan, const anonlog_record *record);
anonlog_status anonlog_record_transform(anonlog_stream *stream, anonlog_record *record, anonlog_output *output);
anonlog_status anonlog_stream_report(const anonlog_stream *stream, anonlog_output *output, size_t *needed);
void anonlog_stream_lines(const anonlog_stream *stream, uint64_t *lines_in, uint64_t *lines_out, uint64_t *lines_rejected);
]]
-- Of the C library, for the keyring.
  ffi.cdef("int open(const char *path, int flags, ...); int statx(int directory, const char *path, int flags, unsigned mask, void *facts);" ..
           "unsigned geteuid(void); long read(int file, void *to, size_t size); int close(int file);")
end
if not pcall(ffi.typeof, "anonlog_record") then declare() end

local most_depth = 62  -- the record itself is one of libanonlog's 63
local most_values = 4096
local longest_settings = 2 ^ 20

local module = {}

-- statx(2) has one layout on all processors: mask, block size, attributes, links, then who owns it and what it is.
local function facts_of(file)
  local facts = ffi.new("uint32_t[64]")
  local empty_path, basic_stats = 0x1000, 0x7ff
  if ffi.C.statx(file, "", empty_path, basic_stats, facts) ~= 0 then return nil end
  return {owner = facts[5], mode = ffi.cast("uint16_t *", facts + 7)[0]}
end

-- As the command reads a keyring: a regular file of who runs this, and of nobody else. The bytes are in memory of ours, which
-- is wiped; a string of Lua's could not be.
local function read_keyring(path)
  local close_on_exec, no_wait, no_terminal = 0x80000, 0x800, 0x100
  local file = ffi.C.open(path, bit.bor(close_on_exec, no_wait, no_terminal))
  if file < 0 then error("anonlog: the keyring cannot be opened: " .. path, 0) end
  local facts = facts_of(file)
  local fault
  if facts == nil then fault = "who may read the keyring cannot be told: "
  elseif bit.band(facts.mode, 0xf000) ~= 0x8000 then fault = "the keyring is no regular file: "
  elseif bit.band(facts.mode, 0x3f) ~= 0 then fault = "others may read the keyring (chmod 600): "
  elseif facts.owner ~= ffi.C.geteuid() then fault = "the keyring belongs to somebody else: "
  end
  local text, size = ffi.new("char[?]", longest_settings), 0
  while not fault do
    local count = tonumber(ffi.C.read(file, text + size, longest_settings - size))
    if count < 0 then fault = "the keyring cannot be read: " end
    if count <= 0 then break end
    size = size + count
    if size == longest_settings then fault = "the keyring is too large: " end
  end
  ffi.C.close(file)
  if fault then
    ffi.fill(text, longest_settings)
    error("anonlog: " .. fault .. path, 0)
  end
  return text, size
end

-- A preset's name or a file's path, as `anonlog --policy` takes it.
local function read_policy(policy)
  if not policy:find("[/.]") then return 'version = 1\npreset = "' .. policy:gsub("[^%w_-]", "?") .. '"\n' end
  local file, why = io.open(policy, "rb")
  if not file then error("anonlog: " .. why, 0) end
  local text = file:read(longest_settings)
  file:close()
  return text or ""
end

local function make_stream(C, settings)
  local options = ffi.new("anonlog_options")
  options.struct_size = ffi.sizeof(options)
  options.has_own_names = 1
  local policy = read_policy(settings.policy or "balanced")
  options.policy, options.policy_size = policy, #policy
  local keys, keys_size
  if settings.keyring then
    keys, keys_size = read_keyring(settings.keyring)
    options.keyring, options.keyring_size = keys, keys_size
  end
  local format, recipient = settings.format or "auto", settings.recipient or ""
  options.format, options.format_size = format, #format
  options.recipient, options.recipient_size = recipient, #recipient
  local plan, stream, message = ffi.new("anonlog_plan *[1]"), ffi.new("anonlog_stream *[1]"), ffi.new("char[512]")
  local status = C.anonlog_plan_create(options, plan, message, 512)
  if keys then ffi.fill(keys, keys_size) end
  if status ~= C.ANONLOG_OK then
    local what = ffi.string(message)
    error("anonlog: " .. (what ~= "" and what or ffi.string(C.anonlog_status_text(status))), 0)
  end
  status = C.anonlog_stream_create(plan[0], stream)
  if status ~= C.ANONLOG_OK then error("anonlog: " .. ffi.string(C.anonlog_status_text(status)), 0) end
  return ffi.gc(plan[0], C.anonlog_plan_free), ffi.gc(stream[0], C.anonlog_stream_free)
end

-- As JSON writes it; what has no such form is no number there either.
local function number_text(value)
  if value == math.floor(value) and math.abs(value) < 2 ^ 63 then return string.format("%.0f", value) end
  local text = string.format("%.14g", value)
  return text:find("e", 1, true) and string.format("%.12f", value) or text
end

-- As Fluent Bit tells them apart: all names are whole numbers from 1 on. There may be holes, for what was null is not there
-- unless enable_flb_null is set. The greatest of them, or nothing for a map.
local function length_of_array(value)
  local length
  for key in pairs(value) do
    if type(key) ~= "number" or key < 1 or key ~= math.floor(key) then return nil end
    if not length or key > length then length = key end
  end
  return length
end
jit.off(length_of_array)  -- compiled loops over the members of tables have lost some (LuaJIT of 2022-03, Debian 12): none is compiled

-- A table of fields that grows, and the strings that its pointers need.
local function new_fields()
  local fields = {room = 64, count = 0, kept = {}, at = ffi.new("anonlog_field[?]", 64)}
  function fields.add(kind, name, value)
    if fields.count == fields.room then
      local larger = ffi.new("anonlog_field[?]", 2 * fields.room)
      ffi.copy(larger, fields.at, fields.room * ffi.sizeof("anonlog_field"))
      fields.at, fields.room = larger, 2 * fields.room
    end
    local field = fields.at[fields.count]
    fields.count = fields.count + 1
    field.kind = kind
    field.name, field.name_size = name, name and #name or 0
    field.value, field.value_size = value, value and #value or 0
    fields.kept[#fields.kept + 1] = name
    fields.kept[#fields.kept + 1] = value
  end
  function fields.forget()
    ffi.fill(fields.at, fields.count * ffi.sizeof("anonlog_field"))
    fields.count, fields.kept = 0, {}
  end
  return fields
end

-- Fluent Bit's null, where enable_flb_null is set: the address 0.
local function is_null(value) return type(value) == "userdata" and value == flb_null end

-- The next member; of an array also holes, as nil.
local function next_of(within)
  if not within.length then return next(within.table, within.key) end
  local key = (within.key or 0) + 1
  if key <= within.length then return key, within.table[key] end
end
jit.off(next_of)

-- A record as fields: what is still to be told is on a list, the last first.
local function add_record(C, fields, record)
  local todo = {{table = record, depth = 1}}
  while #todo > 0 do
    local within = todo[#todo]
    local key, value = next_of(within)
    within.key = key
    if key == nil then
      todo[#todo] = nil
      if #todo > 0 then fields.add(C.ANONLOG_KIND_CLOSE, nil, nil) end
    else
      local name, kind = not within.length and tostring(key) or nil, type(value)
      if kind == "string" then fields.add(C.ANONLOG_KIND_TEXT, name, value)
      elseif kind == "number" then fields.add(C.ANONLOG_KIND_NUMBER, name, number_text(value))
      elseif kind == "boolean" then fields.add(C.ANONLOG_KIND_BOOLEAN, name, tostring(value))
      elseif value == nil or is_null(value) then fields.add(C.ANONLOG_KIND_NULL, name, nil)
      elseif kind ~= "table" then error("a value of no known type", 0)
      elseif within.depth == most_depth then error("too deep", 0)
      else
        local length = length_of_array(value)
        if length and length > most_values then error("too many", 0) end
        fields.add(C.ANONLOG_KIND_OPEN, name, nil)
        todo[#todo + 1] = {table = value, length = length, depth = within.depth + 1}
      end
    end
  end
end
jit.off(add_record)

-- The record of the safe values.
local function safe_record(C, fields)
  local open, depth = {{made = {}, count = 0}}, 1
  for i = 0, fields.count - 1 do
    local field, within = fields.at[i], open[depth]
    local kind, value = field.safe_kind, nil
    if kind == C.ANONLOG_KIND_CLOSE then
      depth = depth - 1
    else
      if kind == C.ANONLOG_KIND_OPEN then value = {}
      elseif kind == C.ANONLOG_KIND_TEXT then value = ffi.string(field.safe_value, field.safe_value_size)
      elseif kind == C.ANONLOG_KIND_NUMBER then value = tonumber(ffi.string(field.safe_value, field.safe_value_size))
      elseif kind == C.ANONLOG_KIND_BOOLEAN then value = field.safe_value_size == 4
      else value = flb_null
      end
      if field.safe_name ~= nil then
        within.made[ffi.string(field.safe_name, field.safe_name_size)] = value
      else
        within.count = within.count + 1
        within.made[within.count] = value == nil and "-" or value  -- an array has no holes
      end
      if kind == C.ANONLOG_KIND_OPEN then
        depth = depth + 1
        open[depth] = {made = value, count = 0}
      end
    end
  end
  if depth ~= 1 then error("a border is missing", 0) end
  return open[1].made
end

local function seconds_of(timestamp)
  if type(timestamp) == "table" then return timestamp.sec end
  return timestamp
end

-- A function for Fluent Bit's `call`. settings: policy (a preset's name or a path), keyring (a path), format, recipient,
-- library (a path), warn (a function that takes a line). An error here keeps Fluent Bit from starting.
function module.filter(settings)
  local C = ffi.load(settings.library or "libanonlog.so.0")
  local plan, stream = make_stream(C, settings)
  local warn = settings.warn or function(line) io.stderr:write(line, "\n") end
  local fields, record, output = new_fields(), ffi.new("anonlog_record"), ffi.new("anonlog_output")
  record.struct_size, record.field_size = ffi.sizeof(record), ffi.sizeof("anonlog_field")
  local room
  local counts = {passed = 0, dropped = 0}

  local function transform(timestamp, given)
    if type(given) ~= "table" then error("no record", 0) end
    add_record(C, fields, given)
    local seconds = seconds_of(timestamp)
    if type(seconds) ~= "number" or not (math.abs(seconds) < 2 ^ 53) then error("no time", 0) end
    record.fields, record.field_count = fields.at, fields.count
    record.has_time, record.time = 1, math.floor(seconds)
    local bound = tonumber(C.anonlog_record_bound(plan, record))
    if output.size < bound then
      room = ffi.new("char[?]", 2 * bound)
      output.data, output.size = room, 2 * bound
    end
    output.pos = 0
    local status = C.anonlog_record_transform(stream, record, output)
    if status ~= C.ANONLOG_OK then error(ffi.string(C.anonlog_status_text(status)), 0) end
    local safe_seconds = tonumber(record.safe_time)
    local made = safe_record(C, fields)
    if record.has_safe_time == 0 or next(given) == nil then error("nothing may be passed on", 0) end
    if next(made) == nil then made._ = "-" end  -- it held only what became null
    return type(timestamp) == "table" and {sec = safe_seconds, nsec = 0} or safe_seconds, made
  end

  local filter = {counts = counts}

  -- The counts of the library, as JSON: lines in and out, values by class and outcome; never a value.
  function filter.report()
    local needed, told = ffi.new("size_t[1]"), ffi.new("anonlog_output")
    C.anonlog_stream_report(stream, told, needed)
    local text = ffi.new("char[?]", needed[0] + 1)
    told.data, told.size = text, needed[0]
    return C.anonlog_stream_report(stream, told, needed) == C.ANONLOG_OK and ffi.string(text, told.pos) or "{}"
  end

  function filter.call(_, timestamp, given)
    local is_safe, safe_time, made = pcall(transform, timestamp, given)
    pcall(fields.forget)
    if is_safe then
      counts.passed = counts.passed + 1
      return 1, safe_time, made
    end
    counts.dropped = counts.dropped + 1
    -- Said when their number has doubled. What failed is not quoted: it may hold what must not come out.
    if bit.band(counts.dropped, counts.dropped - 1) == 0 then
      pcall(warn, string.format("anonlog: %d of %d records were dropped: not understood, or withheld by the policy", counts.dropped, counts.dropped + counts.passed))
    end
    return -1, 0, {}
  end

  return filter
end

return module
