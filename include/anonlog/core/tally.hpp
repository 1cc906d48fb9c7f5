// core/tally.hpp: what the transforms count while they work: kinds of addresses, placeholders. Never a value.
//
// The list is EVIDENCE 5.2; report.hpp adds what the stream counts and writes all of it as JSON.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anonlog {

enum class counted : unsigned char {
  address_ipv4, address_ipv6, address_mapped, address_6to4, address_teredo, address_6rd, address_nat64,
  address_zone, address_unbracketed_port, address_kept,
  placeholder_email, placeholder_uuid, placeholder_ip, placeholder_num, placeholder_hex, placeholder_date,
  placeholder_phone, placeholder_token, placeholder_long, placeholder_user,
};

inline constexpr std::array<std::string_view, 20> counted_names = {
    "address_ipv4",  "address_ipv6",  "address_mapped",   "address_6to4",
    "address_teredo", "address_6rd",  "address_nat64",    "address_zone",
    "address_unbracketed_port",       "address_kept",     "placeholder_email",
    "placeholder_uuid", "placeholder_ip", "placeholder_num", "placeholder_hex",
    "placeholder_date", "placeholder_phone", "placeholder_token", "placeholder_long",
    "placeholder_user",
};

struct tally {
  std::array<std::uint64_t, counted_names.size()> counts{};

  void add(counted what) noexcept { ++counts[static_cast<std::size_t>(what)]; }
  std::uint64_t of(counted what) const noexcept { return counts[static_cast<std::size_t>(what)]; }
  bool operator==(const tally&) const = default;
};

}  // namespace anonlog
