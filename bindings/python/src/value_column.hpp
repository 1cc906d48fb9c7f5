// value_column.hpp: columns of values of one class, transformed by the plan as single values are (stream::value).
//
// One scope and one moment hold for a whole column, so that the cost is that of the transform; the busiest values are
// remembered, as in lines. A null stays null; whatever cannot be read is "-".
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <anonlog.hpp>
#include <anonlog/block/client_values.hpp>
#include <anonlog/core/wipe.hpp>

#include "arrow_text.hpp"

namespace anonlog::python {

// A text of shortest_client to longest_client bytes where client_reach can be read. In two steps of a fixed size, which may
// overlap.
inline std::string_view copied_client(std::string_view text, char* to) noexcept {
  if (text.size() >= 8) {
    std::memcpy(to, text.data(), 8);
    std::memcpy(to + text.size() - 8, text.data() + text.size() - 8, 8);
  } else {
    std::memcpy(to, text.data(), 4);
    std::memcpy(to + text.size() - 4, text.data() + text.size() - 4, 4);
  }
  return {to, text.size()};
}

// Transforms values, for one thread at a time.
class value_worker {
 public:
  value_worker(std::shared_ptr<const plan> rules, std::shared_ptr<shared_secrets> secrets)
      : plan_(std::move(rules)), exact_(*plan_, std::move(secrets)), client_rule_(plan_->normal().address_rule()), lone_client_(client_function_of(plan_->kernel())),
        client_rows_32_(client_rows_function_of<std::int32_t>(plan_->kernel())), client_rows_64_(client_rows_function_of<std::int64_t>(plan_->kernel())) {}

  // True if most addresses are done by put_client().
  bool knows_clients(field_class cls) const noexcept {
    return cls == field_class::ip && client_rule_.what == plain_client::rule::truncate && lone_client_ != nullptr;
  }

  // The text has shortest_client to longest_client bytes, text_reach can be read, and there is client_room. How many bytes were written; 0: put() is to be asked.
  std::size_t put_client(std::string_view text, char* to) noexcept {
    const std::size_t size = lone_client_(client_rule_, text.data(), static_cast<std::uint32_t>(text.size()), to);
    clients_ += size != 0;
    return size;
  }

  // The next rows, up to the first that put_client() does not do either; client_reach bytes of each can be read.
  template <class Offset>
  std::int64_t put_clients(const char* texts, const Offset* offsets, std::int64_t rows, offset_text_builder<Offset>& made) {
    const auto most = static_cast<std::size_t>(rows);
    char* const to = made.room(static_cast<std::size_t>(offsets[rows] - offsets[0]) + client_room);
    client_rows done{};
    if constexpr (sizeof(Offset) == 4) done = client_rows_32_(client_rule_, texts, offsets, most, to, made.ends(most), made.used());
    else done = client_rows_64_(client_rule_, texts, offsets, most, to, made.ends(most), made.used());
    wipe(to + (done.end - made.used()), client_room);  // bytes of the next text may be there
    made.add_many(done.rows, done.end);
    clients_ += done.rows;
    return static_cast<std::int64_t>(done.rows);
  }

  // Before values of one moment. None: now.
  void begin(std::optional<std::int64_t> time) {
    exact_.begin_block(before_);  // secrets of other moments and inputs stay as they are
    const std::int64_t moment = time.value_or(plan_->now());
    around_.emplace(exact_.scope_at(moment, plan_->normal().zone_seconds(), exact_.values().memory()));
    using pseudonyms = value_writer::pseudonyms;
    exact_.values().begin_line(*around_, exact_.keys().is_late() ? pseudonyms::forget : pseudonyms::remember);
  }

