#include "folder_lock.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vitals::app {

Result<FolderLock> FolderLock::take(const std::string& folder) {
  std::error_code failed;
  if (std::filesystem::create_directories(folder, failed)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  if (failed) {
    return Error{Errc::io, "cannot make the data folder " + folder + ": " + failed.message()};
  }
  const std::string file = folder + "/LOCK";
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{Errc::io, "cannot open " + file + ": " + std::strerror(errno)};
  }
  FolderLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error{Errc::io, "cannot lock " + file + ": " + std::strerror(errno)};
    }
    return Error{Errc::already_exists,
                 "the data folder " + folder +
                     " is in use by another vitalsd; stop that one first, or give this one its own "
                     "with --data-dir"};
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace vitals::app
