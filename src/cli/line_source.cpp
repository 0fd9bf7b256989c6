#include "line_source.h"

#include <filesystem>

#include <unistd.h>
#include <zlib.h>

namespace vitals::cli {
namespace {

constexpr std::size_t kReadBytes = 1 << 18;
constexpr std::size_t kLineBytesMax = 64 << 20;

gzFile as_gz(void* file) { return static_cast<gzFile>(file); }

}  // namespace

void LineSource::Close::operator()(void* file) const { ::gzclose(as_gz(file)); }

Result<LineSource> LineSource::open(const std::string& file) {
  if (file == "-") {
    gzFile opened = ::gzdopen(::dup(STDIN_FILENO), "rb");
    if (opened == nullptr) return Error{Errc::io, "cannot read standard input"};
    return LineSource(opened, 0);
  }
  std::error_code problem;
  const auto kind = std::filesystem::status(file, problem).type();
  if (kind == std::filesystem::file_type::not_found) {
    return Error{Errc::not_found, file + ": there is no such file"};
  }
  if (kind == std::filesystem::file_type::directory) {
    return Error{Errc::invalid_argument, file + ": is a folder"};
  }
  const auto size = std::filesystem::file_size(file, problem);
  gzFile opened = ::gzopen(file.c_str(), "rb");
  if (opened == nullptr) return Error{Errc::io, file + ": cannot be read"};
  ::gzbuffer(opened, kReadBytes);
  return LineSource(opened, problem ? 0 : size);
}

Result<bool> LineSource::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t kept = buffer_.size();
  if (kept > kLineBytesMax) {
    return Error{Errc::invalid_argument,
                 "line " + std::to_string(lines_ + 1) + " is longer than 64 MiB"};
  }
  buffer_.resize(kept + kReadBytes);
  const int read = ::gzread(as_gz(file_.get()), buffer_.data() + kept, kReadBytes);
  buffer_.resize(kept + static_cast<std::size_t>(read > 0 ? read : 0));
  int code = Z_OK;
  const char* message = ::gzerror(as_gz(file_.get()), &code);
  // A gzip file that ends early reads as a short one; only the error code tells.
  if (read < 0 || code == Z_BUF_ERROR) {
    return Error{code == Z_ERRNO ? Errc::io : Errc::corruption,
                 "after line " + std::to_string(lines_) + ": " +
                     (code == Z_BUF_ERROR ? "the gzip file ends early" : message)};
  }
  return read > 0;
}

Result<bool> LineSource::next(std::string& line) {
  std::size_t searched = at_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line.assign(buffer_, at_, end - at_);
      at_ = end + 1;
      break;
    }
    searched = buffer_.size() - at_;  // where it will be after fill() has moved the rest
    const auto more = fill();
    if (!more) return more.error();
    if (*more) continue;
    if (buffer_.empty()) return false;
    line.swap(buffer_);  // a last line without its end
    buffer_.clear();
    break;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  ++lines_;
  return true;
}

double LineSource::progress() const {
  if (size_ == 0) return -1;
  const auto offset = static_cast<double>(::gzoffset(as_gz(file_.get())));
  return offset < 0 ? -1 : std::min(1.0, offset / static_cast<double>(size_));
}

Result<bool> read_batch(LineSource& source, LineBatch& batch) {
  batch.body.clear();
  batch.first_line = source.lines() + (batch.ahead ? 0 : 1);
  batch.lines = 0;
  while (batch.lines < kBatchLinesMax) {
    if (!batch.ahead) {
      std::string line;
      const auto more = source.next(line);
      if (!more) return more.error();
      if (!*more) break;
      batch.ahead = std::move(line);
    }
    if (batch.lines > 0 && batch.body.size() + batch.ahead->size() >= kBatchBytesMax) break;
    batch.body.append(*batch.ahead).push_back('\n');
    batch.ahead.reset();
    ++batch.lines;
  }
  return batch.lines > 0;
}

}  // namespace vitals::cli
