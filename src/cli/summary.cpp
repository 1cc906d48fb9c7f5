// cli/summary.cpp: see summary.hpp.
#include "summary.hpp"

#include <string>

namespace anonlog::cli {

std::string summary_of(const report& counts, const plan& rules) {
  std::string text = std::to_string(counts.lines_in) + " lines in, " + std::to_string(counts.lines_out) + " out, " +
                     std::to_string(counts.lines_rejected()) + " rejected";
  const char* separator = " (";
  for (std::size_t i = 0; i < counts.rejects.size(); ++i) {
    if (counts.rejects[i] == 0) continue;
    text.append(separator).append(std::to_string(counts.rejects[i])).append(" ").append(reject_cause_names[i]);
    separator = ", ";
  }
  if (counts.lines_rejected() != 0) text += ")";
  if (counts.lines_withheld != 0) text += ", " + std::to_string(counts.lines_withheld) + " withheld for DNT or GPC";
  if (counts.epoch_guessed != 0) text += ", " + std::to_string(counts.epoch_guessed) + " without a readable time";
  if (counts.no_era != 0) text += ", " + std::to_string(counts.no_era) + " in no era of the keyring";
  if (counts.late_epoch != 0) text += ", " + std::to_string(counts.late_epoch) + " late";
  return text + "; policy " + rules.rules().preset_name() + " " + rules.policy_fingerprint();
}

std::string too_many_rejects(const plan& rules) {
  return " lines were rejected, more than " + rules.rules().text("rejects.max") +
         "%: the format does not fit; give it with -f (`anonlog formats` lists them, `anonlog explain` tells why a "
         "line does not fit)";
}

std::string short_help() {
  return "anonlog: nothing to read: standard input is a terminal\n"
         "  anonlog < access.log            to standard output\n"
         "  anonlog -o clean/ *.log *.gz    one output for each, same names\n"
         "  anonlog explain 'LINE'          what becomes of each part of a line\n"
         "  anonlog --help                  everything else\n";
}

}  // namespace anonlog::cli
