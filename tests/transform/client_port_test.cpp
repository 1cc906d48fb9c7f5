// tests/transform/client_port_test.cpp: a client's port is zeroed, dropped or kept; what is no port goes (SPEC 3.9).
#include <anonlog/transform/client_port.hpp>

#include <gtest/gtest.h>

#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using testing::run;

TEST(client_port, shows_its_examples_truly) {
  for (const example& shown : client_port::examples) {
    const testing::transformed done = run(client_port{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(client_port, follows_its_rule_for_one_to_five_digits) {
  for (const std::string port : {"0", "80", "00443", "65535", "99999"}) {
    EXPECT_EQ(run(client_port{port_rule::zero}, port).text, "0");
    EXPECT_EQ(run(client_port{port_rule::drop}, port).text, "-");
    EXPECT_EQ(run(client_port{port_rule::keep}, port).text, port);
  }
}

TEST(client_port, never_lets_an_unreadable_value_through) {
  for (const port_rule rule : {port_rule::zero, port_rule::drop, port_rule::keep})
    for (const std::string& value : {std::string("123456"), std::string("80a"), std::string(" 80"), std::string("80 "),
                                     std::string("-1"), std::string("+1"), std::string("0x50"), std::string("8\0", 2),
                                     std::string("\xff"), std::string(1 << 16, '1')}) {
      const testing::transformed done = run(client_port{rule}, value);
      EXPECT_EQ(done.text, "-");
      EXPECT_EQ(done.outcome, outcome::unreadable);
    }
}

}  // namespace
}  // namespace anonlog
