#include "key_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vitals/base/file.h>

namespace vitals::registry {
namespace {

namespace fs = std::filesystem;

Error failed(std::string_view doing, int error) {
  return {error == ENOENT ? Errc::not_found : Errc::io,
          "cannot " + std::string(doing) + " the pseudonym key: " + std::strerror(error)};
}

/// Up to `size` bytes or the end; false: errno tells why.
bool read_all(int descriptor, std::string& bytes, std::size_t size) {
  bytes.resize(size);
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::read(descriptor, bytes.data() + got, size - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return true;
}

Status write_keys(const std::string& path, const KeyRing& ring) {
  const std::string text = format_keys(ring);
  const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!file.is_open()) return failed("make", errno);
  if (!file.write_all(text.data(), text.size())) return failed("write", errno);
  if (::fsync(file.descriptor()) != 0) return failed("sync", errno);
  return {};
}

/// Writes keys beside `path`, and gives them that name by `publish`, which says whether it could.
template <class Publish>
Status write_and_name(const std::string& path, const KeyRing& ring, const Publish& publish) {
  // First: what cannot be synced must not be named.
  const std::string parent = fs::path(path).parent_path().string();
  const File folder(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) return failed("sync", errno);
  const std::string unfinished = path + ".new-" + std::to_string(::getpid());
  ::unlink(unfinished.c_str());  // of a process that had this number and died here
  Status written = write_keys(unfinished, ring);
  const bool named = written.ok() && publish(unfinished.c_str(), path.c_str());
  const int error = errno;
  ::unlink(unfinished.c_str());
  if (!written) return written;
  if (!named) return failed("name", error);
  if (::fsync(folder.descriptor()) != 0) return failed("sync", errno);
  return {};
}

}  // namespace

Result<Pseudonyms::Key> new_key() {
  Pseudonyms::Key key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
    return Error{Errc::io, "the system's random source gives nothing"};
  }
  return key;
}

Result<KeyRing> read_keys(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return failed("open", errno);
  struct stat info {};
  if (::fstat(file.descriptor(), &info) != 0) return failed("look at", errno);
  if (!S_ISREG(info.st_mode)) {
    return Error{Errc::invalid_argument, "the pseudonym key is not a plain file"};
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Errc::invalid_argument,
                 "the pseudonym key is open to other users: its mode must be 0600"};
  }
  std::string bytes;
  if (!read_all(file.descriptor(), bytes, kKeyFileBytesMax)) return failed("read", errno);
  return parse_keys(bytes);
}

Result<KeyRing> read_or_make_keys(const std::string& path, TimeMs now) {
  auto existing = read_keys(path);
  if (existing.ok() || existing.error().code != Errc::not_found) return existing;
  const auto key = new_key();
  if (!key) return key.error();
  // link() rather than rename(), as it never replaces a key that appeared meanwhile.
  const Status made = write_and_name(path, {*key, now, {}}, [](const char* from, const char* to) {
    return ::link(from, to) == 0 || errno == EEXIST;
  });
  if (!made) return Error{Errc::io, made.error().message};
  auto keys = read_keys(path);
  if (!keys && keys.error().code == Errc::not_found) return Error{Errc::io, keys.error().message};
  return keys;
}

Status replace_keys(const std::string& path, const KeyRing& ring) {
  std::error_code error;
  const std::string target = fs::weakly_canonical(path, error).string();
  if (error) return failed("find", error.value());
  return write_and_name(
      target, ring, [](const char* from, const char* to) { return std::rename(from, to) == 0; });
}

}  // namespace vitals::registry
