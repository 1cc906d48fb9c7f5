// anonlog_c.cpp: the C interface, each function a few lines over the C++ one. No exception gets out.
#include <anonlog.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include <anonlog.hpp>

struct anonlog_plan {
  std::shared_ptr<const anonlog::plan> plan;
};

struct anonlog_stream {
  explicit anonlog_stream(const anonlog_plan& plan) : stream(plan.plan) {}
  anonlog::stream stream;
};

namespace {

using anonlog::output_buffer;

std::string_view text_of(const char* data, std::size_t size) { return data == nullptr ? "" : std::string_view(data, size); }

bool is_text(const char* data, std::size_t size) { return data != nullptr || size == 0; }

// Reads the options of this version or a later one, whose additions must not be used: nothing asked for is passed over.
bool read_options(const anonlog_options* given, anonlog_options& read) {
  if (given == nullptr) return true;
  constexpr std::size_t first_size = offsetof(anonlog_options, output_shape);
  if (given->struct_size < sizeof read && given->struct_size != first_size) return false;
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

}  // namespace

extern "C" {

const char* anonlog_version(void) { return anonlog::version.data(); }

const char* anonlog_kernel_name(void) { return anonlog::kernel_name().data(); }

const char* anonlog_status_text(anonlog_status status) {
  switch (status) {
    case ANONLOG_OK: return "done";
    case ANONLOG_NEED_ROOM: return "the output buffer must be emptied before more can be done";
    case ANONLOG_STOPPED: return "stopped at a line that no format fits, as the policy says";
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
  if (stream == nullptr || class_name == nullptr || (value == nullptr && value_size != 0) || !is_usable(output))
    return ANONLOG_BAD_ARGUMENT;
  const std::optional<anonlog::field_class> cls = anonlog::field_class_from(class_name);
  if (!cls || *cls == anonlog::field_class::visitor) return ANONLOG_UNKNOWN_CLASS;
  return guarded([&] {
    output_buffer out = view_of(*output);
    std::optional<std::int64_t> at;
    if (time != nullptr) at = *time;
    if (!stream->stream.value(*cls, anonlog::raw(text_of(value, value_size)), at, out)) return ANONLOG_NEED_ROOM;
    output->pos = out.pos;
    return ANONLOG_OK;
  });
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
