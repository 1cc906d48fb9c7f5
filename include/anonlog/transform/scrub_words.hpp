// transform/scrub_words.hpp: free text word by word: what scrub.hpp does with all that is no part with a meaning of its own.
//
// No rule reaches over a blank or a quote. Words without a mark are passed over together; those of the most
// frequent shapes are answered at once (quick_word.hpp), the rest by the rules, URLs by the rule for targets.
// Source: SPEC 3.8 (inline rules, Target), 3.10 (`scrub`), CLI 6.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/simd/text_map.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/path_tails.hpp>
#include <anonlog/transform/query_key.hpp>
#include <anonlog/transform/quick_word.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/scrub_rules.hpp>
#include <anonlog/transform/target.hpp>
#include <anonlog/transform/told_secret.hpp>

namespace anonlog {

class scrub_words {
 public:
  // Of a text with its map; `rule`: for URLs, and for paths where it cuts them; `quote`: how a quote is written.
  // The map marks slashes where the rule cuts paths.
  scrub_words(raw text, const text_map& places, const target& rule, std::string_view quote) noexcept
      : text_(text), places_(places), rule_(rule), quote_(quote) {}

  // Writes what becomes of the bytes from `from` to `to`; no path takes the label along that the last `label_size` bytes are.
  void put(std::size_t from, std::size_t to, scope& s, writer& out, std::size_t label_size = 0) const noexcept {
    std::size_t label = to - std::min(label_size, to - from);
    if (label != from && !is_word_end(text_[label - 1])) label = to;  // within a word: what takes the word takes it
    std::size_t kept = from;  // what stands behind it and before `i` is nobody's, and not written yet
    for (std::size_t i = from;;) {
      const std::size_t mark = places_.next_mark(i, to);
      if (mark == to) break;
      const unsigned char c = text_[mark];
      if (is_word_end(c)) {
        release_words(text_.sub(kept, mark - kept), s, out);
        if (c == '"') out.put(quote_);
        else out.put(' ');
        kept = i = mark + 1;
        continue;
      }
      const std::size_t begin = places_.word_begin(mark, i);
      i = word_end(begin, mark, to, label);
      if (const auto marks = places_.marks_between(begin, i); marks && names_nobody(*marks, text_[i - 1] == ':')) continue;
      const raw word = text_.sub(begin, i - begin);
      const byte_kinds kinds = byte_kinds::of(word.first(byte_kinds::most_bytes));
      const character_profile p = word.size() <= byte_kinds::most_bytes ? character_profile(kinds, word.size()) : character_profile::of(word);
      if (is_nobodys(word, p) && cut_path(word) == raw::npos) continue;
      release_words(text_.sub(kept, begin - kept), s, out);
      kept = i;
      if (!put_quick_word(word, p, s, out)) put_word(word, s, out);
    }
    release_words(text_.sub(kept, to - kept), s, out);
  }

  // Writes what becomes of one word, by all the rules; put_quick_word agrees with it.
  void put_word(raw word, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    bool ok = true;
    const raw d = percent_decode(word, 3, s.memory, ok);
    if (!ok) {
      out.put('-');
      return;
    }
    const std::size_t url = scrub_rules::find_url(d);
    const std::size_t url_from = url > cut_path(d) ? raw::npos : url;  // else it belongs to the path
    const raw before = d.first(url_from);
    const bool is_email_cut = url_from != raw::npos && (before.ends_with("@") || before.ends_with("\xEF\xBC\xA0"));
    if (holds_percent_escape(d) || is_email_cut) {
      put_placeholder(placeholder::token, s.counts, out);
      return;
    }
    if (url_from == raw::npos) return put_without_url(word, d, s, out);
    const std::size_t closing = scrub_rules::closing_size(d.sub(url_from));
    put_decoded(before, before, s, out);
    rule_.apply(d.sub(url_from).without_last(closing), s, out);
    put_decoded(d.sub(d.size() - closing), d.sub(d.size() - closing), s, out);
  }

