// rivals/json_on_demand.cpp: lines of JSON rewritten with simdjson's On-Demand interface, beside anonlog, in one run.
//
//   json_on_demand KEYRING ROUNDS LOG
//
// The rival does what a good programmer would do with that interface: parse each line, find the class of each name, let the
// library transform the value (with its memory of busy values, as anonlog itself), copy what stands between. It does not
// look at what it does not need, so it takes some lines that are no JSON; and a line with an escape, a byte that is not
// ASCII or anything nested goes to the exact path. Its output is compared with anonlog's before anything is timed.
// Compile it for this machine (-march=native): On-Demand takes its kernel at compile time.
#include <simdjson.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>

#include "bench_streams.hpp"

namespace {

using namespace anonlog;
using namespace anonlog::bench;

class on_demand {
 public:
  explicit on_demand(const std::shared_ptr<const plan>& rules)
      : rules_(*rules), exact_(*rules, nullptr), names_(rules->rules(), rules->normal()) {}

  void rewrite(std::string_view log, output_buffer& out) {
    while (!log.empty()) {
      const std::size_t size = std::min(log.find('\n'), log.size());
      const std::string_view line = log.substr(0, size);
      if (!rewrite_line(line, out)) exact_.take_line(raw(line), line_end::newline, out, nullptr);
      log.remove_prefix(std::min(size + 1, log.size()));
    }
  }

 private:
  struct value {
    std::string_view text;
    name_class of;
    bool is_string;
    memo::place place = memo::nowhere;
  };

  // The log has simdjson's padding behind it.
  bool rewrite_line(std::string_view line, output_buffer& out) {
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    if (line.empty() || line[0] != '{' || !std::all_of(line.begin(), line.end(), is_plain)) return false;
    simdjson::ondemand::document document;
    simdjson::ondemand::object fields;
    if (parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING).get(document) != simdjson::SUCCESS) return false;
    if (document.get_object().get(fields) != simdjson::SUCCESS) return false;
    values_.clear();
    for (auto field : fields) {
      std::string_view name;
      simdjson::ondemand::value found;
      simdjson::ondemand::json_type type;
      if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(found) != simdjson::SUCCESS || found.type().get(type) != simdjson::SUCCESS)
        return false;
      value made{.text = {}, .of = names_.of(line_syntax::json, name), .is_string = type == simdjson::ondemand::json_type::string};
      if (!made.of.is_known || made.of.may_be_line || made.of.may_be_client || made.of.signal != grammar_field::privacy_signal::none) return false;
      if (made.is_string) {
        if (found.get_string().get(made.text) != simdjson::SUCCESS) return false;
        const char* const begin = found.raw_json_token().data() + 1;  // where it stands: nothing in it is escaped
        made.text = {begin, made.text.size()};
      } else if (type == simdjson::ondemand::json_type::number) {
        double number = 0;
        if (found.get_double().get(number) != simdjson::SUCCESS) return false;
        made.text = found.raw_json_token();
        while (!made.text.empty() && made.text.back() == ' ') made.text.remove_suffix(1);
        if (!is_json_number(made.text)) return false;
      } else {
        return false;
      }
      values_.push_back(made);
    }
    const char* behind = nullptr;
    return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS && write(line, out);
  }

  bool write(std::string_view line, output_buffer& out) {
    const scratch::frame frame(exact_.values().memory());
    std::optional<record_time> time;
    for (const value& v : values_)
      if (v.of.cls == field_class::time) exact_.values().read_time(raw(v.text), time);
    if (!time) return false;
    const protection& how = rules_.normal();
    scope around = exact_.scope_of(time, how);
    exact_.values().begin_line(around, value_writer::pseudonyms::remember);
    writer target(out.data + out.pos, out.room());
    for (value& v : values_) v.place = exact_.values().look_up(v.of.cls, raw(v.text), how);
    const char* from = line.data();
    for (const value& v : values_) {
      target.put(std::string_view(from, static_cast<std::size_t>(v.text.data() - from)));
      (void)exact_.values().put(v.of.cls, v.of.form, raw(v.text), v.place, how, around, target);
      from = v.text.data() + v.text.size();
    }
    target.put(std::string_view(from, static_cast<std::size_t>(line.data() + line.size() - from)));
    target.put('\n');
    out.pos += target.size();
    return true;
  }

  const plan& rules_;
  exact_path exact_;
  name_classes names_;
  simdjson::ondemand::parser parser_;
  std::vector<value> values_;
};

