// exact_path.cpp: standard input to standard output by the exact path alone, for comparing everything faster with it.
//
//   exact_path KEYRING FORMAT POLICY < LOG > OUT        POLICY: a name in bench_plans.hpp
//
// How: each line is fed in two pieces, so the stream has to put it together and take it by itself (bench_streams.hpp).
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench_streams.hpp"

namespace {

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) std::exit(1);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace anonlog;
  if (argc != 4) return std::fputs("usage: exact_path KEYRING FORMAT POLICY < LOG > OUT\n", stderr), 2;
  result<keyring> keys = read_keyring_file(argv[1]);
  if (!keys) return std::fprintf(stderr, "exact_path: %s\n", keys.error().message.c_str()), 2;
  const auto rules = bench::make_plan(argv[2], argv[3], "scalar", std::make_shared<const keyring>(std::move(*keys)));
  stream lines(rules);
  std::string text, rest;
  std::vector<char> block(std::size_t{1} << 18), room(std::size_t{1} << 23);
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::perror("exact_path: standard input"), 1;
    text.append(block.data(), static_cast<std::size_t>(got));
    const std::size_t whole = got == 0 ? text.size() : text.rfind('\n') + 1;
    rest.assign(text, whole);
    text.resize(whole);
    output_buffer out{room.data(), room.size()};
    bench::feed_exactly(lines, text, out, [&] {
      write_all({out.data, out.pos});
      out.pos = 0;
    });
    if (got == 0) {
      lines.finish(out);
      write_all({out.data, out.pos});
      return 0;
    }
    write_all({out.data, out.pos});
    text.swap(rest);
  }
}
