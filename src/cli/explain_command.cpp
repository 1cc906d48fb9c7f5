// cli/explain_command.cpp: `anonlog explain`: what each part of a line is, what becomes of it, by which rule and why.
//
// Shows what comes out, never what went in: an explanation can go into a ticket as it is.
#include "commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <sstream>

#include <anonlog/policy/class_rules.hpp>

#include "input.hpp"
#include "message.hpp"
#include "signals.hpp"

namespace anonlog::cli {

namespace {

// From the first line of standard input on, as much as was there; at least one line, if there is one.
result<std::string> first_lines() {
  result<input> from = input::open("-");
  if (!from) return from.error();
  std::string text;
  char block[4096];
  for (;;) {
    const read_status got = from->read_some(block, sizeof block);
    if (got.state == read_state::failed) return setup_error{got.message};
    if (got.state == read_state::interrupted && stop_signal() != 0) die_by_signal(stop_signal());
    if (got.state == read_state::end) return text;
    text.append(block, got.count);
    if (text.find('\n') != std::string::npos) return text;
    if (text.size() > (std::size_t{16} << 20)) return setup_error{"standard input: no line end in the first 16 MiB"};
  }
}

// Of the first of these lines; where a header stands above the rows of a table, of the first row.
stream::explanation explain_first_record(const std::string& text, stream& lines, std::string& line) {
  stream::explanation told;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    line = text.substr(at, end - at);
    while (line.ends_with('\r')) line.pop_back();
    told = lines.explain(raw(line));
    at = end + 1;
    if (!told.is_table_line || at >= text.size()) return told;
  }
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string why_not(const grammar& format, const split_outcome& tried) {
  std::string field = "the end";
  if (tried.field < format.fields.size())
    field = "field " + std::to_string(tried.field + 1) + " (" + format.fields[tried.field].name + ")";
  switch (tried.why) {
    case mismatch::none: return "fits";
    case mismatch::quotes: return "has more or fewer quotes than the pattern";
    case mismatch::constant: return "from " + field + " on, what stands between fields is not the pattern's";
    case mismatch::shape: return field + " does not look as it must";
    case mismatch::work: return "too intricate to be read safely";
  }
  return "does not fit";
}

// A line that fits a format and is a reject all the same.
std::string why_rejected(const report& counts, const plan& rules) {
  if (counts.rejects[static_cast<std::size_t>(reject_cause::unreadable_time)] != 0)
    return "its time cannot be read, and the policy says time.unreadable = reject";
  return "it is longer than limits.line_bytes = " + std::to_string(rules.longest_line());
}

void show_mismatch(const plan& rules, const std::string& line, std::ostream& answer) {
  answer << "No format fits this line: it would be a reject and nothing of it would come out.\n";
  record unused;
  for (const grammar& format : rules.patterns())
    answer << "  " << format.name << ": " << why_not(format, split(format, raw(line), unused)) << "\n";
  for (std::size_t i = rules.patterns().size(); i < rules.formats().size(); ++i)
    answer << "  " << rules.formats()[i].name << ": the line does not begin like it, or is not well-formed\n";
}

}  // namespace

int explain(const settings_options& options, const std::optional<std::string>& given) {
  watch_signals(on_hangup::stop);
  const result<std::shared_ptr<const plan>> made = options.make_plan();
  if (!made) return fail(exit_usage, made.error().message);
  const plan& rules = *made.value();
  if (!given && ::isatty(STDIN_FILENO) == 1)
    return fail(exit_usage,
                "explain: give the line in quotes, or pipe it in, as in `head -1 access.log | anonlog explain`");
  result<std::string> text = given ? result<std::string>(*given) : first_lines();
  if (!text) return fail(exit_failure, text.error().message);

  std::ostringstream answer;
  stream lines(made.value());
  std::string line;
  const stream::explanation told = explain_first_record(*text, lines, line);
  answer << "policy  " << rules.rules().preset_name() << " " << rules.policy_fingerprint() << "\n";
  if (told.format == nullptr) {
    if (told.is_table_line) answer << "This line is no record: it tells how the rows below it are read. Give it with one of them.\noutput  " << told.output << "\n";
    else show_mismatch(rules, line, answer);
    const int printed = print(answer.str());
    return printed == exit_done && !told.is_table_line ? exit_rejects : printed;
  }
  answer << "format  " << told.format->name << "\n";
  const report counts = lines.counts();
  if (counts.lines_rejected() != 0) {
    answer << "This line would be a reject and nothing of it would come out: " << why_rejected(counts, rules) << ".\n";
    const int printed = print(answer.str());
    return printed == exit_done ? exit_rejects : printed;
  }
  if (counts.lines_withheld != 0)
    answer << "signal  DNT or GPC is 1: the policy withholds the line, nothing of it comes out\n";
  if (told.is_strict) answer << "signal  DNT or GPC is 1: the strict overlay holds for this line\n";
  answer << "output  " << told.output << "\n\n";
  std::size_t name_width = 5, class_width = 5, after_width = 12;
  for (const stream::explained_field& field : told.fields) {
    name_width = std::max(name_width, field.name.size());
    class_width = std::max(class_width, to_text(field.cls).size());
    after_width = std::max(after_width, std::min<std::size_t>(field.after.size(), 40));
  }
  answer << padded("field", name_width) << "  " << padded("class", class_width) << "  " << padded("outcome", 10) << "  "
            << padded("what comes out", after_width) << "  rule, and why\n";
  const policy shown = told.is_strict ? rules.rules().strict_overlay() : rules.rules();
  for (const stream::explained_field& field : told.fields)
    answer << padded(field.name, name_width) << "  " << padded(std::string(to_text(field.cls)), class_width) << "  "
              << padded(std::string(to_text(field.result)), 10) << "  " << padded(field.after, after_width) << "  "
              << rule_text(shown, field.cls) << ": " << class_rules[static_cast<std::size_t>(field.cls)].why << "\n";
  return print(answer.str());
}

}  // namespace anonlog::cli
