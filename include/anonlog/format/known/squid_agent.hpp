// format/known/squid_agent.hpp: Squid's own format and then the agent in quotes; further patterns of the name squid.
#pragma once

#include <anonlog/format/known/squid.hpp>

namespace anonlog::known {

inline constexpr named_kind squid_agent_names[] = {
    {"time", kind::time_epoch},   {"elapsed", kind::duration},  {"remotehost", kind::client}, {"code", kind::own_capitals},
    {"status", kind::status},     {"bytes", kind::bytes},       {"method", kind::method},     {"URL", kind::url_word},
    {"rfc931", kind::user_word},  {"peerstatus", kind::own_capitals}, {"peerhost", kind::server}, {"type", kind::drop_word},
    {"agent", kind::agent},
};

namespace squid_parts {

inline constexpr std::string_view agent = R"( "$agent")", agent_sample = R"( "curl/8.5.0")", no_blanks = "";

consteval log_format with_agent(std::string_view columns, std::string_view line) {
  log_format made = squid_parts::squid(columns, line);
  made.names = squid_agent_names;
  return made;
}

template <const std::string_view& Blanks, const std::string_view& Elapsed>
inline constexpr log_format agent_after =
    with_agent(joined<squid_parts::time, Blanks, rest, agent>, joined<time_sample, Blanks, Elapsed, rest_sample, agent_sample>);

}  // namespace squid_parts

inline constexpr log_format squid_agent_one_digit = squid_parts::agent_after<squid_parts::five_blanks, squid_parts::one_digit>;
inline constexpr log_format squid_agent = squid_parts::agent_after<squid_parts::four_blanks, squid_parts::two_digits>;
inline constexpr log_format squid_agent_three_digits = squid_parts::agent_after<squid_parts::three_blanks, squid_parts::three_digits>;
inline constexpr log_format squid_agent_four_digits = squid_parts::agent_after<squid_parts::two_blanks, squid_parts::four_digits>;
inline constexpr log_format squid_agent_five_digits = squid_parts::agent_after<squid_parts::one_blank, squid_parts::five_digits>;
inline constexpr log_format squid_agent_six_digits = squid_parts::agent_after<squid_parts::no_blanks, squid_parts::digits>;

}  // namespace anonlog::known
