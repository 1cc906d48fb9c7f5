// engine.hpp: what an Anonymizer holds: the plan, the keys, and who is at work with them.
//
// May be shared by threads: an input (a session) has a stream of its own, and so has every call with values. With a keyring
// the streams need nothing of each other. Without one they share the secrets: an epoch has one secret for all, which is drawn
// when the first line or value of it comes. As SPEC 3.3.4 asks, it goes when the lines have moved two epochs past it, but
// only while one input is open: of two that are read side by side, neither takes the keys of the other away.
// close() waits for calls that run, then wipes every key; sessions that are open end with an error.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog.hpp>
#include <anonlog/core/suggest.hpp>
#include <anonlog/crypto/keyring_file.hpp>

#include "api_error.hpp"
#include "value_column.hpp"

namespace anonlog::python {

struct engine_options {
  std::string policy;         // the name of a preset, or a text in TOML
  std::string policy_file;    // stands in front of messages about the text; empty: `policy` is a preset
  std::vector<std::pair<std::string, written_value>> overrides;
  std::string keyring;        // the path of a file; empty: ephemeral keys
  std::string format = "auto";
  std::string recipient;
  std::optional<std::int64_t> now;
  bool makes_records = false;
};

inline std::shared_ptr<const plan> make_plan(const engine_options& given) {
  const auto wanted = [](error_kind kind, auto made) {
    if (!made) throw api_error{kind, made.error().message};
    return std::move(*made);
  };
  plan_options options;
  options.rules = wanted(error_kind::policy,
                         given.policy_file.empty() ? policy::from_preset(given.policy) : parse_policy(given.policy, given.policy_file));
  for (const auto& [key, value] : given.overrides) {
    if (auto error = options.rules.set(key, value)) throw api_error{error_kind::policy, error->message};
  }
  if (auto error = options.rules.check()) throw api_error{error_kind::policy, error->message};
  if (!given.keyring.empty())
    options.keys = std::make_shared<const keyring>(wanted(error_kind::keyring, read_keyring_file(given.keyring)));
  else if (options.rules.text("token.keyring") == "required")
    throw api_error{error_kind::keyring, "this policy needs a keyring (`anonlog key new FILE` makes one)"};
  options.format = given.format;
  (void)wanted(error_kind::format, find_formats(given.format));
  options.recipient = given.recipient;
  if (!is_recipient(given.recipient)) throw api_error{error_kind::keyring, "a recipient is at most 64 of a-z, 0-9, dot, underscore and dash"};
  options.now = given.now;
  if (given.makes_records) options.output_shape = "jsonl", options.hands_over_lines = true;
  return wanted(error_kind::policy, plan::make(std::move(options)));
}

inline field_class class_named(std::string_view name) {
  const std::optional<field_class> found = field_class_from(name);
  if (found && *found != field_class::visitor) return *found;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const bool is_word = name.size() <= 32 && std::all_of(name.begin(), name.end(), is_letter);  // not a value in the wrong place
  std::vector<std::string_view> known(field_class_names.begin(), field_class_names.end());
  std::erase(known, field_class_names[static_cast<std::size_t>(field_class::visitor)]);
  // What was given is not repeated: it may be a value, and the class stand where values do.
  throw api_error{error_kind::unknown_class, "no class of values has this name; " + suggest(is_word ? name : "", known)};
}

// Counts of streams, and which eras of the keyring they used, with the fingerprints of the keys.
struct kept_counts {
  report counts;
  std::vector<std::pair<std::string, std::string>> eras;

  void add(report more) {
    if (counts.format_lines.size() < more.format_lines.size()) counts.format_lines.resize(more.format_lines.size());
    counts.absorb(more);
  }
  void add_era(std::string_view id, std::string_view fingerprint) {
    for (const auto& [known, its_fingerprint] : eras)
      if (known == id) return;
    eras.emplace_back(id, fingerprint);
  }
  void add(const value_worker& worker) {
    add(worker.counts());
    for (const key_source::used_era& era : worker.keys().used_eras()) add_era(era.id, view(era.fingerprint));
  }
  void add(const stream& lines) {
    add(lines.counts());
    const report_context context = lines.context();
    for (std::size_t i = 0; i < context.era_ids.size(); ++i) add_era(context.era_ids[i], context.key_fingerprints[i]);
  }
};

class session_core;

class engine : public std::enable_shared_from_this<engine> {
 public:
  explicit engine(const engine_options& options) : plan_(make_plan(options)) {
    if (plan_->keys() == nullptr) secrets_ = std::make_shared<shared_secrets>();
  }
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  // While it is held, close() waits.
  std::shared_lock<std::shared_mutex> use() {
    std::shared_lock<std::shared_mutex> held(use_);
    if (plan_ == nullptr) throw api_error{error_kind::closed, "this Anonymizer is closed: its keys are wiped"};
    return held;
  }
  bool is_closed() {
    const std::shared_lock<std::shared_mutex> held(use_);
    return plan_ == nullptr;
  }
  const std::shared_ptr<const plan>& rules() const noexcept { return plan_; }
  const std::shared_ptr<shared_secrets>& secrets() const noexcept { return secrets_; }

