#pragma once

#include <cstddef>
#include <string>

namespace vitals {

/// A descriptor of an open file or folder, closed at the end. Not thread-safe.
class File {
 public:
  /// As open(2), with O_CLOEXEC; `mode` is for a file that is made. errno tells why it is not open.
  File(const std::string& path, int flags, unsigned mode = 0);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  /// Writes all of it, however often that is interrupted; false: errno tells why.
  bool write_all(const void* from, std::size_t size) const;

 private:
  int descriptor_;
};

}  // namespace vitals
