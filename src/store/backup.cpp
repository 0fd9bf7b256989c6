#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>

#include <vitals/store/backup.h>
#include <vitals/store/folder_lock.h>

#include "files.h"

namespace vitals::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytesMax = 64;
/// No backup has such a name, as none begins with a dot.
constexpr const char* kUnfinished = ".unfinished";
constexpr const char* kStore = "/store";

bool is_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= kNameBytesMax && name.front() != '.' &&
         name != FolderLock::kFile && std::all_of(name.begin(), name.end(), allowed);
}

Error cannot(const char* doing, const std::error_code& error) {
  return failed_file(doing, error.value());
}

/// Removes what is left of a copy that came to nothing.
class Cleanup {
 public:
  explicit Cleanup(std::string path) : path_(std::move(path)) {}
  ~Cleanup() {
    std::error_code ignored;  // what stays is in the way of nothing, and the failure is told
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Cleanup(const Cleanup&) = delete;
  Cleanup& operator=(const Cleanup&) = delete;
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

Result<std::uint64_t> bytes_below(const std::string& folder) {
  std::error_code error;
  std::uint64_t bytes = 0;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_regular_file(error)) bytes += at->file_size(error);
    if (error) break;
  }
  if (error) return cannot("look at the backup", error);
  return bytes;
}

/// What a data folder that is to be filled must not hold.
Result<std::string> first_in(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name != FolderLock::kFile) return name;
  }
  if (error) return cannot("look into the data folder", error);
  return std::string();
}

Status copy_folder(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directory(to, error);
  if (error) return cannot("make a folder", error);
  for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const std::string file = at->path().string();
    if (Status copied = copy_file(file, to + "/" + at->path().filename().string()); !copied) {
      return copied;
    }
  }
  if (error) return cannot("read the backup", error);
  return sync_folder(to);
}

}  // namespace

Result<std::uint64_t> Backups::make(const std::string& name) {
  if (folder_.empty()) {
    return Error{Errc::unprocessable, "no folder for backups is configured (store.backup_dir)"};
  }
  if (!is_name(name)) {
    return Error{Errc::invalid_argument,
                 "a backup's name has 1 to 64 letters, digits, '-', '_' and '.', and no '.' first"};
  }
  // Held by whoever makes one, also by another daemon that was given the same folder.
  const auto held = FolderLock::take(folder_);
  if (!held && held.error().code == Errc::already_exists) {
    return Error{Errc::unavailable, "another backup is being made"};
  }
  if (!held) return Error{Errc::io, "the folder for backups (store.backup_dir) cannot be used"};
  std::error_code error;
  const std::string folder = fs::absolute(folder_, error).string();
  const std::string target = folder + "/" + name;
  if (fs::symlink_status(target, error).type() != fs::file_type::not_found) {
    return Error{Errc::already_exists, "there is a backup '" + name + "' already"};
  }
  return make_at(folder + "/" + kUnfinished, target);
}

Result<std::uint64_t> Backups::make_at(const std::string& unfinished, const std::string& target) {
  std::error_code error;
  fs::remove_all(unfinished, error);  // of a process that was killed here
  if (!error) fs::create_directory(unfinished, error);
  if (!error) fs::permissions(unfinished, fs::perms::owner_all, error);
  if (error) return cannot("make a folder for the backup", error);
  Cleanup cleanup(unfinished);
  if (Status made = store_.checkpoint(unfinished + kStore); !made) return std::move(made).error();
  // After the store: a key that was retired meanwhile is in the file, one that is new is needed.
  for (const auto& [name, file] : files_) {
    Status copied = copy_file(file, (fs::path(unfinished) / name).string());
    if (!copied) return std::move(copied).error();
  }
  const Result<std::uint64_t> bytes = bytes_below(unfinished);
  if (!bytes) return bytes.error();
  if (Status synced = sync_folder(unfinished); !synced) return std::move(synced).error();
  fs::rename(unfinished, target, error);
  if (error) return cannot("give the backup its name", error);
  cleanup.keep();
  if (Status synced = sync_folder(fs::path(target).parent_path().string()); !synced) {
    return std::move(synced).error();
  }
  return *bytes;
}

Status restore_backup(const std::string& backup, const std::string& data_dir) {
  std::error_code error;
  if (!fs::is_regular_file(backup + kStore + "/CURRENT", error)) {
    return Error{Errc::not_found, backup + " is no backup: it has no store"};
  }
  std::optional<FolderLock> used;  // a backup has no lock, but for one that was verified
  if (fs::exists(backup + '/' + FolderLock::kFile, error)) {
    auto taken = FolderLock::take(backup);
    if (!taken) return std::move(taken).error();
    used.emplace(*std::move(taken));
  }
  const auto inside =
      fs::weakly_canonical(data_dir, error).lexically_relative(fs::weakly_canonical(backup, error));
  if (!inside.empty() && *inside.begin() != "..") {
    return Error{Errc::invalid_argument, data_dir + " lies in the backup"};
  }
  const auto held = FolderLock::take(data_dir);
  if (!held) return held.error();
  const Result<std::string> first = first_in(data_dir);
  if (!first) return first.error();
  if (!first->empty()) {
    return Error{Errc::already_exists, data_dir + " is not empty, there is " + *first +
                                           " in it: restore into a new folder"};
  }
  // The store gets its name last: a folder without it was not restored.
  const std::string unfinished = data_dir + kStore + kUnfinished;
  std::vector<std::unique_ptr<Cleanup>> cleanups;
  cleanups.push_back(std::make_unique<Cleanup>(unfinished));
  if (Status copied = copy_folder(backup + kStore, unfinished); !copied) return copied;
  for (fs::directory_iterator at(backup, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!at->is_regular_file(error) || name == FolderLock::kFile) continue;
    const std::string copy = (fs::path(data_dir) / name).string();
    cleanups.push_back(std::make_unique<Cleanup>(copy));
    if (Status copied = copy_file(at->path().string(), copy); !copied) return copied;
  }
  if (error) return cannot("read the backup", error);
  fs::rename(unfinished, data_dir + kStore, error);
  if (error) return cannot("give the store its name", error);
  for (const auto& cleanup : cleanups) cleanup->keep();
  return sync_folder(data_dir);
}

}  // namespace vitals::store
