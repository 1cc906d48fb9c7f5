// cli/pack.cpp: see pack.hpp.
#include "pack.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace anonlog::cli {

namespace {

constexpr std::size_t room_bytes = std::size_t{64} << 10;
constexpr std::size_t largest_piece = std::size_t{1} << 30;  // zlib counts in unsigned int

class gzip_packer final : public packer {
 public:
  gzip_packer() noexcept
      : is_usable_(::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) ==
                   Z_OK) {}
  ~gzip_packer() override {
    if (is_usable_) (void)::deflateEnd(&stream_);
  }
  gzip_packer(const gzip_packer&) = delete;
  gzip_packer& operator=(const gzip_packer&) = delete;

  bool is_usable() const noexcept { return is_usable_; }

  bool add(std::string_view lines, std::string& packed) override {
    while (!lines.empty()) {
      const std::size_t piece = std::min(lines.size(), largest_piece);
      if (!run(lines.substr(0, piece), Z_NO_FLUSH, packed)) return false;
      lines.remove_prefix(piece);
    }
    return true;
  }

  bool end(std::string& packed) override { return run({}, Z_FINISH, packed) && ::deflateReset(&stream_) == Z_OK; }

 private:
  bool run(std::string_view in, int flush, std::string& packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    for (;;) {
      const std::size_t before = packed.size();
      packed.resize(before + room_bytes);
      stream_.next_out = reinterpret_cast<Bytef*>(packed.data() + before);
      stream_.avail_out = room_bytes;
      const int code = ::deflate(&stream_, flush);
      packed.resize(before + room_bytes - stream_.avail_out);
      if (code == Z_STREAM_END) return true;
      if (code != Z_OK && code != Z_BUF_ERROR) return false;
      if (flush == Z_NO_FLUSH && stream_.avail_out > 0) return true;
    }
  }

  z_stream stream_{};
  bool is_usable_;
};

class zstd_packer final : public packer {
 public:
  zstd_packer() noexcept : context_(::ZSTD_createCCtx(), ::ZSTD_freeCCtx) {
    if (context_) (void)::ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  bool is_usable() const noexcept { return context_ != nullptr; }
  bool add(std::string_view lines, std::string& packed) override { return run(lines, ZSTD_e_continue, packed); }
  bool end(std::string& packed) override { return run({}, ZSTD_e_end, packed); }

 private:
  bool run(std::string_view in, ZSTD_EndDirective mode, std::string& packed) {
    ZSTD_inBuffer source{in.data(), in.size(), 0};
    for (;;) {
      const std::size_t before = packed.size();
      packed.resize(before + room_bytes);
      ZSTD_outBuffer target{packed.data() + before, room_bytes, 0};
      const std::size_t left = ::ZSTD_compressStream2(context_.get(), &target, &source, mode);
      packed.resize(before + target.pos);
      if (::ZSTD_isError(left) != 0) return false;
      if (mode == ZSTD_e_end ? left == 0 : source.pos == source.size) return true;
    }
  }

  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
};

template <class kind>
std::unique_ptr<packer> usable() {
  auto made = std::make_unique<kind>();
  if (!made->is_usable()) return nullptr;
  return made;
}

}  // namespace

packing packing_of_name(std::string_view path) noexcept {
  if (path.ends_with(".gz")) return packing::gzip;
  if (path.ends_with(".zst")) return packing::zstd;
  return packing::none;
}

std::unique_ptr<packer> make_packer(packing kind) {
  if (kind == packing::gzip) return usable<gzip_packer>();
  if (kind == packing::zstd) return usable<zstd_packer>();
  return nullptr;
}

}  // namespace anonlog::cli
