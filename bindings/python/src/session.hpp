// session.hpp: one input of an Anonymizer, from its first line to its last: text to text, or to columns.
//
// Each has a stream of its own. What too many rejects are is what the command says (SPEC 3.10): more than the policy's share
// of the first 1,000 lines, or of all.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine.hpp"
#include "line_columns.hpp"

namespace anonlog::python {

// Text that was made, until Python has it.
class text_output {
 public:
  output_buffer room(std::size_t bytes) {
    bytes_.reserve(used_ + bytes);
    return {bytes_.data(), bytes_.room(), used_};
  }
  void set_used(std::size_t used) noexcept { used_ = used; }
  std::string_view text() const noexcept { return {bytes_.data(), used_}; }
  void clear() noexcept { used_ = 0; }

 private:
  byte_buffer bytes_;
  std::size_t used_ = 0;
};

class session_core {
 public:
  // `columns`, `plain_lines`: where records go, and plain lines; nullptr: lines are written. `skeletons`: where those of
  // rejects go; nullptr: nowhere.
  session_core(std::shared_ptr<engine> owner, record_columns* columns, line_columns* plain_lines, text_output* skeletons)
      : owner_(std::move(owner)), skeletons_(skeletons) {
    const auto held = owner_->use();
    const bool are_wanted = owner_->rules()->rules().text("rejects.action") == "skeleton";
    if (are_wanted && skeletons == nullptr)
      throw api_error{error_kind::policy, "rejects.action: \"skeleton\" needs rejects=PATH, which file(), bytes(), lines(), read_log() and scan_log() take"};
    if (!are_wanted && skeletons != nullptr)
      throw api_error{error_kind::policy, "rejects=PATH: this policy makes no skeletons; rejects_action=\"skeleton\" does"};
    open_ = std::make_unique<state>(owner_->rules(), owner_->secrets());
    if (columns != nullptr) open_->lines.give_records_to(*columns);
    if (plain_lines != nullptr) open_->lines.give_lines_to(*plain_lines);
    is_ephemeral_ = owner_->secrets() != nullptr;
    most_rejects_ = open_->rules->rules().share("rejects.max");
    open_->lines.begin_block(open_->before, open_->lines.table());
    owner_->enter(*this);
  }
  session_core(const session_core&) = delete;
  session_core& operator=(const session_core&) = delete;
  ~session_core() { owner_->leave(*this); }

  // Appends what became of the whole lines of `data` to `out`.
  void feed(std::string_view data, text_output& out) {
    const auto held = owner_->use();
    const std::lock_guard alone(mutex_);
    state& s = open();
    input_buffer in{data.data(), data.size()};
    run(out, *s.rules, [&](output_buffer& to, output_buffer* rejects) { return s.lines.feed(in, to, rejects); });
    const stream::line_counts lines = s.lines.lines();
    if (!std::exchange(is_head_seen_, lines.in >= report::head_lines) && lines.head_exceeds(most_rejects_))
      fail(lines.rejected_in_head, report::head_lines, true);
    if (is_ephemeral_ && owner_->has_one_input()) {
      (void)s.lines.end_block(s.lines.last_time());
      s.lines.begin_block(s.before, s.lines.table());
    }
  }

  // The last line, if it had no end.
  void finish(text_output& out) {
    const auto held = owner_->use();
    const std::lock_guard alone(mutex_);
    state& s = open();
    run(out, *s.rules, [&](output_buffer& to, output_buffer* rejects) { return s.lines.finish(to, rejects); });
    const stream::line_counts lines = s.lines.lines();
    if (s.lines.counts().exceeds(most_rejects_)) fail(lines.rejected, lines.in, false);
  }

  struct line_counts {
    std::uint64_t in, out, rejected;
  };
  line_counts lines() {
    const std::lock_guard alone(mutex_);
    if (!open_) return last_;
    const stream::line_counts now = open_->lines.lines();
    return {now.in, now.out, now.rejected};
  }

 private:
  friend class engine;

  // Lines without a time before the first that has one are of now.
  class beginning final : public block_before {
   public:
    explicit beginning(const plan& rules) : rules_(rules) {}
    std::int64_t last_time() noexcept override { return rules_.now(); }

   private:
    const plan& rules_;
  };
  struct state {
    state(std::shared_ptr<const plan> wanted, std::shared_ptr<shared_secrets> secrets)
        : rules(std::move(wanted)), before(*rules), lines(rules, std::move(secrets)) {}
    std::shared_ptr<const plan> rules;
    beginning before;
    stream lines;
  };

  state& open() {
    if (!open_) throw api_error{error_kind::closed, "this Anonymizer is closed: its keys are wiped"};
    return *open_;
  }

  template <class Step>
  void run(text_output& out, const plan& rules, Step step) {
    constexpr std::size_t usual_bytes = std::size_t{1} << 16;
    std::size_t bytes = usual_bytes;
    for (;;) {
      output_buffer to = out.room(bytes), rejects = skeletons_ == nullptr ? output_buffer{} : skeletons_->room(usual_bytes);
      const stream_status status = step(to, skeletons_ == nullptr ? nullptr : &rejects);
      out.set_used(to.pos);
      if (skeletons_ != nullptr) skeletons_->set_used(rejects.pos);
      if (status == stream_status::done) return;
      if (status == stream_status::stopped)
        throw api_error{error_kind::rejects, "line " + std::to_string(open().lines.lines().in) +
                                                 " is no log line of this format, and the policy says to stop there"};
      bytes = usual_bytes + rules.output_bound(rules.longest_line());
    }
  }

  [[noreturn]] static void fail(std::uint64_t rejects, std::uint64_t lines, bool is_head) {
    throw api_error{error_kind::rejects, std::to_string(rejects) + " of " + (is_head ? "the first " : "") + std::to_string(lines) +
                                             " lines are no log lines of this format; name the format, or raise rejects.max"};
  }

  void close() {
    const std::lock_guard alone(mutex_);
    if (!open_) return;
    const stream::line_counts now = open_->lines.lines();
    last_ = {now.in, now.out, now.rejected};
    open_.reset();
  }
  void add_counts_to(kept_counts& all) {
    const std::lock_guard alone(mutex_);
    if (open_) all.add(open_->lines);
  }

  std::shared_ptr<engine> owner_;
  text_output* skeletons_;
  std::mutex mutex_;
  std::unique_ptr<state> open_;  // none: the Anonymizer is closed
  line_counts last_{};
  double most_rejects_ = 0;
  bool is_ephemeral_ = false, is_head_seen_ = false;
};

inline void engine::leave(session_core& session) {
  const std::lock_guard alone(mutex_);
  const auto place = std::find(sessions_.begin(), sessions_.end(), &session);
  if (place == sessions_.end()) return;
  session.add_counts_to(kept_);
  sessions_.erase(place);
  open_inputs_ = sessions_.size();
}

inline void engine::add_open_sessions(kept_counts& all) {
  for (session_core* const session : sessions_) session->add_counts_to(all);
}

inline void engine::close_sessions() {
  for (session_core* const session : sessions_) {
    session->add_counts_to(kept_);
    session->close();
  }
  sessions_.clear();
  open_inputs_ = 0;
}

}  // namespace anonlog::python
