// Policies: presets, overrides, errors that help, and a fingerprint that moves with every change.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include <anonlog/policy/toml_reader.hpp>

using namespace anonlog;

namespace {

std::string error_of(std::string_view toml) {
  const result<policy> read = parse_policy(toml, "policy.toml");
  return read ? "" : read.error().message;
}

std::string set_error(std::string_view assignment) {
  policy rules;
  const auto error = set_from_text(rules, assignment);
  return error ? error->message : "";
}

}  // namespace

TEST(policy, names_line_and_column_and_what_is_known) {
  EXPECT_EQ(error_of("version = 1\n[ip]\nmode = \"trunc\"\n"), "policy.toml:3:8: unknown ip.mode \"trunc\"; nearest: truncate");
  EXPECT_EQ(error_of("[ip]\nmood = \"truncate\"\n"), "policy.toml:2:8: unknown policy key \"ip.mood\"; nearest: ip.mode");
  EXPECT_NE(error_of("[ip\n").find("policy.toml:1:"), std::string::npos);
  EXPECT_NE(error_of("preset = \"balance\"\n").find("nearest: balanced"), std::string::npos);
  EXPECT_NE(error_of("[fields]\nx = \"adress\"\n").find("unknown class"), std::string::npos);
  EXPECT_NE(error_of("version = 2\n").find("version = 1"), std::string::npos);
}

// A cast that wrapped around once switched a peer's anonymisation off.
TEST(policy, refuses_widths_out_of_range) {
  for (const char* wrong : {"ip.v4=256", "ip.v4=-1", "ip.v4=33", "ip.v4=29", "ip.v6=65", "ip.v6=384", "ip.v4=4294967320",
                            "ip.v4=99999999999999999999", "ip.v4=2.5", "ip.v4=true", "ip.v4=\"\"", "ip.token_v6_bits=0"})
    EXPECT_NE(set_error(wrong), "") << wrong;
  EXPECT_EQ(set_error("ip.v4=0"), "");
  EXPECT_EQ(set_error("ip.v6=0"), "");
}

TEST(policy, lets_long_prefixes_and_full_agents_pass_only_on_purpose) {
  EXPECT_NE(error_of("[ip]\nv4 = 25\n").find("accept_weak"), std::string::npos);
  EXPECT_NE(error_of("[ip]\nv6 = 49\n").find("accept_weak"), std::string::npos);
  EXPECT_NE(error_of("[agent]\nlevel = \"full\"\n").find("accept_weak"), std::string::npos);
  EXPECT_NE(error_of("[user]\nmode = \"keep\"\n").find("accept_weak"), std::string::npos);
  EXPECT_EQ(error_of("accept_weak = true\n[ip]\nv4 = 28\nv6 = 64\n[agent]\nlevel = \"full\"\n"), "");
}

TEST(policy, takes_a_registrable_domain_for_stricter_than_an_origin) {
  EXPECT_EQ(set_error("referrer.level=domain"), "");
  const setting& level = *find_setting("referrer.level");
  EXPECT_EQ(stricter_value(level, "domain", "origin"), "domain");
  EXPECT_EQ(stricter_value(level, "domain", "drop"), "drop");
}

TEST(policy, answers_what_is_not_in_this_version) {
  for (const char* later : {"ip.mode=det", "ip.mode=pfx", "ip.mode=kanon", "rejects.action=seal",
                            "visitor.mode=daily", "time.reorder=bucket", "time.shift=per-epoch", "ip.k=5", "agent.pool_min=3",
                            "fields.x=visitor"})
    EXPECT_NE(set_error(later).find("not in this version"), std::string::npos) << later;
  for (const char* preset : {"analytics", "share"}) {
    const result<policy> made = policy::from_preset(preset);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("not in this version"), std::string::npos);
  }
}

TEST(policy, reads_values_with_and_without_quotes) {
  policy rules;
  for (const char* assignment : {"path.level=dir3", "agent.level=\"family\"", "time.grid=1d", "time.zone=+05:30",
                                 "ip.keep=[private, 192.0.2.0/24]", "query.allow=[\"page\"]", "rejects.max=2.5%",
                                 "token.accept_tokens=true", "fields.%{X-Real-IP}i=ip", "session.cookies=sid"})
    EXPECT_FALSE(set_from_text(rules, assignment)) << assignment;
  EXPECT_EQ(rules.text("path.level"), "dir3");
  EXPECT_EQ(rules.text("agent.level"), "family");
  EXPECT_EQ(rules.number("time.grid"), 86400);
  EXPECT_EQ(rules.number("time.zone"), 19800);
  EXPECT_EQ(rules.list("ip.keep"), (std::vector<std::string>{"192.0.2.0/24", "private"}));
  EXPECT_DOUBLE_EQ(rules.share("rejects.max"), 0.025);
  for (const char* spelling : {"%{x-real-ip}i", "X-Real-IP", "http_x_real_ip", "$http_x_real_ip"})
    EXPECT_EQ(rules.class_of(spelling), field_class::ip) << spelling;
}

