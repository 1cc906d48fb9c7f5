// transform/list_elements.hpp: the lists a proxy writes when it asked several servers: `0.012, 0.034 : -`.
//
// Every maximal run without `,` and space is one element, a lone `:` stays (SPEC 3.2.1, $upstream_addr). What stands
// between elements is written here, so a transform only ever sees elements.
#pragma once

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>

namespace anonlog {

// Calls `write_element(raw)` for each element but `:`, in order. True if the value was one element and nothing else.
template <class WriteElement>
bool write_list(raw list, writer& out, WriteElement write_element) noexcept {
  const auto is_separator = [](unsigned char c) { return c == ',' || c == ' '; };
  bool is_one_element = true;
  for (std::size_t from = 0; from < list.size();) {
    if (is_separator(list[from])) {
      out.put(list[from] == ',' ? ',' : ' ');
      is_one_element = false;
      ++from;
      continue;
    }
    std::size_t to = from;
    while (to < list.size() && !is_separator(list[to])) ++to;
    const raw element = list.sub(from, to - from);
    if (element == std::string_view(":"))
      out.put(':');
    else
      write_element(element);
    from = to;
  }
  return is_one_element;
}

}  // namespace anonlog
