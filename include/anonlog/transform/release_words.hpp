// transform/release_words.hpp: lets kept text through with its blanks as they are.
//
// writer::release would write a blank as `%20`; in a timestamp and in a whole user agent the blank belongs to the form.
// A format whose slots end at a blank escapes it again (SPEC 3.1, F4; SPEC 3.6 "blanks stay").
#pragma once

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

inline void release_words(raw kept, writer& out) noexcept { out.release<writer::blanks::as_they_are>(kept); }

// The same for sentences, by the kernel in use.
inline void release_words(raw kept, const scope& s, writer& out) noexcept {
  const std::size_t copied = s.copy_words != nullptr && kept.size() >= 16 && kept.size() <= out.room() ? out.release_by(s.copy_words, kept) : 0;
  if (copied != kept.size()) release_words(kept.sub(copied), out);
}

}  // namespace anonlog
