// tests/cases_test.cpp: the acceptance cases, each through the C++ API, the C ABI and the command: the same bytes.
//
// cases.jsonl holds one case a line: transform, params, input, expect, must_not_contain. `key=test` is the era secret
// 00 01 .. 1f, `T` is 2026-01-15T12:00:00Z and `T2` a day later. Cases of features that are not in this version must be
// refused by name, not passed over. own_cases.jsonl holds cases of ours in the same form.
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <anonlog.h>
#include <anonlog.hpp>

namespace {

using namespace anonlog;

constexpr std::int64_t case_time = 1768478400;
constexpr const char* keyring_text =
    "anonlog-keyring 1\n"
    "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n";

struct acceptance_case {
  std::string id, transform, input, expect, policy;
  std::vector<std::string> must_not_contain;
  bool has_key = false;
  bool is_later = false;  // a feature that is not in this version
  std::int64_t time = case_time;
};

std::string class_of(const std::string& transform) {
  static const std::map<std::string, std::string> names = {{"xff", "ip_list"}, {"ua", "agent"}, {"sig", "bytes"}, {"kanon", "ip"}};
  const auto found = names.find(transform);
  return found == names.end() ? transform : found->second;
}

std::string level_key(const std::string& transform) {
  return (transform == "ua" ? "agent" : transform) + ".level";
}

// One parameter of a case as a line of a policy: section.key = value.
std::string policy_line(const std::string& transform, std::string_view name, simdjson::dom::element value,
                        acceptance_case& target) {
  const auto word = [&] { return std::string(std::string_view(value)); };
  const auto set = [](std::string key, const std::string& text) { return key + " = " + text + "\n"; };
  const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
  const std::string shown = simdjson::minify(value);
  if (name == "key") return target.has_key = true, "";
  if (name == "time" || name == "t") {
    std::int64_t seconds = 0;
    if (value.get(seconds) == simdjson::SUCCESS) target.time = seconds;
    else target.time = word() == "T2" ? case_time + 86400 : case_time;
    return "";
  }
  if (name == "mode") {
    target.is_later = word() == "pfx" || word() == "det";
    return set("ip.mode", quoted(word() == "trunc" ? "truncate" : word()));
  }
  if (name == "n4") return set("ip.v4", shown);
  if (name == "n6") return set("ip.v6", shown);
  if (name == "k") return target.is_later = true, set("ip.k", shown);
  if (name == "v6_bits") return set("ip.token_v6_bits", shown);
  if (name == "v4_bits") return set("ip.token_v4_bits", shown);
  if (name == "port" || name == "host" || name == "keep" || name == "sixrd" || name == "xff") return set("ip." + std::string(name), shown);
  if (name == "g") return set("time.grid", shown);
  if (name == "off") return set("time.zone", shown);
  if (name == "d") return set("bytes.digits", shown);
  if (name == "own") return set("referrer.own_hosts", shown);
  if (name == "plevel") return set("path.level", shown);
  if (name == "qlevel") return set("query.level", shown);
  if (name == "level" && transform == "cookie" && word().starts_with("session=")) {
    std::string names = "\"" + word().substr(8) + "\"";
    for (std::size_t comma; (comma = names.find(',')) != std::string::npos;) names.replace(comma, 1, "\"; \"");
    for (char& c : names) c = c == ';' ? ',' : c;
    return set("cookie.level", quoted("session")) + set("session.cookies", "[" + names + "]");
  }
  if (name == "level") return set(level_key(transform), shown);
  ADD_FAILURE() << "the test knows no parameter " << name;
  return "";
}

std::vector<acceptance_case> read_cases(const std::string& file_name) {
  std::vector<acceptance_case> cases;
  std::ifstream file(std::string(std::getenv("ANONLOG_SOURCE_DIR")) + "/tests/" + file_name);
  simdjson::dom::parser parser;
  for (std::string line; std::getline(file, line);) {
    const simdjson::dom::element json = parser.parse(line);
    acceptance_case read;
    read.id = std::string_view(json["id"]);
    read.transform = std::string_view(json["transform"]);
    read.input = std::string_view(json["input"]);
    read.expect = std::string_view(json["expect"]);
    for (simdjson::dom::element part : json["must_not_contain"]) read.must_not_contain.emplace_back(std::string_view(part));
    read.is_later = read.transform == "kanon";
    read.policy = "version = 1\naccept_weak = true\n";
    for (const auto& [name, value] : json["params"].get_object()) read.policy += policy_line(read.transform, name, value, read);
    cases.push_back(read);
  }
  return cases;
}

std::string with_cpp_api(const acceptance_case& wanted) {
  plan_options options;
  auto rules = parse_policy(wanted.policy, "case");
  if (!rules) return "error: " + rules.error().message;
  options.rules = std::move(*rules);
  if (wanted.has_key) {
    auto keys = parse_keyring(keyring_text, "keyring");
    options.keys = std::make_shared<const keyring>(std::move(*keys));
  }
  auto made = plan::make(std::move(options));
  if (!made) return "error: " + made.error().message;
  stream values(*made);
  std::string text(plan::value_bound(wanted.input.size()), '\0');
  output_buffer out{text.data(), text.size()};
  const auto cls = field_class_from(class_of(wanted.transform));
  if (!values.value(*cls, raw(wanted.input), wanted.time, out)) return "error: no room";
  return text.substr(0, out.pos);
}

std::string with_c_abi(const acceptance_case& wanted) {
  anonlog_options options{};
  options.struct_size = sizeof options;
  options.policy = wanted.policy.data();
  options.policy_size = wanted.policy.size();
  if (wanted.has_key) {
    options.keyring = keyring_text;
    options.keyring_size = std::string_view(keyring_text).size();
  }
  anonlog_plan* rules = nullptr;
  char message[256];
  if (anonlog_plan_create(&options, &rules, message, sizeof message) != ANONLOG_OK) return std::string("error: ") + message;
  anonlog_stream* values = nullptr;
  EXPECT_EQ(anonlog_stream_create(rules, &values), ANONLOG_OK);
  anonlog_plan_free(rules);
  std::string text(plan::value_bound(wanted.input.size()), '\0');
  anonlog_output out{text.data(), text.size(), 0};
  EXPECT_EQ(anonlog_value(values, class_of(wanted.transform).c_str(), wanted.input.data(), wanted.input.size(),
                          &wanted.time, &out), ANONLOG_OK);
  anonlog_stream_free(values);
  return text.substr(0, out.pos);
}

class folder {
 public:
  folder() {
    char name[] = "/tmp/anonlog-cases-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~folder() { (void)!std::system(("rm -rf " + path_).c_str()); }
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0600);
    return path;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ + "/" + name).rdbuf();
    return text.str();
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string with_command(const acceptance_case& wanted, const folder& place) {
  const std::string in = place.write("in", wanted.input + "\n");
  std::string command = std::string(std::getenv("ANONLOG_BIN")) + " value " + class_of(wanted.transform) + " -p " +
                        place.write("policy.toml", wanted.policy) + " --now " + std::to_string(wanted.time);
  if (wanted.has_key) command += " -k " + place.write("keys", keyring_text);
  command += " < " + in + " > " + place.path() + "/out 2> " + place.path() + "/err";
  if (std::system(command.c_str()) != 0) return "error: " + place.read("err");
  std::string out = place.read("out");
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string skeleton_of(const std::string& line) {
  std::string text(1024, '\0');
  writer out(text.data(), text.size());
  skeleton::write(raw(line), out);
  return std::string(out.text());
}

struct case_counts {
  std::size_t passed = 0, later = 0;
};

case_counts check_cases(const std::string& file_name) {
  const folder place;
  std::size_t passed = 0, later = 0;
  for (const acceptance_case& wanted : read_cases(file_name)) {
    SCOPED_TRACE(wanted.id);
    if (wanted.transform == "skeleton") {
      EXPECT_EQ(skeleton_of(wanted.input), wanted.expect);
      ++passed;
      continue;
    }
    const std::string out = with_cpp_api(wanted);
    if (wanted.is_later) {
      EXPECT_NE(out.find("not in this version"), std::string::npos) << out;
      ++later;
      continue;
    }
    EXPECT_EQ(out, wanted.expect);
    EXPECT_EQ(with_c_abi(wanted), wanted.expect);
    EXPECT_EQ(with_command(wanted, place), wanted.expect);
    for (const std::string& part : wanted.must_not_contain) EXPECT_EQ(out.find(part), std::string::npos) << part;
    ++passed;
  }
  return {passed, later};
}

TEST(acceptance_cases, give_the_same_bytes_through_every_interface) {
  const case_counts counts = check_cases("cases.jsonl");
  EXPECT_EQ(counts.passed + counts.later, 164u);
  EXPECT_EQ(counts.later, 4u);
}

TEST(acceptance_cases, of_our_own_do_so_too) {
  const case_counts counts = check_cases("own_cases.jsonl");
  EXPECT_GE(counts.passed, 8u);
  EXPECT_EQ(counts.later, 0u);
}

}  // namespace
