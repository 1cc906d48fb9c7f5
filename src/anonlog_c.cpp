// anonlog_c.cpp: the C interface, each function a few lines over the C++ one. No exception gets out.
#include <anonlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog.hpp>

struct anonlog_plan {
  std::shared_ptr<const anonlog::plan> plan;
};

struct anonlog_stream {
  explicit anonlog_stream(const anonlog_plan& plan) : stream(plan.plan) {}
  anonlog::stream stream;
  std::vector<anonlog::record_field> fields;  // of one call; views only
};

namespace {

using anonlog::output_buffer;

std::string_view text_of(const char* data, std::size_t size) { return data == nullptr ? "" : std::string_view(data, size); }

bool is_text(const char* data, std::size_t size) { return (data != nullptr || size == 0) && size <= anonlog::most_bytes; }

// Reads the options of this version or a later one, whose additions must not be used: nothing asked for is passed over.
bool read_options(const anonlog_options* given, anonlog_options& read) {
  if (given == nullptr) return true;
  // A later member begins behind the padding, or its size would not tell.
  constexpr std::size_t earlier_sizes[] = {offsetof(anonlog_options, output_shape), offsetof(anonlog_options, has_own_names), offsetof(anonlog_options, has_messages)};
  if (given->struct_size < sizeof read && std::find(std::begin(earlier_sizes), std::end(earlier_sizes), given->struct_size) == std::end(earlier_sizes)) return false;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(given);
  for (std::size_t i = sizeof read; i < given->struct_size; ++i)
    if (bytes[i] != 0) return false;
  std::memcpy(&read, given, std::min(given->struct_size, sizeof read));
  return is_text(read.policy, read.policy_size) && is_text(read.keyring, read.keyring_size) &&
         is_text(read.format, read.format_size) && is_text(read.recipient, read.recipient_size) && is_text(read.output_shape, read.output_shape_size);
}

void say(std::string_view text, char* message, std::size_t message_size) {
  if (message == nullptr || message_size == 0) return;
  const std::size_t size = text.size() < message_size - 1 ? text.size() : message_size - 1;
  std::memcpy(message, text.data(), size);
  message[size] = '\0';
}

// Runs `work`, which returns a status, and turns what it throws into one.
template <class Work>
anonlog_status guarded(Work work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return ANONLOG_NO_MEMORY;
  } catch (...) {
    return ANONLOG_INTERNAL;
  }
}

bool is_usable(const anonlog_output* output) {
  return output != nullptr && output->pos <= output->size && (output->data != nullptr || output->size == 0);
}

output_buffer view_of(const anonlog_output& output) { return {output.data, output.size, output.pos}; }

anonlog_status status_of(anonlog::stream_status status) {
  switch (status) {
    case anonlog::stream_status::done: return ANONLOG_OK;
    case anonlog::stream_status::need_room: return ANONLOG_NEED_ROOM;
    case anonlog::stream_status::stopped: return ANONLOG_STOPPED;
  }
  return ANONLOG_INTERNAL;
}

// Lets `work(lines, rejects)` write, and moves the caller's positions.
template <class Work>
anonlog_status with_outputs(anonlog_output* output, anonlog_output* rejects, Work work) {
  if (!is_usable(output) || (rejects != nullptr && !is_usable(rejects))) return ANONLOG_BAD_ARGUMENT;
  return guarded([&] {
    output_buffer lines = view_of(*output);
    output_buffer skeletons = rejects == nullptr ? output_buffer{} : view_of(*rejects);
    const anonlog::stream_status status = work(lines, rejects == nullptr ? nullptr : &skeletons);
    output->pos = lines.pos;
    if (rejects != nullptr) rejects->pos = skeletons.pos;
    return status_of(status);
  });
}

anonlog_status make_plan(const anonlog_options& given, std::shared_ptr<const anonlog::plan>& made, std::string& why) {
  anonlog::plan_options options;
  if (given.policy != nullptr) {
    auto rules = anonlog::parse_policy(text_of(given.policy, given.policy_size), "policy");
    if (!rules) return why = rules.error().message, ANONLOG_BAD_POLICY;
    options.rules = std::move(*rules);
  }
  if (given.keyring != nullptr) {
    auto keys = anonlog::parse_keyring(text_of(given.keyring, given.keyring_size), "keyring");
    if (!keys) return why = keys.error().message, ANONLOG_BAD_KEYRING;
    options.keys = std::make_shared<const anonlog::keyring>(std::move(*keys));
  }
  if (given.format != nullptr) options.format = text_of(given.format, given.format_size);
  options.recipient = text_of(given.recipient, given.recipient_size);
  if (given.has_now != 0) options.now = given.now;
  options.must_know_fields = given.has_own_names == 0;
  options.has_tables = given.has_messages == 0;
  if (given.output_shape != nullptr) options.output_shape = text_of(given.output_shape, given.output_shape_size);
  if (auto grammars = anonlog::find_formats(options.format); !grammars)
    return why = grammars.error().message, ANONLOG_BAD_FORMAT;
  if (auto shape = anonlog::parse_output_shape(options.output_shape); !shape)
    return why = shape.error().message, ANONLOG_BAD_FORMAT;
  auto plan = anonlog::plan::make(std::move(options));
  if (!plan) return why = plan.error().message, ANONLOG_BAD_POLICY;
  made = std::move(*plan);
  return ANONLOG_OK;
}

