// cli/anonymise.hpp: the options of the main job.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "settings_options.hpp"

namespace anonlog::cli {

struct anonymise_options {
  settings_options settings;
  std::vector<std::string> files;
  std::string output;
  std::string rejects;
  std::string on_reject;
  std::string max_reject;
  std::string report;
  std::string metrics;
  std::optional<bool> progress;
  std::optional<unsigned> threads;  // none: what pays
  bool append = false;
  bool line_buffered = false;
  bool verbose = false;
};

}  // namespace anonlog::cli
