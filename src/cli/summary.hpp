// cli/summary.hpp: the sentences about a whole run: its counts, why it ended, how to begin. Counts and names only.
#pragma once

#include <string>

#include <anonlog.hpp>

namespace anonlog::cli {

// "95 lines in, 90 out, 5 rejected (5 no_format); policy balanced 70c8a51f352e39c6"
std::string summary_of(const report& counts, const plan& rules);

// What follows "11 of 100".
std::string too_many_rejects(const plan& rules);

// For somebody at a terminal who gave nothing to read.
std::string short_help();

}  // namespace anonlog::cli
