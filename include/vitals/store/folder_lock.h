#pragma once

#include <string>
#include <utility>

#include <vitals/base/result.h>

namespace vitals::store {

/// Holds a folder: flock(2) on its file LOCK, which the kernel releases when the process ends,
/// however it ends.
class FolderLock {
 public:
  static constexpr const char* kFile = "LOCK";

  /// Makes the folder (mode 0700) if it is not there. Errors: already_exists when somebody holds
  /// it, io.
  static Result<FolderLock> take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace vitals::store
