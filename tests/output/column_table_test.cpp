// tests/output/column_table_test.cpp: every class that may be written has a column, under its standard name where there is
// one; and docs/output-formats.md shows the table as it is. ANONLOG_WRITE_DOCS=1 writes the table there anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <anonlog/output/column_table.hpp>

namespace anonlog {
namespace {

std::string column_called(field_class cls, keep_form form, std::string_view name, std::string_view header = {}) {
  const column* const found = column_of(cls, form, name, header);
  return found == nullptr ? "" : std::string(found->name);
}

TEST(column_table, knows_the_fields_of_the_programs) {
  constexpr auto any = keep_form::any;
  EXPECT_EQ(column_called(field_class::ip, any, "%h"), "client.address");
  EXPECT_EQ(column_called(field_class::ip, any, "remote_addr"), "client.address");
  EXPECT_EQ(column_called(field_class::ip, any, "http_x_real_ip", "x-real-ip"), "http.request.header.");
  EXPECT_EQ(column_called(field_class::ip, any, "%{X-Real-IP}i", "X-Real-IP"), "http.request.header.");
  EXPECT_EQ(column_called(field_class::ip, any, "request.headers.X-Real-Ip", "X-Real-Ip"), "http.request.header.");
  EXPECT_EQ(column_called(field_class::ip, any, "%{c}a", "c"), "client.address");
  EXPECT_EQ(column_called(field_class::ip_list, any, "http_x_forwarded_for", "x-forwarded-for"), "http.request.header.");
  EXPECT_EQ(column_called(field_class::bytes, any, "%b"), "http.response.body.size");
  EXPECT_EQ(column_called(field_class::bytes, any, "%I"), "http.request.size");
  EXPECT_EQ(column_called(field_class::bytes, any, "%O"), "http.response.size");
  EXPECT_EQ(column_called(field_class::duration, any, "%T"), "http.server.request.duration");
  EXPECT_EQ(column_called(field_class::duration, any, "%{ms}T", "ms"), "anonlog.");
  EXPECT_EQ(column_called(field_class::duration, any, "%D"), "anonlog.");
  EXPECT_EQ(column_called(field_class::keep, keep_form::status, "%>s"), "http.response.status_code");
  EXPECT_EQ(column_called(field_class::keep, keep_form::status, "upstream_status"), "anonlog.");
  EXPECT_EQ(column_called(field_class::keep, keep_form::number, "server_port"), "server.port");
  EXPECT_EQ(column_called(field_class::keep, keep_form::number, "%p"), "server.port");
  EXPECT_EQ(column_called(field_class::keep, keep_form::word, "%{SSL_PROTOCOL}x", "SSL_PROTOCOL"), "tls.protocol.version");
  EXPECT_EQ(column_called(field_class::keep, any, "request_method"), "anonlog.");  // a class of the policy has no form
  EXPECT_EQ(column_called(field_class::user, any, "user_id"), "user.id");
  EXPECT_EQ(column_called(field_class::vhost, any, "syslog.host"), "host.name");
}

TEST(column_table, writes_every_class_but_drop) {
  for (std::size_t i = 0; i < field_class_names.size(); ++i) {
    const auto cls = static_cast<field_class>(i);
    EXPECT_EQ(column_of(cls, keep_form::any, "some_name", {}) == nullptr, cls == field_class::drop) << to_text(cls);
  }
}

std::string type_of(const column& what) {
  return what.type == column_type::integer ? "integer" : what.type == column_type::real ? "number" : "text";
}

std::string table() {
  std::vector<const column*> order;
  for (const column_rule& rule : column_rules)
    if (rule.what != &columns::request && rule.what->cut != column_cut::time && std::find(order.begin(), order.end(), rule.what) == order.end()) order.push_back(rule.what);
  std::ostringstream out;
  out << "| column | type | influx | class | fields |\n|---|---|---|---|---|\n";
  for (const column* what : order) {
    bool is_first = true;
    for (const column_rule& rule : column_rules) {
      if (rule.what != what) continue;
      out << "| " << (is_first ? "`" + std::string(what->name) + (what->called == column_name::standard ? "" : "FIELD") + "`" : "") << " | "
          << (is_first ? type_of(*what) : "") << " | " << (is_first ? what->is_tag ? "tag" : "field" : "") << " | " << to_text(rule.cls);
      constexpr std::string_view forms[] = {"", ", a status", ", a number", ", a method", ", a protocol", ", a scheme", ", a word", ", a name of a proxy's", ", a level or stream"};
      out << forms[static_cast<std::size_t>(rule.form)] << " | " << (rule.names.empty() ? "every other" : std::string(rule.names)) << " |\n";
      is_first = false;
    }
  }
  return out.str();
}

TEST(column_table, is_what_the_document_shows) {
  const auto page = std::filesystem::path(__FILE__).parent_path() / "../../docs/output-formats.md";
  std::ifstream in(page);
  ASSERT_TRUE(in) << page;
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::string begin = "<!-- columns: written by a test -->\n", end = "<!-- end of columns -->\n";
  const std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  const std::size_t first = from + begin.size();
  if (std::getenv("ANONLOG_WRITE_DOCS") != nullptr) {
    text.replace(first, to - first, table());
    std::ofstream(page) << text;
    return;
  }
  EXPECT_EQ(text.substr(first, to - first), table()) << "ANONLOG_WRITE_DOCS=1 writes it";
}

}  // namespace
}  // namespace anonlog
