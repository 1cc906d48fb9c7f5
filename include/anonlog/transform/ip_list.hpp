// transform/ip_list.hpp: X-Forwarded-For and its relatives: addresses between commas, most of them the client's word.
//
// Every hop is reduced like the client itself; commas and the number of blanks stay. Source: SPEC 3.2.1 (XFF).
#pragma once

#include <algorithm>
#include <string_view>

#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

// Which addresses of the list are written; the others become `unknown`.
enum class xff_rule : unsigned char { all, first, last };

struct ip_list {
  static constexpr std::string_view name = "ip_list";
  static constexpr example examples[] = {
      {.in = "203.0.113.195, unknown,198.51.100.23:4711", .out = "203.0.113.0, unknown,198.51.100.0:0"},
      {.in = "<script>, 203.0.113.195", .out = "-, 203.0.113.0", .outcome = outcome::unreadable},
  };

  ip_position position;
  xff_rule xff = xff_rule::all;

  outcome apply(raw list, scope& s, writer& out) const noexcept {
    if (position.mode == ip_mode::drop) {
      out.put('-');
      return outcome::dropped;
    }
    const std::size_t chosen = chosen_byte(list);
    outcome worst = outcome::absent;
    for (std::size_t from = 0; from <= list.size();) {
      const std::size_t comma = list.find(',', from);
      const std::size_t to = comma == raw::npos ? list.size() : comma;
      if (from != 0) out.put(',');
      const bool is_written = xff == xff_rule::all || (from <= chosen && chosen < to);
      worst = std::max(worst, put_spaced(list.sub(from, to - from), is_written, s, out));
      from = to + 1;
    }
    return worst;
  }

 private:
  // A byte of the first or last element that is not empty.
  std::size_t chosen_byte(raw list) const noexcept {
    const auto is_content = [&](std::size_t i) { return list[i] != ',' && !is_blank(list[i]); };
    if (xff == xff_rule::first)
      for (std::size_t i = 0; i < list.size(); ++i)
        if (is_content(i)) return i;
    if (xff == xff_rule::last)
      for (std::size_t i = list.size(); i-- > 0;)
        if (is_content(i)) return i;
    return raw::npos;
  }

  outcome put_spaced(raw spaced, bool is_written, scope& s, writer& out) const noexcept {
    const raw element = spaced.trimmed();
    const auto before = static_cast<std::size_t>(element.begin() - spaced.begin());
    put_blanks(element.empty() ? spaced.size() : before, out);
    if (element.empty()) return outcome::absent;
    outcome done = outcome::reduced;
    if (is_written)
      done = position.put_element(element, s, out);
    else
      out.put("unknown");
    put_blanks(spaced.size() - before - element.size(), out);
    return done;
  }

  static void put_blanks(std::size_t count, writer& out) noexcept {
    for (; count != 0; --count) out.put(' ');
  }
};

}  // namespace anonlog