  // There must be room for plan::value_bound().
  void put(field_class cls, std::string_view text, writer& out) {
    outcome result = outcome::unreadable;
    if (plan::scratch_bytes(text.size()) > exact_.values().memory().size()) {
      scratch larger(plan::scratch_bytes(text.size()));
      scope around = exact_.scope_with(around_->keys, around_->zone_seconds, larger);
      result = put_in(around, cls, raw(text), out);
    } else {
      result = put_in(*around_, cls, raw(text), out);
    }
    ++exact_.counts().fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(result)];
  }

  report counts() const {
    report made = exact_.counts();
    made.fields[static_cast<std::size_t>(field_class::ip)][static_cast<std::size_t>(outcome::reduced)] += clients_;
    made.transforms.counts[static_cast<std::size_t>(counted::address_ipv4)] += clients_;
    exact_.values().add_uses_to(made.transforms);
    made.late_epoch = exact_.keys().late_epochs();
    return made;
  }
  const key_source& keys() const noexcept { return exact_.keys(); }

 private:
  class no_lines final : public block_before {
   public:
    std::int64_t last_time() noexcept override { return 0; }  // never asked: values have their own time
  };

  outcome put_in(scope& around, field_class cls, raw text, writer& out) noexcept {
    const scratch::frame frame(around.memory);
    bool ok = true;
    raw decoded = unescape_log(text, around.memory, ok);
    if (!ok) decoded = raw("?", 1);
    value_writer& values = exact_.values();
    const protection& rules = plan_->normal();
    if (rules.memo_kind(cls) == 0) return rules.apply(cls, keep_form::any, decoded, around, out);
    return values.put(cls, keep_form::any, decoded, values.look_up(cls, decoded, rules), rules, around, out);
  }

  std::shared_ptr<const plan> plan_;
  exact_path exact_;
  no_lines before_;
  plain_client client_rule_;
  client_function lone_client_;
  client_rows_function<std::int32_t> client_rows_32_;
  client_rows_function<std::int64_t> client_rows_64_;
  std::uint64_t clients_ = 0;
  std::optional<scope> around_;
};

// One array, in the layout that it came in.
class value_column {
 public:
  value_column(value_worker& worker, field_class cls) : worker_(worker), cls_(cls) {}

  array_owner transform(const ArrowArray& array, const text_type& type) {
    return type.index == 0 ? plain(array, type.layout) : dictionary(array, type);
  }

 private:
  array_owner plain(const ArrowArray& array, text_layout layout) {
    switch (layout) {
      case text_layout::small: return with(offset_text_builder<std::int32_t>(array.length, bytes_of<std::int32_t>(array)), array, layout);
      case text_layout::large: return with(offset_text_builder<std::int64_t>(array.length, bytes_of<std::int64_t>(array)), array, layout);
      case text_layout::view: return with(view_text_builder(array.length, 0), array, layout);
      case text_layout::none: break;
    }
    return make_array(array.length, array.length, {});
  }

  template <class Offset>
  static std::size_t bytes_of(const ArrowArray& array) {
    if (array.length == 0) return 0;
    const auto* const offsets = static_cast<const Offset*>(array.buffers[1]) + array.offset;
    return static_cast<std::size_t>(offsets[array.length] - offsets[0]);
  }

  template <class Builder>
  array_owner with(Builder made, const ArrowArray& array, text_layout layout) {
    const bool knows_clients = worker_.knows_clients(cls_);
    char copy[text_reach] = {};
    read_texts(
        array, layout,
        [&](std::string_view text, bool is_in_reach) {
          if (knows_clients && text.size() - shortest_client <= longest_client - shortest_client) {
            if (!is_in_reach) text = copied_client(text, copy);
            if (const std::size_t size = worker_.put_client(text, made.room(client_room)); size != 0) return made.add(size);
          }
          const std::size_t most = plan::value_bound(text.size());
          writer out(made.room(most), most);
          worker_.put(cls_, text, out);
          if (out.overflowed()) throw api_error{error_kind::memory, "column: a value became longer than values may"};
          made.add(out.size());
        },
        [&] { made.add_null(); },
        [&](const char* texts, const auto* offsets, std::int64_t rows) -> std::int64_t {
          if constexpr (requires { worker_.put_clients(texts, offsets, rows, made); })
            if (knows_clients && rows >= worthy_rows) return worker_.put_clients(texts, offsets, rows, made);
          return 0;
        });
    return made.take();
  }
  static constexpr std::int64_t worthy_rows = 8;  // for a call with many