 private:
  // The end of the word that holds `mark`; of a path that is cut, where it ends as a whole: a name in it may be several words.
  std::size_t word_end(std::size_t begin, std::size_t mark, std::size_t to, std::size_t label) const noexcept {
    const std::size_t end = places_.word_end(mark, to);
    if (!rule_.path_rule.cuts() || end >= label) return end;
    const std::size_t path = cut_path(text_.sub(begin, end - begin));
    if (path == raw::npos || scrub_rules::find_url(text_.sub(begin, end - begin)) < path) return end;
    const std::size_t slash = begin + path;
    const bool is_quoted = slash != 0 && text_[slash - 1] == '\'';
    std::size_t close = is_quoted ? std::string_view(text_.begin(), label).rfind('\'') : path_tails::last(text_, slash, label, 0);
    if (close == raw::npos || close <= slash) close = label;
    if (close != text_.size())  // a quote may have opened in front of the path
      while (close > end && (text_[close - 1] == ' ' || text_[close - 1] == ',' || text_[close - 1] == '"')) --close;
    return std::max(close, end);
  }

  // Where a path begins in a word: at a slash that is not between two words; npos if nowhere, or if paths are not cut.
  std::size_t cut_path(raw word) const noexcept { return rule_.path_rule.cuts() ? begin_of_path(word) : raw::npos; }
  static std::size_t begin_of_path(raw word) noexcept {
    for (std::size_t slash = word.find('/'); slash != raw::npos; slash = word.find('/', slash + 1))
      if ((slash == 0 || !is_alphanumeric(word[slash - 1])) && slash + 1 < word.size()) return slash;
    return raw::npos;
  }

  // Where the slash at `place` of a decoded word stands in the word as it was written, unless one before it was an escape.
  static std::size_t same_slash(raw word, raw d, std::size_t place) noexcept {
    std::size_t found = word.find('/');
    for (std::size_t slash = d.find('/'); slash < place && found != raw::npos; slash = d.find('/', slash + 1)) found = word.find('/', found + 1);
    return found;
  }

  // A target without a host, `KEY=VALUE` of a sensitive key, and `//USER:PASSWORD@HOST` of any scheme: SPEC 3.8, also here.
  void put_without_url(raw word, raw d, scope& s, writer& out) const noexcept {
    const std::size_t slashes = d.find("//");
    if (slashes != raw::npos && d.sub(slashes).holds('@')) return put_placeholder(placeholder::token, s.counts, out);
    if (d.starts_with("/") && d.holds('?')) {
      rule_.apply(word.starts_with("/") && word.holds('?') ? word : d, s, out);
      return;
    }
    const std::size_t question = d.find('?');
    const std::size_t path = rule_.path_rule.cuts() ? cut_path(d) : begin_of_path(d.first(question == raw::npos ? 0 : question));
    if (path == raw::npos) {
      if (question == raw::npos || !holds_pair(d.sub(question + 1))) {
        put_pairs(word, d, s, out);
        return;
      }
      if (put_pairs(d.first(question), d.first(question), s, out)) return;
      if (rule_.query_rule.level == query_level::drop) return;
      out.put('?');
      rule_.query_rule.apply(d.sub(question + 1), s, out);
      return;
    }
    if (put_pairs(d.first(path), d.first(path), s, out)) return;  // the path was the secret
    const std::size_t written = same_slash(word, d, path);
    bool ok = true;  // the rule undoes the escapes behind it
    const bool is_written_so = written != raw::npos && percent_decode(word.first(written), 3, s.memory, ok) == d.first(path) && ok;
    const raw cut = is_written_so ? word.sub(written) : d.sub(path);
    const std::size_t closing = scrub_rules::closing_size(cut);
    if (const std::size_t equals = secret_equals(cut); equals == raw::npos || cut.first(equals).holds('?')) {
      rule_.apply(cut.without_last(closing), s, out);
    } else {
      rule_.apply(cut.first(equals - told_secrets::key_before(cut, equals).size()), s, out);
      if (!out.text().ends_with('*')) out.put('*');  // in place of key and value, and of what is behind them
    }
    put_decoded(cut.sub(cut.size() - closing), cut.sub(cut.size() - closing), s, out);
  }

  // True of a query such as `t=x`, even if no path is in front of it.
  static bool holds_pair(raw query) noexcept {
    const std::size_t key = run_end(query, 0, is_key_byte);
    return key != 0 && key < query.size() && query[key] == '=';
  }

