// transform/public_suffix_list.hpp: below which names the public registers names of its own: `com`, `co.uk`, `*.ck`.
//
// Of the list's two sections only ICANN's counts: the names that companies let their
// customers register (`github.io`) tell customers apart, and a customer is often a person. A list is read once, while a
// plan is made, and is then only looked at, by any number of threads. Source: SPEC 3.7 (level domain);
// https://publicsuffix.org/list/ and https://github.com/publicsuffix/list/wiki/Format
#pragma once

#include <libpsl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>

namespace anonlog {

class public_suffix_list {
 public:
  // The distribution's file where there is one (Debian: package publicsuffix), else the list that libpsl brings. A file
  // that is there and cannot be used is an error: nobody would look for the old list behind a new file.
  static result<std::shared_ptr<const public_suffix_list>> load(const std::string& path = psl_dist_filename()) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
    if (!file && errno != ENOENT) return unusable(path, std::strerror(errno));
    std::shared_ptr<public_suffix_list> made;
    if (file) {
      struct stat about {};
      if (::fstat(::fileno(file.get()), &about) != 0) return unusable(path, std::strerror(errno));
      made.reset(new public_suffix_list(psl_load_fp(file.get()), about.st_mtime));
    } else {
      made.reset(new public_suffix_list(psl_builtin(), psl_builtin_file_time()));
      if (!made->list_) return unusable(path, "no such file, and libpsl was built without a list");
    }
    if (!made->list_ || !made->knows_suffixes()) return unusable(path, "is no Public Suffix List");
    return std::shared_ptr<const public_suffix_list>(std::move(made));
  }

  // When the list was made, YYYY-MM-DD in UTC.
  const std::string& date() const noexcept { return date_; }

  // The end of a name that is one label longer than its public suffix; empty if the name has nothing in front of it.
  // The last label counts as a suffix even if no rule names it. `name`: lower-case ASCII that ends with a NUL, no dot at
  // its end. Allocates nothing: libpsl does for other bytes only.
  std::string_view registrable_domain(const char* name) const noexcept {
    std::string_view rest = name;
    rest.remove_prefix(last_labels(rest, most_labels));
    std::string_view found;
    while (psl_is_public_suffix2(list_.get(), rest.data(), PSL_TYPE_ICANN) == 0) {
      const std::size_t dot = rest.find('.');
      if (dot == std::string_view::npos) return {};
      found = rest;
      rest.remove_prefix(dot + 1);
    }
    return found;
  }

 private:
  // Rules are half as long; without a limit the work would grow with the square of a name's labels. A longer rule would
  // only make more names count as one.
  static constexpr std::size_t most_labels = 9;

  struct unload {
    void operator()(const psl_ctx_t* list) const noexcept { psl_free(const_cast<psl_ctx_t*>(list)); }  // not the built-in one
  };

  public_suffix_list(const psl_ctx_t* list, std::time_t made) : list_(list) {
    const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(made)));
    const std::chrono::year_month_day date(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    date_ = text;
  }

  static setup_error unusable(const std::string& path, std::string_view why) {
    return {"referrer.level = \"domain\" needs the Public Suffix List (Debian: package publicsuffix): " + path + ": " +
            std::string(why)};
  }

  // libpsl takes any text for a list; in every real one stand these two, far from each other.
  bool knows_suffixes() const noexcept {
    for (const char* suffix : {"com", "co.uk"})
      if (psl_is_public_suffix2(list_.get(), suffix, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 0) return false;
    return true;
  }

  // Where the last `count` labels of a name begin.
  static std::size_t last_labels(std::string_view name, std::size_t count) noexcept {
    std::size_t from = name.size();
    while (from != 0 && (name[from - 1] != '.' || --count != 0)) --from;
    return from;
  }

  std::unique_ptr<const psl_ctx_t, unload> list_;
  std::string date_;
};

}  // namespace anonlog