// Of this thread: others that take turns with it do not count.
double seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fputs("usage: json_on_demand KEYRING ROUNDS LOG\n", stderr), 2;
  result<keyring> keys = read_keyring_file(argv[1]);
  if (!keys) return std::fprintf(stderr, "json_on_demand: %s\n", keys.error().message.c_str()), 2;
  std::ifstream file(argv[3], std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  const std::string_view padded(text.data(), text.size());
  const auto rules = make_plan("json", "balanced", "", std::make_shared<const keyring>(std::move(*keys)));
  std::vector<char> room(std::size_t{1} << 25), source(std::size_t{1} << 30), target(std::size_t{1} << 30);

  // Block by block, into the same room.
  const auto blocks = [&](auto&& take) {
    for (std::size_t block = 0; block < block_count(padded); ++block) {
      output_buffer out{room.data(), room.size()};
      take(lines_of_block(padded, block), out);
    }
  };
  on_demand rival(rules);
  stream own(rules);
  bool is_same = true;
  std::size_t lines = 0;
  blocks([&](std::string_view block, output_buffer& out) {
    rival.rewrite(block, out);
    const std::string right(out.data, out.pos);
    out.pos = 0;
    input_buffer in{block.data(), block.size()};
    own.feed(in, out);
    is_same = is_same && right == std::string_view(out.data, out.pos);
    lines += static_cast<std::size_t>(std::count(block.begin(), block.end(), '\n'));
  });
  if (!is_same || lines == 0) return std::fputs("json_on_demand: the two write different bytes\n", stderr), 1;
  std::vector<double> copied, rivals, owns;
  for (int round = 0; round < std::atoi(argv[2]); ++round) {
    copied.push_back(seconds_of([&] { std::memcpy(target.data(), source.data(), source.size()); }));
    rivals.push_back(seconds_of([&] { blocks([&](std::string_view block, output_buffer& out) { rival.rewrite(block, out); }); }));
    owns.push_back(seconds_of([&] {
      blocks([&](std::string_view block, output_buffer& out) {
        input_buffer in{block.data(), block.size()};
        own.feed(in, out);
      });
    }));
  }
  const auto median = [](std::vector<double>& all) {
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  };
  const double copy_speed = static_cast<double>(source.size()) / median(copied);
  const auto print = [&](const char* name, double seconds) {
    const double speed = static_cast<double>(padded.size()) / seconds;
    std::printf("%-24s%8.0f MB/s  %5.3f of memcpy  %5.0f ns/line\n", name, speed / 1e6, speed / copy_speed, seconds / static_cast<double>(lines) * 1e9);
  };
  std::printf("memcpy of 1 GiB %8.0f MB/s; simdjson %d.%d.%d, On-Demand for %s over %s; the same bytes from both\n", copy_speed / 1e6, simdjson::SIMDJSON_VERSION_MAJOR,
              simdjson::SIMDJSON_VERSION_MINOR, simdjson::SIMDJSON_VERSION_REVISION, SIMDJSON_STRINGIFY(SIMDJSON_BUILTIN_IMPLEMENTATION), simdjson::get_active_implementation()->name().c_str());
  const double rival_seconds = median(rivals), own_seconds = median(owns);
  print("simdjson On-Demand", rival_seconds);
  print("anonlog", own_seconds);
  std::printf("anonlog is %.1f times as fast\n", rival_seconds / own_seconds);
  return 0;
}
