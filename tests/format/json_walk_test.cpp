// A walk over a line of JSON tells every token where it stands and what simdjson says it says, and refuses the rest.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include <anonlog/format/json_walk.hpp>

namespace anonlog {
namespace {

using kind = json_token::kind;

struct told {
  bool is_name;
  kind what;
  std::string source, text, path;

  friend bool operator==(const told&, const told&) = default;
  friend void PrintTo(const told& t, std::ostream* out) {
    *out << (t.is_name ? "name " : "value ") << t.source << " = " << t.text << " in " << t.path;
  }
};

std::string as_string(raw bytes) { return std::string(bytes.begin(), bytes.size()); }

bool walk(std::string_view line, std::vector<told>& all) {
  json_walker walker(1 << 16);
  all.clear();
  const auto tell = [&all](bool is_name) {
    return [&all, is_name](const json_token& token, const json_path& path) {
      all.push_back({is_name, token.what, as_string(token.source), as_string(token.text), std::string(path.text())});
      return true;
    };
  };
  return walker.walk(raw(line), tell(true), tell(false));
}

bool is_understood(std::string_view line) {
  std::vector<told> all;
  return walk(line, all);
}

TEST(json_walk, tells_names_and_values_in_order_with_the_path_they_are_in) {
  std::vector<told> all;
  ASSERT_TRUE(walk(R"({"a":"x", "b" : {"c":[1,-2.5e3,{"d":true}],"e":null},"":"" })", all));
  const std::vector<told> expected = {
      {true, kind::string, "\"a\"", "a", ""},        {false, kind::string, "\"x\"", "x", "a"},
      {true, kind::string, "\"b\"", "b", ""},        {true, kind::string, "\"c\"", "c", "b"},
      {false, kind::number, "1", "1", "b.c"},        {false, kind::number, "-2.5e3", "-2.5e3", "b.c"},
      {true, kind::string, "\"d\"", "d", "b.c"},     {false, kind::boolean, "true", "true", "b.c.d"},
      {true, kind::string, "\"e\"", "e", "b"},       {false, kind::null, "null", "null", "b.e"},
      {true, kind::string, "\"\"", "", ""},          {false, kind::string, "\"\"", "", ""},
  };
  EXPECT_EQ(all, expected);
}

TEST(json_walk, decodes_before_anything_is_judged) {
  std::vector<told> all;
  ASSERT_TRUE(walk(R"({"remote\u005faddr":"\u0031.2.3.4","q":"a\"b\\c\/d\n\ud83d\ude00"})", all));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].text, "remote_addr");
  EXPECT_EQ(all[0].source, R"("remote\u005faddr")");
  EXPECT_EQ(all[1].text, "1.2.3.4");
  EXPECT_EQ(all[1].path, "remote_addr");
  EXPECT_EQ(all[3].text, "a\"b\\c/d\n\xF0\x9F\x98\x80");
}

TEST(json_walk, tells_duplicate_names_each_time) {
  std::vector<told> all;
  ASSERT_TRUE(walk(R"({"ip":"1.2.3.4","ip":"5.6.7.8"})", all));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].text, "1.2.3.4");
  EXPECT_EQ(all[3].text, "5.6.7.8");
}

TEST(json_walk, understands_one_object_and_nothing_else) {
  EXPECT_TRUE(is_understood("{}"));
  EXPECT_TRUE(is_understood(" \t{ \"a\" : [ ] }\r"));
  for (const char* line : {"", " ", "[]", "\"x\"", "1", "null", "{", "{}{}", "{} x", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}",
                           "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":NaN}", "{\"a\":tru}", "{\"a\":\"\\x41\"}",
                           "{\"a\":\"\\u12\"}", "{\"a\":\"\x01\"}", "{\"a\":\"\xFF\"}", "{\"a\":\"b}", "{\"a\":[1}", "{\"a\":\"\\ud800\"}",
                           "// {}", "{\"a\":1}\x0B", "\xEF\xBB\xBF{}"})
    EXPECT_FALSE(is_understood(line)) << line;
  EXPECT_FALSE(is_understood(std::string_view("{\"a\":\"\0\"}", 9)));
}

TEST(json_walk, has_bounds_for_depth_length_and_paths) {
  const auto nested = [](std::size_t depth) {
    std::string line;
    for (std::size_t i = 0; i < depth; ++i) line += "{\"a\":";
    return line + "1" + std::string(depth, '}');
  };
  EXPECT_TRUE(is_understood(nested(json_walker::most_depth - 1)));
  EXPECT_FALSE(is_understood(nested(json_walker::most_depth + 1)));
  EXPECT_FALSE(is_understood("{\"a\":\"" + std::string(1 << 16, 'x') + "\"}"));
  std::vector<told> all;
  ASSERT_TRUE(walk("{\"a\":{\"" + std::string(json_path::longest - 2, 'x') + "\":1,\"" + std::string(json_path::longest - 1, 'y') + "\":1,\"z\":1}}", all));
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[2].path.size(), json_path::longest);
  EXPECT_EQ(all[4].path, "") << "too long to be a name that anybody knows";
  EXPECT_EQ(all[6].path, "a.z");
}