  // The time of values that have none.
  std::int64_t moment() {
    const auto held = use();
    return plan_->now();
  }

  // Lets `work(worker)` transform values; the caller holds use(). It may let go of that and take it again: if the engine was
  // closed in between, that throws, and the worker is no more.
  template <class Work>
  auto with_values(std::optional<std::int64_t> time, Work work) {
    const lent_worker mine(*this);
    mine.worker.begin(time);
    return work(mine.worker);
  }

  std::string report_json() {
    const std::lock_guard alone(mutex_);
    kept_counts all = kept_;
    for (const auto& worker : idle_) all.add(*worker);
    add_open_sessions(all);
    return to_json(all.counts, context(all));
  }

  void close() {
    const std::unique_lock<std::shared_mutex> nobody(use_);
    const std::lock_guard alone(mutex_);
    for (const auto& worker : idle_) kept_.add(*worker);
    idle_.clear();
    for (const auto& worker : lent_) kept_.add(*worker);  // of calls that have let go of use() for a while
    lent_.clear();
    close_sessions();
    if (plan_ != nullptr) fixed_ = context_of_plan();
    secrets_.reset();
    plan_.reset();
  }

  void enter(session_core& session) {
    const std::lock_guard alone(mutex_);
    sessions_.push_back(&session);
    open_inputs_ = sessions_.size();
  }
  // Also for one that was left already.
  void leave(session_core& session);
  bool has_one_input() const noexcept { return open_inputs_ == 1; }

 private:
  // A worker for one call. The engine keeps it, so that close() can wipe its keys.
  struct lent_worker {
    explicit lent_worker(engine& engine) : owner(engine), worker(engine.lend()) {}
    lent_worker(const lent_worker&) = delete;
    lent_worker& operator=(const lent_worker&) = delete;
    ~lent_worker() { owner.take_back(worker); }
    engine& owner;
    value_worker& worker;
  };
  value_worker& lend() {
    const std::lock_guard alone(mutex_);
    idle_.reserve(idle_.size() + lent_.size() + 1);  // of all, so that none is lost when it comes back
    lent_.reserve(lent_.size() + 1);
    if (idle_.empty()) idle_.push_back(std::make_unique<value_worker>(plan_, secrets_));
    lent_.push_back(std::move(idle_.back()));
    idle_.pop_back();
    return *lent_.back();
  }
  void take_back(const value_worker& worker) noexcept {
    const std::lock_guard alone(mutex_);
    const auto place = std::find_if(lent_.begin(), lent_.end(), [&](const auto& each) { return each.get() == &worker; });
    if (place == lent_.end()) return;  // closed
    idle_.push_back(std::move(*place));
    lent_.erase(place);
  }

  void add_open_sessions(kept_counts& all);
  void close_sessions();

  report_context context(const kept_counts& all) const {
    report_context made = fixed_ ? *fixed_ : context_of_plan();
    for (const auto& [id, fingerprint] : all.eras) {
      made.era_ids.push_back(id);
      made.key_fingerprints.push_back(fingerprint);
    }
    return made;
  }
  report_context context_of_plan() const {
    return stream(plan_, secrets_).context();
  }
  std::shared_ptr<const plan> plan_;  // none: closed
  std::shared_ptr<shared_secrets> secrets_;
  std::shared_mutex use_;
  std::atomic<std::size_t> open_inputs_ = 0;
  std::mutex mutex_;  // of what follows
  std::vector<std::unique_ptr<value_worker>> idle_, lent_;
  std::vector<session_core*> sessions_;
  kept_counts kept_;
  std::optional<report_context> fixed_;

  friend class session_core;
};

}  // namespace anonlog::python