  // Up to the value of the first sensitive key, of which nothing else is written; true if there is one.
  static bool put_pairs(raw written, raw d, scope& s, writer& out) noexcept {
    const std::size_t equals = secret_equals(d);
    if (equals == raw::npos) {
      put_decoded(written, d, s, out);
      return false;
    }
    put_decoded(d.first(equals), d.first(equals), s, out);
    out.put("=*");
    return true;
  }

  // Where the first sensitive key ends; npos if there is none.
  static std::size_t secret_equals(raw d) noexcept {
    for (std::size_t equals = d.find('='); equals != raw::npos; equals = d.find('=', equals + 1)) {
      const raw key = told_secrets::key_before(d, equals);
      const std::size_t begin = equals - key.size();
      const bool is_parameter = begin != 0 && d[begin - 1] == ';' && d.first(begin).holds('/');  // of a path: it goes as a whole
      if (!is_parameter && told_secrets::is_secret_key(key)) return equals;
    }
    return raw::npos;
  }

  // True of words such as `server:`, `04` and `(404):`. Without other marks than digits and one colon at the end, every rule asks
  // for six digits or for more than six bytes.
  static bool names_nobody(const text_map::marks& marks, bool ends_in_colon) noexcept {
    const std::uint64_t colon = std::uint64_t{ends_in_colon} << (marks.size - 1);
    if (marks.all == colon) return true;
    return marks.size <= 6 && (marks.others & ~colon) == 0 && marks.all != 0b111111;
  }

  // True if none of the rules that put_decoded runs can fire, no escape is to be undone and no URL can be there. Four numbers of
  // an address may be joined by three `_` too, and `/~` begins a user's directory.
  static bool is_nobodys(raw word, const character_profile& p) noexcept {
    if (p.specials != 0 || p.token_marks >= 3 || (p.token_marks != 0 && (word.holds('~') || word.holds('='))) || (p.colons != 0 && word.find("://") != raw::npos)) return false;
    return !inline_rules::may_find(p) || (inline_rules::only_words_may_find(p) && !inline_rules::holds_word(word));
  }

  // What no rule fires on in its decoded form `d` comes out as it was written.
  static void put_decoded(raw written, raw d, scope& s, writer& out) noexcept {
    if (d.empty()) return;
    char* const marks = s.memory.take(d.size());
    if (marks == nullptr) {
      out.put('-');
      return;
    }
    const character_profile p = character_profile::of(d);
    const bool may_spell_address = (p.digits >= 4 && (p.dots >= 3 || p.dashes >= 3 || p.token_marks >= 3)) || (p.digits != 0 && p.dashes >= 4);
    marked_text text(d, marks);
    if (p.colons != 0) text.mark_written_placeholders();
    bool found = false;
    const auto mark = [&](bool is_possible, auto rule) { found = (is_possible && text.mark_by(rule)) || found; };
    mark(p.specials != 0, [](raw piece, auto hit) { scrub_rules::path_parameters(piece, hit); });
    mark(p.token_marks != 0 || p.at_signs != 0, [](raw piece, auto hit) { scrub_rules::home_directories(piece, hit); });
    mark(p.dots >= 2, [](raw piece, auto hit) { scrub_rules::web_tokens(piece, hit); });
    // E-mails first, or the address in `bob@[192.0.2.1]` would be taken out of one; with ports before those without.
    mark(p.at_signs != 0, [](raw piece, auto hit) { inline_rules::emails(piece, hit); });
    mark(p.dots >= 3 || p.colons >= 2, [](raw piece, auto hit) { scrub_rules::addresses(piece, hit); });
    // UUIDs before host names, for a file may be called by one; both before the rules that would take parts of a name.
    mark(p.dashes >= 4, [](raw piece, auto hit) { inline_rules::uuids(piece, hit); });
    using scrub_rules::names;
    mark(may_spell_address && p.dots != 0, [](raw piece, auto hit) { names(piece, scrub_rules::is_address_host, hit); });
    found = text.mark_identifiers(p) || found;
    mark(may_spell_address || (p.digits != 0 && p.hexes >= 8), [](raw piece, auto hit) { names(piece, [](raw name) { return spells_address(name); }, hit); });
    if (found)
      text.write(s.counts, out, [](raw piece, writer& to) noexcept { to.release(piece); });
    else
      out.release(written);
  }

  raw text_;
  const text_map& places_;
  const target& rule_;
  std::string_view quote_;
};

}  // namespace anonlog
