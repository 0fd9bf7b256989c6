#include "streams.h"

#include <cstring>

#include <zstd.h>

namespace vitals::events {
namespace {

constexpr int kLevel = 1;
/// Shorter runs gain less than a frame's header costs.
constexpr std::size_t kCompressBytesMin = 64;

}  // namespace

void StreamWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void StreamReader::FreeContext::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

StreamWriter::StreamWriter() : context_(ZSTD_createCCtx()) {}
StreamWriter::~StreamWriter() = default;
StreamReader::StreamReader() : context_(ZSTD_createDCtx()) {}
StreamReader::~StreamReader() = default;

void StreamWriter::write(std::string_view bytes, std::string& out) {
  if (bytes.empty()) return;
  if (bytes.size() >= kCompressBytesMin) {
    compressed_.resize(ZSTD_compressBound(bytes.size()));
    const std::size_t size = ZSTD_compressCCtx(
        context_.get(), compressed_.data(), compressed_.size(), bytes.data(), bytes.size(), kLevel);
    if (ZSTD_isError(size) == 0 && size < bytes.size()) {
      put_varint(out, size);
      out.append(compressed_.data(), size);
      return;
    }
  }
  put_varint(out, bytes.size());
  out.append(bytes);
}

void StreamWriter::write(std::span<const std::uint8_t> bytes, std::string& out) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), out);
}

const std::uint8_t* StreamReader::read(ByteReader& in, std::size_t n) {
  static constexpr std::uint8_t kNothing = 0;
  if (n == 0) return &kNothing;
  const std::uint64_t stored = in.varint();
  if (stored > n) return nullptr;
  const std::string_view bytes = in.take(stored);
  if (!in.ok()) return nullptr;
  if (stored == n) return reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (bytes_.size() < n) bytes_.resize(n);
  return unpack(bytes, bytes_.data(), n) ? bytes_.data() : nullptr;
}

const std::uint8_t* StreamReader::read(ByteReader& in, std::size_t n, std::size_t count) {
  if (count == 1 || n == 0) return read(in, n);
  if (bytes_.size() < n * count) bytes_.resize(n * count);
  for (std::uint8_t* to = bytes_.data(); to != bytes_.data() + n * count; to += n) {
    const std::uint64_t stored = in.varint();
    if (stored > n) return nullptr;
    const std::string_view bytes = in.take(stored);
    if (!in.ok()) return nullptr;
    if (stored == n) {
      std::memcpy(to, bytes.data(), n);
    } else if (!unpack(bytes, to, n)) {
      return nullptr;
    }
  }
  return bytes_.data();
}

bool StreamReader::unpack(std::string_view stored, std::uint8_t* bytes, std::size_t n) {
  return ZSTD_decompressDCtx(context_.get(), bytes, n, stored.data(), stored.size()) == n;
}

}  // namespace vitals::events
