// cli/unpack.cpp: see unpack.hpp.
#include "unpack.hpp"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

namespace anonlog::cli {

namespace {

constexpr std::size_t largest_piece = std::size_t{1} << 30;  // zlib counts in unsigned int

constexpr char gzip_magic[] = {'\x1f', '\x8b'};

class gzip_unpacker final : public unpacker {
 public:
  gzip_unpacker() noexcept : is_usable_(::inflateInit2(&stream_, 15 + 32) == Z_OK) {}
  ~gzip_unpacker() override {
    if (is_usable_) (void)::inflateEnd(&stream_);
  }
  gzip_unpacker(const gzip_unpacker&) = delete;
  gzip_unpacker& operator=(const gzip_unpacker&) = delete;

  bool is_usable() const noexcept { return is_usable_; }
  bool is_complete() const noexcept override { return place_ != place::member; }
  bool is_over() const noexcept override { return place_ == place::garbage; }
  const char* truncated() const noexcept override { return "truncated gzip data"; }

  unpacked step(std::string_view in, char* out, std::size_t room) noexcept override {
    unpacked done;
    room = std::min(room, largest_piece);
    while (place_ != place::garbage && done.made < room) {
      if (place_ != place::member) {
        if (done.used == in.size()) break;
        look_for_member(in[done.used++]);
        continue;
      }
      const std::string_view rest = in.substr(done.used);
      if (rest.empty() && !has_more_) break;
      const int code = inflate(rest, out + done.made, room - done.made);
      done.used += taken_;
      done.made += made_;
      has_more_ = done.made == room && code == Z_OK;
      if (code == Z_STREAM_END) {
        place_ = place::between;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        done.fault = code == Z_MEM_ERROR ? "not enough memory to read gzip data" : "corrupt gzip data";
        break;
      } else if (taken_ == 0 && made_ == 0) {
        break;  // wants more than there is
      }
    }
    return done;
  }

 private:
  enum class place { member, between, half_magic, garbage };

  // As gzip(1): zeros behind a member are padding, anything that is not a member is not looked at.
  void look_for_member(char byte) noexcept {
    if (place_ == place::half_magic) {
      place_ = byte == gzip_magic[1] ? place::member : place::garbage;
      if (place_ != place::member) return;
      (void)::inflateReset(&stream_);
      char nowhere = 0;
      (void)inflate({gzip_magic, sizeof gzip_magic}, &nowhere, 1);
    } else if (byte == gzip_magic[0]) {
      place_ = place::half_magic;
    } else if (byte != '\0') {
      place_ = place::garbage;
    }
  }

  int inflate(std::string_view in, char* out, std::size_t room) noexcept {
    const std::size_t given = std::min(in.size(), largest_piece);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(given);
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(room);
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    taken_ = given - stream_.avail_in;
    made_ = room - stream_.avail_out;
    return code;
  }

  z_stream stream_{};
  bool is_usable_;
  place place_ = place::member;
  std::size_t taken_ = 0;
  std::size_t made_ = 0;
};

// The library steps over skippable frames and from frame to frame by itself, and refuses windows above 128 MiB.
class zstd_unpacker final : public unpacker {
 public:
  zstd_unpacker() noexcept : context_(::ZSTD_createDCtx(), ::ZSTD_freeDCtx) {}

  bool is_usable() const noexcept { return context_ != nullptr; }
  bool is_complete() const noexcept override { return at_frame_end_; }
  bool is_over() const noexcept override { return false; }
  const char* truncated() const noexcept override { return "truncated zstd data"; }

  unpacked step(std::string_view in, char* out, std::size_t room) noexcept override {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    ZSTD_outBuffer target{out, room, 0};
    unpacked done;
    while (target.pos < target.size && (source.pos < source.size || has_more_)) {
      const std::size_t code = ::ZSTD_decompressStream(context_.get(), &target, &source);
      if (::ZSTD_isError(code) != 0) {
        done.fault = why(code);
        break;
      }
      at_frame_end_ = code == 0;
      has_more_ = target.pos == target.size && !at_frame_end_;
      if (source.pos == source.size && target.pos < target.size) break;
    }
    done.used = source.pos;
    done.made = target.pos;
    return done;
  }

 private:
  static const char* why(std::size_t code) noexcept {
    switch (::ZSTD_getErrorCode(code)) {
      case ZSTD_error_frameParameter_windowTooLarge: return "zstd data that need more than 128 MiB of memory";
      case ZSTD_error_memory_allocation: return "not enough memory to read zstd data";
      case ZSTD_error_dictionary_wrong: return "zstd data that need a dictionary";
      default: return "corrupt zstd data";
    }
  }

  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context_;
  bool at_frame_end_ = false;
};

template <class kind>
std::unique_ptr<unpacker> usable() {
  auto made = std::make_unique<kind>();
  if (!made->is_usable()) return nullptr;
  return made;
}

recognised compare(std::string_view bytes, std::string_view magic, recognised meaning) noexcept {
  const std::size_t both = std::min(bytes.size(), magic.size());
  if (bytes.substr(0, both) != magic.substr(0, both)) return recognised::plain;
  return both == magic.size() ? meaning : recognised::undecided;
}

}  // namespace

recognised recognise(std::string_view first_bytes) noexcept {
  if (first_bytes.empty()) return recognised::undecided;
  if (first_bytes[0] == '\x1f') return compare(first_bytes, {gzip_magic, sizeof gzip_magic}, recognised::gzip);
  if (first_bytes[0] == '\x28') return compare(first_bytes, "\x28\xb5\x2f\xfd", recognised::zstd);
  // A skippable frame: 0x184D2A50 to 0x184D2A5F, little-endian.
  if ((first_bytes[0] & '\xf0') == '\x50') return compare(first_bytes.substr(1), "\x2a\x4d\x18", recognised::zstd);
  return recognised::plain;
}

std::unique_ptr<unpacker> make_unpacker(packing kind) {
  if (kind == packing::gzip) return usable<gzip_unpacker>();
  if (kind == packing::zstd) return usable<zstd_unpacker>();
  return nullptr;
}

}  // namespace anonlog::cli
