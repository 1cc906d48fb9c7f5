// fuzz/lines_fuzzer.cpp: one log read in several ways gives the same lines, rejects and counts.
//
// The measure is the exact path, line by line; against it stand all kernels, each fed with pieces that end anywhere.
// Every buffer is an allocation of exactly its size, so that AddressSanitizer sees one byte too many. scripts/fuzz.
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include <anonlog/simd/kernel.hpp>

#include "../stream_support.hpp"
#include "fuzz_case.hpp"

using namespace anonlog;
using namespace anonlog::testing;
using anonlog::fuzz::fuzz_case;

namespace {

struct way {
  std::string_view kernel;  // none: every line takes the exact path
  bool by_line;

  void choose(anonlog::plan_options& options) const {
    options.has_plain_lines = !kernel.empty();
    options.kernel = std::string(kernel);
  }
};

const std::vector<way>& ways() {
  static const std::vector<way> all = [] {
    std::vector<way> made = {{.kernel = "", .by_line = true}, {.kernel = "", .by_line = false}};
    for (std::size_t i = 0; i < kernel_names.size(); ++i)
      if (is_supported(static_cast<kernel>(i)))
        for (const bool by_line : {true, false}) made.push_back({.kernel = kernel_names[i], .by_line = by_line});
    std::fprintf(stderr, "lines_fuzzer: compares %zu ways of reading\n", made.size());
    return made;
  }();
  return all;
}

const std::shared_ptr<const plan>& plan_for(const fuzz_case& wanted, std::size_t way_index) {
  static std::map<std::tuple<std::size_t, std::size_t, std::size_t>, std::shared_ptr<const plan>> made;
  auto& found = made[{wanted.format, wanted.policy, way_index}];
  if (!found) {
    plan_options options = options_of({.format = std::string(fuzz::formats[wanted.format]),
                                       .policy = "version = 1\n" + std::string(fuzz::policies[wanted.policy])});
    ways()[way_index].choose(options);
    found = compiled(std::move(options));
  }
  return found;
}

// One stream, fed from and into allocations of exactly the size that is told.
class exact_buffers {
 public:
  exact_buffers(const std::shared_ptr<const plan>& rules, std::size_t spare_room)
      : lines_(rules), needed_(rules->output_bound(rules->longest_line())), spare_room_(spare_room) {}

  void feed(std::string_view piece) {
    const std::unique_ptr<char[]> copy(new char[piece.size()]);
    std::copy(piece.begin(), piece.end(), copy.get());
    input_buffer in{copy.get(), piece.size()};
    drain([&](output_buffer& out, output_buffer& rejects) { return lines_.feed(in, out, &rejects); });
    if (told_.status != stream_status::stopped && in.pos != in.size) fail("input was left");
  }

  void finish() {
    drain([&](output_buffer& out, output_buffer& rejects) { return lines_.finish(out, &rejects); });
  }

  bool is_stopped() const { return told_.status == stream_status::stopped; }

  streamed take() {
    told_.counts = lines_.counts();
    return std::move(told_);
  }

  [[noreturn]] static void fail(const char* what) {
    std::fprintf(stderr, "lines_fuzzer: %s\n", what);
    std::abort();
  }

 private:
  // First with little room; whoever asks for more gets what always suffices.
  void drain(const std::function<stream_status(output_buffer&, output_buffer&)>& call) {
    std::size_t room = spare_room_;
    do {
      const std::unique_ptr<char[]> text(new char[room]), skeletons(new char[stream::skeleton_room]);
      output_buffer out{text.get(), room}, rejects{skeletons.get(), stream::skeleton_room};
      told_.status = call(out, rejects);
      if (told_.status == stream_status::need_room && out.pos + rejects.pos == 0 && room >= needed_) fail("no room ever suffices");
      told_.out.append(out.data, out.pos);
      told_.skeletons.append(rejects.data, rejects.pos);
      room = needed_ + (room == spare_room_ ? 0 : spare_room_);
    } while (told_.status == stream_status::need_room);
  }

  stream lines_;
  std::size_t needed_;
  std::size_t spare_room_;
  streamed told_;
};

streamed read(const fuzz_case& wanted, std::size_t way_index) {
  const way how = ways()[way_index];
  std::minstd_rand random(wanted.seed + 1);
  exact_buffers lines(plan_for(wanted, way_index), wanted.spare_room);
  std::string_view rest = wanted.log;
  for (std::size_t inputs = wanted.inputs; inputs > 0; --inputs) {
    std::string_view input = rest.substr(0, rest.size() / inputs);
    rest.remove_prefix(input.size());
    while (!input.empty() && !lines.is_stopped()) {
      const std::size_t line = std::min(input.find('\n'), input.size() - 1) + 1;
      const std::size_t size = how.by_line ? line : std::min(input.size(), 1 + random() % wanted.longest_piece);
      lines.feed(input.substr(0, size));
      input.remove_prefix(size);
    }
    if (!lines.is_stopped()) lines.finish();
  }
  return lines.take();
}

void show(const char* name, const std::string& text) {
  std::fprintf(stderr, "--- %s, %zu bytes\n", name, text.size());
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

void expect_same(const streamed& exact, const streamed& other, const way& how) {
  const char* const differs = exact.out != other.out               ? "output"
                              : exact.skeletons != other.skeletons ? "skeletons"
                              : exact.status != other.status       ? "status"
                              : !(exact.counts == other.counts)    ? "counts"
                                                                   : nullptr;
  if (differs == nullptr) return;
  std::fprintf(stderr, "\n%s: the exact path and kernel \"%s\", %s, differ\n", differs, std::string(how.kernel).c_str(),
               how.by_line ? "line by line" : "in pieces");
  show("exact", exact.out);
  show("other", other.out);
  show("exact", to_json(exact.counts, {}));
  show("other", to_json(other.counts, {}));
  exact_buffers::fail("two ways of reading differ");
}

// What holds however a log is read.
void expect_sound(const streamed& read) {
  const report& counts = read.counts;
  if (counts.lines_in != counts.lines_out + counts.lines_withheld + counts.lines_rejected()) exact_buffers::fail("a line is lost");
  for (const char c : read.out + read.skeletons)
    if ((c < 0x20 || c > 0x7E) && c != '\n' && c != '\r' && c != '\t') exact_buffers::fail("an unprintable byte in the output");
}

}  // namespace

// A format or a policy that cannot be compiled is a mistake of fuzz_case.hpp: found before anything runs.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  for (std::size_t format = 0; format < std::size(fuzz::formats); ++format)
    for (std::size_t policy = 0; policy < std::size(fuzz::policies); ++policy)
      plan_for({.format = format, .policy = policy}, 0);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz_case wanted = fuzz_case::from(data, size);
  const streamed exact = read(wanted, 0);
  expect_sound(exact);
  for (std::size_t i = 1; i < ways().size(); ++i) expect_same(exact, read(wanted, i), ways()[i]);
  return 0;
}