TEST(json_walk, may_be_stopped_by_its_visitor_and_is_as_new_for_the_next_line) {
  json_walker walker(1 << 16);
  const auto stop = [](const json_token&, const json_path&) { return false; };
  const auto go_on = [](const json_token&, const json_path&) { return true; };
  EXPECT_FALSE(walker.walk(raw(std::string_view("{\"a\":1}")), go_on, stop));
  EXPECT_FALSE(walker.walk(raw(std::string_view("{\"a\":1}")), stop, go_on));
  EXPECT_FALSE(walker.walk(raw(std::string_view("{\"a\":")), go_on, go_on));
  EXPECT_TRUE(walker.walk(raw(std::string_view("{\"a\":1}")), go_on, go_on));
}

// Random documents with random blanks: what stands between the tokens is only what JSON itself puts there, and the tokens
// are those that the document was made of.
class document {
 public:
  explicit document(unsigned seed) : random_(seed) { object(0); }
  const std::string& text() const { return text_; }
  const std::vector<told>& tokens() const { return tokens_; }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  void blanks() {
    while (below(3) == 0) text_ += " \t\r"[below(3)];
  }
  void put(char c) {
    blanks();
    text_ += c;
    blanks();
  }
  std::pair<std::string, std::string> quoted() {
    static constexpr std::pair<const char*, const char*> pieces[] = {
        {"a", "a"}, {"\\\"", "\""}, {"\\\\", "\\"}, {"\\u0041", "A"}, {"\\/", "/"}, {"{", "{"}, {"]", "]"}, {",", ","}, {":", ":"},
        {"\xC3\xA9", "\xC3\xA9"}, {"\\u00e9", "\xC3\xA9"}, {"\\n", "\n"}, {"10.0.0.1", "10.0.0.1"}, {" ", " "}, {"\\ud83d\\ude00", "\xF0\x9F\x98\x80"}};
    std::pair<std::string, std::string> made = {"\"", ""};
    while (below(4) != 0) {
      const auto& [source, says] = pieces[below(std::size(pieces))];
      made.first += source;
      made.second += says;
    }
    made.first += '"';
    return made;
  }
  void object(unsigned depth) {
    put('{');
    const std::string outside = path_;
    const unsigned count = below(5);
    for (unsigned i = 0; i < count; ++i) {
      if (i != 0) put(',');
      const auto [source, says] = quoted();
      tokens_.push_back({true, kind::string, source, says, path_});
      text_ += source;
      put(':');
      path_ = outside.empty() ? says : outside + "." + says;
      value(depth + 1);
      path_ = outside;
    }
    put('}');
  }
  void array(unsigned depth) {
    put('[');
    const unsigned count = below(4);
    for (unsigned i = 0; i < count; ++i) {
      if (i != 0) put(',');
      value(depth + 1);
    }
    put(']');
  }
  void value(unsigned depth) {
    static constexpr const char* words[] = {"0", "-1", "12.5", "1e9", "-0.0E-2", "18446744073709551615", "true", "false", "null"};
    const unsigned choice = below(depth < 5 ? 6 : 4);
    if (choice == 5) return object(depth);
    if (choice == 4) return array(depth);
    if (choice < 2) {
      const auto [source, says] = quoted();
      tokens_.push_back({false, kind::string, source, says, path_});
      text_ += source;
    } else {
      const unsigned word = below(std::size(words));
      tokens_.push_back({false, word < 6 ? kind::number : word < 8 ? kind::boolean : kind::null, words[word], words[word], path_});
      text_ += words[word];
    }
  }

  std::mt19937 random_;
  std::string text_, path_;
  std::vector<told> tokens_;
};

TEST(json_walk, finds_the_tokens_of_random_documents_where_they_were_put) {
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    const document made(seed);
    std::vector<told> all;
    ASSERT_TRUE(walk(made.text(), all)) << made.text();
    ASSERT_EQ(all.size(), made.tokens().size()) << made.text();
    for (std::size_t i = 0; i < all.size(); ++i) {
      told expected = made.tokens()[i];
      if (expected.path.size() > json_path::longest) expected.path.clear();
      ASSERT_EQ(all[i], expected) << made.text();
    }
  }
}

// A byte changed anywhere: understood just when simdjson finds it valid, and never a crash.
TEST(json_walk, agrees_with_simdjson_about_every_damaged_document) {
  std::mt19937 random(1);
  simdjson::dom::parser parser;
  std::size_t refused = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    const std::string whole = document(seed).text();
    for (int round = 0; round < 20; ++round) {
      std::string line = whole;
      line[random() % line.size()] = static_cast<char>(random() % 3 == 0 ? random() : static_cast<unsigned char>("{}[],:\"\\ 1u"[random() % 11]));
      simdjson::dom::element root;
      const bool is_valid = parser.parse(line).get(root) == simdjson::SUCCESS && root.is_object();
      EXPECT_EQ(is_understood(line), is_valid) << line;
      refused += is_valid ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace anonlog
