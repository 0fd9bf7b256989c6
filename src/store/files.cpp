#include "files.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vitals/base/file.h>

namespace vitals::store {
namespace {

constexpr std::size_t kPieceBytes = 1U << 20U;

}  // namespace

Error failed_file(const std::string& doing, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return {full ? Errc::resource_exhausted : Errc::io,
          "cannot " + doing + ": " + std::strerror(error)};
}

Status copy_file(const std::string& from, const std::string& to) {
  const std::string name = from.substr(from.rfind('/') + 1);
  const File source(from, O_RDONLY);
  struct stat info {};
  if (!source.is_open() || ::fstat(source.descriptor(), &info) != 0) {
    return failed_file("open " + name, errno);
  }
  const File target(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, info.st_mode & 0777U);
  if (!target.is_open()) return failed_file("make " + name, errno);
  std::vector<char> piece(kPieceBytes);
  while (true) {
    const ssize_t n = ::read(source.descriptor(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed_file("read " + name, errno);
    if (n == 0) break;
    if (!target.write_all(piece.data(), static_cast<std::size_t>(n))) {
      return failed_file("write " + name, errno);
    }
  }
  if (::fsync(target.descriptor()) != 0) return failed_file("sync " + name, errno);
  return {};
}

Status sync_folder(const std::string& folder) {
  const File opened(folder, O_RDONLY | O_DIRECTORY);
  if (!opened.is_open() || ::fsync(opened.descriptor()) != 0) {
    return failed_file("sync a folder", errno);
  }
  return {};
}

}  // namespace vitals::store