  // Every distinct value once. Several may become the same one: the dictionary that comes out has each once.
  array_owner dictionary(const ArrowArray& array, const text_type& type) {
    const array_owner changed = plain(*array.dictionary, type.layout);
    std::unordered_map<std::string_view, std::int64_t> places;
    std::vector<std::string_view> distinct;
    std::vector<std::int64_t> place_of;  // -1: null
    read_texts(
        *changed.get(), type.layout,
        [&](std::string_view text, bool) {
          const auto [found, is_new] = places.try_emplace(text, static_cast<std::int64_t>(distinct.size()));
          if (is_new) distinct.push_back(text);
          place_of.push_back(found->second);
        },
        [&] { place_of.push_back(-1); });
    array_owner words = words_of(distinct, type.layout);
    switch (type.index) {
      case 'c': return renumber<std::int8_t>(array, place_of, std::move(words));
      case 'C': return renumber<std::uint8_t>(array, place_of, std::move(words));
      case 's': return renumber<std::int16_t>(array, place_of, std::move(words));
      case 'S': return renumber<std::uint16_t>(array, place_of, std::move(words));
      case 'i': return renumber<std::int32_t>(array, place_of, std::move(words));
      case 'I': return renumber<std::uint32_t>(array, place_of, std::move(words));
      case 'l': return renumber<std::int64_t>(array, place_of, std::move(words));
      default: return renumber<std::uint64_t>(array, place_of, std::move(words));
    }
  }

  template <class Builder>
  static array_owner filled(Builder made, const std::vector<std::string_view>& texts) {
    for (const std::string_view text : texts) made.add_text(text);
    return made.take();
  }
  static array_owner words_of(const std::vector<std::string_view>& texts, text_layout layout) {
    const auto count = static_cast<std::int64_t>(texts.size());
    switch (layout) {
      case text_layout::small: return filled(offset_text_builder<std::int32_t>(count, 0), texts);
      case text_layout::large: return filled(offset_text_builder<std::int64_t>(count, 0), texts);
      case text_layout::view: return filled(view_text_builder(count, 0), texts);
      case text_layout::none: break;
    }
    return make_array(0, 0, {});
  }

  template <class Index>
  static array_owner renumber(const ArrowArray& array, const std::vector<std::int64_t>& place_of, array_owner words) {
    const validity valid(array);
    const Index* const given = array.length == 0 ? nullptr : static_cast<const Index*>(array.buffers[1]) + array.offset;
    byte_buffer numbers;
    numbers.reserve(static_cast<std::size_t>(array.length) * sizeof(Index) + 8);
    validity_builder made;
    for (std::int64_t row = 0; row < array.length; ++row) {
      const bool is_valid = valid.holds(row);
      const auto at = is_valid ? static_cast<std::size_t>(given[row]) : 0;
      if (is_valid && at >= place_of.size()) throw api_error{error_kind::type, "column: a number that its dictionary does not have"};
      const std::int64_t place = is_valid ? place_of[at] : -1;
      numbers.as<Index>()[row] = static_cast<Index>(place < 0 ? 0 : place);
      made.add(place >= 0);
    }
    const std::int64_t nulls = made.nulls();
    std::vector<byte_buffer> buffers;
    buffers.push_back(made.take());
    buffers.push_back(std::move(numbers));
    return make_array(array.length, nulls, std::move(buffers), {}, &words);
  }

  value_worker& worker_;
  field_class cls_;
};

}  // namespace anonlog::python
