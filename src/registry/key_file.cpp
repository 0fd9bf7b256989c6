#include "key_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vitals/base/file.h>

namespace vitals::registry {
namespace {

Error failed(std::string_view doing, int error) {
  return {Errc::io, "cannot " + std::string(doing) + " the pseudonym key: " + std::strerror(error)};
}

/// Reads until `size` bytes or the end.
ssize_t read_all(int descriptor, unsigned char* to, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::read(descriptor, to + got, size - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  return static_cast<ssize_t>(got);
}

Result<Pseudonyms::Key> read_key(const File& file) {
  struct stat info {};
  if (::fstat(file.descriptor(), &info) != 0) return failed("look at", errno);
  if (!S_ISREG(info.st_mode)) {
    return Error{Errc::invalid_argument, "the pseudonym key is not a plain file"};
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Errc::invalid_argument,
                 "the pseudonym key is open to other users: its mode must be 0600"};
  }
  // One byte more than the key, to see when there is more.
  std::array<unsigned char, std::tuple_size_v<Pseudonyms::Key> + 1> bytes{};
  const ssize_t size = read_all(file.descriptor(), bytes.data(), bytes.size());
  if (size < 0) return failed("read", errno);
  Pseudonyms::Key key{};
  if (static_cast<std::size_t>(size) != key.size()) {
    return Error{Errc::invalid_argument, "the pseudonym key must be a file of exactly 32 bytes"};
  }
  std::memcpy(key.data(), bytes.data(), key.size());
  return key;
}

Status write_key(const std::string& path) {
  Pseudonyms::Key key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
    return Error{Errc::io, "the system's random source gives nothing"};
  }
  const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!file.is_open()) return failed("make", errno);
  if (!file.write_all(key.data(), key.size())) return failed("write", errno);
  if (::fsync(file.descriptor()) != 0) return failed("sync", errno);
  return {};
}

/// Writes a key beside `path` and gives it its name in one step. link() rather than rename(), as it
/// never replaces a key that appeared meanwhile.
Status make_key(const std::string& path) {
  const std::string unfinished = path + ".new-" + std::to_string(::getpid());
  ::unlink(unfinished.c_str());  // of a process that had this number and died here
  Status written = write_key(unfinished);
  const bool linked = written.ok() && ::link(unfinished.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(unfinished.c_str());
  if (!written) return written;
  if (!linked && error != EEXIST) return failed("name", error);

  const std::string parent = std::filesystem::path(path).parent_path().string();
  const File folder(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.descriptor()) != 0) return failed("sync", errno);
  return {};
}

}  // namespace

Result<Pseudonyms::Key> read_or_make_key(const std::string& path) {
  {
    const File existing(path, O_RDONLY);
    if (existing.is_open()) return read_key(existing);
    if (errno != ENOENT) return failed("open", errno);
  }
  if (const Status made = make_key(path); !made) return made.error();
  const File file(path, O_RDONLY);
  if (!file.is_open()) return failed("open", errno);
  return read_key(file);
}

}  // namespace vitals::registry