// A structure of another version, or one that was not filled in, is not touched.
bool is_usable(const anonlog_record* record) {
  return record != nullptr && record->struct_size == sizeof(anonlog_record) && record->field_size == sizeof(anonlog_field) &&
         (record->fields != nullptr || record->field_count == 0);
}

bool is_usable(const anonlog_field& field) {
  return is_text(field.name, field.name_size) && is_text(field.value, field.value_size) && field.kind >= ANONLOG_KIND_TEXT && field.kind <= ANONLOG_KIND_CLOSE;
}

anonlog::record_field view_of(const anonlog_field& field) {
  return {.name = field.name == nullptr ? std::string_view() : std::string_view(field.name, field.name_size),
          .value = text_of(field.value, field.value_size),
          .kind = static_cast<anonlog::value_kind>(field.kind)};
}

void set_safe(anonlog_field& field, const anonlog::record_field& made) {
  field.safe_name = made.safe_name.data();
  field.safe_name_size = made.safe_name.size();
  field.safe_value = made.safe_value.empty() ? "" : made.safe_value.data();
  field.safe_value_size = made.safe_value.size();
  field.safe_kind = static_cast<int>(made.safe_kind);
}

void set_placeholders(anonlog_record& record) {
  record.has_safe_time = 0;
  record.safe_time = 0;
  for (std::size_t i = 0; i < record.field_count; ++i) {
    anonlog_field& field = record.fields[i];
    anonlog::record_field made = is_usable(field) ? view_of(field) : anonlog::record_field{};
    made.put_placeholders();
    set_safe(field, made);
  }
}

std::size_t bytes_of(const anonlog_record& record) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < record.field_count; ++i) bytes = anonlog::add_bytes(anonlog::add_bytes(bytes, record.fields[i].name_size), record.fields[i].value_size);
  return bytes;
}

anonlog_status status_of(anonlog::record_status status) {
  switch (status) {
    case anonlog::record_status::done: return ANONLOG_OK;
    case anonlog::record_status::need_room: return ANONLOG_NEED_ROOM;
    case anonlog::record_status::withheld: return ANONLOG_WITHHELD;
    case anonlog::record_status::stopped: return ANONLOG_STOPPED;
  }
  return ANONLOG_INTERNAL;
}

// No clock tells a time from which the steps of a grid would not fit into 64 bits.
std::int64_t time_of(std::int64_t given) noexcept {
  constexpr std::int64_t most = std::int64_t{1} << 55;
  return std::clamp(given, -most, most);
}

anonlog_status transform(anonlog_stream& stream, anonlog_record& record, anonlog_output& output) {
  stream.fields.clear();
  for (std::size_t i = 0; i < record.field_count; ++i) {
    if (!is_usable(record.fields[i])) return ANONLOG_BAD_ARGUMENT;
    stream.fields.push_back(view_of(record.fields[i]));
  }
  std::optional<std::int64_t> time;
  if (record.has_time != 0) time = time_of(record.time);
  output_buffer out = view_of(output);
  const anonlog_status status = status_of(stream.stream.record(stream.fields, time, out));
  if (status != ANONLOG_OK) return status;
  for (std::size_t i = 0; i < record.field_count; ++i) set_safe(record.fields[i], stream.fields[i]);
  record.has_safe_time = time ? 1 : 0;
  record.safe_time = time.value_or(0);
  output.pos = out.pos;
  return status;
}

}  // namespace

