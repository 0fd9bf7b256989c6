#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <vitals/base/file.h>

namespace vitals {

File::File(const std::string& path, int flags, unsigned mode)
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool File::write_all(const void* from, std::size_t size) const {
  const auto* at = static_cast<const char*>(from);
  while (size > 0) {
    const ssize_t n = ::write(descriptor_, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace vitals
