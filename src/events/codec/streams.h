#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bytes.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace vitals::events {

/// Writes runs of bytes whose number the reader knows: compressed where that pays, else as they
/// are. Reuses one zstd context; not thread-safe.
class StreamWriter {
 public:
  StreamWriter();
  ~StreamWriter();
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  void write(std::span<const std::uint8_t> bytes, std::string& out);
  void write(std::string_view bytes, std::string& out);

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, FreeContext> context_;
  std::vector<char> compressed_;
};

/// Reads what StreamWriter wrote. Not thread-safe.
class StreamReader {
 public:
  StreamReader();
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  /// The next `n` bytes, valid until the next call; null when they are damaged. Never null for 0.
  const std::uint8_t* read(ByteReader& in, std::size_t n);
  /// The next `count` streams of n bytes each, one after another, under the same terms.
  const std::uint8_t* read(ByteReader& in, std::size_t n, std::size_t count);

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  bool unpack(std::string_view stored, std::uint8_t* bytes, std::size_t n);

  std::unique_ptr<ZSTD_DCtx_s, FreeContext> context_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace vitals::events