extern "C" {

const char* anonlog_version(void) { return anonlog::version.data(); }

const char* anonlog_kernel_name(void) { return anonlog::kernel_name().data(); }

const char* anonlog_status_text(anonlog_status status) {
  switch (status) {
    case ANONLOG_OK: return "done";
    case ANONLOG_NEED_ROOM: return "the output buffer must be emptied before more can be done";
    case ANONLOG_STOPPED: return "stopped at a line that no format fits, as the policy says";
    case ANONLOG_WITHHELD: return "this record must not be passed on";
    case ANONLOG_BAD_ARGUMENT: return "an argument is missing or contradicts itself";
    case ANONLOG_BAD_POLICY: return "the policy cannot be used";
    case ANONLOG_BAD_KEYRING: return "the keyring cannot be used";
    case ANONLOG_BAD_FORMAT: return "the format cannot be used";
    case ANONLOG_UNKNOWN_CLASS: return "there is no class of this name";
    case ANONLOG_NO_MEMORY: return "there is not enough memory";
    case ANONLOG_INTERNAL: return "a fault of this library; nothing was let through";
  }
  return "an unknown status";
}

anonlog_status anonlog_plan_create(const anonlog_options* options, anonlog_plan** plan, char* message,
                                   size_t message_size) {
  say("", message, message_size);
  if (plan == nullptr) return ANONLOG_BAD_ARGUMENT;
  *plan = nullptr;
  anonlog_options given{};
  if (!read_options(options, given)) {
    say("options: struct_size is not that of this version, or a null pointer has a size", message, message_size);
    return ANONLOG_BAD_ARGUMENT;
  }
  return guarded([&] {
    std::string why;
    std::shared_ptr<const anonlog::plan> made;
    const anonlog_status status = make_plan(given, made, why);
    say(why, message, message_size);
    if (status == ANONLOG_OK) *plan = new anonlog_plan{std::move(made)};
    return status;
  });
}

void anonlog_plan_free(anonlog_plan* plan) { delete plan; }

size_t anonlog_plan_output_bound(const anonlog_plan* plan, size_t line_size) {
  return plan == nullptr ? 0 : plan->plan->output_bound(line_size);
}

size_t anonlog_plan_longest_line(const anonlog_plan* plan) { return plan == nullptr ? 0 : plan->plan->longest_line(); }

const char* anonlog_plan_policy_fingerprint(const anonlog_plan* plan) {
  return plan == nullptr ? "" : plan->plan->policy_fingerprint().c_str();
}

anonlog_status anonlog_stream_create(const anonlog_plan* plan, anonlog_stream** stream) {
  if (stream == nullptr) return ANONLOG_BAD_ARGUMENT;
  *stream = nullptr;
  if (plan == nullptr) return ANONLOG_BAD_ARGUMENT;
  return guarded([&] {
    *stream = new anonlog_stream(*plan);
    return ANONLOG_OK;
  });
}

void anonlog_stream_free(anonlog_stream* stream) { delete stream; }

anonlog_status anonlog_stream_feed(anonlog_stream* stream, anonlog_input* input, anonlog_output* output,
                                   anonlog_output* rejects) {
  if (stream == nullptr || input == nullptr || input->pos > input->size ||
      (input->data == nullptr && input->size != 0))
    return ANONLOG_BAD_ARGUMENT;
  return with_outputs(output, rejects, [&](output_buffer& lines, output_buffer* skeletons) {
    anonlog::input_buffer in{input->data, input->size, input->pos};
    const anonlog::stream_status status = stream->stream.feed(in, lines, skeletons);
    input->pos = in.pos;
    return status;
  });
}

anonlog_status anonlog_stream_finish(anonlog_stream* stream, anonlog_output* output, anonlog_output* rejects) {
  if (stream == nullptr) return ANONLOG_BAD_ARGUMENT;
  return with_outputs(output, rejects, [&](output_buffer& lines, output_buffer* skeletons) {
    return stream->stream.finish(lines, skeletons);
  });
}

anonlog_status anonlog_value(anonlog_stream* stream, const char* class_name, const char* value, size_t value_size,
                             const int64_t* time, anonlog_output* output) {
  if (stream == nullptr || class_name == nullptr || !is_text(value, value_size) || !is_usable(output))
    return ANONLOG_BAD_ARGUMENT;
  const std::optional<anonlog::field_class> cls = anonlog::field_class_from(class_name);
  if (!cls || *cls == anonlog::field_class::visitor) return ANONLOG_UNKNOWN_CLASS;
  return guarded([&] {
    output_buffer out = view_of(*output);
    std::optional<std::int64_t> at;
    if (time != nullptr) at = time_of(*time);
    if (!stream->stream.value(*cls, anonlog::raw(text_of(value, value_size)), at, out)) return ANONLOG_NEED_ROOM;
    output->pos = out.pos;
    return ANONLOG_OK;
  });
}

size_t anonlog_record_bound(const anonlog_plan* plan, const anonlog_record* record) {
  return plan == nullptr || !is_usable(record) ? 0 : plan->plan->record_bound(bytes_of(*record), record->field_count);
}

anonlog_status anonlog_record_transform(anonlog_stream* stream, anonlog_record* record, anonlog_output* output) {
  if (!is_usable(record)) return ANONLOG_BAD_ARGUMENT;
  set_placeholders(*record);
  if (stream == nullptr || !is_usable(output)) return ANONLOG_BAD_ARGUMENT;
  return guarded([&] { return transform(*stream, *record, *output); });
}

anonlog_status anonlog_stream_report(const anonlog_stream* stream, anonlog_output* output, size_t* needed) {
  if (stream == nullptr || !is_usable(output)) return ANONLOG_BAD_ARGUMENT;
  return guarded([&] {
    const std::string text = anonlog::to_json(stream->stream.counts(), stream->stream.context());
    if (needed != nullptr) *needed = text.size();
    if (output->size - output->pos < text.size()) return ANONLOG_NEED_ROOM;
    std::memcpy(output->data + output->pos, text.data(), text.size());
    output->pos += text.size();
    return ANONLOG_OK;
  });
}

void anonlog_stream_lines(const anonlog_stream* stream, uint64_t* lines_in, uint64_t* lines_out,
                          uint64_t* lines_rejected) {
  if (stream == nullptr) return;
  const anonlog::stream::line_counts counts = stream->stream.lines();
  if (lines_in != nullptr) *lines_in = counts.in;
  if (lines_out != nullptr) *lines_out = counts.out;
  if (lines_rejected != nullptr) *lines_rejected = counts.rejected;
}

}  // extern "C"
