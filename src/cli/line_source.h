#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <vitals/base/result.h>

namespace vitals::cli {

/// The lines of a file, plain or gzip (told by its first bytes); `-` is standard input.
class LineSource {
 public:
  /// Errors: not_found, io.
  static Result<LineSource> open(const std::string& file);

  /// The next line without its end; false after the last. Errors: corruption (damaged gzip, also
  /// one that ends early), io, invalid_argument (a line over 64 MiB).
  Result<bool> next(std::string& line);

  /// How much of the file has been read, from 0 to 1; negative when its size is unknown.
  double progress() const;
  /// Lines read so far.
  std::uint64_t lines() const { return lines_; }

 private:
  struct Close {
    void operator()(void* file) const;
  };

  LineSource(void* file, std::uint64_t size) : file_(file), size_(size) {}

  Result<bool> fill();

  std::unique_ptr<void, Close> file_;  ///< a gzFile
  std::uint64_t size_;                 ///< of the file as it lies on disk; 0 when unknown
  std::uint64_t lines_ = 0;
  std::string buffer_;
  std::size_t at_ = 0;
};

/// Consecutive lines of one file, to be sent in one request.
struct LineBatch {
  std::string body;              ///< NDJSON
  std::uint64_t first_line = 1;  ///< number of its first line in the file, from 1
  std::uint64_t lines = 0;
  std::optional<std::string> ahead;  ///< read already, for the next batch
};

inline constexpr std::uint64_t kBatchLinesMax = 10'000;
inline constexpr std::size_t kBatchBytesMax = 4 << 20;

/// Reads up to kBatchLinesMax lines or kBatchBytesMax bytes, a longer line by itself; false when
/// there are no more. Use one batch for all of a file.
Result<bool> read_batch(LineSource& source, LineBatch& batch);

}  // namespace vitals::cli
