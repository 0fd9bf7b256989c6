#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vitals/store/folder_lock.h>

namespace vitals::store {

Result<FolderLock> FolderLock::take(const std::string& folder) {
  std::error_code failed;
  if (std::filesystem::create_directories(folder, failed)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  }
  if (failed) {
    return Error{Errc::io, "cannot make the folder " + folder + ": " + failed.message()};
  }
  const std::string file = folder + "/" + kFile;
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{Errc::io, "cannot open " + file + ": " + std::strerror(errno)};
  }
  FolderLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error{Errc::io, "cannot lock " + file + ": " + std::strerror(errno)};
    }
    return Error{Errc::already_exists, folder + " is in use by another vitalsd"};
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace vitals::store
