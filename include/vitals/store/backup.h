#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <vitals/base/result.h>
#include <vitals/store/store.h>

namespace vitals::store {

/// Whole copies of a data folder, made while it is in use: `<folder>/<name>` has the layout of a
/// data folder, with everything that was committed before the call. Thread-safe.
class Backups {
 public:
  /// `folder` is where backups go, made when it is needed; empty: there are none. `files` are
  /// copied too: by their names in the backup, where they are. The store must outlive it.
  Backups(Store& store, std::string folder, std::map<std::string, std::string> files)
      : store_(store), folder_(std::move(folder)), files_(std::move(files)) {}

  /// Makes a backup, whole or not at all; returns the bytes of its files, which share the disk with
  /// those of the store where both are on one file system. Errors, which name no folder:
  /// invalid_argument (the name), already_exists (it is taken), unprocessable (no folder),
  /// unavailable (one is being made), resource_exhausted (the disk is full), io.
  Result<std::uint64_t> make(const std::string& name);

 private:
  Result<std::uint64_t> make_at(const std::string& unfinished, const std::string& target);

  Store& store_;
  const std::string folder_;
  const std::map<std::string, std::string> files_;
};

/// Copies a backup into a data folder that is new or empty, synced. Nothing is replaced, and what
/// was copied is taken away again when it fails. Errors: not_found (it is no backup),
/// already_exists (there is something in `data_dir`, or a daemon uses it), resource_exhausted, io.
Status restore_backup(const std::string& backup, const std::string& data_dir);

}  // namespace vitals::store
