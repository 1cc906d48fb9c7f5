// consumer.cpp: what a stranger's program does with the installed anonlog.hpp: one line in, one line out.
#include <anonlog.hpp>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

int main() {
  constexpr std::string_view line =
      "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET /a?token=s3cret HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"\n";
  constexpr std::string_view expected =
      "203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET /a?token=* HTTP/1.1\" 200 512 \"-\" \"curl/8 (tool)\"\n";

  anonlog::plan_options options;
  options.format = "combined";
  const auto plan = anonlog::plan::make(std::move(options));
  if (!plan) {
    std::fprintf(stderr, "%s\n", plan.error().message.c_str());
    return 1;
  }
  std::string text(plan.value()->output_bound(line.size()), '\0');
  anonlog::stream stream(plan.value());
  anonlog::input_buffer in{line.data(), line.size()};
  anonlog::output_buffer out{text.data(), text.size()};
  if (stream.feed(in, out) != anonlog::stream_status::done) return 1;
  if (stream.finish(out) != anonlog::stream_status::done) return 1;
  const std::string_view got(text.data(), out.pos);
  std::printf("%.*s %.*s", static_cast<int>(anonlog::version.size()), anonlog::version.data(),
              static_cast<int>(got.size()), got.data());
  return got == expected ? 0 : 1;
}
