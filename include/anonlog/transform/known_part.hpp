// transform/known_part.hpp: the parts of an error log's message with a meaning of their own: what their labels are, and where
// they end.
//
// Sources: nginx ngx_http_request.c (ngx_http_log_error_handler), ngx_http_rewrite_module.c; Apache log.c; ModSecurity; PHP-FPM;
// SPEC 3.10 (`scrub`), CLI 6.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/phrase_list.hpp>
#include <anonlog/transform/scrub_rules.hpp>

namespace anonlog {

enum class known_part : unsigned char { none, client, request, target, server, query, host, referrer, bracketed_host, bracketed_path };

namespace known_parts {

inline constexpr std::string_view client_label = "[client ";

// True if a label may begin behind this text: behind an escape, too, for what is no word's byte may have left as one.
inline bool begins_label(raw before) noexcept {
  return before.empty() || !scrub_rules::is_word_byte(before.back()) || (before.size() >= 3 && percent_byte(before, before.size() - 3) >= 0);
}

inline constexpr phrase_list<13> labels({"client: ", client_label, "request: ", "upstream: ", "host: ", "referrer: ", "referer: ", "subrequest: ", "args: ", "data: ",
                                         "redirect: ", "[hostname ", "[uri "});  // the last ones are ModSecurity's
inline constexpr known_part labelled[] = {known_part::client,   known_part::client, known_part::request, known_part::server, known_part::host,   known_part::referrer,       known_part::referrer,
                                          known_part::target,   known_part::query,  known_part::target,  known_part::target, known_part::bracketed_host, known_part::bracketed_path};

// The words of an error log that say what the value behind them is.
struct label {
  known_part part = known_part::none;
  std::string_view words = {};
};
inline label label_at_end(raw before) noexcept {
  if (before.empty() || before.back() != ' ') return {};
  for (std::size_t i = labels.find_end(before); i != labels.npos; i = labels.find_end(before, i + 1))
    if (begins_label(before.without_last(labels[i].size()))) return {labelled[i], labels[i]};
  return {};
}
inline known_part part_after(raw before) noexcept { return label_at_end(before).part; }

// What PHP-FPM says behind the request of a script that takes too long, to the end of its line.
inline bool is_told_slow(raw text) noexcept {
  constexpr struct {
    std::string_view before, behind;
  } words[] = {{") executing too slow (", " sec), logging"}, {") execution timed out (", " sec), terminating"}};
  for (const auto& told : words) {
    if (!text.starts_with(told.before) || !text.ends_with(told.behind) || text.size() < told.before.size() + told.behind.size()) continue;
    return all_of(text.sub(told.before.size()).without_last(told.behind.size()), [](unsigned char c) { return is_digit(c) || c == '.'; });
  }
  return false;
}

// The quote that ends a known part which begins at `from`: the one in front of the next known part, else the last
// one in front of a label, or the end of the text. npos: the line was cut short. A label of a part that is always
// quoted, without its quote, was written by a client.
inline std::size_t known_part_end(raw value, std::size_t from) noexcept {
  std::size_t last = raw::npos;
  for (std::size_t quote = value.find('"', from); quote != raw::npos; quote = value.find('"', quote + 1)) {
    const raw after = value.sub(quote + 1);
    if (after.empty() || is_told_slow(after)) return quote;
    if (!after.starts_with(", ")) continue;
    if (after.starts_with(", bytes from/to client:")) last = quote;  // nginx's stream module, behind the upstream
    const std::size_t word_end = run_end(after, 2, scrub_rules::is_word_byte);
    if (word_end == 2 || !after.sub(word_end).starts_with(": ")) continue;
    const known_part next = part_after(after.first(word_end + 2));
    const bool is_quoted = after.sub(word_end + 2).starts_with("\"");
    if (next == known_part::referrer || (next != known_part::none && is_quoted)) return quote;
    last = quote;
  }
  return last;
}

}  // namespace known_parts

}  // namespace anonlog
