// tests/stream_support.hpp: a text through a stream with a given policy, format and pieces; keys that are always the same.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <anonlog.hpp>

namespace anonlog::testing {

inline constexpr std::int64_t test_time = 1768478400;  // 2026-01-15T12:00:00Z
inline constexpr const char* test_keyring =
    "anonlog-keyring 1\n"
    "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n";

struct stream_setup {
  std::string format = "auto";
  std::string policy = "version = 1\n";
  std::string keyring = test_keyring;  // empty: ephemeral
  std::string recipient = "";
};

inline plan_options options_of(const stream_setup& setup) {
  plan_options options;
  result<policy> rules = parse_policy(setup.policy, "policy");
  if (!rules) throw std::runtime_error(rules.error().message);
  options.rules = std::move(*rules);
  options.format = setup.format;
  options.recipient = setup.recipient;
  options.now = test_time;
  if (!setup.keyring.empty()) {
    result<keyring> keys = parse_keyring(setup.keyring, "keyring");
    if (!keys) throw std::runtime_error(keys.error().message);
    options.keys = std::make_shared<const keyring>(std::move(*keys));
  }
  return options;
}

inline std::shared_ptr<const plan> compiled(plan_options options) {
  result<std::shared_ptr<const plan>> made = plan::make(std::move(options));
  if (!made) throw std::runtime_error(made.error().message);
  return *made;
}

inline std::shared_ptr<const plan> make_plan(const stream_setup& setup) { return compiled(options_of(setup)); }

struct streamed {
  std::string out;
  std::string skeletons;
  report counts;
  stream_status status = stream_status::done;
};

// `next_piece(left)` tells how many bytes to feed next.
inline streamed run(const std::shared_ptr<const plan>& rules, std::string_view in,
                    const std::function<std::size_t(std::size_t)>& next_piece, std::size_t spare_room = 4096) {
  streamed told;
  stream lines(rules);
  std::string room(rules->output_bound(rules->longest_line()) + spare_room, '#');
  std::string rejects(stream::skeleton_room + 64, '#');
  output_buffer out{room.data(), room.size()};
  output_buffer skeletons{rejects.data(), rejects.size()};
  const auto take = [&] {
    told.out.append(out.data, out.pos);
    told.skeletons.append(skeletons.data, skeletons.pos);
    out.pos = skeletons.pos = 0;
  };
  while (!in.empty() && told.status != stream_status::stopped) {
    const std::size_t size = std::min(in.size(), std::max<std::size_t>(1, next_piece(in.size())));
    const std::string piece(in.substr(0, size));  // a copy of its own: reading past its end would be seen
    input_buffer fed{piece.data(), piece.size()};
    while ((told.status = lines.feed(fed, out, &skeletons)) == stream_status::need_room) take();
    in.remove_prefix(size);
  }
  while (told.status != stream_status::stopped && lines.finish(out, &skeletons) == stream_status::need_room) take();
  take();
  told.counts = lines.counts();
  return told;
}

inline streamed run(const stream_setup& setup, std::string_view in) {
  return run(make_plan(setup), in, [](std::size_t left) { return left; });
}

}  // namespace anonlog::testing