TEST(policy, refuses_assignments_it_does_not_understand) {
  for (const char* wrong : {"ip.v4", "=1", "ip.v4=", "nope.x=1", "preset=strict", "path.level=\"dir1\nx\"", "time.grid=7",
                            "time.zone=+15:00", "time.zone=+05:61", "rejects.max=101%", "epoch.length=90"})
    EXPECT_NE(set_error(wrong), "") << wrong;
}

TEST(policy, comes_back_from_its_own_text) {
  for (const char* name : {"balanced", "strict", "security", "google", "cnil", "german", "tor"}) {
    result<policy> made = policy::from_preset(name);
    ASSERT_TRUE(made) << name;
    ASSERT_FALSE(made->check()) << name;
    ASSERT_FALSE(made->set("fields.%{X-\"Odd\\Name}i", std::string("ip")));
    const result<policy> again = parse_policy(to_toml(*made), "shown");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again.value().dump(), made->dump()) << name;
  }
}

TEST(policy, has_a_fingerprint_that_changes_with_every_setting) {
  const std::string before = policy().fingerprint();
  EXPECT_EQ(before.size(), 16u);
  EXPECT_EQ(before, policy().fingerprint());
  std::set<std::string> seen{before};
  for (const char* change : {"ip.v4=23", "ip.keep=[]", "name=ours", "time.grid=60", "fields.a=ip", "fields.a=user", "query.allow=[]"}) {
    policy rules;
    ASSERT_FALSE(set_from_text(rules, change));
    EXPECT_TRUE(seen.insert(rules.fingerprint()).second) << change;
  }
}

TEST(policy, writes_the_same_fingerprint_however_a_value_is_spelled) {
  policy a, b;
  ASSERT_FALSE(set_from_text(a, "time.grid=3600"));
  ASSERT_FALSE(set_from_text(b, "time.grid=\"1h\""));
  ASSERT_FALSE(set_from_text(a, "ip.keep=[loopback, private]"));
  ASSERT_FALSE(set_from_text(b, "ip.keep=[\"private\", \"loopback\", \"private\"]"));
  EXPECT_EQ(a.dump(), b.dump());
}

TEST(policy, has_an_overlay_that_is_never_looser_than_itself_or_strict) {
  policy rules;
  for (const char* change : {"path.level=drop", "ip.v4=8", "time.grid=1d", "bytes.digits=2", "query.level=full", "ip.mode=token",
                             "agent.level=class", "ip.keep=[]"})
    ASSERT_FALSE(set_from_text(rules, change));
  const policy overlay = rules.strict_overlay();
  EXPECT_EQ(overlay.text("path.level"), "drop");
  EXPECT_EQ(overlay.text("ip.mode"), "truncate");
  EXPECT_EQ(overlay.number("ip.v4"), 8);
  EXPECT_EQ(overlay.number("ip.v6"), 32);
  EXPECT_EQ(overlay.number("time.grid"), 86400);
  EXPECT_EQ(overlay.number("bytes.digits"), 1);
  EXPECT_EQ(overlay.text("query.level"), "drop");
  EXPECT_EQ(overlay.text("agent.level"), "class");
  EXPECT_EQ(overlay.text("user.mode"), "drop");
  EXPECT_TRUE(overlay.list("ip.keep").empty());
}

TEST(policy, has_defaults_that_are_canonical) {
  for (const setting& entry : settings) {
    if (entry.later == "*" || entry.type == setting_type::flag) continue;
    written_value written = std::string(entry.fallback);
    if (entry.type == setting_type::list || entry.type == setting_type::sequence) written = list_items(entry.fallback);
    const result<std::string> value = canonical_value(entry, written);
    ASSERT_TRUE(value) << entry.key << value.error().message;
    EXPECT_EQ(value.value(), entry.fallback) << entry.key;
  }
}

TEST(policy, never_quotes_what_a_wrong_file_holds) {
  const std::string error = error_of("203.0.113.195 - alice [10/Oct/2025:13:55:36 +0000] \"GET /secret HTTP/1.1\" 200 5\n");
  EXPECT_NE(error, "");
  for (const char* part : {"203", "alice", "secret"}) EXPECT_EQ(error.find(part), std::string::npos) << error;
}
